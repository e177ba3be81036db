#pragma once

#include "emulator/function/code_artifact.hpp"
#include "emulator/function/function_configuration.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace kelvin::frontdoor {

/// What FunctionConfiguration needs beside the function's own configuration.
struct function_facts {
  const account_configuration& account;
  const code_artifact& code;
  std::string qualifier;    ///< stands in FunctionArn; empty: none was asked for
  std::string revision_id;  ///< UUID
};

/// FunctionConfiguration as GetFunction and GetFunctionConfiguration return it for an active .zip
/// function (AWS Lambda API; recorded on AWS).
nlohmann::ordered_json function_document(const function_configuration& function, const function_facts& facts);

/// The same as lists return it: without what AWS leaves out there (state, last update, runtime version).
nlohmann::ordered_json listed_function_document(const function_configuration& function, const function_facts& facts);

/// GetFunction's whole answer.
nlohmann::ordered_json function_with_code(const function_configuration& function, const function_facts& facts);

/// FunctionEventInvokeConfig. Precondition: function.event_invoke.is_set().
nlohmann::ordered_json event_invoke_document(const function_configuration& function, const function_facts& facts);

}  // namespace kelvin::frontdoor
