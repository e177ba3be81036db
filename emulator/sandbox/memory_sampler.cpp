#include "emulator/sandbox/memory_sampler.hpp"

#include "emulator/sandbox/process_tree.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <vector>

namespace kelvin {
namespace {

/// A change below this is not worth measuring the tree again for.
constexpr std::uint64_t noticed_change_bytes = 64 * 1024;

/// Takes the next decimal number and what precedes it off `text`; 0 if there is none.
std::uint64_t take_number(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  return number;
}

std::uint64_t field_bytes(std::string_view status, std::string_view name) {
  const std::size_t position = status.find(name);
  if (position == std::string_view::npos) {
    return 0;
  }
  status.remove_prefix(position + name.size());
  return take_number(status) * 1024;
}

/// 0 for a process that is gone or whose image is.
std::uint64_t measure_process(pid_t process) {
  char buffer[4096];
  const std::string_view status = read_process_file(process, "status", buffer);
  return field_bytes(status, "\nRssAnon:") + field_bytes(status, "\nRssShmem:");
}

}  // namespace

void memory_sampler::open_files() noexcept {
  opened_ = true;
  char path[64];
  std::snprintf(path, sizeof(path), "/proc/%d/statm", process_);
  statm_.reset(::open(path, O_RDONLY | O_CLOEXEC));
  // The children of other threads than the first show when the process's own memory changes.
  std::snprintf(path, sizeof(path), "/proc/%d/task/%d/children", process_, process_);
  children_.reset(::open(path, O_RDONLY | O_CLOEXEC));
}

std::uint64_t memory_sampler::measure_tree() const {
  std::uint64_t sum = measure_process(process_);
  if (kernel_lists_children()) {
    for (const pid_t descendant : descendants_of(process_)) {
      sum += measure_process(descendant);
    }
  }
  return sum;
}

std::uint64_t memory_sampler::sample() {
  if (!opened_) {
    open_files();
  }
  // These open files belong to this very process: once it is gone they give nothing, even if another
  // process gets its number.
  char buffer[128];
  const ssize_t count = statm_ ? ::pread(statm_.get(), buffer, sizeof(buffer), 0) : 0;
  if (count <= 0) {
    return maximum_bytes_;
  }
  std::string_view fields(buffer, static_cast<std::size_t>(count));
  take_number(fields);
  const std::uint64_t resident = take_number(fields);
  const std::uint64_t shared = take_number(fields);
  static const std::uint64_t page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t anonymous = (resident - std::min(resident, shared)) * page_bytes;

  const std::uint64_t change =
      anonymous > anonymous_bytes_ ? anonymous - anonymous_bytes_ : anonymous_bytes_ - anonymous;
  const bool has_children = children_ && ::pread(children_.get(), buffer, 1, 0) > 0;
  if (has_children || maximum_bytes_ == 0 || change > noticed_change_bytes) {
    anonymous_bytes_ = anonymous;
    maximum_bytes_ = std::max(maximum_bytes_, measure_tree());
  }
  return maximum_bytes_;
}

}  // namespace kelvin
