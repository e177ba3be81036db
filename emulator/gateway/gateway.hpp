#pragma once

#include "emulator/frontdoor/authorizer/authorizers.hpp"
#include "emulator/function/api_configuration.hpp"
#include "emulator/function/function_registry.hpp"
#include "emulator/gateway/addressing.hpp"
#include "emulator/gateway/deadline_queue.hpp"
#include "emulator/gateway/door.hpp"
#include "emulator/invoke/invoker.hpp"
#include "emulator/web/route_table.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/task_group.hpp"
#include "runtime-api/http/exchange.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kelvin {

struct gateway_options {
  std::optional<std::chrono::milliseconds> timeout;  ///< of every integration; not given: each API's and route's own
};

/// What the gateway needs to serve; all of it must outlive it.
struct gateway_services {
  const function_registry& functions;
  invoker& invocations;
  kelvin::clock& clock;
  task_group& tasks;
  frontdoor::authorizers& authorizers;
  gateway_options options{};
};

/// The callers' port as API Gateway, a load balancer and function URLs see it: finds the API, the route and
/// the function, asks the authorizer, invokes, and answers or streams. One thread.
class gateway {
 public:
  /// `apis` in the template's order; the first is the default, but one that is no function URL counts before
  /// those that are. Every function has a URL, described or not.
  gateway(gateway_services services, std::vector<api_configuration> apis);
  ~gateway();

  /// Serves these from now on; requests that have found their API are answered by it as it was.
  void replace(std::vector<api_configuration> apis);

  /// Without the URLs that functions have anyway.
  std::vector<const api_configuration*> described() const;
  /// The API at the root of the callers' port; null: there is none.
  const api_configuration* default_api() const noexcept { return default_ ? &default_->configuration : nullptr; }
  /// The callers' port, for X-Forwarded-Port.
  void set_port(std::uint16_t port) noexcept { port_ = port; }

  /// Answers the exchange. False: no API is there, and nothing was answered.
  awaitable<bool> handle(http::exchange& exchange);

 private:
  struct served_api {
    explicit served_api(api_configuration described)
        : configuration(std::move(described)), behind(&door_of(configuration.kind)), routes(configuration) {}
    const api_configuration configuration;
    const door* behind;
    web::route_table routes;
  };
  struct call;

  enum class beginning { begun, impossible, caller_gone };

  std::shared_ptr<const served_api> find(const address& where) const noexcept;
  void describe(call& of, const address& where) const;
  awaitable<void> serve(http::exchange& exchange, const served_api& api, address where);
  awaitable<void> serve_route(call& of);
  awaitable<bool> authorize(call& of);
  std::optional<std::chrono::milliseconds> timeout_of(const call& of) const;
  awaitable<void> answer(call& of, invocation_request request);
  awaitable<void> stream(call& of, invocation_request request);
  static awaitable<beginning> begin_answer(call& of, byte_channel& from);
  /// A view of `answer`, which must last.
  static http::response to_http(const web::web_response& answer);
  static void apply_cors(const call& of, web::web_response& answer);
  static awaitable<bool> respond(call& of, web::web_response answer);
  static awaitable<bool> refuse(call& of, refusal why, std::string_view detail = {});

  gateway_services services_;
  deadline_queue deadlines_;
  std::size_t described_count_ = 0;  ///< the first of those that are served
  std::vector<std::shared_ptr<const served_api>> served_;
  std::shared_ptr<const served_api> default_;
  std::uint16_t port_ = 0;
};

}  // namespace kelvin
