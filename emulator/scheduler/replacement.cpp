// A new version of a function in the place of the old one.

#include "emulator/scheduler/scheduler.hpp"
#include "runtime-api/base/limits.hpp"

#include <algorithm>
#include <utility>

namespace kelvin {

using protocol::environment_state;

bool scheduler::replace(function_configuration next, failed_init on_failure, replacement_observer on_settled) {
  const auto found = functions_.find(next.name);
  if (found == functions_.end() || stopping_) {
    return false;
  }
  scheduled_function& of = found->second;
  auto tried = make_pool(next);
  tried->role = pool_role::on_trial;
  if (of.on_trial) {
    move_waiting(*of.on_trial, *tried, false);
    retire(std::exchange(of.on_trial, nullptr));
  }
  of.on_trial = tried;
  of.on_failure = on_failure;
  of.on_settled = std::move(on_settled);
  if (tried->function.debugged) {
    make_way(of);
  }
  begin_trial(tried->function.name);
  return true;
}

void scheduler::begin_trial(std::string_view function_name) {
  const auto found = functions_.find(function_name);
  if (found == functions_.end() || !found->second.on_trial || stopping_) {
    return;
  }
  const auto tried = found->second.on_trial;
  const bool waits = tried->function.debugged && activity(function_name).environments != 0;
  if (waits || !tried->environments.empty()) {
    return;
  }
  create(*tried, 1);
  if (tried->environments.empty()) {
    fail_trial(found->second);
  } else {
    hold(*tried);
  }
}

/// For a debugged version: the processes of the one that serves end, and what they were not given yet is held.
void scheduler::make_way(scheduled_function& of) {
  move_waiting(*of.serving, *of.on_trial, true);
  end_unused(*of.serving);
  if (of.serving->counts.running != 0) {
    services_.events.report(notice{notice_level::info, "function " + of.serving->function.name +
                                                           ": its new version starts when the process that is being "
                                                           "debugged has answered its invocation"});
  }
}

bool scheduler::makes_way(const pool& serving) const {
  const auto found = functions_.find(serving.function.name);
  return found != functions_.end() && found->second.serving.get() == &serving && found->second.on_trial &&
         found->second.on_trial->function.debugged;
}

/// The one environment of a version on trial has gone through its init phase, well or not.
void scheduler::settle_trial(pool& tried, execution_environment& environment) {
  scheduled_function& of = functions_.find(tried.function.name)->second;
  if (environment.state() == environment_state::idle) {
    begin_serving(of, environment.init_duration());
  } else {
    fail_trial(of);
  }
}

void scheduler::begin_serving(scheduled_function& of, std::optional<duration> init) {
  const auto old = std::exchange(of.serving, std::exchange(of.on_trial, nullptr));
  const auto on_settled = std::exchange(of.on_settled, nullptr);
  of.serving->role = pool_role::serving;
  count_reserved_concurrency();
  move_waiting(*old, *of.serving, true);
  retire(old);
  if (on_settled && !stopping_) {
    on_settled(init);
  }
  run_plan(*of.serving);
}

void scheduler::fail_trial(scheduled_function& of) {
  if (of.on_failure == failed_init::serves) {
    begin_serving(of, std::nullopt);
    return;
  }
  const auto tried = std::exchange(of.on_trial, nullptr);
  const auto on_settled = std::exchange(of.on_settled, nullptr);
  move_waiting(*tried, *of.serving, false);
  retire(tried);
  if (on_settled && !stopping_) {
    on_settled(std::nullopt);
  }
  run_plan(*of.serving);
}

/// What is free or on its way ends now, what is busy when it has become free.
void scheduler::retire(const std::shared_ptr<pool>& old) {
  old->role = pool_role::retired;
  old->wake->clear();
  old->reap->clear();
  if (old->environments.empty()) {
    return;
  }
  retired_.push_back(old);
  end_unused(*old);
}

void scheduler::end_unused(const pool& of) {
  const auto environments = of.environments;  // shut_down() changes the list in the end
  for (const auto& each : environments) {
    if (each->can_invoke() || each->state() == environment_state::initializing) {
      each->shut_down();
    }
  }
}

void scheduler::move_waiting(pool& from, pool& to, bool to_the_front) {
  const auto moved = std::exchange(from.waiting, {});
  auto given = std::exchange(from.waiting_given, {});
  for (const waiting_invocation& each : moved) {
    count_waiting(from, each, -1);
    count_waiting(to, each, 1);
  }
  to.waiting.insert(to_the_front ? to.waiting.begin() : to.waiting.end(), moved.begin(), moved.end());
  to.waiting_given.insert(to_the_front ? to.waiting_given.begin() : to.waiting_given.end(),
                          std::make_move_iterator(given.begin()), std::make_move_iterator(given.end()));
}

/// What has been held for long enough goes to the version that serves; for one that is debugged it is held on.
void scheduler::hold(pool& tried) {
  if (tried.function.debugged) {
    return;
  }
  pool& serving = *functions_.find(tried.function.name)->second.serving;
  const steady_time now = services_.clock.now();
  bool moved = false;
  while (!tried.waiting.empty() && tried.waiting.front().arrived + limits::init_phase <= now) {
    const waiting_invocation facts = tried.waiting.front();
    serving.waiting_given.push_back(take_waiting(tried, 0));
    serving.waiting.push_back(facts);
    count_waiting(serving, facts, 1);
    moved = true;
  }
  if (tried.waiting.empty()) {
    tried.wake->clear();
  } else {
    tried.wake->set(tried.waiting.front().arrived + limits::init_phase);
  }
  if (moved) {
    run_plan(serving);
  }
}

}  // namespace kelvin
