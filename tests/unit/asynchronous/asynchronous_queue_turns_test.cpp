#include "emulator/event_source/asynchronous/asynchronous_queue.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/unit/asynchronous/queue_fixture.hpp"

using namespace kelvin;
using namespace kelvin::test;
using namespace std::chrono_literals;
using fixture = queue_fixture;
using verdict = asynchronous_invoker::verdict;

TEST_CASE("of one function as many attempts run at once as it may have environments, the others in order behind them") {
  fixture all([](function_configuration& one) { one.environments = 3; });
  all.functions_side.held = true;
  for (int count = 0; count < 10; ++count) {
    all.send(std::to_string(count));
  }
  all.send("other", "g");
  all.run();
  CHECK(all.functions_side.running == 4);
  all.functions_side.held = false;
  all.functions_side.release_all();
  all.run();
  REQUIRE(all.functions_side.attempts.size() == 11);
  std::string order;
  for (const auto& each : all.functions_side.attempts) {
    order += each.function == "f" ? each.event : "";
  }
  CHECK(order == "0123456789");
}

TEST_CASE("an event that grew too old while it waited for its turn is given up") {
  fixture all([](function_configuration& one) {
    one.environments = 1;
    one.event_invoke.maximum_event_age = 60s;
  });
  all.functions_side.held = true;
  all.send("1");
  all.send("2");
  all.advance(61s);
  all.functions_side.release_all();
  all.run();
  CHECK(all.functions_side.attempts.size() == 1);
  REQUIRE(all.sink.texts.size() == 1);
  CHECK(contains(all.sink.texts.front(), "EventAgeExceeded, invoked 0 times"));
}

TEST_CASE("stopping lets attempts come to their end, begins none, and names what is dropped") {
  const temporary_folder folder;
  fixture all([&](function_configuration& one) {
    one.environments = 2;
    one.event_invoke.on_success = file(folder / "success");
  });
  all.functions_side.answer = [](const invocation_request& request) {
    return request.event.view() == "bad" ? error() : success();
  };
  all.send("bad");
  all.advance(1s);  // now waits for its retry
  all.functions_side.held = true;
  all.send("good");
  all.send("bad");
  all.send("third");
  all.send("fourth", "g");
  all.run();
  all.queue.stop();
  CHECK(all.send() == verdict::stopping);
  all.functions_side.held = false;
  all.functions_side.release_all();
  all.advance(10min);
  CHECK(all.functions_side.attempts.size() == 4);
  CHECK(lines_of(folder / "success").size() == 2);
  all.queue.drop_all();
  CHECK(all.queue.size() == 0);
  CHECK(all.queue.size_bytes() == 0);
  REQUIRE(all.sink.texts.size() == 1);
  CHECK(contains(all.sink.texts.front(), "3 asynchronous events of f still waited for an attempt and are dropped"));
}

TEST_CASE("an event that came right before the stop is named too") {
  fixture all;
  all.send();
  all.queue.stop();
  SUBCASE("its attempt never begins") {
    all.run();
  }
  SUBCASE("its attempt would begin behind the end") {}
  all.queue.drop_all();
  REQUIRE(all.sink.texts.size() == 1);
  CHECK(contains(all.sink.texts.front(), "1 asynchronous event of f still waited for an attempt and is dropped"));
  all.run();
  CHECK(all.functions_side.attempts.empty());
}
