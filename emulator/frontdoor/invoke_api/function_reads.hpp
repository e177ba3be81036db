#pragma once

#include "emulator/frontdoor/invoke_api/operation.hpp"
#include "emulator/frontdoor/invoke_api/service_error.hpp"
#include "emulator/function/code_artifact.hpp"
#include "emulator/function/function_registry.hpp"
#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/request_id.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace kelvin::frontdoor {

/// The read-only calls of the Lambda API: what SDKs, their waiters, the AWS CLI and Terraform ask
/// about functions. The registry must outlive it.
class function_reads {
 public:
  using answer = std::variant<std::string, service_error>;

  explicit function_reads(const function_registry& functions) : functions_(functions) {}

  /// The JSON body of a 200, or the error: validation, resource_not_found (also where AWS has that
  /// for what is not configured), invalid_parameter_value (a Marker that is none), service (the
  /// function's code cannot be read). `asked` and `query` must stay valid. Precondition: `asked` is a
  /// read.
  awaitable<answer> read(operation asked, std::string_view query);

 private:
  struct revision {
    std::array<unsigned char, 32> code_sha256{};
    request_id id;
  };

  awaitable<answer> read_function(operation_kind kind, const function_configuration& function, std::string qualifier);
  awaitable<answer> list(std::string_view query);
  awaitable<answer> list_versions(const function_configuration& function, std::string_view query);
  awaitable<answer> account_settings();
  std::string revision_id(const function_configuration& function, const code_artifact& code);

  const function_registry& functions_;
  code_artifacts artifacts_;
  std::map<std::string, revision> revisions_;
};

}  // namespace kelvin::frontdoor
