#include "emulator/sandbox/memory_group.hpp"

#include "emulator/sandbox/control_groups.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <charconv>
#include <string_view>
#include <utility>

namespace kelvin {
namespace {

/// What kelvin's own helpers in the group use: a keeper and an init, forks of a small process.
constexpr std::uint64_t helper_bytes = 1024 * 1024;

constexpr const char* unlimited_version_1 = "-1";

/// The number behind a line's name, 0 if there is none: `name 123`.
std::uint64_t number_of(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || text[at - 1] == '\n') && end < text.size() && text[end] == ' ') {
      std::uint64_t number = 0;
      std::from_chars(text.data() + end + 1, text.data() + text.size(), number);
      return number;
    }
  }
  return 0;
}

struct tmp_bytes {
  std::uint64_t held = 0;
  std::uint64_t capacity = 0;
};

tmp_bytes measure(const kept_tmp* tmp) {
  struct statfs status {};
  if (tmp == nullptr || !tmp->mount || ::fstatfs(tmp->mount.get(), &status) != 0) {
    return {};
  }
  const auto block_bytes = static_cast<std::uint64_t>(status.f_bsize);
  return {(status.f_blocks - status.f_bfree) * block_bytes, status.f_blocks * block_bytes};
}

}  // namespace

memory_group::memory_group(executor loop, std::string folder, int version, std::uint64_t size,
                           std::shared_ptr<kept_tmp> tmp, std::function<void()> on_exhausted)
    : folder_(std::move(folder)),
      version_(version),
      size_(size + helper_bytes),
      tmp_(std::move(tmp)),
      on_exhausted_(std::move(on_exhausted)),
      events_(loop) {}

bool memory_group::start() {
  if (version_ == 1 ? start_version_1() : start_version_2()) {
    listen();
    return true;
  }
  lift();
  return false;
}

/// Thresholds, which version 1 has too, would let kelvin know earlier. But to set one takes 10 ms.
bool memory_group::start_version_1() {
  const std::string limit = std::to_string(size_ + measure(tmp_.get()).capacity);
  const std::string out_of_memory = folder_ + "/memory.oom_control";
  if (write_group_file(folder_ + "/memory.limit_in_bytes", limit) != 0 || write_group_file(out_of_memory, "1") != 0) {
    return false;
  }
  // Swap would let a function have more memory than was chosen; the file is there where swap is counted.
  write_group_file(folder_ + "/memory.memsw.limit_in_bytes", limit);
  const descriptor control(::open(out_of_memory.c_str(), O_RDONLY | O_CLOEXEC));
  const int event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (event < 0) {
    return false;
  }
  events_.assign(event);
  return control && write_group_file(folder_ + "/cgroup.event_control",
                                     std::to_string(event) + " " + std::to_string(control.get())) == 0;
}

bool memory_group::start_version_2() {
  write_group_file(folder_ + "/memory.swap.max", "0");
  const int watch = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (watch < 0) {
    return false;
  }
  events_.assign(watch);
  const std::string limit = std::to_string(size_ + measure(tmp_.get()).capacity);
  return write_group_file(folder_ + "/memory.max", limit) == 0 &&
         ::inotify_add_watch(watch, (folder_ + "/memory.events").c_str(), IN_MODIFY) >= 0 && set_mark();
}

/// Version 2: has the kernel slow down and tell when the usage passes what the function may have by now. False: it
/// has used up its size.
bool memory_group::set_mark() {
  const auto next = usage_to_look_at(size_, read());
  return next && write_group_file(folder_ + "/memory.high", std::to_string(*next)) == 0;
}

group_memory memory_group::read() const {
  const std::string statistics = read_group_file(folder_ + "/memory.stat");
  const std::string usage = read_group_file(folder_ + (version_ == 1 ? "/memory.usage_in_bytes" : "/memory.current"));
  group_memory now;
  std::from_chars(usage.data(), usage.data() + usage.size(), now.usage);
  now.anonymous = number_of(statistics, version_ == 1 ? "rss" : "anon");
  now.shared = number_of(statistics, "shmem");
  now.tmp = measure(tmp_.get()).held;
  return now;
}

bool memory_group::has_killed() const {
  const std::string file = folder_ + (version_ == 1 ? "/memory.oom_control" : "/memory.events");
  return number_of(read_group_file(file), "oom_kill") != 0;
}

void memory_group::lift() {
  boost::system::error_code ignored;
  events_.close(ignored);
  on_exhausted_ = nullptr;
  if (version_ == 1) {
    write_group_file(folder_ + "/memory.memsw.limit_in_bytes", unlimited_version_1);
    write_group_file(folder_ + "/memory.limit_in_bytes", unlimited_version_1);
  } else {
    write_group_file(folder_ + "/memory.high", "max");
    write_group_file(folder_ + "/memory.max", "max");
  }
}

void memory_group::listen() {
  events_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                     [weak = weak_from_this()](const boost::system::error_code& error) {
                       const auto self = weak.lock();
                       if (!error && self && self->events_.is_open()) {
                         self->on_event();
                       }
                     });
}

void memory_group::on_event() {
  char forgotten[4096];
  [[maybe_unused]] const ssize_t count = ::read(events_.native_handle(), forgotten, sizeof(forgotten));
  // Version 1 also tells when nobody waits for memory any more.
  const bool exhausted =
      version_ == 1 ? number_of(read_group_file(folder_ + "/memory.oom_control"), "under_oom") != 0 : !set_mark();
  if (!exhausted) {
    listen();
  } else if (const auto told = std::exchange(on_exhausted_, nullptr)) {
    told();
  }
}

}  // namespace kelvin
