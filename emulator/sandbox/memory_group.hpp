#pragma once

#include "emulator/sandbox/memory_limit.hpp"
#include "emulator/sandbox/sandbox.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace kelvin {

/// Holds the control group of a process tree to a memory size and that of its /tmp, whose files count in a
/// group but not as the function's memory: without a /tmp exactly, else as far as version 2 tells in time
/// what the usage is made of. Within that whoever samples the tree's processes is the more exact.
class memory_group : public std::enable_shared_from_this<memory_group> {
 public:
  /// `tmp` may be null. `on_exhausted` is called from the loop, at most once; whoever waits for memory
  /// then does so until lift().
  memory_group(executor loop, std::string folder, int version, std::uint64_t size, std::shared_ptr<kept_tmp> tmp,
               std::function<void()> on_exhausted);

  /// Sets the limit and listens. False: the machine refuses it, and nothing is limited.
  bool start();
  /// Whether the kernel has killed a process of the group for its memory.
  bool has_killed() const;
  /// No limit and no call from here on.
  void lift();

  /// What the group holds now, as its files and /tmp say.
  group_memory read() const;

 private:
  bool start_version_1();
  bool start_version_2();
  bool set_mark();
  void listen();
  void on_event();

  std::string folder_;
  int version_;
  std::uint64_t size_;
  std::shared_ptr<kept_tmp> tmp_;
  std::function<void()> on_exhausted_;
  boost::asio::posix::basic_stream_descriptor<executor> events_;
};

}  // namespace kelvin
