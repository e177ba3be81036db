// Everything that ends badly for an execution environment: failed inits, crashes, timeouts, shutdown.

#include "emulator/environment/execution_environment.hpp"
#include "emulator/environment/outcomes.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/protocol/error_types.hpp"
#include "runtime-api/protocol/platform_error.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace kelvin {
namespace {

using protocol::environment_event;
using protocol::environment_state;
using namespace std::chrono_literals;

/// How long what a dead process had sent is still read.
constexpr duration read_out_limit = 100ms;
/// How long a runtime that posted /init/error may take to exit by itself.
constexpr duration exit_after_init_error = 500ms;

}  // namespace

void execution_environment::on_limit() {
  const bool invoke_limit = invocation_ != nullptr;
  fatal_error error;
  error.error_type = protocol::error_types::sandbox_timed_out;
  error.message = invoke_limit ? protocol::timeout_message(function_.timeout) : std::string();
  error.cause = failure_cause::timeout;
  fail(std::move(error));
}

void execution_environment::on_exit(const exit_status& status) {
  exited_ = status;
  if (max_memory_bytes_ == 0) {
    // It died before it was ever looked at: its peak with pages of files is all that is left to tell.
    max_memory_bytes_ = status.max_resident_bytes;
  }
  if (failing_) {
    if (awaited_exit_ && !awaited_exit_->is_set()) {
      awaited_exit_->set(true);
    }
    return;
  }
  fatal_error error;
  error.error_type = protocol::error_types::runtime_exit_error;
  error.message = protocol::exit_message(status.signaled, status.value);
  error.cause = failure_cause::exit;
  fail(std::move(error));
}

void execution_environment::on_init_error(service::runtime_error posted) {
  if (posted_init_error_ ||
      (state_ != environment_state::initializing && state_ != environment_state::reinitializing && !failing_)) {
    return;
  }
  posted_init_error_ = std::move(posted);
  fatal_error error;
  error.error_type = posted_init_error_->error_type;
  error.cause = failure_cause::posted_init_error;
  fail(std::move(error));
}

void execution_environment::fail(fatal_error error) {
  if (failing_) {
    return;
  }
  failing_ = true;
  limit_alarm_->clear();
  memory_alarm_->clear();
  error.when = services_.clock.now();
  error.state = state_;
  change(environment_event::reset_begun);
  next_while_failing_.reset();
  if (starting_) {
    failure_after_start_ = std::move(error);
    return;
  }
  services_.tasks.spawn(fail_and_reset(shared_from_this(), std::move(error)));
}

awaitable<void> execution_environment::fail_and_reset(std::shared_ptr<execution_environment> self, fatal_error error) {
  co_await settle(error);
  if (error.cause == failure_cause::exit && answered_ && next_while_failing_) {
    // It answered, came back to `next` and died: the invocation itself was fine.
    error.state = environment_state::idle;
    error.when = *next_while_failing_;
  }
  const bool was_invoking = error.state == environment_state::invoking || error.state == environment_state::finishing;
  if (was_invoking && !answered_) {
    answer(fatal_outcome(error));
  }
  runtime_api_->invocation_over();
  co_await stop_process();
  // A connection of the dead process that nobody accepted yet must not count as the next one's.
  co_await runtime_api_->read_out(duration::zero());
  runtime_api_->reset();
  report_failure(error);
  failing_ = false;
  if (end_requested_) {
    services_.tasks.spawn(stop_and_end(std::move(self)));
    co_return;
  }
  change(environment_event::processes_gone);
  unused_since_ = services_.clock.now();
  observer_.on_state_changed(*this);
}

/// What the process had sent before it ended counts: it is read first.
awaitable<void> execution_environment::settle(fatal_error& error) {
  if (error.cause == failure_cause::exit) {
    co_await runtime_api_->read_out(read_out_limit);
  } else if (error.cause == failure_cause::posted_init_error && sandbox_ && !exited_) {
    awaited_exit_ = std::make_unique<one_shot<bool>>();
    const auto give_up = services_.clock.make_alarm([this] {
      if (!awaited_exit_->is_set()) {
        awaited_exit_->set(false);
      }
    });
    if (!function_.debugged) {
      give_up->set(services_.clock.now() + exit_after_init_error);
    }
    co_await awaited_exit_->wait();
    awaited_exit_.reset();
  }
  if (posted_init_error_) {
    error.error_type = posted_init_error_->error_type;
    error.posted = std::move(posted_init_error_->body);
  }
}

function_error execution_environment::fatal_outcome(fatal_error& error) const {
  if (error.posted) {
    return {std::move(*error.posted), error.error_type};
  }
  return {protocol::platform_error(error.error_type, invocation_->request.request_id, error.message), error.error_type};
}

/// The log lines of what happened, and the answer of an invocation whose init failed.
void execution_environment::report_failure(fatal_error& error) {
  const completion_status status =
      error.cause == failure_cause::timeout ? completion_status::timeout : completion_status::error;
  const std::string_view report_type = status == completion_status::timeout ? std::string_view() : error.error_type;
  if (error.state == environment_state::initializing || error.state == environment_state::reinitializing) {
    services_.events.report(
        platform_init_report{label(), init_phase_, error.when - init_started_, status, report_type});
  }
  if (error.state == environment_state::idle && invocation_) {
    report_invocation(error.when, answer_status_, {});
  }
  if (function_.debugged && error.cause == failure_cause::exit) {
    const std::string text = "function " + function_.name + ": its process under " +
                             std::string(name_of(function_.debugged->with)) + " has ended (" + error.message +
                             "); the next invocation starts it again";
    services_.events.report(notice{notice_level::info, text});
  } else if (error.state == environment_state::idle) {
    const std::string text = "function " + function_.name + ": its process ended between two invocations (" +
                             error.message + "); the next invocation starts it again";
    services_.events.report(notice{notice_level::warning, text});
  }
  if (!invocation_) {
    return;
  }
  const kelvin::request_id id = invocation_->request.request_id;
  if (error.state == environment_state::reinitializing) {
    services_.events.report(platform_start{label(), id, "$LATEST"});
    answer(fatal_outcome(error));
  }
  const std::string fault = status == completion_status::timeout
                                ? timeout_line(services_.clock.wall_now(), id, error.message)
                                : fault_line(id, error.message, error.error_type);
  if (!error.message.empty()) {
    services_.events.report(platform_fault{label(), id, fault});
  }
  const steady_time ended = status == completion_status::timeout ? invoke_deadline_ : error.when;
  report_invocation(ended, status, report_type);
}

void execution_environment::shut_down() {
  if (state_ == environment_state::ended || end_requested_) {
    return;
  }
  end_requested_ = true;
  limit_alarm_->clear();
  memory_alarm_->clear();
  if (failing_) {
    if (awaited_exit_ && !awaited_exit_->is_set()) {
      awaited_exit_->set(false);
    }
    return;
  }
  failing_ = true;
  change(environment_event::shutdown_begun);
  if (!starting_) {
    services_.tasks.spawn(stop_on_next_turn(shared_from_this()));
  }
}

/// Not from within shut_down(): an observer may have called that from the Runtime API's own call, which ends with this.
awaitable<void> execution_environment::stop_on_next_turn(std::shared_ptr<execution_environment> self) {
  co_await boost::asio::post(use_awaitable);
  co_await stop_and_end(std::move(self));
}

awaitable<void> execution_environment::stop_and_end(std::shared_ptr<execution_environment> self) {
  if (state_ != environment_state::shutting_down) {
    change(environment_event::shutdown_begun);
  }
  if (invocation_ && !answered_) {
    answer(service_failure{"kelvin is stopping"});
  }
  co_await stop_process();
  if (invocation_ && invocation_->held_outcome) {
    invocation_->finish(std::move(*invocation_->held_outcome));
  }
  invocation_.reset();
  runtime_api_.reset();
  change(environment_event::processes_gone);
  services_.events.report(environment_ended{label()});
  observer_.on_state_changed(*self);
}

awaitable<void> execution_environment::stop_process() {
  if (!sandbox_) {
    co_return;
  }
  if (!exited_) {
    max_memory_bytes_ = std::max(max_memory_bytes_, sandbox_->sample_max_memory_bytes(limits::memory_sample_interval));
  }
  co_await sandbox_->stop();
  sandbox_.reset();
}

}  // namespace kelvin
