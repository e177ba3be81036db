#include "emulator/app/limit_notices.hpp"

#include <doctest/doctest.h>

using namespace kelvin;

TEST_CASE("what a machine can do only in part is named where it was asked for") {
  settings chosen;
  CHECK(limit_notices(chosen, false, {}, isolation_level::host).empty());
  chosen.cpu = cpu_level::lambda;
  chosen.memory_mib = 128;
  chosen.tmp_size_mib = 1024;
  const auto notices = limit_notices(chosen, true, {}, isolation_level::host);
  REQUIRE(notices.size() == 3);
  CHECK(notices[0].starts_with("--tmp-size is not in force"));
  CHECK(notices[1].starts_with("--cpu lambda stops and continues"));
  CHECK(notices[2].starts_with("--memory is enforced by sampling alone"));
  CHECK(limit_notices(chosen, true, {}, isolation_level::lambda).size() == 2);
  chosen.memory_mib.reset();
  CHECK(limit_notices(chosen, true, {}, isolation_level::lambda)[1].starts_with("the template's MemorySize"));
}
