#include "emulator/scheduler/scheduler.hpp"

#include "runtime-api/base/limits.hpp"

#include <algorithm>
#include <utility>

namespace kelvin {
namespace {

using protocol::environment_state;

invocation_outcome refusal(throttle_reason reason) {
  return {throttled{reason}, {}, {}};
}

}  // namespace

scheduler::scheduler(environment_services services, const function_registry& registry)
    : services_(services), registry_(registry) {
  for (const function_configuration& each : registry.functions()) {
    functions_.try_emplace(each.name, scheduled_function{make_pool(each), nullptr, {}, nullptr});
  }
  count_reserved_concurrency();
  drain_alarm_ = services_.clock.make_alarm([this] {
    for (one_shot<bool>* each : std::exchange(drained_, {})) {
      each->set(false);
    }
  });
}

std::shared_ptr<scheduler::pool> scheduler::make_pool(const function_configuration& function) {
  auto made = std::make_shared<pool>(*this, function);
  made->wake = services_.clock.make_alarm([this, &added = *made] {
    extend_finishing_waits(added);
    run_plan(added);
  });
  made->reap = services_.clock.make_alarm([this, &added = *made] { reap_idle(added); });
  return made;
}

/// What is left to functions that have none reserved.
void scheduler::count_reserved_concurrency() {
  unreserved_limit_ = registry_.account().max_concurrency;
  for (const auto& [name, each] : functions_) {
    const std::size_t reserved = each.serving->function.reserved_concurrency.value_or(0);
    unreserved_limit_ -= std::min(unreserved_limit_, reserved);
  }
}

/// Where kelvin ends at once environments are left, which keep their pools.
scheduler::~scheduler() {
  for_each_pool([](pool& of) { of.environments.clear(); });
}

/// Where the function's next invocation belongs.
scheduler::pool* scheduler::find_pool(std::string_view name) {
  const auto found = functions_.find(name);
  if (found == functions_.end()) {
    return nullptr;
  }
  return found->second.on_trial ? found->second.on_trial.get() : found->second.serving.get();
}

awaitable<invocation_outcome> scheduler::invoke(invocation_request request) {
  pool* const of = find_pool(request.function_name);
  if (of == nullptr || stopping_) {
    co_return invocation_outcome{service_failure{stopping_ ? "kelvin is stopping" : "no such function"}, {}, {}};
  }
  const function_snapshot facts = snapshot(*of);
  const admission verdict = admit(facts);
  if (verdict == admission::throttled) {
    count_throttle(*of);
    co_return refusal(of->function.reserved_concurrency
                          ? throttle_reason::reserved_function_concurrent_invocation_limit_exceeded
                          : throttle_reason::concurrent_invocation_limit_exceeded);
  }
  if (of->waiting.size() >= limits::waiting_invocations) {
    count_throttle(*of);
    co_return refusal(throttle_reason::environments_exhausted);
  }
  auto given = std::make_shared<invocation>(std::move(request));
  const steady_time now = services_.clock.now();
  const waiting_invocation waits{now, give_up_time(*of, now), verdict == admission::wait_for_finishing};
  of->waiting.push_back(waits);
  count_waiting(*of, waits, 1);
  of->waiting_given.push_back(given);
  ++invocations_in_progress_;
  run_plan(*of);
  if (given->request.patience != nullptr) {
    std::exchange(given->request.patience, nullptr)->is_for(given);
  }
  invocation_outcome outcome = co_await given->wait();
  if (!given->is_finished()) {
    given->when_finished([this] { end_invocation(); });
    co_return outcome;
  }
  end_invocation();
  co_return outcome;
}

/// Until when an invocation that comes now waits for an environment.
steady_time scheduler::give_up_time(const pool& of, steady_time now) {
  if (of.function.debugged) {
    return waiting_invocation::never;
  }
  const duration held = of.role == pool_role::on_trial ? limits::init_phase : duration::zero();
  return now + held + of.function.timeout + limits::queue_wait_beyond_timeout;
}

void scheduler::pool::on_transition(environment_state from, environment_state to) noexcept {
  counts.move(from, to);
  if (!function.reserved_concurrency) {
    owner.unreserved_.move(from, to);
  }
}

void scheduler::pool::on_state_changed(execution_environment& environment) {
  owner.state_changed(*this, environment);
}

function_snapshot scheduler::snapshot(const pool& of) const {
  function_snapshot facts;
  static_cast<environment_counts&>(facts) = of.counts;
  facts.environments = of.environments.size();
  facts.waiting = of.waiting;
  facts.environment_limit = of.function.environments;
  const std::size_t machine = registry_.account().environments_total;
  facts.machine_room = machine > environment_count_ ? machine - environment_count_ : 0;
  if (of.function.reserved_concurrency) {
    facts.concurrency_limit = *of.function.reserved_concurrency;
    for_each_pool([&](const pool& other) {
      const bool is_other_version = &other != &of && other.function.name == of.function.name;
      facts.concurrency_elsewhere += is_other_version ? other.counts.running + other.counts.finishing : 0;
    });
  } else {
    add_pool_wide_concurrency(of, facts);
  }
  return facts;
}

/// Functions without reserved concurrency share what the account has left.
void scheduler::add_pool_wide_concurrency(const pool& of, function_snapshot& facts) const {
  const std::size_t own_waiting = of.waiting.size() - of.over_limit_waiting;
  facts.concurrency_limit = unreserved_limit_;
  facts.concurrency_elsewhere = unreserved_.running - of.counts.running + unreserved_.finishing - of.counts.finishing +
                                unreserved_admitted_waiting_ - own_waiting;
  facts.finishing_elsewhere = unreserved_.finishing - of.counts.finishing;
}

void scheduler::run_plan(pool& of) {
  if (of.role == pool_role::on_trial) {
    hold(of);
    return;
  }
  if (of.waiting.empty()) {
    of.wake->clear();
    return;
  }
  const function_snapshot facts = snapshot(of);
  const scheduling_plan decided = plan(facts, services_.clock.now());
  for (const std::size_t position : decided.admit) {
    count_waiting(of, of.waiting[position], -1);
    of.waiting[position].over_limit = false;
    count_waiting(of, of.waiting[position], 1);
  }
  apply_throttles(of, decided);
  assign(of, decided.assign_idle, true);
  assign(of, decided.assign_reset, false);
  if (decided.wake) {
    of.wake->set(*decided.wake);
  } else {
    of.wake->clear();
  }
  if (decided.environment_limit_met) {
    tell_limit(of, "--environments", of.function.environments);
  }
  if (decided.machine_limit_met) {
    tell_limit(of, "--environments-total", registry_.account().environments_total);
    machine_limit_waiting_ = true;
    make_room(of);
  }
  create(of, decided.create);
}

void scheduler::count_throttle(pool& of) {
  ++of.throttles;
  services_.events.report(invocation_throttled{of.function.name});
}

void scheduler::apply_throttles(pool& of, const scheduling_plan& decided) {
  const auto refuse = [this, &of](std::size_t position, throttle_reason reason) {
    count_throttle(of);
    of.waiting_given[position]->finish(refusal(reason));
    of.waiting_given[position] = nullptr;
  };
  for (const std::size_t position : decided.throttle_concurrency) {
    refuse(position, of.function.reserved_concurrency
                         ? throttle_reason::reserved_function_concurrent_invocation_limit_exceeded
                         : throttle_reason::concurrent_invocation_limit_exceeded);
  }
  for (const std::size_t position : decided.throttle_waited) {
    refuse(position, throttle_reason::environments_exhausted);
  }
  if (!decided.throttle_concurrency.empty() || !decided.throttle_waited.empty()) {
    for (std::size_t position = of.waiting.size(); position-- > 0;) {
      if (of.waiting_given[position] == nullptr) {
        take_waiting(of, position);
      }
    }
  }
}

/// Hands the oldest admitted invocations to the environments that were used last: those stay warm,
/// the others may be reaped.
void scheduler::assign(pool& of, std::size_t count, bool initialised) {
  for (; count > 0; --count) {
    execution_environment* chosen = nullptr;
    for (const auto& each : of.environments) {
      const bool fits = initialised ? each->state() == environment_state::idle
                                    : each->can_invoke() && each->state() != environment_state::idle;
      if (fits && (chosen == nullptr || each->unused_since() > chosen->unused_since())) {
        chosen = each.get();
      }
    }
    std::shared_ptr<invocation> given = chosen != nullptr ? take_first_admitted(of) : nullptr;
    if (given == nullptr) {
      return;
    }
    chosen->invoke(std::move(given));
  }
}

void scheduler::create(pool& of, std::size_t count) {
  for (; count > 0; --count) {
    const auto end = [kept = of.shared_from_this()](execution_environment* ended) mutable {
      delete ended;
      kept.reset();
    };
    std::shared_ptr<execution_environment> added(new execution_environment(services_, of.function, of), end);
    const result<void> started = added->start();
    if (!started) {
      services_.events.report(notice{notice_level::error, started.error().detail});
      const auto given = of.role == pool_role::serving ? take_first_admitted(of) : nullptr;
      if (given) {
        given->finish({service_failure{started.error().detail}, {}, {}});
      }
      continue;
    }
    of.environments.push_back(std::move(added));
    ++environment_count_;
  }
}

/// Ends the environment of another function that was left unused for longest, if that function can
/// spare it.
void scheduler::make_room(const pool& except) {
  execution_environment* oldest = nullptr;
  for_each_pool([&](const pool& other) {
    if (&other == &except || !other.waiting.empty() || other.function.debugged) {
      return;
    }
    for (const auto& each : other.environments) {
      if (each->can_invoke() && (oldest == nullptr || each->unused_since() < oldest->unused_since())) {
        oldest = each.get();
      }
    }
  });
  if (oldest != nullptr) {
    oldest->shut_down();
  }
}

void scheduler::tell_limit(pool& of, std::string_view option, std::size_t limit) {
  if (std::exchange(of.limit_told, true)) {
    return;
  }
  if (of.function.debugged) {
    services_.events.report(notice{notice_level::info, "function " + of.function.name +
                                                           ": one invocation at a time while it is debugged; the "
                                                           "others wait their turn"});
    return;
  }
  const std::string text = "function " + of.function.name + ": more invocations at once than execution environments (" +
                           std::string(option) + " " + std::to_string(limit) +
                           "); the others wait their turn, which AWS has not. Raise " + std::string(option) +
                           " if this machine can bear it";
  services_.events.report(notice{notice_level::warning, text});
}

void scheduler::state_changed(pool& of, execution_environment& environment) {
  if (environment.state() == environment_state::ended) {
    environment_count_ -=
        std::erase_if(of.environments, [&environment](const auto& each) { return each.get() == &environment; });
    if (of.role == pool_role::retired && of.environments.empty()) {
      std::erase_if(retired_, [&of](const auto& each) { return each.get() == &of; });  // the environment keeps it
    }
  } else if (environment.can_invoke() && !of.function.debugged) {
    if (!std::exchange(of.reap_armed, true)) {
      of.reap->set(environment.unused_since() + registry_.account().idle_timeout);
    }
  }
  settle_drain();
  if (environment.state() == environment_state::finishing) {
    return;  // It takes nothing yet; who waits for it has been told so when it came.
  }
  if (of.role == pool_role::on_trial) {
    settle_trial(of, environment);
  } else if (of.role == pool_role::retired || makes_way(of)) {
    if (environment.can_invoke()) {
      environment.shut_down();
    }
    begin_trial(of.function.name);
  } else {
    run_plan(of);
  }
  if (!machine_limit_waiting_ && over_limit_waiting_ == 0) {
    return;
  }
  for (auto& [name, other] : functions_) {
    if (other.serving.get() != &of && !other.serving->waiting.empty()) {
      run_plan(*other.serving);
    }
  }
}

void scheduler::reap_idle(pool& of) {
  const steady_time now = services_.clock.now();
  std::optional<steady_time> next;
  const auto environments = of.environments;  // shut_down() changes the list in the end
  for (const auto& each : environments) {
    if (!each->can_invoke()) {
      continue;
    }
    const steady_time due = each->unused_since() + registry_.account().idle_timeout;
    if (due <= now) {
      each->shut_down();
    } else if (!next || due < *next) {
      next = due;
    }
  }
  of.reap_armed = next.has_value();
  if (next) {
    of.reap->set(*next);
  }
}

function_activity scheduler::activity(std::string_view function_name) const {
  function_activity all;
  for_each_pool([&](const pool& of) {
    if (of.function.name == function_name) {
      all.environments += of.environments.size();
      all.idle += of.counts.idle;
      all.running += of.counts.running + of.counts.finishing;
      all.waiting += of.waiting.size();
      all.throttles += of.throttles;
    }
  });
  return all;
}

}  // namespace kelvin
