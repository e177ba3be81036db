#pragma once

#include "emulator/environment/invocation.hpp"
#include "emulator/environment/outcomes.hpp"
#include "emulator/function/function_configuration.hpp"
#include "emulator/sandbox/sandbox.hpp"
#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/lifecycle_sink.hpp"
#include "runtime-api/base/one_shot.hpp"
#include "runtime-api/base/task_group.hpp"
#include "runtime-api/protocol/environment_state.hpp"
#include "runtime-api/service/runtime_api.hpp"

#include <memory>
#include <optional>
#include <string>

namespace kelvin {

class execution_environment;

/// Told when an execution environment's state changes in a way that matters to who hands out work.
/// Called on the loop; may call invoke() and shut_down() from inside.
class environment_observer {
 public:
  virtual ~environment_observer() = default;
  /// It can take an invocation (idle, or without a process), or has become finishing, or ended.
  virtual void on_state_changed(execution_environment& environment) = 0;
  /// Every transition, while it is made: for keeping count, not for acting.
  virtual void on_transition(protocol::environment_state from, protocol::environment_state to) noexcept = 0;
};

/// What every execution environment works with. All of it outlives them.
struct environment_services {
  boost::asio::io_context& context;
  task_group& tasks;
  kelvin::clock& clock;
  service::runtime_api_ports& ports;
  sandbox_factory& sandboxes;
  lifecycle_sink& events;
  const account_configuration& account;
};

/// One execution environment: a sandbox and its own Runtime API endpoint, taken from init through
/// invocations and resets to shutdown. All waiting inside is bounded by the init limit, the
/// function's timeout or a limit of its own.
class execution_environment final : public std::enable_shared_from_this<execution_environment>,
                                    private service::runtime_observer,
                                    private sandbox_observer {
 public:
  execution_environment(environment_services services, const function_configuration& function,
                        environment_observer& observer);
  ~execution_environment() override;

  /// Opens the Runtime API and begins the init phase. Errors: as runtime_api::open.
  result<void> start();
  /// Takes an invocation. Precondition: can_invoke().
  void invoke(std::shared_ptr<invocation> given);
  /// Kills what runs and ends the environment; an unanswered invocation gets a service failure.
  /// Calling it twice is fine; the end is told to the observer.
  void shut_down();

  protocol::environment_state state() const noexcept { return state_; }
  const function_configuration& function() const noexcept { return function_; }
  const std::string& log_stream_name() const noexcept { return log_stream_name_; }
  bool can_invoke() const noexcept;
  /// Whether something of its process tree runs, or would run if it had a CPU.
  bool wants_cpu() const { return sandbox_ != nullptr && sandbox_->wants_cpu(); }
  /// Of its init phase; zero unless that has succeeded and no invocation has come since.
  duration init_duration() const noexcept { return init_duration_to_report_.value_or(duration::zero()); }
  /// Since when it has been idle or without a process.
  steady_time unused_since() const noexcept { return unused_since_; }

 private:
  // service::runtime_observer
  void on_connect(steady_time when) override;
  void on_next(steady_time when) override;
  void on_response(service::runtime_response response) override;
  void on_invocation_error(service::runtime_error error) override;
  void on_init_error(service::runtime_error error) override;
  // sandbox_observer
  void on_output_line(output_stream stream, std::string_view line) override;
  void on_exit(const exit_status& status) override;
  void on_memory_exhausted() override;

  enum class failure_cause { exit, timeout, posted_init_error, not_started, out_of_memory };
  /// Why an init or an invocation ended badly, and in which state it found the environment.
  struct fatal_error {
    failure_cause cause = failure_cause::exit;
    std::string error_type;
    std::string message;              ///< without the `RequestId: … Error: ` in front
    std::optional<payload> posted{};  ///< /init/error's own body, which goes to the caller as it is
    steady_time when{};
    protocol::environment_state state{};
  };

  void change(protocol::environment_event event);
  void begin_init(phase which);
  awaitable<void> start_process(std::shared_ptr<execution_environment> self);
  void process_started(result<std::unique_ptr<sandbox>> started);
  void runtime_ready(steady_time when);
  void begin_invocation();
  void answer(outcome_answer what);
  void report_invocation(steady_time when, completion_status status, std::string_view error_type);
  void complete_invocation(steady_time when);
  void on_limit();
  /// The one path of everything that ends badly: kills, answers, reports, and leaves the environment
  /// without a process. Ignored while it already runs: the first fatal error wins.
  void fail(fatal_error error);
  awaitable<void> fail_and_reset(std::shared_ptr<execution_environment> self, fatal_error error);
  awaitable<void> settle(fatal_error& error);
  function_error fatal_outcome(fatal_error& error) const;
  void report_failure(fatal_error& error);
  awaitable<void> stop_on_next_turn(std::shared_ptr<execution_environment> self);
  awaitable<void> stop_and_end(std::shared_ptr<execution_environment> self);
  awaitable<void> stop_process();
  process_specification make_specification() const;
  void set_limit(steady_time due);  ///< none is set under a debugger
  /// Says how to attach to a process that has just been started, where that is wanted.
  void tell_debugger();
  /// Idle from here on, unless the observer has handed out work at once.
  void become_idle(steady_time since);
  environment_label label() const noexcept { return {function_.name, log_stream_name_}; }
  unsigned max_memory_used_mib() const noexcept;
  void warn_of_memory();
  /// While the function has work, where somebody chose a size: samples its memory and ends it over that.
  void begin_watching_memory();
  void watch_memory();
  bool exceeds_memory(duration most_age);
  void fail_out_of_memory();

  environment_services services_;
  const function_configuration& function_;
  environment_observer& observer_;
  std::string log_stream_name_;
  protocol::environment_state state_{};

  std::unique_ptr<service::runtime_api> runtime_api_;
  std::unique_ptr<sandbox> sandbox_;
  std::unique_ptr<alarm> limit_alarm_;
  std::unique_ptr<alarm> memory_alarm_;
  std::shared_ptr<kept_tmp> tmp_;  ///< /tmp at isolation level `lambda`, which survives a reset
  bool starting_ = false;          ///< the sandbox is being started; what must end it waits for that
  bool failing_ = false;           ///< fail_and_reset or stop_and_end runs; what happens meanwhile is its business
  bool end_requested_ = false;
  std::optional<fatal_error> failure_after_start_;
  std::optional<steady_time> next_while_failing_;
  std::unique_ptr<one_shot<bool>> awaited_exit_;

  // The present or last init.
  phase init_phase_ = phase::init;
  steady_time init_started_{};
  std::optional<steady_time> connected_;
  std::optional<steady_time> first_next_;
  std::optional<service::runtime_error> posted_init_error_;
  std::optional<exit_status> exited_;
  std::optional<duration> init_duration_to_report_;

  // The present invocation.
  std::shared_ptr<invocation> invocation_;
  bool answered_ = false;
  completion_status answer_status_ = completion_status::success;  ///< failure: the handler's own error
  steady_time invoke_started_{};
  steady_time invoke_deadline_{};

  std::uint64_t max_memory_bytes_ = 0;
  bool memory_warned_ = false;
  steady_time unused_since_{};
};

}  // namespace kelvin
