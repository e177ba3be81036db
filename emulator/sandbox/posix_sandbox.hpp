#pragma once

#include "emulator/sandbox/keeper_link.hpp"
#include "emulator/sandbox/memory_sampler.hpp"
#include "emulator/sandbox/output_pipe.hpp"
#include "emulator/sandbox/process_limits.hpp"
#include "emulator/sandbox/process_tree.hpp"
#include "emulator/sandbox/sandbox.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace kelvin {

/// A process tree behind a keeper of its own.
class posix_sandbox final : public sandbox {
 public:
  /// Nothing runs before launch(). `requested` becomes start_requested().
  posix_sandbox(executor loop, std::shared_ptr<output_readers> readers, sandbox_observer& observer,
                steady_time requested);
  ~posix_sandbox() override;
  posix_sandbox(const posix_sandbox&) = delete;
  posix_sandbox& operator=(const posix_sandbox&) = delete;

  /// Before launch(): what the tree is held to once it runs. `groups` outlives the sandbox.
  void limit(const resource_limits& wanted, const control_groups& groups) {
    wanted_ = wanted;
    groups_ = &groups;
  }
  /// Sends the start message (encode_start) to the keeper and waits for its answer. `tmp` keeps the /tmp
  /// of an isolated tree (null: it is not kept). To be called once; after anything but `started` the
  /// sandbox is good for nothing but being destroyed.
  awaitable<start_answer> launch(std::shared_ptr<keeper_link> keeper, output_pipe_ends pipes, std::string_view message,
                                 std::shared_ptr<kept_tmp> tmp);

  int process_id() const noexcept override { return process_id_; }
  steady_time start_requested() const noexcept override { return requested_; }
  steady_time executed() const noexcept override { return executed_; }
  void drain_output() override;
  void enter(activity now) override;
  void terminate() override;
  awaitable<void> stop() override;
  bool wants_cpu() const override { return any_thread_wants_cpu(reaper_); }
  std::uint64_t sample_max_memory_bytes(duration most_age) override;

 private:
  void take_process(const keeper_report& started, std::shared_ptr<kept_tmp> tmp);

  executor loop_;
  std::shared_ptr<output_readers> readers_;
  sandbox_observer& observer_;
  steady_time requested_;
  steady_time executed_{};
  steady_time sampled_{};
  std::uint64_t max_memory_bytes_ = 0;
  int process_id_ = 0;
  pid_t reaper_ = 0;  ///< takes in the tree's orphans
  std::shared_ptr<keeper_link> keeper_;
  std::shared_ptr<output_pipe> output_;
  std::shared_ptr<output_pipe> error_;
  std::optional<memory_sampler> memory_;
  resource_limits wanted_;
  const control_groups* groups_ = nullptr;
  std::optional<process_limits> limits_;  ///< absent: nothing is limited
};

}  // namespace kelvin
