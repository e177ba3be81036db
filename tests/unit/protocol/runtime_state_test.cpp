#include "runtime-api/protocol/runtime_state.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace kelvin::protocol;
using state = runtime_state;
using call = runtime_call;

const std::vector<state> every_state{state::started,
                                     state::ready,
                                     state::running,
                                     state::invocation_response,
                                     state::invocation_error_response,
                                     state::response_sent,
                                     state::init_error,
                                     state::restore_ready,
                                     state::restoring,
                                     state::restore_error};

/// Each call with the state its refusal names.
const std::vector<std::pair<call, std::string>> every_call{{call::next, "Ready"},
                                                           {call::response, "InvocationResponse"},
                                                           {call::error, "InvocationErrorResponse"},
                                                           {call::init_error, "InitError"},
                                                           {call::restore_next, "RestoreReady"},
                                                           {call::restore_error, "RuntimeRestoreErrorState"},
                                                           {call::event_handed_out, "Running"},
                                                           {call::event_not_taken, "Ready"},
                                                           {call::answer_taken, "RuntimeResponseSentState"},
                                                           {call::invocation_over, "RuntimeResponseSentState"},
                                                           {call::snapshot_restored, "Restoring"}};

const std::map<std::pair<state, call>, state> legal{
    {{state::started, call::next}, state::ready},
    {{state::started, call::init_error}, state::init_error},
    {{state::started, call::restore_next}, state::restore_ready},
    {{state::ready, call::next}, state::ready},
    {{state::ready, call::event_handed_out}, state::running},
    {{state::running, call::next}, state::running},
    {{state::running, call::event_not_taken}, state::ready},
    {{state::running, call::response}, state::invocation_response},
    {{state::running, call::error}, state::invocation_error_response},
    {{state::running, call::invocation_over}, state::response_sent},
    {{state::invocation_response, call::answer_taken}, state::response_sent},
    {{state::invocation_response, call::invocation_over}, state::response_sent},
    {{state::invocation_error_response, call::answer_taken}, state::response_sent},
    {{state::invocation_error_response, call::invocation_over}, state::response_sent},
    {{state::response_sent, call::next}, state::ready},
    {{state::restore_ready, call::snapshot_restored}, state::restoring},
    {{state::restoring, call::next}, state::ready},
    {{state::restoring, call::restore_error}, state::restore_error},
    {{state::restoring, call::init_error}, state::restore_error}};

TEST_CASE("runtime states: each legal transition is made, each other one refused in AWS's words") {
  std::size_t accepted = 0;
  for (const state from : every_state) {
    for (const auto& [made, target] : every_call) {
      CAPTURE(name(from));
      CAPTURE(target);
      const auto reached = transition(from, made);
      if (const auto expected = legal.find({from, made}); expected != legal.end()) {
        REQUIRE(reached.has_value());
        CHECK(name(reached.value()) == name(expected->second));
        ++accepted;
        continue;
      }
      REQUIRE(reached.has_error());
      CHECK(reached.error().code == kelvin::errc::invalid_state);
      CHECK(reached.error().detail == "State transition from " + std::string(name(from)) + " to " + target +
                                          " failed for runtime. Error: State transition is not allowed");
    }
  }
  CHECK(accepted == legal.size());
}

TEST_CASE("runtime states carry the names that AWS's error texts show") {
  const std::vector<std::string_view> names{"Started",
                                            "Ready",
                                            "Running",
                                            "InvocationResponse",
                                            "InvocationErrorResponse",
                                            "RuntimeResponseSentState",
                                            "InitError",
                                            "RestoreReady",
                                            "Restoring",
                                            "RuntimeRestoreErrorState"};
  for (std::size_t index = 0; index < every_state.size(); ++index) {
    CHECK(name(every_state[index]) == names[index]);
  }
}

}  // namespace
