#pragma once

#include <string_view>

/// Every error type that a caller, a report or a runtime may see. Behind each: where it was seen
/// (docs: AWS documentation; recorded: recorded on AWS; RIE: Runtime Interface Emulator source).
namespace kelvin::protocol::error_types {

// Function errors and reports: the runtime.
inline constexpr std::string_view runtime_exit_error = "Runtime.ExitError";                             // recorded
inline constexpr std::string_view runtime_invalid_entrypoint = "Runtime.InvalidEntrypoint";             // recorded
inline constexpr std::string_view runtime_invalid_working_directory = "Runtime.InvalidWorkingDir";      // RIE
inline constexpr std::string_view runtime_invalid_task_configuration = "Runtime.InvalidTaskConfig";     // RIE
inline constexpr std::string_view runtime_truncated_response = "Runtime.TruncatedResponse";             // RIE
inline constexpr std::string_view runtime_invalid_response_mode = "Runtime.InvalidResponseModeHeader";  // RIE
inline constexpr std::string_view runtime_out_of_memory = "Runtime.OutOfMemory";                        // recorded
inline constexpr std::string_view runtime_unknown = "Runtime.Unknown";                                  // RIE
inline constexpr std::string_view runtime_init_error = "Runtime.InitError";                             // RIE
inline constexpr std::string_view runtime_restore_hook_timeout = "Runtime.RestoreHookUserTimeout";      // RIE
inline constexpr std::string_view runtime_unavailable = "Runtime.Unavailable";                          // RIE

// Function errors and reports: the handler.
inline constexpr std::string_view function_response_size_too_large = "Function.ResponseSizeTooLarge";  // recorded
inline constexpr std::string_view function_unknown = "Function.Unknown";                               // RIE

// Function errors and reports: extensions and the environment.
inline constexpr std::string_view extension_init_error = "Extension.InitError";      // RIE
inline constexpr std::string_view extension_exit_error = "Extension.ExitError";      // RIE
inline constexpr std::string_view extension_crash = "Extension.Crash";               // RIE
inline constexpr std::string_view extension_launch_error = "Extension.LaunchError";  // RIE
inline constexpr std::string_view permission_denied = "PermissionDenied";            // RIE, a launch error's detail
inline constexpr std::string_view too_many_extensions = "TooManyExtensions";         // RIE, a launch error's detail
inline constexpr std::string_view sandbox_failure = "Sandbox.Failure";               // RIE
inline constexpr std::string_view sandbox_timed_out = "Sandbox.Timedout";            // recorded

// Answers of the Runtime API to the runtime.
inline constexpr std::string_view invalid_request_id = "InvalidRequestID";                         // RIE
inline constexpr std::string_view invalid_state_transition = "InvalidStateTransition";             // RIE
inline constexpr std::string_view invalid_function_response_mode = "InvalidFunctionResponseMode";  // RIE
inline constexpr std::string_view request_entity_too_large = "RequestEntityTooLarge";              // RIE
inline constexpr std::string_view truncated_http_request = "TruncatedHTTPRequest";                 // RIE
inline constexpr std::string_view internal_server_error = "InternalServerError";                   // RIE
inline constexpr std::string_view invoke_timeout = "InvokeTimeout";                                // RIE
inline constexpr std::string_view forbidden_request = "ForbiddenRequest";  // ours: browsers and foreign hosts
inline constexpr std::string_view not_implemented = "NotImplemented";      // ours: an AWS API not served yet

}  // namespace kelvin::protocol::error_types
