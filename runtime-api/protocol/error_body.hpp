#pragma once

#include "runtime-api/base/payload.hpp"

#include <string>
#include <string_view>

namespace kelvin::protocol {

/// The error type for reports out of a Lambda-Runtime-Function-Error-Type header (Runtime Interface
/// Emulator source): kept if it holds `Runtime.Xy` or `Function.Xy`, else `Function.Unknown` if it
/// begins with `Function.`, else `Runtime.Unknown`. Empty counts as absent.
std::string normalized_error_type(std::string_view header);

/// Whether a Content-Type is application/vnd.aws.lambda.error.cause+json, parameters aside.
bool is_error_cause_type(std::string_view content_type) noexcept;

/// Such a body as the caller gets it: errorMessage, errorType and stackTrace, nothing else. A body
/// that is no such object becomes the JSON string `"Invalid error body"` (Runtime Interface Emulator
/// source).
payload without_error_cause(std::string_view body);

}  // namespace kelvin::protocol
