#include "emulator/sandbox/token_bucket.hpp"
#include "emulator/sandbox/cpu_share.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace kelvin {
namespace {

using namespace std::chrono_literals;

constexpr steady_time start{1h};
constexpr duration period = 20ms;

/// A tree of so many threads that always want to run, on as many processors; time passes from look to look.
struct burning_tree {
  unsigned threads;
  duration late{};  ///< how long behind its time each look comes
  duration cpu{};
  steady_time now = start;

  /// Runs until so much wall time has passed; returns the share of one CPU that it got.
  double run_for(token_bucket& bucket, duration wall) {
    const duration before = cpu;
    const steady_time begun = now;
    bucket.begin(now, cpu);
    token_bucket::decision decided = bucket.look(now, cpu, threads);
    while (now < begun + wall) {
      const steady_time next = std::min(decided.look_again + late, begun + wall);
      REQUIRE(next > now);
      if (decided.run) {
        cpu += (next - now) * threads;
      }
      now = next;
      decided = bucket.look(now, cpu, threads);
    }
    return static_cast<double>((cpu - before).count()) / static_cast<double>(wall.count());
  }
};

}  // namespace

TEST_CASE("the share of a CPU is the memory's, as measured on AWS") {
  CHECK(cpu_quota(128) == 1447us);
  CHECK(cpu_quota(512) == 5789us);
  CHECK(cpu_quota(1769) == 20ms);
  CHECK(cpu_quota(3538) == 40ms);
  CHECK(cpu_quota(10240) == 115772us);
  for (unsigned memory_mib = 128; memory_mib <= 10240; ++memory_mib) {
    REQUIRE(cpu_quota(memory_mib) > 0us);
    REQUIRE(cpu_quota(memory_mib) <= cpu_period * virtual_cpus(memory_mib));
    REQUIRE(cpu_quota(memory_mib) >= cpu_quota(memory_mib - 1));
  }
}

TEST_CASE("virtual CPUs step up with memory") {
  CHECK(virtual_cpus(128) == 2);
  CHECK(virtual_cpus(3538) == 2);
  CHECK(virtual_cpus(3539) == 3);
  CHECK(virtual_cpus(5307) == 3);
  CHECK(virtual_cpus(7076) == 4);
  CHECK(virtual_cpus(8845) == 5);
  CHECK(virtual_cpus(8846) == 6);
  CHECK(virtual_cpus(10240) == 6);
}

TEST_CASE("token bucket: a tree gets its share, whatever its threads and however late one looks") {
  for (const duration quota : {1447us, 5788us, 15000us, 19000us}) {
    for (const unsigned threads : {1u, 2u, 10u}) {
      for (const duration late : {duration(0us), duration(300us), duration(7ms)}) {
        CAPTURE(quota.count());
        CAPTURE(threads);
        CAPTURE(late.count());
        token_bucket bucket(quota, period, threads);
        burning_tree tree{threads, late};
        const double share = static_cast<double>(quota.count()) / static_cast<double>(period.count());
        const double got = tree.run_for(bucket, 200s);
        CHECK(got > 0.98 * share);
        CHECK(got < 1.02 * share);
      }
    }
  }
}

TEST_CASE("token bucket: more than the processors can give is never held back") {
  token_bucket bucket(45ms, period, 2);
  burning_tree tree{2};
  CHECK(tree.run_for(bucket, 1s) == doctest::Approx(2.0));
}

TEST_CASE("token bucket: what a period leaves is not saved") {
  token_bucket bucket(5ms, period, 1);
  bucket.begin(start, 0ms);
  CHECK(bucket.look(start + 10s, 0ms, 1).run);
  const auto decided = bucket.look(start + 10s + 6ms, 6ms, 1);
  CHECK_FALSE(decided.run);
  CHECK(decided.look_again == start + 10s + period);
}

TEST_CASE("token bucket: what was used too much is owed for as many periods as it takes") {
  token_bucket bucket(5ms, period, 1);
  bucket.begin(start, 0ms);
  const auto decided = bucket.look(start + 17ms, 17ms, 1);
  CHECK_FALSE(decided.run);
  // 5 - 17 = -12: after three refills there is something again.
  CHECK(decided.look_again == start + 3 * period);
  CHECK_FALSE(bucket.look(start + 3 * period - 1us, 17ms, 1).run);
  CHECK(bucket.look(start + 3 * period, 17ms, 1).run);
}

TEST_CASE("token bucket: a debt that is a whole number of periods is not paid by the last of them") {
  token_bucket bucket(5ms, period, 1);
  bucket.begin(start, 0ms);
  const auto decided = bucket.look(start + 10ms, 10ms, 1);
  CHECK_FALSE(decided.run);
  CHECK(decided.look_again == start + 2 * period);
  CHECK(bucket.look(decided.look_again, 10ms, 1).run);
}

TEST_CASE("token bucket: short invocations in a row share what a period has") {
  token_bucket bucket(5ms, period, 1);
  bucket.begin(start, 0ms);
  CHECK(bucket.look(start + 4ms, 4ms, 1).run);
  bucket.begin(start + 5ms, 4ms);
  CHECK_FALSE(bucket.look(start + 7ms, 6ms, 1).run);
  bucket.begin(start + period, 6ms);
  CHECK(bucket.look(start + period, 6ms, 1).run);
}

TEST_CASE("token bucket: what is used between two invocations does not count") {
  token_bucket bucket(5ms, period, 1);
  bucket.begin(start, 0ms);
  bucket.begin(start + 1s, 700ms);
  CHECK(bucket.look(start + 1s + 1ms, 701ms, 1).run);
}

TEST_CASE("token bucket: a tree that waits is looked at ever more seldom") {
  token_bucket bucket(1447us, period, 2);
  bucket.begin(start, 0ms);
  steady_time now = start;
  int looks = 0;
  for (; now < start + 1s; ++looks) {
    const auto decided = bucket.look(now, 0ms, 1);
    REQUIRE(decided.run);
    now = decided.look_again;
  }
  CHECK(looks < 220);
}

TEST_CASE("token bucket: a measure that goes back is taken for no use") {
  token_bucket bucket(5ms, period, 1);
  bucket.begin(start, 100ms);
  CHECK(bucket.look(start + 1ms, 90ms, 1).run);
  CHECK_FALSE(bucket.look(start + 6ms, 105ms, 1).run);
}

}  // namespace kelvin
