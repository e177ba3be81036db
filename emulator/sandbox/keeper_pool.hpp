#pragma once

#include "emulator/sandbox/descriptor.hpp"
#include "emulator/sandbox/keeper_link.hpp"
#include "emulator/sandbox/spawner.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <memory>
#include <vector>

namespace kelvin {

/// Owns the spawner and keeps one keeper parked, so that a start does not wait for one to be forked.
/// Replaces a spawner that was killed.
class keeper_pool : public std::enable_shared_from_this<keeper_pool> {
 public:
  keeper_pool(executor loop, spawner owned);

  /// To be called once after construction.
  void start();
  /// A keeper that has done nothing yet. Errors: as spawner::request_keeper.
  result<std::shared_ptr<keeper_link>> take();
  /// Closes every keeper that was taken and the parked one, so that the spawner can end.
  void close() noexcept;

 private:
  result<descriptor> request();
  void park_later();
  void watch_spawner();
  void on_spawner_ended();

  executor loop_;
  spawner spawner_;
  descriptor parked_;
  std::vector<std::weak_ptr<keeper_link>> taken_;
  deadline_timer park_timer_;
  boost::asio::posix::basic_stream_descriptor<executor> watched_;  ///< a duplicate of the spawner's link
  steady_time spawner_started_;
  bool closed_ = false;
};

}  // namespace kelvin
