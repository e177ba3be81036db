#include "sandbox_fixture.hpp"

#include "emulator/sandbox/process_tree.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <thread>

namespace kelvin::test {

TEST_CASE("process tree: the kernel's list and the search over all processes find the same children") {
  std::vector<pid_t> expected;
  for (int count = 0; count < 2; ++count) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::pause();
      ::_exit(0);
    }
    expected.push_back(child);
  }
  // A child of another thread.
  std::thread([&expected] {
    const pid_t child = ::fork();
    if (child == 0) {
      ::pause();
      ::_exit(0);
    }
    expected.push_back(child);
  }).join();

  std::vector<pid_t> listed;
  append_children(::getpid(), listed);
  std::vector<pid_t> searched;
  append_children_by_search(::getpid(), searched);
  for (auto* found : {&expected, &listed, &searched}) {
    std::ranges::sort(*found);
  }
  CHECK(listed == expected);
  CHECK(searched == expected);
  for (const pid_t child : expected) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  CHECK(descendants_of(expected.front()).empty());
}

TEST_CASE("process tree: who runs or would run if it had a CPU") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("sleep 1000 & echo up; exec sleep 1000");
  REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
  pid_t reaper = 0;
  char space[256];
  REQUIRE(std::sscanf(read_process_stat(box->process_id(), space), " %*c %d", &reaper) == 1);
  CHECK(fixture.run_until([&] { return !any_thread_wants_cpu(reaper) && !box->wants_cpu(); }));

  const auto busy = fixture.start_shell("sh -c 'while :; do :; done' & echo up; exec sleep 1000");
  CHECK(fixture.run_until([&] { return busy->wants_cpu(); }));
  CHECK_FALSE(box->wants_cpu());
}

TEST_CASE("process tree: descendants come behind their parents") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("sh -c 'setsid sleep 1000 & echo up; exec sleep 1000' & exec sleep 1000");
  REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
  const auto found = descendants_of(box->process_id());
  REQUIRE(found.size() == 2);
  std::vector<pid_t> below;
  append_children(found[0], below);
  CHECK(below == std::vector<pid_t>{found[1]});
}

}  // namespace kelvin::test
