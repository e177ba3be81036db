#pragma once

#include "emulator/sandbox/descriptor.hpp"
#include "emulator/sandbox/keeper_message.hpp"
#include "emulator/sandbox/sandbox.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace kelvin {

using deadline_timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                         boost::asio::wait_traits<std::chrono::steady_clock>, executor>;

/// What became of a start that was sent to a keeper.
struct start_answer {
  enum class kind { answered, lost, timed_out };
  kind what = kind::lost;  ///< lost: the keeper was killed or could not be forked
  keeper_report report;    ///< with answered: started or failed
};

/// kelvin's end of one keeper. Closing it (or destroying its owner's reference after close()) makes
/// the keeper kill its tree.
class keeper_link : public std::enable_shared_from_this<keeper_link> {
 public:
  keeper_link(executor loop, descriptor socket);

  /// Has the keeper do beforehand what a start of that kind would wait for.
  void prepare(bool isolated) noexcept;
  /// Sends a start (encode_start) with its descriptors, which stay the caller's. Returns 0 or errno;
  /// an error means that the keeper is gone. A keeper takes another start after one that failed.
  int send_start(std::string_view message, std::span<const int> descriptors);
  /// Waits for the answer to a start, bounded. The exit is not reported before this has returned.
  awaitable<start_answer> answer();
  /// What came with the answer to keep a private /tmp; empty if nothing did.
  descriptor take_tmp() noexcept { return std::move(tmp_); }
  /// Called from the loop, once, when the first process has ended. To be set when answer() has returned.
  void on_exit(std::function<void(const exit_status&)> callback) { on_exit_ = std::move(callback); }

  void terminate() noexcept { send(order_kind::terminate, 0); }
  void signal(int number) noexcept { send(order_kind::signal, number); }
  /// Asks the processes of the tree to end (SIGTERM); what has not by then is killed.
  void end(std::chrono::milliseconds grace) noexcept { send(order_kind::stop, static_cast<int>(grace.count())); }
  /// Has the tree killed; returns when none is left or the keeper itself is gone (bounded).
  awaitable<void> stop();
  /// No callback from here on.
  void close() noexcept;

 private:
  bool send(order_kind kind, int number) noexcept;
  void listen();
  void on_readable(const boost::system::error_code& error);
  void take_report(const keeper_report& report);
  void on_gone();
  void report_exit(const exit_status& status);

  boost::asio::posix::basic_stream_descriptor<executor> socket_;
  deadline_timer timer_;
  std::function<void(const exit_status&)> on_exit_;
  std::optional<keeper_report> answer_;
  descriptor tmp_;
  bool gone_ = false;  ///< no process of the tree is left, or the keeper is gone
};

}  // namespace kelvin
