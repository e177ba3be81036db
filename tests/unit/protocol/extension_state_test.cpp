#include "runtime-api/protocol/extension_state.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace kelvin::protocol;
using state = extension_state;
using call = extension_call;

const std::vector<std::pair<state, std::string>> every_state{{state::started, "Started"},
                                                             {state::registered, "Registered"},
                                                             {state::ready, "Ready"},
                                                             {state::running, "Running"},
                                                             {state::init_error, "InitError"},
                                                             {state::exit_error, "ExitError"},
                                                             {state::shutdown_failed, "ShutdownFailed"},
                                                             {state::exited, "Exited"},
                                                             {state::launch_error, "LaunchError"}};

const std::vector<std::pair<call, std::string>> every_call{{call::register_, "Registered"},
                                                           {call::next, "Ready"},
                                                           {call::init_error, "InitError"},
                                                           {call::exit_error, "ExitError"},
                                                           {call::event_handed_out, "Running"},
                                                           {call::shutdown_failed, "ShutdownFailed"},
                                                           {call::exited, "Exited"},
                                                           {call::launch_failed, "LaunchError"}};

const std::map<std::pair<state, call>, state> legal{
    {{state::started, call::register_}, state::registered},
    {{state::started, call::launch_failed}, state::launch_error},
    {{state::started, call::shutdown_failed}, state::shutdown_failed},
    {{state::started, call::exited}, state::exited},
    {{state::registered, call::next}, state::ready},
    {{state::registered, call::init_error}, state::init_error},
    {{state::registered, call::exit_error}, state::exit_error},
    {{state::registered, call::shutdown_failed}, state::shutdown_failed},
    {{state::registered, call::exited}, state::exited},
    {{state::ready, call::event_handed_out}, state::running},
    {{state::ready, call::exit_error}, state::exit_error},
    {{state::ready, call::shutdown_failed}, state::shutdown_failed},
    {{state::ready, call::exited}, state::exited},
    {{state::running, call::next}, state::ready},
    {{state::running, call::exit_error}, state::exit_error},
    {{state::running, call::shutdown_failed}, state::shutdown_failed},
    {{state::running, call::exited}, state::exited},
    {{state::init_error, call::init_error}, state::init_error},
    {{state::exit_error, call::exit_error}, state::exit_error}};

TEST_CASE("extension states: each legal transition is made, each other one refused in AWS's words") {
  std::size_t accepted = 0;
  for (const auto& [from, from_name] : every_state) {
    for (const auto& [made, target] : every_call) {
      CAPTURE(from_name);
      CAPTURE(target);
      const auto reached = transition(from, made, "my-extension");
      if (const auto expected = legal.find({from, made}); expected != legal.end()) {
        REQUIRE(reached.has_value());
        CHECK(name(reached.value()) == name(expected->second));
        ++accepted;
        continue;
      }
      REQUIRE(reached.has_error());
      CHECK(reached.error().code == kelvin::errc::invalid_state);
      CHECK(reached.error().detail == "State transition from " + from_name + " to " + target +
                                          " failed for extension my-extension. Error: State transition is not allowed");
    }
  }
  CHECK(accepted == legal.size());
}

}  // namespace
