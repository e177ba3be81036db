#include "emulator/app/remembering_invoker.hpp"

#include "emulator/app/outcome_text.hpp"
#include "tests/support/run_coroutine.hpp"

#include <doctest/doctest.h>

using namespace kelvin;

namespace {

/// Answers with the event.
class echoing_invoker final : public invoker {
 public:
  awaitable<invocation_outcome> invoke(invocation_request request) override {
    invocation_outcome outcome;
    outcome.answer = invocation_success{std::move(request.event), request.content_type};
    co_return outcome;
  }
};

invocation_request request_for(const std::string& function, std::string_view event) {
  invocation_request request;
  request.function_name = function;
  request.invoked_function_arn = "arn:" + function;
  request.event = payload(event);
  request.content_type = "text/x";
  request.trace_id = "Root=1";
  request.client_context = "{}";
  request.log_tail = true;
  return request;
}

}  // namespace

TEST_CASE("The last event is kept when it is asked for, and invoked again as an invocation of its own") {
  boost::asio::io_context context{1};
  echoing_invoker next;
  remembering_invoker remembers(next);
  const auto invoke = [&](const std::string& function, std::string_view event) {
    const auto outcome = test::run_coroutine(context, remembers.invoke(request_for(function, event)));
    CHECK(std::get<invocation_success>(outcome.answer).response.view() == event);
  };
  invoke("a", "1");
  CHECK_FALSE(remembers.last_again());
  remembers.begin_remembering();
  CHECK_FALSE(remembers.last_again());
  invoke("a", "2");
  invoke("b", "3");
  const auto again = remembers.last_again();
  REQUIRE(again);
  CHECK(again->function_name == "b");
  CHECK(again->invoked_function_arn == "arn:b");
  CHECK(again->event.view() == "3");
  CHECK(again->content_type == "text/x");
  CHECK(again->client_context == "{}");
  CHECK(again->trace_id.empty());
  CHECK_FALSE(again->log_tail);
  CHECK(again->stream == nullptr);
  CHECK(again->request_id != remembers.last_again()->request_id);
}

TEST_CASE("An event over the Invoke API's limit is not kept, nor the one before it") {
  boost::asio::io_context context{1};
  echoing_invoker next;
  remembering_invoker remembers(next);
  remembers.begin_remembering();
  const auto kept_after = [&](std::size_t bytes) {
    test::run_coroutine(context, remembers.invoke(request_for("a", std::string(bytes, 'x'))));
    return remembers.last_again().has_value();
  };
  CHECK(kept_after(limits::event_bytes));
  CHECK_FALSE(kept_after(limits::event_bytes + 1));
}

TEST_CASE("An outcome in one line") {
  invocation_outcome outcome;
  outcome.answer = invocation_success{payload("{\n  \"x\": 1\n}"), {}};
  CHECK(outcome_text(outcome).text == "answered {   \"x\": 1 }");
  CHECK(outcome_text(outcome).level == notice_level::info);
  outcome.answer = invocation_success{};
  CHECK(outcome_text(outcome).text == "answered with no body");
  outcome.answer = invocation_success{payload(std::string(501, 'x')), {}};
  CHECK(outcome_text(outcome).text == "answered " + std::string(499, 'x') + "…");
  outcome.answer = invocation_success{payload(std::string(3'000'000, '\xff')), {}};
  CHECK(outcome_text(outcome).text.size() < 600);
  outcome.answer = function_error{payload("{\"errorMessage\":\"no\"}"), "Error"};
  CHECK(outcome_text(outcome).text == "failed: {\"errorMessage\":\"no\"}");
  CHECK(outcome_text(outcome).level == notice_level::warning);
  outcome.answer = throttled{};
  CHECK(outcome_text(outcome).text.starts_with("was throttled"));
  outcome.answer = service_failure{"kelvin is stopping"};
  CHECK(outcome_text(outcome).text == "was not invoked: kelvin is stopping");
}
