#include "runtime-api/base/iso_time.hpp"

#include <doctest/doctest.h>

using namespace kelvin;
using namespace std::chrono_literals;

TEST_CASE("times are UTC with milliseconds, cut off, before 1970 too") {
  CHECK(iso_time(wall_time(0s)) == "1970-01-01T00:00:00.000Z");
  CHECK(iso_time(wall_time(1'767'323'045'678ms)) == "2026-01-02T03:04:05.678Z");
  CHECK(iso_time(wall_time(1'767'323'045'678'999us)) == "2026-01-02T03:04:05.678Z");
  CHECK(iso_time(wall_time(-1ms)) == "1969-12-31T23:59:59.999Z");
  CHECK(iso_time(wall_time(951'827'696s)) == "2000-02-29T12:34:56.000Z");
}
