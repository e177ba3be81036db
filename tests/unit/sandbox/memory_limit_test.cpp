#include "emulator/sandbox/memory_limit.hpp"
#include "emulator/sandbox/memory_group.hpp"
#include "sandbox_fixture.hpp"

#include <unistd.h>

#include <cstdint>
#include <string>

namespace kelvin::test {
namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr std::uint64_t size = 128 * mebibyte;
/// What the group may have besides, for kelvin's own helpers.
constexpr std::uint64_t allowed = size + mebibyte;

/// The files of a control group, as plain ones.
struct group_files {
  temporary_folder folder;
  boost::asio::io_context context{1};
  int told = 0;

  std::string read(const char* name) const { return read_file(folder / name); }
  void hold(const char* anonymous_name, std::uint64_t anonymous, std::uint64_t shared) {
    folder.write("memory.stat", "cache 1\n" + std::string(anonymous_name) + " " + std::to_string(anonymous) + "\n" +
                                    anonymous_name + "_huge 7\nshmem " + std::to_string(shared) + "\n");
    folder.write("memory.current", std::to_string(anonymous + shared) + "\n");
    folder.write("memory.usage_in_bytes", std::to_string(anonymous + shared) + "\n");
  }
  std::shared_ptr<memory_group> make(int version) {
    return std::make_shared<memory_group>(context.get_executor(), folder.path(), version, size, nullptr,
                                          [this] { ++told; });
  }
  void run() {
    for (int round = 0; round < 5; ++round) {
      context.restart();
      context.run_for(1ms);
    }
  }
};

}  // namespace

TEST_CASE("memory: files in /tmp are not the function's, other shared memory is") {
  CHECK(own_memory({.usage = 0, .anonymous = 5, .shared = 0, .tmp = 0}) == 5);
  CHECK(own_memory({.usage = 0, .anonymous = 5, .shared = 7, .tmp = 4}) == 8);
  // After a reset /tmp holds what belongs to no group, or to another.
  CHECK(own_memory({.usage = 0, .anonymous = 5, .shared = 7, .tmp = 400}) == 5);
}

TEST_CASE("memory: the next look is when the size can have been used up") {
  CHECK(usage_to_look_at(100 * mebibyte, {.usage = 60 * mebibyte, .anonymous = 20 * mebibyte}) == 140 * mebibyte);
  CHECK(usage_to_look_at(100 * mebibyte, {.usage = 100 * mebibyte, .anonymous = 100 * mebibyte - 1}) == 101 * mebibyte);
  CHECK(usage_to_look_at(100 * mebibyte, {.usage = 100 * mebibyte, .anonymous = 100 * mebibyte}) == std::nullopt);
}

TEST_CASE("memory: the nearer to its size, the sooner a function is looked at again") {
  CHECK(memory_look_interval(size, 0) == 10ms);
  CHECK(memory_look_interval(size, size - 12 * mebibyte) == 4ms);
  CHECK(memory_look_interval(size, size - 1) == 1ms);
  CHECK(memory_look_interval(size, size * 2) == 1ms);
}

TEST_CASE("memory group of version 1: the limit is set, and who stands still at it is reported once") {
  group_files files;
  for (const char* name :
       {"memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.oom_control", "cgroup.event_control"}) {
    files.folder.write(name, "");
  }
  files.hold("rss", 100 * mebibyte, 0);
  const auto group = files.make(1);
  REQUIRE(group->start());
  CHECK(files.read("memory.limit_in_bytes") == std::to_string(allowed));
  CHECK(files.read("memory.memsw.limit_in_bytes") == std::to_string(allowed));
  CHECK(files.read("memory.oom_control") == "1");
  const int event = std::stoi(files.read("cgroup.event_control"));
  const auto signal = [&](const std::string& state) {
    files.folder.write("memory.oom_control", state);
    const std::uint64_t one = 1;
    REQUIRE(::write(event, &one, sizeof(one)) == sizeof(one));
    files.run();
  };
  signal("oom_kill_disable 1\nunder_oom 0\noom_kill 0\n");
  CHECK(files.told == 0);
  signal("oom_kill_disable 1\nunder_oom 1\noom_kill 0\n");
  CHECK(files.told == 1);
  CHECK_FALSE(group->has_killed());
  group->lift();
  CHECK(files.read("memory.limit_in_bytes").starts_with("-1"));
}

TEST_CASE("memory group of version 2: told at its mark, it moves the mark or reports") {
  group_files files;
  for (const char* name : {"memory.max", "memory.high", "memory.swap.max", "memory.events"}) {
    files.folder.write(name, "");
  }
  files.hold("anon", 29 * mebibyte, 0);
  const auto group = files.make(2);
  REQUIRE(group->start());
  CHECK(files.read("memory.max") == std::to_string(allowed));
  CHECK(files.read("memory.swap.max") == "0");
  CHECK(files.read("memory.high") == std::to_string(allowed));
  // Pages of files are not the function's: they go, or the mark moves.
  files.folder.write("memory.current", std::to_string(allowed));
  files.folder.write("memory.events", "low 0\nhigh 1\nmax 0\noom 0\noom_kill 0\n");
  files.run();
  CHECK(files.told == 0);
  CHECK(files.read("memory.high") == std::to_string(allowed + 100 * mebibyte));
  files.hold("anon", allowed, 0);
  files.folder.write("memory.events", "low 0\nhigh 2\nmax 1\noom 1\noom_kill 1\n");
  files.run();
  CHECK(files.told == 1);
  CHECK(group->has_killed());
}

TEST_CASE("memory group: a machine that refuses the limit is told by start()") {
  group_files files;
  CHECK_FALSE(files.make(1)->start());
  CHECK_FALSE(files.make(2)->start());
}

}  // namespace kelvin::test
