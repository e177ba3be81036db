#include "tests/support/manual_clock.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kelvin;
using namespace std::chrono_literals;

TEST_CASE("manual_clock fires alarms in the order of their due times") {
  test::manual_clock time;
  std::string fired;
  const steady_time start = time.now();
  const auto late = time.make_alarm([&] { fired += "c"; });
  const auto early = time.make_alarm([&] {
    fired += "a";
    CHECK(time.now() == start + 1s);
  });
  const auto same = time.make_alarm([&] { fired += "b"; });
  late->set(start + 2s);
  early->set(start + 1s);
  same->set(start + 1s);
  CHECK(time.armed() == 3);
  CHECK(time.next() == start + 1s);
  time.advance(999ms);
  CHECK(fired.empty());
  time.advance(1ms);
  CHECK(fired == "ab");
  time.advance(10s);
  CHECK(fired == "abc");
  CHECK(time.now() == start + 11s);
  CHECK(time.wall_now() == test::manual_clock::wall_start + 11s);
  CHECK(time.armed() == 0);
  CHECK(!time.next());
}

TEST_CASE("manual_clock: callbacks set, clear and destroy alarms") {
  test::manual_clock time;
  int rings = 0;
  std::unique_ptr<kelvin::alarm> self;
  self = time.make_alarm([&] {
    if (++rings == 3) {
      self.reset();
    } else {
      self->set(time.now() + 1s);
    }
  });
  self->set(time.now() + 1s);
  time.advance(10s);
  CHECK(rings == 3);
  CHECK(!self);

  int overdue = 0;
  std::unique_ptr<kelvin::alarm> greedy;
  greedy = time.make_alarm([&] {
    ++overdue;
    greedy->set(time.now());
  });
  greedy->set(time.now());
  CHECK(overdue == 0);
  time.advance(0s);
  CHECK(overdue == 1);
  time.advance(0s);
  CHECK(overdue == 2);
  greedy->clear();
  time.advance(1h);
  CHECK(overdue == 2);
}
