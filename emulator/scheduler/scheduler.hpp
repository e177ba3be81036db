#pragma once

#include "emulator/environment/execution_environment.hpp"
#include "emulator/function/function_registry.hpp"
#include "emulator/invoke/invoker.hpp"
#include "emulator/scheduler/environment_counts.hpp"
#include "emulator/scheduler/plan.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// Counts of one function, for those who show them.
struct function_activity {
  std::size_t environments = 0;
  std::size_t idle = 0;
  std::size_t running = 0;
  std::size_t waiting = 0;
  std::uint64_t throttles = 0;
};

/// What becomes of a new version whose init fails.
enum class failed_init {
  keeps_last_good,  ///< the old version serves on
  serves,           ///< the new version serves all the same: its invocations try the init again, and get its error
};

/// Told how a replacement ended: with the new version's Init Duration, or nullopt where its init failed.
using replacement_observer = std::function<void(std::optional<duration> init)>;

/// Runs invocations in execution environments: takes an idle one, waits for a finishing one, creates
/// one, or throttles (design: how an invocation goes). The decisions are plan()'s; this is their I/O.
class scheduler final : public invoker {
 public:
  /// `registry` and `services` must outlive it.
  scheduler(environment_services services, const function_registry& registry);
  ~scheduler() override;

  /// Outcomes: as the function answers; throttled; service_failure when stopping or when the
  /// function's name is not registered.
  awaitable<invocation_outcome> invoke(invocation_request request) override;

  function_activity activity(std::string_view function_name) const;

  /// Puts a new version in the place of the function of the same name. One execution environment of it is started at
  /// once, and invocations that come meanwhile are held; when its init has succeeded the version serves, what the old
  /// one was given ends there, and the old environments are shut down. When the init fails, `on_failure` says which
  /// version serves on. No invocation is held for longer than limits::init_phase, then the version that serves takes
  /// it, also where one new version follows the other. `on_settled` is told once how the init ended, on the loop; not
  /// where another version or a shutdown comes first. False: there is no such function, or kelvin is stopping.
  /// Where the new version is debugged its process starts when all processes of the old one have ended, for both
  /// would use the same debugger's port; what is in flight is waited for, and what is held has no bound.
  bool replace(function_configuration next, failed_init on_failure, replacement_observer on_settled);

  /// Serves one more function. Precondition: none of its name is served; the registry holds it.
  void add(const function_configuration& function);
  /// Serves the function no more: invocations that wait are answered with a service_failure, those that run come to
  /// their end. False: there is no such function.
  bool remove(std::string_view name);

  /// New invocations are refused from now on; returns when every accepted one has come to its end,
  /// REPORT included, or `limit` has passed.
  awaitable<void> drain(duration limit);
  /// Ends every environment; returns when all processes are gone.
  awaitable<void> shut_down();

 private:
  enum class pool_role {
    serving,
    on_trial,  ///< its first environment is in its init phase; invocations are held for it
    retired,   ///< gets nothing any more; its environments end as they become free
  };

  /// The environments of one version of a function, and what waits for them. Kept by its function while it serves or
  /// is on trial, and by each environment until its last coroutine has ended.
  struct pool final : environment_observer, std::enable_shared_from_this<pool> {
    pool(scheduler& scheduled_by, function_configuration of) : owner(scheduled_by), function(std::move(of)) {}
    void on_state_changed(execution_environment& environment) override;
    void on_transition(protocol::environment_state from, protocol::environment_state to) noexcept override;

    scheduler& owner;
    const function_configuration function;
    pool_role role = pool_role::serving;
    environment_counts counts;
    std::size_t over_limit_waiting = 0;  ///< of `waiting`
    std::vector<std::shared_ptr<execution_environment>> environments;
    /// What waits, oldest first: the facts that decisions need, and the invocations they belong to.
    std::vector<waiting_invocation> waiting;
    std::vector<std::shared_ptr<invocation>> waiting_given;
    std::unique_ptr<alarm> wake;
    std::unique_ptr<alarm> reap;
    std::uint64_t throttles = 0;
    bool reap_armed = false;
    bool limit_told = false;
  };

  /// One function: the version that serves it, and the one that may take its place.
  struct scheduled_function {
    std::shared_ptr<pool> serving;
    std::shared_ptr<pool> on_trial;  ///< null: there is none
    failed_init on_failure = failed_init::keeps_last_good;
    replacement_observer on_settled;
  };

  std::shared_ptr<pool> make_pool(const function_configuration& function);
  void count_reserved_concurrency();
  /// All of the function's, retired ones too.
  template <class Visitor>
  void for_each_pool(const Visitor& visit) const;
  /// Creates the environment of a function's version on trial, if there is one that has none and nothing is in its way.
  void begin_trial(std::string_view function_name);
  void make_way(scheduled_function& of);
  /// Whether a version that serves ends for a debugged one to start.
  bool makes_way(const pool& serving) const;
  void settle_trial(pool& tried, execution_environment& environment);
  void begin_serving(scheduled_function& of, std::optional<duration> init);
  void fail_trial(scheduled_function& of);
  void retire(const std::shared_ptr<pool>& old);
  /// Those that are free or on their way.
  static void end_unused(const pool& of);
  void move_waiting(pool& from, pool& to, bool to_the_front);
  void hold(pool& tried);

  void state_changed(pool& of, execution_environment& environment);
  void extend_finishing_waits(pool& of);
  bool finishing_waits_for_cpu() const;

  void end_invocation();
  static steady_time give_up_time(const pool& of, steady_time now);
  function_snapshot snapshot(const pool& of) const;
  /// `change`: 1 where it comes, -1 where it goes.
  void count_waiting(pool& of, const waiting_invocation& each, int change) noexcept;
  std::shared_ptr<invocation> take_waiting(pool& of, std::size_t position);
  std::shared_ptr<invocation> take_first_admitted(pool& of);
  void add_pool_wide_concurrency(const pool& of, function_snapshot& facts) const;
  void run_plan(pool& of);
  void count_throttle(pool& of);
  void apply_throttles(pool& of, const scheduling_plan& decided);
  void assign(pool& of, std::size_t count, bool initialised);
  void create(pool& of, std::size_t count);
  void make_room(const pool& except);
  void tell_limit(pool& of, std::string_view option, std::size_t limit);
  void reap_idle(pool& of);
  bool is_drained() const;
  void settle_drain();
  pool* find_pool(std::string_view name);

  environment_services services_;
  const function_registry& registry_;
  std::map<std::string, scheduled_function, std::less<>> functions_;
  std::list<std::shared_ptr<pool>> retired_;  ///< those that have environments
  // Sums over all functions, kept up with each change: a decision must not cost more the more functions there are.
  std::size_t unreserved_limit_ = 0;
  std::size_t environment_count_ = 0;
  environment_counts unreserved_;                ///< of functions without reserved concurrency
  std::size_t unreserved_admitted_waiting_ = 0;  ///< their invocations that wait within the limit
  std::size_t over_limit_waiting_ = 0;           ///< of all functions
  /// Where room was lacking; looked at again when an environment ends.
  bool machine_limit_waiting_ = false;
  bool stopping_ = false;
  bool drain_waits_for_environments_ = false;
  std::size_t invocations_in_progress_ = 0;
  std::vector<one_shot<bool>*> drained_;
  std::unique_ptr<alarm> drain_alarm_;
};

template <class Visitor>
void scheduler::for_each_pool(const Visitor& visit) const {
  for (const auto& [name, each] : functions_) {
    visit(*each.serving);
    if (each.on_trial) {
      visit(*each.on_trial);
    }
  }
  for (const auto& each : retired_) {
    visit(*each);
  }
}

}  // namespace kelvin
