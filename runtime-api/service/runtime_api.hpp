#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/byte_channel.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/payload.hpp"
#include "runtime-api/base/request_id.hpp"
#include "runtime-api/base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kelvin::service {

class runtime_api_ports;

/// What one `next` hands out (contract: runtime-api, section 2.1). Views and the event's bytes must
/// stay valid until invocation_over() or the next dispatch().
struct runtime_event {
  kelvin::request_id request_id;
  wall_time deadline;
  std::string_view invoked_function_arn;
  std::string_view trace_id;
  std::string_view content_type;
  std::optional<std::string_view> client_context;
  std::optional<std::string_view> cognito_identity;
  std::string_view event;
  /// Where an answer goes piece by piece as it comes; null: it is collected.
  std::shared_ptr<byte_channel> stream{};
};

/// A whole answer of the runtime at /response, or why it is none.
struct runtime_response {
  enum class verdict {
    complete,       ///< body is the answer
    too_large,      ///< over limits::response_bytes; the runtime was answered 413
    truncated,      ///< the body was cut short
    invalid_mode,   ///< unknown Lambda-Runtime-Function-Response-Mode
    failed_midway,  ///< streaming ended with error trailers; error_* hold them
  };
  verdict what = verdict::complete;
  payload body;
  std::string content_type;
  bool streaming = false;
  bool forwarded = false;  ///< the body went to the event's stream, `body` is empty
  std::string error_type;  ///< failed_midway: from the trailer
  payload error_body;      ///< failed_midway: decoded JSON object, empty if it was not base64
};

/// A posted /error or /init/error.
struct runtime_error {
  payload body;            ///< what the invoker gets, errorCause already stripped
  std::string error_type;  ///< normalised for reports: `Runtime.Unknown`, `Function.Unknown`, …
};

/// Told what the runtime does. Called on the loop, after the call's own answer was decided; may
/// call dispatch() and invocation_over() from inside.
class runtime_observer {
 public:
  virtual ~runtime_observer() = default;
  /// First connection since the last reset.
  virtual void on_connect(steady_time when) = 0;
  /// The runtime waits for an event. `when`: its request was complete. The first one since reset()
  /// ends the init; a later one ends the invocation that was answered. Not called for a second
  /// parked `next`, nor for a `next` that gets the same event again.
  virtual void on_next(steady_time when) = 0;
  virtual void on_response(runtime_response response) = 0;
  virtual void on_invocation_error(runtime_error error) = 0;
  virtual void on_init_error(runtime_error error) = 0;
};

/// Told a sentence for the user: the function's process asked for an AWS API which kelvin does not
/// serve yet (once per such API), or a call failed by a bug of ours. Called on the loop.
using notice_callback = std::function<void(std::string_view text)>;

/// The Runtime API of one execution environment: its own port, one runtime state machine.
class runtime_api {
 public:
  /// On a port of its own from `ports`. `has_timeouts` false: a process may stop at any point of a request or an
  /// answer for as long as it likes. Errors: as runtime_api_ports::take. All references must outlive the object.
  static result<std::unique_ptr<runtime_api>> open(boost::asio::io_context& context, clock& time,
                                                   runtime_api_ports& ports, runtime_observer& observer,
                                                   notice_callback on_notice = {}, bool has_timeouts = true);
  virtual ~runtime_api() = default;

  /// `127.0.0.1:<port>`, for AWS_LAMBDA_RUNTIME_API.
  virtual const std::string& endpoint() const noexcept = 0;

  /// Hands the event to the runtime: to the parked `next` if there is a live one, else to the next
  /// that comes. Precondition: no invocation in progress.
  virtual void dispatch(const runtime_event& event) = 0;
  /// The invocation ended without the runtime's doing (timeout, crash): its id is no longer valid.
  virtual void invocation_over() = 0;
  /// A new runtime process begins: state Started, every connection of the old one closed.
  virtual void reset() = 0;
  /// After the process ended: waits until what it had sent is read and handled, or `limit` passed.
  virtual awaitable<void> read_out(duration limit) = 0;
};

}  // namespace kelvin::service
