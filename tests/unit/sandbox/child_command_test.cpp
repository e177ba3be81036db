#include "sandbox_fixture.hpp"

#include "emulator/sandbox/child_command.hpp"

#include <unistd.h>

#include <csignal>
#include <string>

namespace kelvin::test {
namespace {

struct command_fixture : sandbox_fixture {
  temporary_folder folder;

  result<std::unique_ptr<child_command>> try_command(std::string command, std::vector<std::string> arguments = {}) {
    std::vector<std::string> variables{"PATH=" + folder.path() + ":/usr/bin:/bin", "MARK=" + mark};
    return run(child_command::start(*factory, {std::move(command), std::move(arguments), std::move(variables), {}}));
  }
  std::unique_ptr<child_command> command(std::string name, std::vector<std::string> arguments = {}) {
    auto started = try_command(std::move(name), std::move(arguments));
    if (!started) {
      FAIL(started.error().detail);
    }
    return std::move(*started);
  }
};

}  // namespace

TEST_CASE("command: found by PATH, given its variables, exit status back") {
  command_fixture fixture;
  const std::string script = "[ \"$MARK\" = " + fixture.mark + " ] && [ -z \"$HOME\" ] && exit 42";
  const auto command = fixture.command("sh", {"-c", script});
  const exit_status status = fixture.run(command->wait());
  CHECK_FALSE(status.signaled);
  CHECK(status.value == 42);
}

TEST_CASE("command: has kelvin's own standard streams, process group, working directory and limits") {
  command_fixture fixture;
  const auto command = fixture.command("sleep", {"1000"});
  const std::string process = "/proc/" + std::to_string(command->process_id());
  REQUIRE(wait_until([&] { return descriptors_of(command->process_id()).size() == 3; }));
  for (const std::string stream : {"0", "1", "2"}) {
    CHECK(std::filesystem::read_symlink(process + "/fd/" + stream) ==
          std::filesystem::read_symlink("/proc/self/fd/" + stream));
  }
  CHECK(::getpgid(command->process_id()) == ::getpgrp());
  CHECK(std::filesystem::read_symlink(process + "/cwd") == std::filesystem::current_path());
  CHECK(read_file(process + "/limits") == read_file("/proc/self/limits"));
}

TEST_CASE("command: what cannot be run and what is not there are told apart") {
  command_fixture fixture;
  fixture.folder.write("plain", "#!/bin/sh\n", 0644);
  fixture.folder.write("broken", "#!/no/such/interpreter\n", 0755);
  fixture.folder.write("foreign",
                       std::string("\x7f"
                                   "ELF\x02\x01\x01\0",
                                   8),
                       0755);
  CHECK(fixture.try_command("no-such-command").error().code == errc::not_found);
  CHECK(fixture.try_command("/no/such/command").error().code == errc::not_found);
  CHECK(fixture.try_command("").error().code == errc::not_found);
  CHECK(fixture.try_command("broken").error().code == errc::not_found);
  CHECK(fixture.try_command("plain").error().code == errc::not_executable);
  CHECK(fixture.try_command(fixture.folder / "plain").error().code == errc::not_executable);
  CHECK(fixture.try_command("/etc").error().code == errc::not_executable);
  CHECK(fixture.try_command("plain").error().detail == fixture.folder.path() + "/plain: permission denied");
}

TEST_CASE("command: a script without an interpreter line is the shell's") {
  command_fixture fixture;
  fixture.folder.write("script", "[ \"$1\" = one ] && exit 9\n", 0755);
  CHECK(fixture.run(fixture.command("script", {"one"})->wait()).value == 9);
}

TEST_CASE("command: signals are forwarded to it alone") {
  command_fixture fixture;
  const std::string up = fixture.folder / "up";
  const auto command =
      fixture.command("sh", {"-c", "trap 'exit 5' TERM; : > " + up + "; while :; do sleep 0.01; done"});
  REQUIRE(fixture.run_until([&] { return std::filesystem::exists(up); }));
  command->signal(SIGTERM);
  CHECK(fixture.run(command->wait()).value == 5);
  command->signal(SIGTERM);
}

TEST_CASE("command: its leftovers are killed when it has ended") {
  command_fixture fixture;
  const auto command = fixture.command("sh", {"-c", "setsid sleep 1000 & sleep 1000 & kill -KILL $$"});
  const exit_status status = fixture.run(command->wait());
  CHECK(status.signaled);
  CHECK(status.value == SIGKILL);
  CHECK(processes_marked(fixture.mark).empty());
}

TEST_CASE("command: asked to end, it and what it started have time for it") {
  command_fixture fixture;
  const std::string up = fixture.folder / "up";
  const std::string tidied = fixture.folder / "tidied";
  const std::string child =
      "(trap 'sleep 0.1; : > " + tidied + "; exit' TERM; : > " + up + "; while :; do sleep 0.01; done)";
  const auto command = fixture.command("sh", {"-c", child + " & wait"});
  REQUIRE(fixture.run_until([&] { return std::filesystem::exists(up); }));
  command->end(5min);
  const exit_status status = fixture.run(command->wait());
  CHECK(status.signaled);
  CHECK(status.value == SIGTERM);
  CHECK(std::filesystem::exists(tidied));
  CHECK(processes_marked(fixture.mark).empty());
}

TEST_CASE("command: what does not end when it is asked to is killed") {
  command_fixture fixture;
  const std::string up = fixture.folder / "up";
  const auto command =
      fixture.command("sh", {"-c", "trap '' TERM; setsid sleep 1000 & : > " + up + "; while :; do sleep 0.01; done"});
  REQUIRE(fixture.run_until([&] { return std::filesystem::exists(up); }));
  command->end(50ms);
  const exit_status status = fixture.run(command->wait());
  CHECK(status.signaled);
  CHECK(status.value == SIGKILL);
  CHECK(processes_marked(fixture.mark).empty());
}

TEST_CASE("command: destroying it ends the time that it was given") {
  command_fixture fixture;
  const std::string up = fixture.folder / "up";
  auto command =
      fixture.command("sh", {"-c", "trap ': > " + up + "' TERM; : > " + up + "; while :; do sleep 0.01; done"});
  REQUIRE(fixture.run_until([&] { return std::filesystem::exists(up); }));
  std::filesystem::remove(up);
  command->end(60min);
  REQUIRE(fixture.run_until([&] { return std::filesystem::exists(up); }));
  command.reset();
  CHECK(wait_until([&] { return processes_marked(fixture.mark).empty(); }));
}

TEST_CASE("command: destroying it kills it and nobody else") {
  command_fixture fixture;
  const auto box = fixture.start("/bin/sleep", {"1000"});
  auto command = fixture.command("sh", {"-c", "setsid sleep 1000 & exec sleep 1000"});
  REQUIRE(fixture.run_until([&] { return processes_marked(fixture.mark).size() == 3; }));
  command.reset();
  CHECK(wait_until([&] { return processes_marked(fixture.mark).size() == 1; }));
  CHECK(is_alive(box->process_id()));
}

}  // namespace kelvin::test
