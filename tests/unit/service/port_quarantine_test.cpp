#include "runtime-api/service/port_quarantine.hpp"

#include <doctest/doctest.h>

namespace {

using kelvin::steady_time;
using kelvin::service::port_quarantine;
using namespace std::chrono_literals;

const steady_time start{1000s};

TEST_CASE("a released port rests for its time, others do not") {
  port_quarantine ports(60s);
  CHECK_FALSE(ports.holds(40000, start));
  ports.release(40000, start);
  CHECK(ports.holds(40000, start));
  CHECK(ports.holds(40000, start + 59'999ms));
  CHECK_FALSE(ports.holds(40001, start));
  CHECK_FALSE(ports.holds(40000, start + 60s));
  CHECK(ports.size() == 0);
}

TEST_CASE("a port released again rests anew") {
  port_quarantine ports(60s);
  ports.release(40000, start);
  ports.release(40000, start + 30s);
  CHECK(ports.holds(40000, start + 70s));
  CHECK_FALSE(ports.holds(40000, start + 90s));
}

TEST_CASE("past the capacity the longest rested port is let go") {
  port_quarantine ports(60s, 2);
  ports.release(1, start);
  ports.release(2, start);
  ports.release(3, start);
  CHECK(ports.size() == 2);
  CHECK_FALSE(ports.holds(1, start));
  CHECK(ports.holds(2, start));
  CHECK(ports.holds(3, start));
}

}  // namespace
