#include "emulator/template/describe_template.hpp"
#include "tests/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace kelvin::templates;
using kelvin::fuzz::require;

constexpr const char* before =
    "Conditions: {C: !Equals [a, b]}\nMappings: {M: {a: {b: c}}}\nParameters: {P: {Type: String, Default: p}}\n"
    "Resources:\n  F: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: f}}\n  X:\n    Type: ";

}  // namespace

/// A resource's type and all that follows: described, or refused with its place. What is described hangs together.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  template_options options;
  options.files = [](const std::string&) { return kelvin::result<std::string>("paths: {}\n"); };
  const auto made =
      describe_template(before + std::string(reinterpret_cast<const char*>(data), size), "t.yaml", options);
  if (!made) {
    require(made.error().detail.starts_with("t.yaml"));
    return 0;
  }
  for (const auto& api : made->apis) {
    require(!api.stages.empty() && !api.routes.empty() && !api.id.empty());
    for (const auto& route : api.routes) {
      require(route.mock.has_value() != !route.function_name.empty());
      bool guarded = route.authorizer.empty();
      for (const auto& authorizer : api.authorizers) {
        guarded = guarded || authorizer.name == route.authorizer;
      }
      require(guarded);
    }
  }
  return 0;
}
