#pragma once

#include "emulator/sandbox/sandbox.hpp"
#include "runtime-api/base/clock.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kelvin::test {

class fake_sandbox;

/// What the tests see of a fake process; lives as long as somebody holds it.
struct fake_process {
  process_specification specification;
  sandbox_observer* observer = nullptr;  ///< null once stopped
  int process_id = 0;
  bool exited = false;
  bool stopped = false;
  bool wants_cpu = false;
  std::vector<activity> activities;             ///< in their order
  std::vector<std::string> undelivered_output;  ///< what drain_output() will deliver

  /// `host:port` of its Runtime API.
  std::string runtime_api() const {
    constexpr std::string_view name = "AWS_LAMBDA_RUNTIME_API=";
    for (const std::string& each : specification.variables) {
      if (each.starts_with(name)) {
        return each.substr(name.size());
      }
    }
    return {};
  }
  /// Ends it as if by itself.
  void exit(exit_status status) {
    if (!exited && observer != nullptr) {
      exited = true;
      observer->on_exit(status);
    }
  }
};

/// A sandbox_factory without processes: what a process does is up to the test.
class fake_sandbox_factory final : public sandbox_factory {
 public:
  using behaviour = std::function<void(std::shared_ptr<fake_process>)>;

  /// `on_start` is called, on the loop, for each process that was started.
  fake_sandbox_factory(clock& time, behaviour on_start) : clock_(time), on_start_(std::move(on_start)) {}

  awaitable<result<std::unique_ptr<sandbox>>> start(process_specification specification,
                                                    sandbox_observer& observer) override;

  /// The next start fails like this.
  void fail_next(failure what) { failures_.push_back(std::move(what)); }
  std::size_t started() const noexcept { return started_; }
  std::size_t alive() const noexcept { return alive_; }
  std::size_t most_alive() const noexcept { return most_alive_; }

 private:
  friend class fake_sandbox;
  clock& clock_;
  behaviour on_start_;
  std::vector<failure> failures_;
  std::size_t started_ = 0;
  std::size_t alive_ = 0;
  std::size_t most_alive_ = 0;
};

class fake_sandbox final : public sandbox {
 public:
  fake_sandbox(fake_sandbox_factory& factory, std::shared_ptr<fake_process> process)
      : factory_(factory), process_(std::move(process)), started_(factory.clock_.now()) {
    ++factory_.alive_;
    factory_.most_alive_ = std::max(factory_.most_alive_, factory_.alive_);
  }
  ~fake_sandbox() override { end(); }

  int process_id() const noexcept override { return process_->process_id; }
  steady_time start_requested() const noexcept override { return started_; }
  steady_time executed() const noexcept override { return started_; }
  void drain_output() override {
    for (const std::string& each : std::exchange(process_->undelivered_output, {})) {
      process_->observer->on_output_line(output_stream::standard_output, each);
    }
  }
  void enter(activity now) override { process_->activities.push_back(now); }
  void terminate() override {}
  awaitable<void> stop() override {
    drain_output();
    end();
    co_return;
  }
  bool wants_cpu() const override { return process_->wants_cpu; }
  std::uint64_t sample_max_memory_bytes(duration) override { return 10u * 1024 * 1024; }

 private:
  void end() {
    if (!process_->stopped) {
      process_->stopped = true;
      process_->observer = nullptr;
      --factory_.alive_;
    }
  }

  fake_sandbox_factory& factory_;
  std::shared_ptr<fake_process> process_;
  steady_time started_;
};

inline awaitable<result<std::unique_ptr<sandbox>>> fake_sandbox_factory::start(process_specification specification,
                                                                               sandbox_observer& observer) {
  if (!failures_.empty()) {
    failure what = std::move(failures_.front());
    failures_.erase(failures_.begin());
    co_return what;
  }
  auto process = std::make_shared<fake_process>();
  process->specification = std::move(specification);
  process->observer = &observer;
  process->process_id = static_cast<int>(++started_);
  std::unique_ptr<sandbox> made = std::make_unique<fake_sandbox>(*this, process);
  on_start_(process);
  co_return made;
}

}  // namespace kelvin::test
