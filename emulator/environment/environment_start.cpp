// How an execution environment's process is started.

#include "emulator/environment/execution_environment.hpp"
#include "emulator/function/runtime_environment.hpp"
#include "emulator/sandbox/cpu_share.hpp"
#include "runtime-api/protocol/error_types.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace kelvin {
namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

}  // namespace

process_specification execution_environment::make_specification() const {
  process_specification specification;
  const isolation_level level = isolation_of(function_, services_.account);
  const bool runs_copy = level == isolation_level::host && function_.bootstrap_snapshot;
  specification.program =
      runs_copy ? *function_.bootstrap_snapshot : path_inside(function_, level, function_.bootstrap);
  specification.variables =
      runtime_environment(function_, services_.account, runtime_api_->endpoint(), log_stream_name_);
  specification.working_directory = path_inside(function_, level, function_.code_folder);
  if (level == isolation_level::lambda) {
    specification.isolation = isolation_specification{
        function_.code_folder, function_.layer_folder.value_or(""), function_.ephemeral_storage_mib * mebibyte, tmp_,
        function_.bootstrap_snapshot ? *function_.bootstrap_snapshot : std::string()};
  }
  if (function_.debugged) {
    debug_command under = command_under(*function_.debugged, specification.program);
    specification.program = std::move(under.program);
    specification.arguments = std::move(under.arguments);
    specification.stopped = function_.debugged->with == debugger::wait;
    return specification;
  }
  if (services_.account.cpu == cpu_level::lambda) {
    specification.limits.cpu_quota = cpu_quota(function_.memory_mib);
  }
  if (function_.memory_chosen) {
    specification.limits.memory_bytes = function_.memory_mib * mebibyte;
  }
  specification.limits.frozen_when_idle = services_.account.freeze;
  return specification;
}

awaitable<void> execution_environment::start_process(std::shared_ptr<execution_environment>) {
  if (function_.bootstrap.empty()) {
    starting_ = false;
    process_started(kelvin::fail(errc::not_executable, function_.bootstrap_problem));
    co_return;
  }
  process_specification specification = make_specification();
  auto started = co_await services_.sandboxes.start(std::move(specification), *this);
  starting_ = false;
  process_started(std::move(started));
}

void execution_environment::process_started(result<std::unique_ptr<sandbox>> started) {
  if (started) {
    sandbox_ = std::move(*started);
    // The boost is the init phase's own: a second init runs in the invoke phase.
    sandbox_->enter(init_phase_ == phase::init ? activity::init : activity::invoke);
    begin_watching_memory();
    tell_debugger();
  }
  if (failing_) {
    // The limit passed, or a shutdown came, while the process was being started.
    services_.tasks.spawn(failure_after_start_
                              ? fail_and_reset(shared_from_this(), std::move(*std::exchange(failure_after_start_, {})))
                              : stop_and_end(shared_from_this()));
  } else if (!started) {
    const bool entrypoint = started.error().code == errc::not_executable;
    const auto type =
        entrypoint ? protocol::error_types::runtime_invalid_entrypoint : protocol::error_types::sandbox_failure;
    fail({failure_cause::not_started, std::string(type), started.error().detail});
  } else if (first_next_) {
    runtime_ready(*first_next_);
  }
}

void execution_environment::tell_debugger() {
  if (!function_.debugged) {
    return;
  }
  const debugging& by = *function_.debugged;
  const int process_id = sandbox_->process_id();
  const std::string state = by.with == debugger::wait ? "is stopped before its first instruction"
                                                      : "waits under " + std::string(name_of(by.with));
  const std::string text = "function " + function_.name + ": process " + std::to_string(process_id) + " " + state +
                           "; attach with: " + how_to_attach(by, function_.bootstrap, process_id);
  services_.events.report(notice{notice_level::info, text});
}

}  // namespace kelvin
