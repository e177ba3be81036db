#include "limits.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

double seconds(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double used_by_children() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto in_seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
}

/// The number behind `"name":` in the event; `otherwise` if there is none.
int number(const std::string& event, const std::string& name, int otherwise) {
  const std::size_t at = event.find("\"" + name + "\":");
  return at == std::string::npos ? otherwise : std::atoi(event.c_str() + at + name.size() + 3);
}

/// Burns until this process has used `cpu` seconds more, in that many threads at once.
void burn(double cpu, int threads) {
  const double end = seconds(CLOCK_PROCESS_CPUTIME_ID) + cpu;
  std::vector<std::thread> all;
  for (int count = 0; count < threads; ++count) {
    all.emplace_back([end] {
      while (seconds(CLOCK_PROCESS_CPUTIME_ID) < end) {
      }
    });
  }
  for (std::thread& each : all)
    each.join();
}

/// `cpu_ms` of CPU time in `threads` threads of `processes` children (0: here); `generations`: so many times, one
/// after the other, each with children of its own. Answers what it took.
std::string burns(const std::string& event) {
  const double cpu = number(event, "cpu_ms", 300) / 1e3;
  const int threads = number(event, "threads", 1);
  const int processes = number(event, "processes", 0);
  const int generations = number(event, "generations", 1);
  const double cpu_before = seconds(CLOCK_PROCESS_CPUTIME_ID) + used_by_children();
  const double wall_before = seconds(CLOCK_MONOTONIC);
  if (processes == 0)
    burn(cpu, threads);
  for (int generation = 0; processes != 0 && generation < generations; ++generation) {
    for (int count = 0; count < processes; ++count) {
      if (::fork() == 0) {
        burn(cpu / processes / generations, threads);
        std::_Exit(0);
      }
    }
    while (::wait(nullptr) > 0) {
    }
  }
  char answer[128];
  std::snprintf(answer, sizeof answer, R"({"cpu_s":%.6f,"wall_s":%.6f})",
                seconds(CLOCK_PROCESS_CPUTIME_ID) + used_by_children() - cpu_before,
                seconds(CLOCK_MONOTONIC) - wall_before);
  return answer;
}

/// Goes on burning in a thread and a child behind the answer.
std::string burns_on(const std::string&) {
  if (::fork() == 0)
    burn(1e9, 1);
  std::thread([] { burn(1e9, 1); }).detach();
  return "\"burning\"";
}

/// Takes memory MiB by MiB, printing how much it has, up to `mib`.
std::string grows(const std::string& event) {
  const int mib = number(event, "mib", 20000);
  for (int count = 1; count <= mib; ++count) {
    std::memset(std::malloc(mebibyte), 1, mebibyte);
    std::printf("has %d MiB\n", count);
    std::fflush(stdout);
  }
  return "\"all\"";
}

/// Writes to /tmp until it is full or `mib` are written; answers how much it holds and why no more.
std::string fills_tmp(const std::string& event) {
  const std::vector<char> block(mebibyte, 'x');
  const int file = ::open("/tmp/filled", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const std::size_t wanted = static_cast<std::size_t>(number(event, "mib", 20000)) * mebibyte;
  std::size_t written = 0;
  int error = 0;
  while (written < wanted) {
    const ssize_t count = ::write(file, block.data(), block.size());
    if (count < 0) {
      error = errno;
      break;
    }
    written += static_cast<std::size_t>(count);
  }
  ::close(file);
  return R"({"mib":)" + std::to_string(written / mebibyte) + R"(,"error":")" + (error ? std::strerror(error) : "") +
         "\"}";
}

/// Opens files until it may not; answers how many it had, its first three included.
std::string opens(const std::string&) {
  std::vector<int> all;
  int last = -1;
  for (int file; all.size() < 5000 && (file = ::open("/dev/null", O_RDONLY)) >= 0;) {
    all.push_back(file);
    last = file;
  }
  for (const int file : all)
    ::close(file);
  return std::to_string(last + 1);
}

/// Forks until it may not; answers how many children it had.
std::string forks(const std::string&) {
  std::vector<pid_t> children;
  for (pid_t child; children.size() < 3000 && (child = ::fork()) >= 0;) {
    if (child == 0) {
      for (;;)
        ::pause();
    }
    children.push_back(child);
  }
  for (const pid_t child : children)
    ::kill(child, SIGKILL);
  while (::wait(nullptr) > 0) {
  }
  return std::to_string(children.size());
}

}  // namespace

void burn_in_init() {
  const double cpu_before = seconds(CLOCK_PROCESS_CPUTIME_ID);
  const double wall_before = seconds(CLOCK_MONOTONIC);
  burn(0.3, 1);
  std::printf("share of CPU in init %.3f\n",
              (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_before) / (seconds(CLOCK_MONOTONIC) - wall_before));
  std::fflush(stdout);
}

const std::map<std::string, std::function<std::string(const std::string&)>>& greedy_modes() {
  static const std::map<std::string, std::function<std::string(const std::string&)>> all = {
      {"burns", burns},         {"burns_on", burns_on}, {"grows", grows},
      {"fills_tmp", fills_tmp}, {"opens", opens},       {"forks", forks},
  };
  return all;
}
