#include "emulator/watch/quiet_period.hpp"

#include <doctest/doctest.h>

namespace kelvin {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a burst is over when it has been quiet, and at the latest after the longest time") {
  const steady_time start{1h};
  quiet_period period(30ms, 1s);
  CHECK_FALSE(period.due().has_value());
  period.on_event(start);
  CHECK(period.due() == start + 30ms);
  period.on_event(start + 20ms);
  CHECK(period.due() == start + 50ms);
  period.on_event(start + 985ms);
  CHECK(period.due() == start + 1s);
  period.on_event(start + 3s);
  CHECK(period.due() == start + 1s);
  period.reset();
  CHECK_FALSE(period.due().has_value());
  period.on_event(start + 4s);
  CHECK(period.due() == start + 4030ms);
}

}  // namespace
}  // namespace kelvin
