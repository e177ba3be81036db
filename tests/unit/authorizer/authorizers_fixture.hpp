#pragma once

#include "emulator/frontdoor/authorizer/authorizers.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/unit/authorizer/scripted_jwks.hpp"
#include "tests/unit/authorizer/web_call.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace kelvin::test {

/// Answers as the test says, at once or after a one_shot of the test's.
class scripted_invoker final : public invoker {
 public:
  awaitable<invocation_outcome> invoke(invocation_request request) override {
    events.emplace_back(request.event.view());
    arns.push_back(request.invoked_function_arn);
    if (until)
      co_await until->wait();
    if (error.empty())
      co_return invocation_outcome{invocation_success{payload(answer), {}}, {}, {}};
    co_return invocation_outcome{function_error{payload(error), "Error"}, {}, {}};
  }

  std::string answer;
  std::string error;                        ///< if not empty, what the function fails with
  std::shared_ptr<one_shot<bool>> until{};  ///< what the function waits for
  std::vector<std::string> events;
  std::vector<std::string> arns;
};

/// Authorizers of one API with a route of one authorizer, `Guard`.
struct authorizers_fixture {
  explicit authorizers_fixture(api_kind kind, authorizer_kind guard, frontdoor::authorizer_options options = {})
      : call(kind) {
    authorizer_configuration authorizer;
    authorizer.name = "Guard";
    authorizer.kind = guard;
    authorizer.identity_sources = {"$request.header.Authorization"};
    authorizer.issuer = "https://issuer.example";
    authorizer.audiences = {"api"};
    authorizer.function_name = "guard";
    call.api.authorizers = {authorizer};
    route.method = "GET";
    route.path = "/pets/{id}";
    route.authorizer = "Guard";
    const frontdoor::authorizer_services services{
        registry, invocations, clock,
        tasks,    source,      [this](notice_level, const std::string& text) { notices.push_back(text); }};
    subject = std::make_unique<frontdoor::authorizers>(services, std::move(options));
  }

  authorizer_configuration& authorizer() { return call.api.authorizers.front(); }

  frontdoor::authorizer_decision ask() { return run_coroutine(context, asking()); }
  awaitable<frontdoor::authorizer_decision> asking() {
    return subject->authorize(route, call.request, call.context, [](payload_version version) {
      return payload(version == payload_version::v1 ? R"({"base":1})" : R"({"base":2})");
    });
  }
  frontdoor::authorizer_decision ask_as(std::string_view authorization) {
    call.fields.clear();
    call.fields.add("Authorization", authorization);
    return ask();
  }

  static function_registry one_function() {
    function_configuration function;
    function.name = "guard";
    return {{}, {function}};
  }

  boost::asio::io_context context;
  manual_clock clock;
  function_registry registry = one_function();
  scripted_invoker invocations;
  std::vector<std::string> escaped;
  task_group tasks{context, [this](std::exception_ptr) { escaped.emplace_back("exception"); }};
  scripted_jwks source{context};
  std::vector<std::string> notices;
  web_call call;
  api_route route;
  std::unique_ptr<frontdoor::authorizers> subject;
};

/// `allowed`, or the kind of the refusal.
inline std::string name_of(const frontdoor::authorizer_decision& decision) {
  using frontdoor::refusal_kind;
  if (std::holds_alternative<web::authorization>(decision))
    return "allowed";
  switch (std::get<frontdoor::authorizer_refusal>(decision).kind) {
    case refusal_kind::unauthorized: return "unauthorized";
    case refusal_kind::insufficient_scope: return "insufficient_scope";
    case refusal_kind::forbidden_implicit: return "forbidden_implicit";
    case refusal_kind::forbidden_explicit: return "forbidden_explicit";
    case refusal_kind::not_signed: return "not_signed";
    case refusal_kind::failed: break;
  }
  return "failed";
}

}  // namespace kelvin::test
