#pragma once

#include "emulator/frontdoor/invoke_api/function_reads.hpp"
#include "emulator/frontdoor/invoke_api/to_invocation.hpp"
#include "emulator/function/function_registry.hpp"
#include "emulator/invoke/asynchronous_invoker.hpp"
#include "emulator/invoke/invoker.hpp"
#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/task_group.hpp"
#include "runtime-api/http/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace kelvin {

/// The Lambda service's own paths: Invoke, its streaming and asynchronous forms and the
/// read-only calls, and clear refusals of
/// what this version does not serve. Registry and invokers must outlive it; one thread.
class invoke_api {
 public:
  invoke_api(const function_registry& functions, invoker& invocations, asynchronous_invoker& events, task_group& tasks)
      : functions_(functions), invocations_(invocations), events_(events), tasks_(tasks), reads_(functions) {}

  /// Whether a request is for the Lambda service.
  static bool owns(const http::request_head& head) noexcept;
  /// Answers the exchange. False: the path is not one of ours, and nothing was answered.
  awaitable<bool> handle(http::exchange& exchange);

 private:
  using made_invocation = std::variant<frontdoor::accepted_invocation, frontdoor::service_error>;

  awaitable<bool> invoke(http::exchange& exchange, std::string_view function_segment, bool is_invoke_async);
  awaitable<bool> invoke_streaming(http::exchange& exchange, std::string_view function_segment);
  awaitable<void> finish_stream(http::exchange& exchange, const invocation_outcome& outcome, request_id id,
                                bool streams);
  std::optional<http::response> answer_at_once(made_invocation& made, bool is_invoke_async, std::string& storage);
  awaitable<bool> read(http::exchange& exchange, frontdoor::operation asked);

  const function_registry& functions_;
  invoker& invocations_;
  asynchronous_invoker& events_;
  task_group& tasks_;
  frontdoor::function_reads reads_;
};

}  // namespace kelvin
