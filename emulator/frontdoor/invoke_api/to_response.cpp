#include "emulator/frontdoor/invoke_api/to_response.hpp"

#include "runtime-api/base/base64.hpp"
#include "runtime-api/base/limits.hpp"

#include <chrono>
#include <utility>

namespace kelvin::frontdoor {
namespace {

// Room for every field of an answer without a log, so that the block is allocated once.
constexpr std::size_t fields_bytes = 384;
constexpr std::chrono::seconds retry_after{1};

http::response begin(unsigned status, const request_id& id) {
  http::response answer;
  answer.status = status;
  answer.fields.reserve(fields_bytes);
  http::append_field(answer.fields, "x-amzn-RequestId", id.text());
  return answer;
}

/// The trace id's keys in lower case, as AWS's front end returns them:
/// `Root=1-…;Sampled=0` is `root=1-…;sampled=0`.
void append_trace_id(std::string& fields, std::string_view trace_id) {
  std::string lowered(trace_id);
  bool in_key = true;
  for (char& character : lowered) {
    if (character == ';') {
      in_key = true;
    } else if (character == '=') {
      in_key = false;
    } else if (in_key && character >= 'A' && character <= 'Z') {
      character = static_cast<char>(character | 0x20);
    }
  }
  http::append_field(fields, "X-Amzn-Trace-Id", lowered);
}

service_error throttle_error(throttle_reason reason) {
  switch (reason) {
    case throttle_reason::reserved_function_concurrent_invocation_limit_exceeded:
      return {exception::too_many_requests, "Rate Exceeded.", "ReservedFunctionConcurrentInvocationLimitExceeded",
              retry_after};
    case throttle_reason::environments_exhausted:
      return {exception::too_many_requests,
              "Rate Exceeded. Every execution environment that this machine may run stayed busy for the whole wait; "
              "raise --environments or --environments-total.",
              "ConcurrentInvocationLimitExceeded", retry_after};
    case throttle_reason::concurrent_invocation_limit_exceeded: break;
  }
  return {exception::too_many_requests, "Rate Exceeded.", "ConcurrentInvocationLimitExceeded", retry_after};
}

http::response answered(const invocation_outcome& outcome, const request_id& id, bool failed, std::string_view body) {
  http::response answer = begin(200, id);
  std::string& fields = answer.fields;
  fields.append(
      "Content-Type: application/json\r\nx-amzn-Remapped-Content-Length: 0\r\n"
      "X-Amz-Executed-Version: $LATEST\r\n");
  if (failed) {
    fields.append("X-Amz-Function-Error: Unhandled\r\n");
  }
  if (!outcome.log_tail.empty()) {
    http::append_field(fields, "X-Amz-Log-Result", base64_encode(outcome.log_tail));
  }
  if (!outcome.trace_id.empty()) {
    append_trace_id(fields, outcome.trace_id);
  }
  // AWS answers the JSON null where the function answered nothing.
  answer.body = body.empty() ? std::string_view("null") : body;
  return answer;
}

}  // namespace

http::response to_response(const invocation_outcome& outcome, const request_id& id, std::string& storage) {
  if (const auto* success = std::get_if<invocation_success>(&outcome.answer)) {
    return answered(outcome, id, false, success->response.view());
  }
  if (const auto* error = std::get_if<function_error>(&outcome.answer)) {
    return answered(outcome, id, true, error->error.view());
  }
  if (const auto* refused = std::get_if<throttled>(&outcome.answer)) {
    return to_error_response(throttle_error(refused->reason), id, storage);
  }
  const auto& failed = std::get<service_failure>(outcome.answer);
  return to_error_response({exception::service, failed.message}, id, storage);
}

http::response to_dry_run_response(const request_id& id) {
  http::response answer = begin(204, id);
  answer.fields.append("x-amzn-Remapped-Content-Length: 0\r\n");
  return answer;
}

http::response to_event_response(const request_id& id, std::string_view trace_id) {
  http::response answer = begin(202, id);
  answer.fields.append("x-amzn-Remapped-Content-Length: 0\r\n");
  if (!trace_id.empty()) {
    append_trace_id(answer.fields, trace_id);
  }
  return answer;
}

http::response to_stream_response(const request_id& id) {
  http::response answer = begin(200, id);
  answer.fields.append("Content-Type: application/vnd.amazon.eventstream\r\nX-Amz-Executed-Version: $LATEST\r\n");
  return answer;
}

http::response to_invoke_async_response(const request_id& id, std::string_view trace_id) {
  http::response answer = to_event_response(id, trace_id);
  answer.fields.append("Content-Type: application/json\r\n");
  answer.body = "{}";
  return answer;
}

service_error queue_full_error() {
  return {exception::too_many_requests,
          "Rate Exceeded. The queue of asynchronous events is full: it holds " +
              std::to_string(limits::asynchronous_events) + " events or " +
              std::to_string(limits::asynchronous_queue_bytes) + " bytes.",
          "FunctionInvocationRateLimitExceeded", retry_after};
}

http::response to_read_response(std::string_view body, const request_id& id) {
  http::response answer = begin(200, id);
  answer.fields.append("Content-Type: application/json\r\n");
  answer.body = body;
  return answer;
}

http::response to_error_response(const service_error& error, const request_id& id, std::string& storage) {
  http::response answer = begin(form_of(error.kind).status, id);
  append_error_fields(answer.fields, error);
  storage = error_body(error);
  answer.body = storage;
  return answer;
}

}  // namespace kelvin::frontdoor
