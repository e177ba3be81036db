#include "emulator/sandbox/posix_sandbox.hpp"

#include "runtime-api/base/limits.hpp"

#include <poll.h>

#include <array>
#include <cassert>
#include <span>
#include <utility>

namespace kelvin {
namespace {

using namespace std::chrono_literals;

/// How long stop() waits for the ends of the pipes once the tree is gone. They come at once, unless the
/// keeper was killed and the spawner is still at its work.
constexpr auto pipe_end_wait = 1s;

}  // namespace

posix_sandbox::posix_sandbox(executor loop, std::shared_ptr<output_readers> readers, sandbox_observer& observer,
                             steady_time requested)
    : loop_(loop), readers_(std::move(readers)), observer_(observer), requested_(requested) {}

posix_sandbox::~posix_sandbox() {
  if (keeper_) {
    keeper_->close();
  }
  for (const auto& pipe : {output_, error_}) {
    if (pipe) {
      pipe->close();
    }
  }
}

awaitable<start_answer> posix_sandbox::launch(std::shared_ptr<keeper_link> keeper, output_pipe_ends pipes,
                                              std::string_view message, std::shared_ptr<kept_tmp> tmp) {
  assert(!keeper_);
  keeper_ = std::move(keeper);
  const bool with_tmp = tmp && tmp->mount;
  const std::array<int, 3> ends{pipes.output.write_end.get(), pipes.error.write_end.get(),
                                with_tmp ? tmp->mount.get() : -1};
  const std::span<const int> passed(ends.data(), with_tmp ? 3 : 2);
  if (keeper_->send_start(message, passed) != 0) {
    co_return start_answer{};
  }
  pipes.output.write_end.reset();
  pipes.error.write_end.reset();
  output_ = std::make_shared<output_pipe>(loop_, std::move(pipes.output.read_end), output_stream::standard_output,
                                          readers_, observer_);
  error_ = std::make_shared<output_pipe>(loop_, std::move(pipes.error.read_end), output_stream::standard_error,
                                         readers_, observer_);
  const start_answer answer = co_await keeper_->answer();
  if (descriptor kept = keeper_->take_tmp(); kept && tmp) {
    tmp->mount = std::move(kept);
  }
  if (answer.what == start_answer::kind::answered && answer.report.kind == report_kind::started) {
    take_process(answer.report, std::move(tmp));
  }
  co_return answer;
}

void posix_sandbox::take_process(const keeper_report& started, std::shared_ptr<kept_tmp> tmp) {
  process_id_ = started.process_id;
  reaper_ = started.reaper;
  executed_ = steady_time(std::chrono::nanoseconds(started.executed_ns));
  memory_.emplace(process_id_);
  if (groups_ != nullptr && (wanted_.cpu_quota || wanted_.memory_bytes || wanted_.frozen_when_idle)) {
    limits_.emplace(loop_, wanted_, *groups_, process_limits::tree{started.reaper, started.group}, std::move(tmp),
                    [this] { observer_.on_memory_exhausted(); });
  }
  keeper_->on_exit([this](const exit_status& status) {
    // What the process wrote before its end is reported before its end.
    drain_output();
    if (limits_ && limits_->memory_has_killed()) {
      observer_.on_memory_exhausted();
    }
    observer_.on_exit(status);
  });
  output_->start();
  error_->start();
}

void posix_sandbox::drain_output() {
  // One question for both: at the end of most invocations neither has anything.
  std::array<pollfd, 2> pipes{pollfd{output_->native_handle(), POLLIN, 0}, pollfd{error_->native_handle(), POLLIN, 0}};
  if (::poll(pipes.data(), pipes.size(), 0) == 0) {
    return;
  }
  output_->drain();
  error_->drain();
}

void posix_sandbox::enter(activity now) {
  if (limits_) {
    limits_->enter(now);
  }
}

void posix_sandbox::terminate() {
  if (limits_) {
    limits_->lift();
  }
  keeper_->terminate();
}

awaitable<void> posix_sandbox::stop() {
  if (limits_) {
    limits_->lift();
  }
  co_await keeper_->stop();
  deadline_timer timer(loop_);
  timer.expires_after(pipe_end_wait);
  for (const auto& pipe : {output_, error_}) {
    pipe->drain();
    pipe->read_to_end([&timer] { timer.cancel(); });
  }
  while (!output_->ended() || !error_->ended()) {
    const auto [expired] = co_await timer.async_wait(as_tuple);
    if (!expired) {
      break;
    }
  }
  output_->finish();
  error_->finish();
}

std::uint64_t posix_sandbox::sample_max_memory_bytes(duration most_age) {
  const steady_time now = std::chrono::steady_clock::now();
  if (now >= sampled_ + most_age) {
    sampled_ = now;
    max_memory_bytes_ = memory_->sample();
  }
  return max_memory_bytes_;
}

}  // namespace kelvin
