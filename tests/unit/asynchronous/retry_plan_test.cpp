#include "emulator/event_source/asynchronous/retry_plan.hpp"

#include "tests/support/random_seed.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace kelvin;
using namespace std::chrono_literals;

namespace {

constexpr steady_time accepted{1000h};

/// Behind an attempt that ended `age` after the event came.
retry_decision behind(attempt_result result, duration age, unsigned invocations, unsigned throttles,
                      const retry_policy& policy = {}) {
  const event_history history{accepted, invocations, throttles};
  return retry_plan(policy, history, result, accepted + std::chrono::duration_cast<steady_time::duration>(age));
}

duration wait_of(const retry_decision& decided, duration age) {
  REQUIRE(decided.retry);
  return decided.when - accepted - age;
}

}  // namespace

TEST_CASE("success ends an event, whatever came before") {
  for (const unsigned invocations : {1u, 2u, 3u}) {
    const auto decided = behind(attempt_result::success, 24h, invocations, 0);
    CHECK_FALSE(decided.retry);
    CHECK(decided.condition == final_condition::success);
  }
}

TEST_CASE("function errors are retried after one minute, then two, then given up") {
  CHECK(wait_of(behind(attempt_result::function_error, 3s, 1, 0), 3s) == 1min);
  CHECK(wait_of(behind(attempt_result::function_error, 63s, 2, 0), 63s) == 2min);
  const auto third = behind(attempt_result::function_error, 186s, 3, 0);
  CHECK_FALSE(third.retry);
  CHECK(third.condition == final_condition::retries_exhausted);
}

TEST_CASE("MaximumRetryAttempts bounds the retries") {
  for (unsigned retries = 0; retries <= 2; ++retries) {
    retry_policy policy;
    policy.retries = retries;
    for (unsigned invocations = 1; invocations <= 3; ++invocations) {
      const auto decided = behind(attempt_result::function_error, 1s, invocations, 0, policy);
      CHECK(decided.retry == (invocations <= retries));
      if (!decided.retry) {
        CHECK(decided.condition == final_condition::retries_exhausted);
      }
    }
  }
}

TEST_CASE("an event is dropped when its next attempt would come too late") {
  retry_policy policy;
  policy.age_max = 60s;
  SUBCASE("just in time") {
    CHECK(wait_of(behind(attempt_result::function_error, 0s, 1, 0, policy), 0s) == 60s);
  }
  SUBCASE("a moment late") {
    const auto decided = behind(attempt_result::function_error, 1ns, 1, 0, policy);
    CHECK_FALSE(decided.retry);
    CHECK(decided.condition == final_condition::event_age_exceeded);
  }
  SUBCASE("the second retry") {
    policy.age_max = 180s;
    CHECK(behind(attempt_result::function_error, 60s, 2, 0, policy).retry);
    CHECK(behind(attempt_result::function_error, 61s, 2, 0, policy).condition == final_condition::event_age_exceeded);
  }
  SUBCASE("no retry left counts first") {
    policy.retries = 0;
    CHECK(behind(attempt_result::function_error, 1h, 1, 0, policy).condition == final_condition::retries_exhausted);
  }
  SUBCASE("throttles") {
    CHECK(wait_of(behind(attempt_result::throttled, 59s, 0, 1, policy), 59s) == 1s);
    CHECK(behind(attempt_result::throttled, 59s, 0, 2, policy).condition == final_condition::event_age_exceeded);
  }
}

TEST_CASE("throttles and faults wait 1 s, doubling to 5 minutes, and use up no retry") {
  const duration expected[] = {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 300s, 300s, 300s};
  for (const auto result : {attempt_result::throttled, attempt_result::service_fault}) {
    for (unsigned in_a_row = 1; in_a_row <= 12; ++in_a_row) {
      for (const unsigned invocations : {0u, 1u, 2u}) {
        CHECK(wait_of(behind(result, 10s, invocations, in_a_row), 10s) == expected[in_a_row - 1]);
      }
    }
  }
  CHECK(wait_of(behind(attempt_result::throttled, 0s, 0, 4'000'000'000), 0s) == 300s);
}

TEST_CASE("the scaled delays: throttles follow the first, but never busily") {
  retry_policy policy;
  policy.delays.function_error = {6s, 7s};
  CHECK(wait_of(behind(attempt_result::function_error, 0s, 1, 0, policy), 0s) == 6s);
  CHECK(wait_of(behind(attempt_result::function_error, 0s, 2, 0, policy), 0s) == 7s);
  CHECK(wait_of(behind(attempt_result::throttled, 0s, 0, 1, policy), 0s) == 100ms);
  CHECK(wait_of(behind(attempt_result::throttled, 0s, 0, 20, policy), 0s) == 30s);
  policy.delays.function_error = {0s, 0s};
  CHECK(wait_of(behind(attempt_result::function_error, 0s, 1, 0, policy), 0s) == 0s);
  CHECK(wait_of(behind(attempt_result::throttled, 0s, 0, 9, policy), 0s) == 10ms);
}

TEST_CASE("random histories: every event ends, within its age and its retries") {
  const unsigned seed = test::random_seed();
  INFO("KELVIN_TEST_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    retry_policy policy;
    policy.retries = random() % 3;
    policy.age_max = std::chrono::seconds(60 + random() % 21'541);
    event_history history{accepted};
    steady_time now = accepted;
    int attempts = 0;
    for (;; ++attempts) {
      REQUIRE(attempts < 10'000);
      const auto result = static_cast<attempt_result>(random() % 4);
      now += std::chrono::milliseconds(random() % 900'000);
      const bool reached = result == attempt_result::success || result == attempt_result::function_error;
      history.invocations += reached ? 1 : 0;
      history.throttles_in_a_row = reached ? 0 : history.throttles_in_a_row + 1;
      const auto decided = retry_plan(policy, history, result, now);
      if (!decided.retry) {
        CHECK((decided.condition == final_condition::success) == (result == attempt_result::success));
        break;
      }
      CHECK(decided.when >= now);
      CHECK(decided.when - accepted <= policy.age_max);
      CHECK(history.invocations <= policy.retries);
      now = decided.when;
    }
  }
}

TEST_CASE("conditions have AWS's names") {
  CHECK(name_of(final_condition::success) == "Success");
  CHECK(name_of(final_condition::retries_exhausted) == "RetriesExhausted");
  CHECK(name_of(final_condition::event_age_exceeded) == "EventAgeExceeded");
  CHECK(name_of(final_condition::zero_reserved_concurrency) == "ZeroReservedConcurrency");
}
