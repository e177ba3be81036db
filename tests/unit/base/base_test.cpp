#include "runtime-api/base/one_shot.hpp"
#include "runtime-api/base/payload.hpp"
#include "runtime-api/base/request_id.hpp"
#include "runtime-api/base/system_clock.hpp"
#include "tests/support/run_coroutine.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <set>
#include <string>

using namespace kelvin;
using namespace kelvin::test;
using namespace std::chrono_literals;

TEST_CASE("a payload grows, keeps its bytes and moves without copying them") {
  payload bytes("ab");
  bytes.append(std::string(100'000, 'c'));
  CHECK(bytes.size() == 100'002);
  const char* const place = bytes.view().data();
  payload moved = std::move(bytes);
  CHECK(moved.view().data() == place);
  CHECK(moved.view().substr(0, 3) == "abc");
  const payload copy = moved.clone();
  CHECK(copy.view() == moved.view());
  CHECK(copy.view().data() != place);
  moved.clear();
  CHECK(moved.empty());
}

TEST_CASE("prepared bytes count only once they are committed") {
  payload bytes;
  const auto space = bytes.prepare(10);
  REQUIRE(space.size() >= 10);
  space[0] = 'x';
  CHECK(bytes.empty());
  bytes.commit(1);
  CHECK(bytes.view() == "x");
}

TEST_CASE("request ids are version 4 UUIDs and differ") {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int count = 0; count < 1000; ++count) {
    const request_id id = request_id::generate();
    CHECK(std::regex_match(std::string(id.text()), form));
    seen.emplace(id.text());
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("random hexadecimal digits have no fixed position") {
  std::array<std::set<char>, 32> digits;
  for (int count = 0; count < 500; ++count) {
    std::array<char, 32> storage;
    const std::string_view text = random_hexadecimal(storage, 32);
    REQUIRE(text.size() == 32);
    for (std::size_t index = 0; index < text.size(); ++index) {
      digits[index].insert(text[index]);
    }
  }
  for (const auto& each : digits) {
    CHECK(each.size() == 16);
  }
}

TEST_CASE("a one_shot hands its value over in both orders") {
  boost::asio::io_context context;
  one_shot<int> early;
  early.set(7);
  CHECK(early.is_set());
  CHECK(run_coroutine(context, early.wait()) == 7);

  one_shot<int> late;
  boost::asio::post(context.get_executor(), [&late] { late.set(8); });
  CHECK(run_coroutine(context, late.wait()) == 8);
  CHECK(late.is_set());
}

TEST_CASE("the waiter of a one_shot is resumed through the loop, not from inside set()") {
  boost::asio::io_context context;
  one_shot<int> value;
  bool resumed = false;
  boost::asio::co_spawn(
      context.get_executor(), [&]() -> awaitable<void> { resumed = co_await value.wait() == 1; },
      [](std::exception_ptr) {});
  context.poll();
  value.set(1);
  CHECK_FALSE(resumed);
  context.restart();
  context.poll();
  CHECK(resumed);
}

TEST_CASE("an alarm fires once at its latest due time, and not when cleared or destroyed") {
  boost::asio::io_context context;
  system_clock time(context);
  int fired = 0;
  const auto alarm = time.make_alarm([&fired] { ++fired; });
  const steady_time begun = time.now();
  alarm->set(begun + 1ms);
  alarm->set(begun + 5ms);  // later: no system call, one firing
  REQUIRE(run_until(context, [&fired] { return fired > 0; }));
  CHECK(time.now() >= begun + 5ms);

  alarm->set(time.now() + 60s);
  alarm->set(time.now() + 1ms);  // earlier than armed
  REQUIRE(run_until(context, [&fired] { return fired == 2; }));

  bool other_fired = false;
  const auto other = time.make_alarm([&other_fired] { other_fired = true; });
  alarm->set(time.now() + 1ms);
  alarm->clear();
  {
    const auto destroyed = time.make_alarm([&fired] { ++fired; });
    destroyed->set(time.now() + 1ms);
  }
  other->set(time.now() + 3ms);
  REQUIRE(run_until(context, [&other_fired] { return other_fired; }));
  CHECK(fired == 2);
}
