#include "emulator/sandbox/tree_usage.hpp"

#include "emulator/sandbox/process_tree.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <utility>

namespace kelvin {
namespace {

duration from_ticks(long long ticks) {
  static const long long per_second = ::sysconf(_SC_CLK_TCK);
  return duration(ticks * (1'000'000'000LL / per_second));
}

/// Adds the time of the children that `process` has waited for; returns the number of its threads.
unsigned add_ended_children(pid_t process, duration& cpu) {
  char buffer[1024];
  const char* fields = read_process_stat(process, buffer);
  long long user = 0;
  long long system = 0;
  unsigned threads = 0;
  if (fields == nullptr ||
      std::sscanf(fields, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %lld %lld %*d %*d %u", &user, &system,
                  &threads) != 3) {
    return 0;
  }
  cpu += from_ticks(user + system);
  return threads;
}

/// Of all its threads, ended ones included, to the nanosecond.
duration own_time(pid_t process) {
  clockid_t clock_of_process{};
  timespec time{};
  if (::clock_getcpuclockid(process, &clock_of_process) != 0 || ::clock_gettime(clock_of_process, &time) != 0) {
    return {};
  }
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// User and system time are each cut down to a tick.
constexpr duration cut_off = std::chrono::milliseconds(20);

}  // namespace

tree_usage tree_meter::begin() {
  measure();
  for (const seen_process& each : seen_) {
    add_ended_children(each.process, reported_at_begin_);
  }
  add_ended_children(reaper_, reported_at_begin_);
  return measure();
}

tree_usage tree_meter::measure() {
  tree_usage usage;
  duration reported{};
  add_ended_children(reaper_, reported);
  std::vector<seen_process> alive;
  for (const pid_t process : descendants_of(reaper_)) {
    alive.push_back({process, own_time(process)});
    usage.threads += add_ended_children(process, reported);
    usage.cpu += alive.back().own;
  }
  for (const seen_process& before : seen_) {
    const auto now = std::ranges::find(alive, before.process, &seen_process::process);
    // A number may have been given to another process since.
    if (now == alive.end() || now->own < before.own) {
      ended_ += before.own;
    }
  }
  seen_ = std::move(alive);
  usage.cpu += std::max(ended_, reported - reported_at_begin_ - cut_off);
  return usage;
}

}  // namespace kelvin
