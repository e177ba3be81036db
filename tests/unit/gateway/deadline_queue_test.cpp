#include "emulator/gateway/deadline_queue.hpp"
#include "tests/support/manual_clock.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

using namespace kelvin;
using namespace std::chrono_literals;
using test::manual_clock;

namespace {

struct fixture {
  manual_clock time;
  std::optional<deadline_queue> queue{std::in_place, time};
  std::string called;

  auto add(duration in, char name) {
    return queue->add(time.now() + in, [this, name] { called.push_back(name); });
  }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "deadlines: called once each, in their order, none before its time") {
  const auto b = add(2s, 'b');
  const auto a = add(1s, 'a');
  const auto c = add(2s, 'c');
  CHECK(time.armed() == 1);
  time.advance(1s - 1ns);
  CHECK(called.empty());
  time.advance(1ns);
  CHECK(called == "a");
  time.advance(1h);
  CHECK(called == "abc");
}

TEST_CASE_FIXTURE(fixture, "deadlines: one that is given up is not called, and those behind it are") {
  auto first = add(1s, 'a');
  const auto second = add(2s, 'b');
  first.reset();
  time.advance(2s);
  CHECK(called == "b");
}

TEST_CASE_FIXTURE(fixture, "deadlines: with nothing left the alarm rings once at most") {
  add(1s, 'a').reset();
  time.advance(1s);
  CHECK(called.empty());
  CHECK(time.armed() == 0);
  const auto next = add(1s, 'b');
  time.advance(1s);
  CHECK(called == "b");
}

TEST_CASE_FIXTURE(fixture, "deadlines: a new one before the others moves the alarm") {
  const auto late = add(10s, 'b');
  const auto early = add(1s, 'a');
  CHECK(time.next() == time.now() + 1s);
}

TEST_CASE_FIXTURE(fixture, "deadlines: a call may give up others, add one and end the queue") {
  std::vector<std::unique_ptr<deadline_queue::deadline>> kept;
  kept.push_back(add(1s, 'x'));
  kept.push_back(queue->add(time.now() + 500ms, [&] {
    kept.front().reset();
    kept.push_back(add(1s, 'y'));
  }));
  time.advance(2s);
  CHECK(called == "y");
  kept.push_back(queue->add(time.now() + 1s, [&] { queue.reset(); }));
  kept.push_back(add(2s, 'z'));
  time.advance(5s);
  CHECK(called == "y");
}
