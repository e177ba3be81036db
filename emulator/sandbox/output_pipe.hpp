#pragma once

#include "emulator/sandbox/descriptor.hpp"
#include "emulator/sandbox/line_splitter.hpp"
#include "emulator/sandbox/sandbox.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <array>
#include <functional>
#include <memory>
#include <set>

namespace kelvin {

class output_pipe;

/// What the output pipes of one factory share: the buffer they read into and whether they are paused.
class output_readers {
 public:
  /// Paused pipes are not read from, so that their writers block once a pipe is full. Pipes go on where
  /// they were when the pause ends.
  void set_paused(bool paused);
  bool paused() const noexcept { return paused_; }

 private:
  friend class output_pipe;

  bool paused_ = false;
  std::set<output_pipe*> pipes_;
  std::array<char, 64 * 1024> buffer_;  ///< a pipe's capacity: one read empties it
};

/// The two ends of a new pipe. Both close on exec; only the read end is non-blocking, for programs
/// take it badly when their output is.
struct pipe_ends {
  descriptor read_end;
  descriptor write_end;
};
result<pipe_ends> make_pipe();

/// For the two output streams of a process.
struct output_pipe_ends {
  pipe_ends output;
  pipe_ends error;
};
/// Errors: limit_reached, system_failure.
result<output_pipe_ends> make_pipes();

/// kelvin's end of one output stream of a sandbox: delivers its lines to the observer, in order,
/// whether they are read by the loop or by drain().
class output_pipe : public std::enable_shared_from_this<output_pipe> {
 public:
  output_pipe(executor loop, descriptor read_end, output_stream stream, std::shared_ptr<output_readers> readers,
              sandbox_observer& observer);

  /// Begins reading from the loop.
  void start();
  /// Delivers what the pipe holds now, paused or not; at most its capacity and one buffer more. Not to be
  /// called from inside on_output_line.
  void drain();
  /// From now on reads from the loop even while paused; `at_end` is called from the loop when the pipe
  /// ends, unless it has ended.
  void read_to_end(std::function<void()> at_end);
  bool ended() const noexcept { return ended_; }
  /// -1 once it has ended.
  int native_handle() { return ended_ ? -1 : descriptor_.native_handle(); }
  /// Delivers an unfinished last line and takes no more: for a pipe that somebody keeps open.
  void finish();
  /// No call to the observer from here on.
  void close() noexcept;

 private:
  friend class output_readers;

  void arm();
  void on_readable(const boost::system::error_code& error);
  /// Returns how many bytes came; 0 if none or at the end.
  std::size_t read_once();
  void deliver(std::string_view line);

  boost::asio::posix::basic_stream_descriptor<executor> descriptor_;
  output_stream stream_;
  std::shared_ptr<output_readers> readers_;
  sandbox_observer* observer_;
  line_splitter splitter_;
  std::function<void()> at_end_;
  bool armed_ = false;
  bool ended_ = false;
  bool ignores_pause_ = false;
};

}  // namespace kelvin
