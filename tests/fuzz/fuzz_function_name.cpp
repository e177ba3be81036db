#include "emulator/frontdoor/invoke_api/function_name.hpp"
#include "tests/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <regex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

using namespace kelvin::frontdoor;
using kelvin::fuzz::require;

constexpr std::size_t length_max = 256;

/// AWS's own pattern, taken from the text of the violation that shows it.
const std::regex& pattern() {
  static const std::regex made = [] {
    std::vector<std::string> violations;
    check_function_name("", violations);
    const std::string& text = violations.at(0);
    return std::regex(text.substr(text.find("pattern: ") + 9));
  }();
  return made;
}

bool is_valid(const std::string& name) {
  std::vector<std::string> violations;
  check_function_name(name, violations);
  return violations.empty();
}

}  // namespace

/// A function's name, a line end, and a query string with its qualifier.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\n');
  const std::string name = percent_decoded(text.substr(0, end));
  const auto qualifier = query_value(end == std::string_view::npos ? "" : text.substr(end + 1), "Qualifier");
  require(name.size() <= text.size());
  if (qualifier) {
    std::vector<std::string> violations;
    check_qualifier(*qualifier, violations);
    require(!violations.empty() || (!qualifier->empty() && qualifier->size() <= 128));
  }
  if (name.size() > length_max) {
    require(!is_valid(name));
    return 0;
  }
  require(is_valid(name) == std::regex_match(name, pattern()));
  const auto parsed = parse_function_name(name, qualifier, "us-east-1", "123456789012");
  if (!is_valid(name)) {
    require(std::get<service_error>(parsed).kind == exception::validation);
  } else if (const auto* reference = std::get_if<function_reference>(&parsed)) {
    require(!reference->name.empty() && reference->name.find(':') == std::string::npos &&
            name.find(reference->name) != std::string::npos);
  } else {
    require(std::get<service_error>(parsed).kind != exception::validation);
  }
  return 0;
}
