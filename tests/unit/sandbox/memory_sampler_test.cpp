#include "sandbox_fixture.hpp"

#include "emulator/sandbox/memory_sampler.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace kelvin::test {
namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

/// A child that touches memory step by step, each when told to.
class memory_user {
 public:
  explicit memory_user(std::vector<std::function<void()>> steps) {
    REQUIRE(::pipe(orders_) == 0);
    REQUIRE(::pipe(answers_) == 0);
    process_ = ::fork();
    if (process_ == 0) {
      char byte = 0;
      for (const auto& step : steps) {
        if (::read(orders_[0], &byte, 1) != 1) {
          ::_exit(1);
        }
        step();
        if (::write(answers_[1], "x", 1) != 1) {
          ::_exit(1);
        }
      }
      ::pause();
      ::_exit(0);
    }
  }
  ~memory_user() {
    kill();
    for (const int end : {orders_[0], orders_[1], answers_[0], answers_[1]}) {
      ::close(end);
    }
  }
  memory_user(const memory_user&) = delete;
  memory_user& operator=(const memory_user&) = delete;

  void next_step() const {
    char byte = 0;
    REQUIRE(::write(orders_[1], "x", 1) == 1);
    REQUIRE(::read(answers_[0], &byte, 1) == 1);
  }
  void kill() {
    if (process_ != 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
      process_ = 0;
    }
  }
  pid_t process() const { return process_; }

 private:
  int orders_[2];
  int answers_[2];
  pid_t process_ = 0;
};

void* touch(std::size_t bytes, int flags) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    ::_exit(1);
  }
  std::memset(memory, 1, bytes);
  return memory;
}

}  // namespace

TEST_CASE("memory: anonymous and shared memory count, the peak stays") {
  void* given = nullptr;
  memory_user user({[&] { given = touch(40 * mebibyte, MAP_PRIVATE); }, [&] { ::munmap(given, 40 * mebibyte); },
                    [] { touch(60 * mebibyte, MAP_SHARED); }});
  memory_sampler sampler(user.process());
  const std::uint64_t first = sampler.sample();
  CHECK(first > 0);
  user.next_step();
  const std::uint64_t second = sampler.sample();
  CHECK(second >= first + 39 * mebibyte);
  CHECK(second <= first + 42 * mebibyte);
  user.next_step();
  CHECK(sampler.sample() == second);
  user.next_step();
  // Shared memory shows at the first sample or with another change; see it as a new sampler does.
  CHECK(memory_sampler(user.process()).sample() >= first + 59 * mebibyte);
  user.kill();
  CHECK(sampler.sample() == second);
  CHECK(memory_sampler(user.process()).sample() == 0);
}

TEST_CASE("memory: children of a sandbox count") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("echo up; read x < /dev/zero");
  REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
  CHECK(box->sample_max_memory_bytes(0s) > 0);

  recording_observer second;
  auto with_child = fixture.run(fixture.factory->start(
      fixture.specify("/bin/sh", {"-c", "head -c 31457280 /dev/zero | tail -n 1 | (sleep 1000) & echo up; wait"}),
      second));
  REQUIRE(with_child.has_value());
  // `tail` keeps the whole line, which never ends, in memory.
  CHECK(fixture.run_until([&] { return (*with_child)->sample_max_memory_bytes(0s) > 25 * mebibyte; }));
}

}  // namespace kelvin::test
