#pragma once

#include "emulator/sandbox/keeper_pool.hpp"
#include "emulator/sandbox/output_pipe.hpp"
#include "emulator/sandbox/sandbox.hpp"
#include "emulator/sandbox/spawner.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace kelvin {

/// Starts sandboxes: an own process group, a clean environment, bounded descriptors, namespaces where the
/// specification asks for them, and a keeper that sees to it that nothing of the tree outlives kelvin. A spawner or a
/// keeper that is killed from outside is replaced without the caller's notice.
///
/// To be destroyed before its io_context. The destructor kills the trees of sandboxes and commands that
/// are still there, which must not be used any more but to destroy them, and waits until all is gone.
class posix_sandbox_factory final : public sandbox_factory {
 public:
  posix_sandbox_factory(boost::asio::io_context& context, spawner owned);
  ~posix_sandbox_factory() override;
  posix_sandbox_factory(const posix_sandbox_factory&) = delete;
  posix_sandbox_factory& operator=(const posix_sandbox_factory&) = delete;

  /// Errors beyond the interface's: invalid_argument for a text that holds a NUL byte.
  awaitable<result<std::unique_ptr<sandbox>>> start(process_specification specification,
                                                    sandbox_observer& observer) override;

  void make_ready() override { keepers_->park_soon(); }

  /// Whether starts will ask for namespaces, so that what they need is ready before. One that asks for the
  /// other kind works too, only later.
  void expect(bool isolated) { keepers_->expect(isolated); }

  /// Back-pressure: while paused no output is read from the loop, so that functions that write block.
  /// drain_output() and stop() read all the same.
  void set_output_paused(bool paused) { readers_->set_paused(paused); }

  /// For the output of commands, so that it is paused with that of functions.
  const std::shared_ptr<output_readers>& readers() noexcept { return readers_; }

  /// For child_command, whose processes have keepers of the same pool.
  keeper_pool& keepers() noexcept { return *keepers_; }

 private:
  executor loop_;
  std::shared_ptr<keeper_pool> keepers_;
  std::shared_ptr<output_readers> readers_;
};

}  // namespace kelvin
