#include "emulator/sandbox/process_tree.hpp"

#include "emulator/sandbox/descriptor.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace kelvin {
namespace {

class folder {
 public:
  explicit folder(const char* path) : stream_(::opendir(path)) {}
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() {
    if (stream_ != nullptr) {
      ::closedir(stream_);
    }
  }

  /// The next entry whose name is a number; 0 at the end.
  pid_t next_number() {
    while (stream_ != nullptr) {
      const dirent* entry = ::readdir(stream_);
      if (entry == nullptr) {
        break;
      }
      if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') {
        return static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10));
      }
    }
    return 0;
  }

 private:
  DIR* stream_;
};

void append_listed_children(pid_t process, pid_t thread, std::vector<pid_t>& children) {
  char path[64];
  std::snprintf(path, sizeof(path), "/proc/%d/task/%d/children", process, thread);
  const descriptor file(::open(path, O_RDONLY | O_CLOEXEC));
  if (!file) {
    return;
  }
  char buffer[4096];
  pid_t number = 0;
  for (ssize_t count; (count = ::read(file.get(), buffer, sizeof(buffer))) > 0;) {
    for (ssize_t index = 0; index < count; ++index) {
      if (buffer[index] >= '0' && buffer[index] <= '9') {
        number = number * 10 + (buffer[index] - '0');
      } else if (number != 0) {
        children.push_back(number);
        number = 0;
      }
    }
  }
}

/// 0 if the process is gone.
pid_t parent_of(pid_t process) {
  char buffer[256];
  const char* fields = read_process_stat(process, buffer);
  int parent = 0;
  return fields != nullptr && std::sscanf(fields, " %*c %d", &parent) == 1 ? parent : 0;
}

}  // namespace

bool kernel_lists_children() noexcept {
  static const bool listed = [] {
    char path[64];
    std::snprintf(path, sizeof(path), "/proc/self/task/%d/children", ::getpid());
    return ::access(path, R_OK) == 0;
  }();
  return listed;
}

void append_children_by_search(pid_t process, std::vector<pid_t>& children) {
  folder processes("/proc");
  while (const pid_t candidate = processes.next_number()) {
    if (parent_of(candidate) == process) {
      children.push_back(candidate);
    }
  }
}

void append_children(pid_t process, std::vector<pid_t>& children) {
  if (!kernel_lists_children()) {
    append_children_by_search(process, children);
    return;
  }
  char path[32];
  std::snprintf(path, sizeof(path), "/proc/%d/task", process);
  folder threads(path);
  while (const pid_t thread = threads.next_number()) {
    append_listed_children(process, thread, children);
  }
}

std::vector<pid_t> descendants_of(pid_t process) {
  std::vector<pid_t> found;
  append_children(process, found);
  for (std::size_t index = 0; index < found.size(); ++index) {
    const pid_t next = found[index];
    append_children(next, found);
  }
  return found;
}

bool any_thread_wants_cpu(pid_t process) {
  const auto wants = [](pid_t of) {
    char path[32];
    std::snprintf(path, sizeof(path), "/proc/%d/task", of);
    folder threads(path);
    while (const pid_t thread = threads.next_number()) {
      char buffer[256];
      char name[32];
      std::snprintf(name, sizeof(name), "task/%d/stat", thread);
      const std::string_view text = read_process_file(of, name, buffer);
      const std::size_t name_end = text.rfind(')');
      if (name_end != std::string_view::npos && text.substr(name_end + 1).starts_with(" R")) {
        return true;
      }
    }
    return false;
  };
  const std::vector<pid_t> found = descendants_of(process);
  return std::any_of(found.begin(), found.end(), wants);
}

void signal_descendants(pid_t process, int number) {
  for (const pid_t descendant : descendants_of(process)) {
    ::kill(descendant, number);
  }
}

std::string_view read_process_file(pid_t process, const char* name, std::span<char> space) {
  char path[64];
  std::snprintf(path, sizeof(path), "/proc/%d/%s", process, name);
  const descriptor file(::open(path, O_RDONLY | O_CLOEXEC));
  const ssize_t count = file ? ::read(file.get(), space.data(), space.size() - 1) : 0;
  const std::size_t size = count > 0 ? static_cast<std::size_t>(count) : 0;
  space[size] = '\0';
  return {space.data(), size};
}

const char* read_process_stat(pid_t process, std::span<char> space) {
  // `pid (name) state …`: the name may hold anything, the last parenthesis ends it.
  const std::size_t name_end = read_process_file(process, "stat", space).rfind(')');
  return name_end != std::string_view::npos ? space.data() + name_end + 1 : nullptr;
}

}  // namespace kelvin
