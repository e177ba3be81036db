#include "emulator/frontdoor/invoke_api/service_error.hpp"

#include "emulator/frontdoor/invoke_api/utf8.hpp"
#include "runtime-api/http/exchange.hpp"

#include <array>

namespace kelvin::frontdoor {
namespace {

constexpr std::array forms{
    exception_form{exception::access_denied, "AccessDeniedException", 403, "Message", ""},
    exception_form{exception::durable_execution_already_started, "DurableExecutionAlreadyStartedException", 409,
                   "message", "User"},
    exception_form{exception::ec2_access_denied, "EC2AccessDeniedException", 502, "Message", "User"},
    exception_form{exception::ec2_throttled, "EC2ThrottledException", 502, "Message", "Service"},
    exception_form{exception::ec2_unexpected, "EC2UnexpectedException", 502, "Message", "Service"},
    exception_form{exception::efs_io, "EFSIOException", 410, "Message", "User"},
    exception_form{exception::efs_mount_connectivity, "EFSMountConnectivityException", 408, "Message", "User"},
    exception_form{exception::efs_mount_failure, "EFSMountFailureException", 403, "Message", "User"},
    exception_form{exception::efs_mount_timeout, "EFSMountTimeoutException", 408, "Message", "User"},
    exception_form{exception::eni_limit_reached, "ENILimitReachedException", 502, "Message", "User"},
    exception_form{exception::invalid_parameter_value, "InvalidParameterValueException", 400, "message", "User"},
    exception_form{exception::invalid_request_content, "InvalidRequestContentException", 400, "message", "User"},
    exception_form{exception::invalid_runtime, "InvalidRuntimeException", 502, "Message", "User"},
    exception_form{exception::invalid_security_group_id, "InvalidSecurityGroupIDException", 502, "Message", "User"},
    exception_form{exception::invalid_subnet_id, "InvalidSubnetIDException", 502, "Message", "User"},
    exception_form{exception::invalid_zip_file, "InvalidZipFileException", 502, "Message", "User"},
    exception_form{exception::kms_access_denied, "KMSAccessDeniedException", 502, "Message", "User"},
    exception_form{exception::kms_disabled, "KMSDisabledException", 502, "Message", "User"},
    exception_form{exception::kms_invalid_state, "KMSInvalidStateException", 502, "Message", "User"},
    exception_form{exception::kms_not_found, "KMSNotFoundException", 502, "Message", "User"},
    exception_form{exception::mode_not_supported, "ModeNotSupportedException", 400, "message", "User"},
    exception_form{exception::no_published_version, "NoPublishedVersionException", 400, "Message", "User"},
    exception_form{exception::not_implemented, "NotImplementedException", 501, "message", "User"},
    exception_form{exception::recursive_invocation, "RecursiveInvocationException", 400, "Message", "User"},
    exception_form{exception::request_entity_too_large, "RequestEntityTooLargeException", 413, "message", "User"},
    exception_form{exception::resource_conflict, "ResourceConflictException", 409, "message", "User"},
    exception_form{exception::resource_not_found, "ResourceNotFoundException", 404, "Message", "User"},
    exception_form{exception::resource_not_ready, "ResourceNotReadyException", 502, "message", "User"},
    exception_form{exception::serialized_request_entity_too_large, "SerializedRequestEntityTooLargeException", 413,
                   "message", "User"},
    exception_form{exception::service, "ServiceException", 500, "Message", "Service"},
    exception_form{exception::service_quota_exceeded, "ServiceQuotaExceededException", 402, "message", "User"},
    exception_form{exception::snap_start, "SnapStartException", 400, "Message", "User"},
    exception_form{exception::snap_start_not_ready, "SnapStartNotReadyException", 409, "Message", "User"},
    exception_form{exception::snap_start_timeout, "SnapStartTimeoutException", 408, "Message", "User"},
    exception_form{exception::subnet_ip_address_limit_reached, "SubnetIPAddressLimitReachedException", 502, "Message",
                   "User"},
    exception_form{exception::too_many_requests, "TooManyRequestsException", 429, "message", "User"},
    exception_form{exception::unknown_operation, "UnknownOperationException", 404, "message", ""},
    exception_form{exception::unsupported_media_type, "UnsupportedMediaTypeException", 415, "message", "User"},
    exception_form{exception::validation, "ValidationException", 400, "message", ""},
};

constexpr bool rows_follow_the_enumeration() {
  for (std::size_t index = 0; index < forms.size(); ++index) {
    if (static_cast<std::size_t>(forms[index].kind) != index) {
      return false;
    }
  }
  return forms.size() == static_cast<std::size_t>(exception::validation) + 1;
}
static_assert(rows_follow_the_enumeration());

}  // namespace

std::span<const exception_form> exception_forms() noexcept {
  return forms;
}

const exception_form& form_of(exception kind) noexcept {
  return forms[static_cast<std::size_t>(kind)];
}

void append_error_fields(std::string& fields, const service_error& error) {
  http::append_field(fields, "Content-Type", "application/json");
  http::append_field(fields, "x-amzn-ErrorType", form_of(error.kind).name);
  if (error.retry_after.count() > 0) {
    http::append_field(fields, "Retry-After", std::to_string(error.retry_after.count()));
  }
}

std::string error_body(const service_error& error) {
  const exception_form& form = form_of(error.kind);
  std::string json = "{";
  if (!error.reason.empty()) {
    json.append("\"Reason\":\"").append(error.reason).append("\",");
  }
  if (!form.type.empty()) {
    json.append("\"Type\":\"").append(form.type).append("\",");
  }
  json.append("\"").append(form.message_key).append("\":");
  append_json_string(json, error.message);
  json.push_back('}');
  return json;
}

void append_json_string(std::string& json, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  json.push_back('"');
  while (!text.empty()) {
    const utf8_character character = utf8_front(text);
    const auto code = static_cast<unsigned char>(text.front());
    if (character.length == 0) {
      json.append("\\ufffd");
    } else if (code == '"' || code == '\\') {
      json.push_back('\\');
      json.push_back(text.front());
    } else if (code == '\n') {
      json.append("\\n");
    } else if (code < 0x20 || code == 0x7f) {
      json.append("\\u00");
      json.push_back(digits[code >> 4]);
      json.push_back(digits[code & 15]);
    } else {
      json.append(text.substr(0, character.length));
    }
    text.remove_prefix(character.length == 0 ? 1 : character.length);
  }
  json.push_back('"');
}

}  // namespace kelvin::frontdoor
