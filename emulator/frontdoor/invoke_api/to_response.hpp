#pragma once

#include "emulator/frontdoor/invoke_api/service_error.hpp"
#include "emulator/invoke/invocation_outcome.hpp"
#include "runtime-api/base/request_id.hpp"
#include "runtime-api/http/exchange.hpp"

#include <string>
#include <string_view>

namespace kelvin::frontdoor {

/// The answer to a RequestResponse invocation (AWS Lambda API, Invoke). Its body views `outcome`,
/// `storage` or static text; all of them must outlive the answer. `storage` takes the body of an
/// error answer.
http::response to_response(const invocation_outcome& outcome, const request_id& id, std::string& storage);

/// The answer to a DryRun that found nothing wrong: 204 without body.
http::response to_dry_run_response(const request_id& id);

/// The answer to an event that was queued: 202 without body. `trace_id` is the caller's, or empty.
http::response to_event_response(const request_id& id, std::string_view trace_id);

/// The head of a streamed answer, InvokeWithResponseStream.
http::response to_stream_response(const request_id& id);

/// The answer to an InvokeAsync that was queued: 202 and an empty JSON object.
http::response to_invoke_async_response(const request_id& id, std::string_view trace_id);

/// The error of an event for which the queue has no room.
service_error queue_full_error();

/// The answer to a read.
http::response to_read_response(std::string_view body, const request_id& id);

/// The answer to an invocation that was not run.
http::response to_error_response(const service_error& error, const request_id& id, std::string& storage);

}  // namespace kelvin::frontdoor
