#pragma once

#include "emulator/sandbox/descriptor.hpp"
#include "emulator/sandbox/keeper_link.hpp"
#include "emulator/sandbox/output_pipe.hpp"
#include "emulator/sandbox/spawner.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace kelvin {

/// Owns the spawner and keeps ready what a start needs, so that it does not wait for it to be made: a keeper
/// that is parked, and the pipes. Replaces a spawner that was killed.
class keeper_pool : public std::enable_shared_from_this<keeper_pool> {
 public:
  keeper_pool(executor loop, spawner owned);

  /// To be called once after construction.
  void start();
  /// Which starts to get ready for: in namespaces (isolation level `lambda`) or without.
  void expect(bool isolated);
  /// A keeper that has done nothing yet. Errors: as spawner::request_keeper.
  result<std::shared_ptr<keeper_link>> take();
  /// Parks another keeper as soon as what is under way now is done; at the latest it happens some time after
  /// take().
  void park_soon();
  /// Errors: as make_pipe.
  result<output_pipe_ends> take_pipes();
  const control_groups& groups() const noexcept { return spawner_.groups(); }
  /// Closes every keeper that was taken and the parked one, so that the spawner can end.
  void close() noexcept;

 private:
  result<std::shared_ptr<keeper_link>> request();
  void park();
  void park_after(duration delay);
  void watch_spawner();
  void on_spawner_ended();

  executor loop_;
  spawner spawner_;
  std::shared_ptr<keeper_link> parked_;
  std::optional<output_pipe_ends> pipes_;
  std::vector<std::weak_ptr<keeper_link>> taken_;
  deadline_timer park_timer_;
  boost::asio::posix::basic_stream_descriptor<executor> watched_;  ///< a duplicate of the spawner's link
  steady_time spawner_started_;
  std::optional<bool> isolated_;  ///< nullopt: not known yet
  bool closed_ = false;
};

}  // namespace kelvin
