#include "emulator/environment/execution_environment.hpp"

#include "emulator/function/runtime_environment.hpp"
#include "emulator/sandbox/cpu_share.hpp"
#include "emulator/sandbox/memory_limit.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/base/trace_id.hpp"
#include "runtime-api/protocol/error_types.hpp"
#include "runtime-api/protocol/platform_error.hpp"
#include "runtime-api/service/runtime_api_ports.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <utility>

namespace kelvin {
namespace {

using protocol::environment_event;
using protocol::environment_state;

/// AWS: `YYYY/MM/DD/[<version>]<32 hex>`.
std::string make_log_stream_name(wall_time now) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm calendar{};
  gmtime_r(&seconds, &calendar);
  std::array<char, 64> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y/%m/%d/[$LATEST]", &calendar);
  std::array<char, 32> digits{};
  return std::string(text.data(), size).append(random_hexadecimal(digits, 32));
}

constexpr std::uint64_t mebibyte = 1024 * 1024;

}  // namespace

execution_environment::execution_environment(environment_services services, const function_configuration& function,
                                             environment_observer& observer)
    : services_(services),
      function_(function),
      observer_(observer),
      log_stream_name_(make_log_stream_name(services.clock.wall_now())),
      limit_alarm_(services.clock.make_alarm([this] { on_limit(); })),
      memory_alarm_(services.clock.make_alarm([this] { watch_memory(); })),
      tmp_(std::make_shared<kept_tmp>()) {}

execution_environment::~execution_environment() = default;

bool execution_environment::can_invoke() const noexcept {
  return state_ == environment_state::idle || state_ == environment_state::reset;
}

void execution_environment::change(environment_event event) {
  const std::optional<environment_state> changed = protocol::next(state_, event);
  assert(changed && "an execution environment was asked for a transition it does not have");
  observer_.on_transition(state_, *changed);
  state_ = *changed;
}

result<void> execution_environment::start() {
  const auto tell = [this](std::string_view text) {
    const std::string named = std::string("function ").append(function_.name).append(": ").append(text);
    services_.events.report(notice{notice_level::warning, named});
  };
  auto opened =
      service::runtime_api::open(services_.context, services_.clock, services_.ports, *this, tell, !function_.debugged);
  if (!opened) {
    return opened.error();
  }
  runtime_api_ = std::move(*opened);
  change(environment_event::start);
  begin_init(phase::init);
  return {};
}

void execution_environment::begin_init(phase which) {
  init_phase_ = which;
  init_started_ = services_.clock.now();
  connected_.reset();
  first_next_.reset();
  posted_init_error_.reset();
  exited_.reset();
  services_.events.report(platform_init_start{label(), which});
  set_limit(which == phase::init ? init_started_ + limits::init_phase : invoke_deadline_);
  starting_ = true;
  services_.tasks.spawn(start_process(shared_from_this()));
}

void execution_environment::set_limit(steady_time due) {
  if (!function_.debugged) {
    limit_alarm_->set(due);
  }
}

void execution_environment::on_connect(steady_time when) {
  connected_ = when;
}

void execution_environment::on_next(steady_time when) {
  if (failing_) {
    next_while_failing_ = when;
    return;
  }
  switch (state_) {
    case environment_state::initializing:
    case environment_state::reinitializing:
      first_next_ = when;
      if (sandbox_) {
        runtime_ready(when);
      }
      break;
    case environment_state::finishing: complete_invocation(when); break;
    default: break;
  }
}

/// The init is over: the runtime waits for its first event.
void execution_environment::runtime_ready(steady_time when) {
  services_.sandboxes.make_ready();
  services_.ports.make_ready();
  const steady_time executed = sandbox_->executed();
  const steady_time connected = std::max(connected_.value_or(when), executed);
  init_measurement measured;
  measured.spawn = executed - sandbox_->start_requested();
  measured.exec_to_connect = connected - executed;
  measured.connect_to_next = std::max(when, connected) - connected;
  services_.events.report(platform_init_runtime_done{label(), init_phase_, measured});
  if (function_.memory_chosen && exceeds_memory(limits::memory_sample_interval)) {
    fail_out_of_memory();
    return;
  }
  if (init_phase_ == phase::init) {
    limit_alarm_->clear();
    memory_alarm_->clear();
    init_duration_to_report_ = measured.init();
    change(environment_event::init_succeeded);
    become_idle(services_.clock.now());
  } else {
    change(environment_event::init_succeeded);
    begin_invocation();
  }
}

void execution_environment::invoke(std::shared_ptr<invocation> given) {
  assert(can_invoke() && !failing_);
  invocation_ = std::move(given);
  answered_ = false;
  invocation_request& request = invocation_->request;
  request.trace_id = make_trace_id(request.trace_id, services_.clock.wall_now());
  invoke_started_ = services_.clock.now();
  invoke_deadline_ = invoke_started_ + function_.deadline();
  const bool initialised = state_ == environment_state::idle;
  change(environment_event::invoke);
  if (initialised) {
    sandbox_->enter(activity::invoke);
    set_limit(invoke_deadline_);
    begin_watching_memory();
    begin_invocation();
  } else {
    init_duration_to_report_.reset();
    begin_init(phase::invoke);
  }
}

void execution_environment::begin_invocation() {
  const invocation_request& request = invocation_->request;
  services_.events.report(platform_start{label(), request.request_id, "$LATEST"});
  service::runtime_event event;
  event.request_id = request.request_id;
  event.deadline = services_.clock.wall_now() +
                   std::chrono::duration_cast<wall_time::duration>(invoke_deadline_ - services_.clock.now());
  event.invoked_function_arn = request.invoked_function_arn;
  event.trace_id = request.trace_id;
  event.content_type = request.content_type;
  event.client_context = request.client_context;
  event.cognito_identity = request.cognito_identity;
  event.event = request.event.view();
  event.stream = request.stream;
  runtime_api_->dispatch(event);
}

void execution_environment::on_response(service::runtime_response response) {
  if (!invocation_ || answered_) {
    return;
  }
  answer(answer_for(std::move(response), invocation_->request.request_id));
}

void execution_environment::on_invocation_error(service::runtime_error error) {
  if (!invocation_ || answered_) {
    return;
  }
  answer(function_error{std::move(error.body), std::move(error.error_type)});
}

/// Gives the caller its answer; the invocation itself goes on until the runtime is back at `next`.
void execution_environment::answer(outcome_answer what) {
  answered_ = true;
  answer_status_ =
      std::holds_alternative<function_error>(what) ? completion_status::failure : completion_status::success;
  invocation_outcome outcome{std::move(what), {}, invocation_->request.trace_id};
  if (invocation_->request.stream) {
    invocation_->request.stream->end();
  }
  if (invocation_->request.log_tail) {
    invocation_->held_outcome = std::move(outcome);
  } else {
    invocation_->finish(std::move(outcome));
  }
  if (state_ == environment_state::invoking && !failing_) {
    change(environment_event::answered);
    observer_.on_state_changed(*this);
  }
}

/// END and REPORT, behind everything that the function wrote.
void execution_environment::report_invocation(steady_time when, completion_status status, std::string_view error_type) {
  const kelvin::request_id id = invocation_->request.request_id;
  const duration took = when - invoke_started_;
  const std::optional<duration> init = std::exchange(init_duration_to_report_, std::nullopt);
  services_.events.report(platform_runtime_done{label(), id, status});
  services_.events.report(platform_report{label(), id, took, init, billed_duration_ms(init, took), function_.memory_mib,
                                          max_memory_used_mib(), status, error_type});
  if (invocation_->held_outcome) {
    invocation_->finish(std::move(*invocation_->held_outcome));
  }
  invocation_.reset();
}

void execution_environment::complete_invocation(steady_time when) {
  sandbox_->drain_output();
  // Invocations may follow each other within microseconds; memory worth reporting does not.
  if (exceeds_memory(limits::memory_sample_interval)) {
    fail_out_of_memory();
    return;
  }
  limit_alarm_->clear();
  memory_alarm_->clear();
  warn_of_memory();
  report_invocation(when, answer_status_, {});
  change(environment_event::runtime_ready);
  become_idle(when);
}

void execution_environment::become_idle(steady_time since) {
  unused_since_ = since;
  observer_.on_state_changed(*this);
  if (state_ == environment_state::idle) {
    sandbox_->enter(activity::idle);
  }
}

void execution_environment::on_output_line(output_stream stream, std::string_view line) {
  services_.events.report(function_output{label(), stream, line});
}

unsigned execution_environment::max_memory_used_mib() const noexcept {
  const auto used = static_cast<unsigned>(std::max<std::uint64_t>(1, (max_memory_bytes_ + mebibyte - 1) / mebibyte));
  // What a function took before that was noticed was never its to use.
  return function_.memory_chosen ? std::min(used, function_.memory_mib) : used;
}

bool execution_environment::exceeds_memory(duration most_age) {
  const std::uint64_t used = sandbox_->sample_max_memory_bytes(most_age);
  max_memory_bytes_ = std::max(max_memory_bytes_, used);
  return function_.memory_chosen && used > function_.memory_mib * mebibyte;
}

void execution_environment::begin_watching_memory() {
  if (function_.memory_chosen) {
    memory_alarm_->set(services_.clock.now() +
                       memory_look_interval(function_.memory_mib * mebibyte, max_memory_bytes_));
  }
}

void execution_environment::watch_memory() {
  if (failing_ || !sandbox_) {
    return;
  }
  if (exceeds_memory(duration::zero())) {
    fail_out_of_memory();
  } else {
    begin_watching_memory();
  }
}

void execution_environment::on_memory_exhausted() {
  if (!failing_) {
    fail_out_of_memory();
  }
}

void execution_environment::fail_out_of_memory() {
  max_memory_bytes_ = std::max<std::uint64_t>(max_memory_bytes_, function_.memory_mib * mebibyte);
  fatal_error error;
  error.error_type = protocol::error_types::runtime_out_of_memory;
  // AWS: out of memory reads as any other SIGKILL.
  error.message = protocol::exit_message(true, SIGKILL);
  error.cause = failure_cause::out_of_memory;
  if (sandbox_) {
    sandbox_->enter(activity::ending);
  }
  fail(std::move(error));
}

/// Says once that AWS would have killed the function, where nobody chose a size to be enforced.
void execution_environment::warn_of_memory() {
  if (memory_warned_ || function_.debugged || max_memory_used_mib() <= function_.memory_mib) {
    return;
  }
  memory_warned_ = true;
  const std::string text = "function " + function_.name + " used " + std::to_string(max_memory_used_mib()) + " MB of " +
                           std::to_string(function_.memory_mib) +
                           " MB: AWS would have killed it (Runtime.OutOfMemory). Choose a size with --memory, "
                           "which is then enforced";
  services_.events.report(notice{notice_level::warning, text});
}

}  // namespace kelvin
