#include "emulator/frontdoor/invoke_api/service_error.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <set>

using namespace kelvin;
using namespace kelvin::frontdoor;

TEST_CASE("every exception's answer is what SDKs read") {
  std::set<std::string_view> names;
  for (const exception_form& form : exception_forms()) {
    CAPTURE(form.name);
    CHECK(names.insert(form.name).second);
    CHECK(form_of(form.kind).name == form.name);
    CHECK(form.name.ends_with("Exception"));
    CHECK(form.status >= 400);
    CHECK(form.status <= 599);

    const service_error error{form.kind, "what happened"};
    std::string fields;
    append_error_fields(fields, error);
    CHECK(fields == "Content-Type: application/json\r\nx-amzn-ErrorType: " + std::string(form.name) + "\r\n");
    const auto body = nlohmann::json::parse(error_body(error));
    CHECK(body.at(std::string(form.message_key)) == "what happened");
    CHECK(body.size() == (form.type.empty() ? 1 : 2));
    if (!form.type.empty()) {
      CHECK(body.at("Type") == form.type);
    }
  }
}

TEST_CASE("statuses and message keys are AWS's") {
  struct row {
    exception kind;
    const char* name;
    unsigned status;
    const char* key;
  };
  const row rows[] = {
      {exception::resource_not_found, "ResourceNotFoundException", 404, "Message"},
      {exception::invalid_request_content, "InvalidRequestContentException", 400, "message"},
      {exception::invalid_parameter_value, "InvalidParameterValueException", 400, "message"},
      {exception::validation, "ValidationException", 400, "message"},
      {exception::request_entity_too_large, "RequestEntityTooLargeException", 413, "message"},
      {exception::unsupported_media_type, "UnsupportedMediaTypeException", 415, "message"},
      {exception::too_many_requests, "TooManyRequestsException", 429, "message"},
      {exception::resource_conflict, "ResourceConflictException", 409, "message"},
      {exception::resource_not_ready, "ResourceNotReadyException", 502, "message"},
      {exception::recursive_invocation, "RecursiveInvocationException", 400, "Message"},
      {exception::durable_execution_already_started, "DurableExecutionAlreadyStartedException", 409, "message"},
      {exception::snap_start_not_ready, "SnapStartNotReadyException", 409, "Message"},
      {exception::snap_start_timeout, "SnapStartTimeoutException", 408, "Message"},
      {exception::invalid_runtime, "InvalidRuntimeException", 502, "Message"},
      {exception::efs_mount_failure, "EFSMountFailureException", 403, "Message"},
      {exception::efs_mount_timeout, "EFSMountTimeoutException", 408, "Message"},
      {exception::efs_io, "EFSIOException", 410, "Message"},
      {exception::serialized_request_entity_too_large, "SerializedRequestEntityTooLargeException", 413, "message"},
      {exception::service_quota_exceeded, "ServiceQuotaExceededException", 402, "message"},
      {exception::service, "ServiceException", 500, "Message"},
  };
  for (const row& each : rows) {
    CAPTURE(each.name);
    CHECK(form_of(each.kind).name == each.name);
    CHECK(form_of(each.kind).status == each.status);
    CHECK(form_of(each.kind).message_key == each.key);
  }
}

TEST_CASE("a throttle names its reason, and when to come again") {
  const service_error error{exception::too_many_requests, "Rate Exceeded.",
                            "ReservedFunctionConcurrentInvocationLimitExceeded", std::chrono::seconds(1)};
  std::string fields;
  append_error_fields(fields, error);
  CHECK(fields.find("Retry-After: 1\r\n") != std::string::npos);
  CHECK(error_body(error) == R"({"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User",)"
                             R"("message":"Rate Exceeded."})");
}

TEST_CASE("messages are escaped whatever they hold") {
  std::string json;
  append_json_string(json, "a\"b\\c\n\r\t\x01\x7f\xc3\xa9\xff\xe2\x82");
  CHECK(json == R"("a\"b\\c\n\u000d\u0009\u0001\u007f)"
                "\xc3\xa9"
                R"(\ufffd\ufffd\ufffd")");
  CHECK(nlohmann::json::accept(json));
}
