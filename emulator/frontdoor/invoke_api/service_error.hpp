#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace kelvin::frontdoor {

/// Every error that the Lambda service answers an Invoke with, and those of the layers before it.
/// Source: the service's public model and recorded answers.
enum class exception {
  access_denied,
  durable_execution_already_started,
  ec2_access_denied,
  ec2_throttled,
  ec2_unexpected,
  efs_io,
  efs_mount_connectivity,
  efs_mount_failure,
  efs_mount_timeout,
  eni_limit_reached,
  invalid_parameter_value,
  invalid_request_content,
  invalid_runtime,
  invalid_security_group_id,
  invalid_subnet_id,
  invalid_zip_file,
  kms_access_denied,
  kms_disabled,
  kms_invalid_state,
  kms_not_found,
  mode_not_supported,
  no_published_version,
  not_implemented,  ///< ours: known on AWS, but not in this version of kelvin
  recursive_invocation,
  request_entity_too_large,
  resource_conflict,
  resource_not_found,
  resource_not_ready,
  serialized_request_entity_too_large,
  service,
  service_quota_exceeded,
  snap_start,
  snap_start_not_ready,
  snap_start_timeout,
  subnet_ip_address_limit_reached,
  too_many_requests,
  unknown_operation,
  unsupported_media_type,
  validation,
};

/// How one exception looks on the wire.
struct exception_form {
  exception kind;
  std::string_view name;  ///< x-amzn-ErrorType
  unsigned status;
  std::string_view message_key;  ///< `Message` or `message`: AWS is not uniform
  std::string_view type;         ///< `User`, `Service`, or empty: no `Type` in the body
};

/// One row per exception, in the order of the enumeration.
std::span<const exception_form> exception_forms() noexcept;
const exception_form& form_of(exception kind) noexcept;

/// An error answer before it is written.
struct service_error {
  exception kind;
  std::string message;
  std::string_view reason = {};         ///< `Reason` of too_many_requests, else empty; static text
  std::chrono::seconds retry_after{0};  ///< 0: no Retry-After header
};

/// Appends x-amzn-ErrorType, Content-Type, and Retry-After where it applies.
void append_error_fields(std::string& fields, const service_error& error);

/// The JSON body.
std::string error_body(const service_error& error);

/// Appends `text` as a JSON string, quotes included; bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& json, std::string_view text);

}  // namespace kelvin::frontdoor
