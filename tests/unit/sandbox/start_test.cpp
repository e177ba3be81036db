#include "sandbox_fixture.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace kelvin::test {
namespace {

using lines = std::vector<std::string>;

/// Runs a script to its end and gives what it printed.
lines output_of(sandbox_fixture& fixture, const std::string& script) {
  const auto box = fixture.start_shell(script);
  REQUIRE(fixture.run_until_exit());
  fixture.run(box->stop());
  return fixture.observer.output;
}

failure failure_of(sandbox_fixture& fixture, process_specification specification) {
  auto started = fixture.try_start(std::move(specification));
  REQUIRE(started.has_error());
  CHECK(fixture.observer.exits == 0);
  return started.error();
}

}  // namespace

TEST_CASE("start: exit statuses and times") {
  sandbox_fixture fixture;
  const steady_time before = std::chrono::steady_clock::now();
  const auto box = fixture.start_shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 7");
  CHECK(box->start_requested() >= before);
  CHECK(box->executed() > box->start_requested());
  CHECK(box->executed() < std::chrono::steady_clock::now());
  CHECK(is_alive(box->process_id()));
  REQUIRE(fixture.run_until_exit());
  CHECK_FALSE(fixture.observer.exit->signaled);
  CHECK_FALSE(fixture.observer.exit->lost);
  CHECK(fixture.observer.exit->value == 7);
  CHECK((fixture.observer.exit->cpu_user + fixture.observer.exit->cpu_system).count() > 0);
}

TEST_CASE("start: a signal that ends the process is reported as one") {
  sandbox_fixture fixture;
  SUBCASE("SIGKILL") {
    const auto box = fixture.start_shell("kill -KILL $$");
    REQUIRE(fixture.run_until_exit());
    CHECK(fixture.observer.exit->value == SIGKILL);
  }
  SUBCASE("SIGSEGV") {
    const auto box = fixture.start_shell("ulimit -c 0; kill -SEGV $$");
    REQUIRE(fixture.run_until_exit());
    CHECK(fixture.observer.exit->value == SIGSEGV);
  }
  SUBCASE("terminate") {
    const auto box = fixture.start_shell("echo ready; exec sleep 1000");
    REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
    box->terminate();
    REQUIRE(fixture.run_until_exit());
    CHECK(fixture.observer.exit->value == SIGTERM);
  }
  CHECK(fixture.observer.exit->signaled);
  CHECK_FALSE(fixture.observer.exit->lost);
}

TEST_CASE("start: files that cannot be run, in AWS's words") {
  sandbox_fixture fixture;
  const temporary_folder folder;
  process_specification specification = fixture.specify(folder / "bootstrap");
  std::string reason;
  SUBCASE("missing") {
    reason = "no such file or directory";
  }
  SUBCASE("missing interpreter") {
    folder.write("bootstrap", "#!/no/such/interpreter\n", 0755);
    reason = "no such file or directory";
  }
  SUBCASE("not executable") {
    folder.write("bootstrap", "#!/bin/sh\n", 0644);
    reason = "permission denied";
  }
  SUBCASE("a folder") {
    std::filesystem::create_directory(folder / "bootstrap");
    reason = "permission denied";
  }
  SUBCASE("text without an interpreter") {
    folder.write("bootstrap", "echo hello\n", 0755);
    reason = "exec format error";
  }
  SUBCASE("empty") {
    folder.write("bootstrap", "", 0755);
    reason = "exec format error";
  }
  SUBCASE("another architecture") {
    std::string header(
        "\x7f"
        "ELF\x02\x01\x01",
        7);
    header.resize(64, '\0');
    header[16] = 2;     // an executable
    header[18] = 0x16;  // of an S/390
    header[20] = 1;
    folder.write("bootstrap", header, 0755);
    reason = "exec format error";
  }
  SUBCASE("below a file") {
    folder.write("bootstrap", "", 0755);
    specification.program += "/bootstrap";
    reason = "not a directory";
  }
  const std::string program = specification.program;
  const failure problem = failure_of(fixture, specification);
  CHECK(problem.code == errc::not_executable);
  CHECK(problem.detail == "fork/exec " + program + ": " + reason);
}

TEST_CASE("start: other failures name what failed, and the next start works") {
  sandbox_fixture fixture;
  process_specification specification = fixture.specify("/bin/true");
  SUBCASE("missing working directory") {
    specification.working_directory = "/no/such/folder";
    const failure problem = failure_of(fixture, specification);
    CHECK(problem.code == errc::system_failure);
    CHECK(problem.detail == "chdir /no/such/folder: no such file or directory");
  }
  SUBCASE("NUL in a variable") {
    specification.variables.push_back(std::string("A=b\0c", 5));
    CHECK(failure_of(fixture, specification).code == errc::invalid_argument);
  }
  SUBCASE("too much environment for the kernel") {
    specification.variables.assign(200, "A=" + std::string(60000, 'x'));
    const failure problem = failure_of(fixture, specification);
    CHECK(problem.code == errc::system_failure);
    CHECK(problem.detail == "fork/exec /bin/true: argument list too long");
  }
  const auto box = fixture.start("/bin/true");
  REQUIRE(fixture.run_until_exit());
  CHECK(fixture.observer.exit->value == 0);
}

TEST_CASE("start: arguments, environment and working directory are exactly what was given") {
  sandbox_fixture fixture;
  const temporary_folder folder;
  process_specification specification{"/usr/bin/env", {}, {"B=2", "A=1 \xff", "EMPTY="}, folder.path()};
  SUBCASE("environment") {
    auto box = fixture.try_start(specification);
    REQUIRE(box.has_value());
    REQUIRE(fixture.run_until_exit());
    CHECK(fixture.observer.output == lines{"B=2", "A=1 \xff", "EMPTY="});
  }
  SUBCASE("no environment at all") {
    specification.variables.clear();
    auto box = fixture.try_start(specification);
    REQUIRE(box.has_value());
    REQUIRE(fixture.run_until_exit());
    CHECK(fixture.observer.output.empty());
  }
  SUBCASE("arguments and working directory") {
    specification.program = "/bin/sh";
    specification.arguments = {"-c", "cat /proc/$$/cmdline | tr '\\000' '|'; pwd -P", "", "a b"};
    auto box = fixture.try_start(specification);
    REQUIRE(box.has_value());
    REQUIRE(fixture.run_until_exit());
    const std::string expected =
        "/bin/sh|-c|" + specification.arguments[1] + "||a b|" + std::filesystem::canonical(folder.path()).string();
    CHECK(fixture.observer.output == lines{expected});
  }
  SUBCASE("an environment beyond one packet") {
    specification.arguments = {"sh", "-c", "echo ${#A} ${#C}"};
    specification.variables = {"PATH=/bin:/usr/bin", "A=" + std::string(100000, 'a'), "C=" + std::string(120000, 'c')};
    auto box = fixture.try_start(specification);
    REQUIRE(box.has_value());
    REQUIRE(fixture.run_until_exit());
    CHECK(fixture.observer.output == lines{"100000 120000"});
  }
}

TEST_CASE("start: the child has its three standard streams and no other descriptor") {
  sandbox_fixture fixture;
  const auto box = fixture.start("/bin/sleep", {"1000"});
  // exec is done, for whoever started it, a moment before it closes what closes on exec.
  CHECK(wait_until([&] { return descriptors_of(box->process_id()) == lines{"0 /dev/null", "1 pipe", "2 pipe"}; }));
}

TEST_CASE("start: descriptors are bounded, core files as before") {
  sandbox_fixture fixture;
  CHECK(output_of(fixture, "ulimit -Sn; ulimit -Hn") == lines{"1024", "1024"});
}

TEST_CASE("start: own process group, no signal blocked or ignored") {
  // As if somebody had started kelvin so: the function must not see it.
  const auto hang_up = std::signal(SIGHUP, SIG_IGN);
  const auto broken_pipe = std::signal(SIGPIPE, SIG_IGN);
  {
    sandbox_fixture fixture;
    const auto output =
        output_of(fixture, "cut -d' ' -f5 /proc/$$/stat; echo $$; grep -E '^Sig(Blk|Ign)' /proc/self/status | cut -f2");
    REQUIRE(output.size() == 4);
    CHECK(output[0] == output[1]);
    CHECK(output[2] == "0000000000000000");
    CHECK(output[3] == "0000000000000000");
  }
  std::signal(SIGHUP, hang_up);
  std::signal(SIGPIPE, broken_pipe);
}

TEST_CASE("start: no controlling terminal, even where kelvin has one") {
  const pid_t owner = ::fork();
  if (owner == 0) {
    ::setsid();
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
    ::grantpt(terminal);
    ::unlockpt(terminal);
    // Opened by the leader of a session without one, it becomes the session's terminal.
    const int other_side = ::open(::ptsname(terminal), O_RDWR);
    if (other_side < 0 || ::open("/dev/tty", O_RDWR) < 0) {
      ::_exit(2);
    }
    bool without = false;
    {
      sandbox_fixture fixture;
      without = output_of(fixture, "sh -c ': < /dev/tty' 2> /dev/null && echo terminal || echo none") == lines{"none"};
    }
    ::_exit(without ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(owner, &status, 0) == owner);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("start: the output is a blocking pipe") {
  sandbox_fixture fixture;
  // 04000 is O_NONBLOCK.
  CHECK(output_of(fixture, "grep flags /proc/$$/fdinfo/1 | tr -d ' \\t'") == lines{"flags:01"});
}

TEST_CASE("start: many at once") {
  sandbox_fixture fixture;
  std::vector<std::unique_ptr<recording_observer>> observers;
  std::vector<std::unique_ptr<sandbox>> boxes;
  for (int index = 0; index < 20; ++index) {
    auto& observer = *observers.emplace_back(std::make_unique<recording_observer>());
    boost::asio::co_spawn(fixture.context,
                          fixture.factory->start(fixture.specify("/bin/echo", {std::to_string(index)}), observer),
                          [&boxes](std::exception_ptr, result<std::unique_ptr<sandbox>> started) {
                            REQUIRE(started.has_value());
                            boxes.push_back(std::move(*started));
                          });
  }
  REQUIRE(fixture.run_until([&] {
    return boxes.size() == 20 && std::ranges::all_of(observers, [](auto& each) { return each->exit.has_value(); });
  }));
  for (std::size_t index = 0; index < 20; ++index) {
    CHECK(observers[index]->output == lines{std::to_string(index)});
  }
}

TEST_CASE("start: two hundred in a row leave nothing behind") {
  sandbox_fixture fixture;
  const auto once = [&] {
    fixture.observer.exit.reset();
    const auto box = fixture.start_shell("echo hello; setsid sleep 1000 & exit 3");
    REQUIRE(fixture.run_until_exit());
    box->sample_max_memory_bytes(0s);
    fixture.run(box->stop());
  };
  REQUIRE(fixture.run_until([&] { return helpers_below(::getpid(), "kelvin-keeper").size() == 1; }));
  const std::size_t descriptors = open_descriptors();
  for (int count = 0; count < 200; ++count) {
    once();
  }
  CHECK(fixture.run_until([&] { return open_descriptors() == descriptors; }));
  CHECK(own_children().size() == 1);
  const auto spawner = own_children().front();
  CHECK(fixture.run_until([&] { return helpers_below(spawner, "kelvin-keeper").size() == 1; }));
  CHECK(processes_marked(fixture.mark).empty());
  fixture.factory.reset();
  CHECK(own_children().empty());
}

TEST_CASE("start: a stopped one has done nothing until it is continued, its environment as given") {
  sandbox_fixture fixture;
  process_specification specification;
  specification.program = "/bin/sh";
  specification.arguments = {"-c", "echo $ONE; exit 3"};
  specification.variables = {"ONE=1"};
  specification.working_directory = "/";
  specification.stopped = true;
  auto started = fixture.try_start(specification);
  REQUIRE(started.has_value());
  const std::string process = "/proc/" + std::to_string((*started)->process_id());
  std::string text;
  // It is on its way when kelvin hears of the start.
  REQUIRE(wait_until([&] {
    std::ifstream status(process + "/status");
    text.assign(std::istreambuf_iterator<char>(status), {});
    return text.find("State:\tT (stopped)") != std::string::npos;
  }));
  CHECK(text.find("TracerPid:\t0\n") != std::string::npos);
  CHECK(text.starts_with("Name:\tsh\n"));
  ::kill((*started)->process_id(), SIGCONT);
  REQUIRE(fixture.run_until_exit());
  fixture.run((*started)->stop());
  CHECK(fixture.observer.exit->value == 3);
  CHECK(fixture.observer.output == lines{"1"});
}

TEST_CASE("start: a stopped one that is never continued ends like any other") {
  sandbox_fixture fixture;
  process_specification specification;
  specification.program = "/bin/true";
  specification.working_directory = "/";
  specification.stopped = true;
  auto started = fixture.try_start(specification);
  REQUIRE(started.has_value());
  const pid_t process = (*started)->process_id();
  fixture.run((*started)->stop());
  CHECK_FALSE(is_alive(process));
}

}  // namespace kelvin::test
