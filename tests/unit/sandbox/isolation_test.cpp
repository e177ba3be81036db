#include "sandbox_fixture.hpp"

#include "emulator/sandbox/isolation_probe.hpp"

#include <sys/mount.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>

namespace kelvin::test {
namespace {

using lines = std::vector<std::string>;

/// Sandboxes at level `lambda`, where this machine lets one be made; the first test says if not.
struct isolated_fixture : sandbox_fixture {
  temporary_folder code;
  std::shared_ptr<kept_tmp> tmp = std::make_shared<kept_tmp>();
  std::string layers;

  process_specification specify_isolated(const std::string& script) {
    code.write("bootstrap", "#!/bin/sh\n" + script + "\n", 0755);
    process_specification specification = specify("/var/task/bootstrap");
    specification.working_directory = "/var/task";
    specification.isolation = isolation_specification{code.path(), layers, 1024 * 1024, tmp, {}};
    return specification;
  }
  std::unique_ptr<sandbox> start_isolated(const std::string& script) {
    auto started = try_start(specify_isolated(script));
    if (!started) {
      FAIL(started.error().detail);
    }
    return std::move(*started);
  }
  /// Runs a script to its end and gives what it printed.
  lines output_of(const std::string& script) {
    observer = {};
    const auto box = start_isolated(script);
    REQUIRE(run_until_exit());
    run(box->stop());
    return observer.output;
  }
};

bool possible() {
  static const bool answer = isolation_probe::begin().finish().has_value();
  return answer;
}

}  // namespace

TEST_CASE("isolation: the dry set-up leaves this process as it was and names what fails") {
  const auto mounts = read_file("/proc/self/mounts");
  const auto children = own_children();
  const std::size_t descriptors = open_descriptors();
  {
    auto outcome = isolation_probe::begin().finish();
    if (!outcome) {
      CHECK(outcome.error().detail.starts_with("isolation level lambda: "));
      MESSAGE(outcome.error().detail);
    }
  }
  CHECK(read_file("/proc/self/mounts") == mounts);
  CHECK(own_children() == children);
  CHECK(open_descriptors() == descriptors);
}

TEST_SUITE("isolation level lambda" * doctest::skip(!possible())) {
  TEST_CASE("isolation: code at /var/task, layers at /opt, nothing of either can be written") {
    isolated_fixture fixture;
    const temporary_folder layer;
    SUBCASE("with layers") {
      layer.write("data", "of a layer\n", 0644);
      fixture.layers = layer.path();
      CHECK(fixture.output_of("pwd; cat /opt/data; echo $0; touch /opt/x || touch x || echo refused") ==
            lines{"/var/task", "of a layer", "/var/task/bootstrap", "refused"});
    }
    SUBCASE("without") {
      CHECK(fixture.output_of("ls -A /opt | wc -l; ls -d /var/runtime") == lines{"0", "/var/runtime"});
    }
    CHECK(std::filesystem::exists(fixture.code / "bootstrap"));
    CHECK_FALSE(std::filesystem::exists(fixture.code / "x"));
  }

  TEST_CASE("isolation: a root that was built before serves like one that is built for the start") {
    isolated_fixture fixture;
    const std::string look = "pwd; echo $$; ls /; ls -A /opt /tmp | wc -l; grep -c . /proc/self/mountinfo; id -u";
    const lines on_demand = fixture.output_of(look);
    fixture.factory->expect(true);
    REQUIRE(fixture.run_until([] { return helpers_below(::getpid(), "kelvin-init").size() == 1; }));
    const pid_t prepared = helpers_below(::getpid(), "kelvin-init").front();
    CHECK(fixture.output_of(look) == on_demand);
    CHECK(fixture.run_until([prepared] { return !is_alive(prepared); }));
  }

  TEST_CASE("isolation: an init that was killed while it waited is replaced unnoticed") {
    isolated_fixture fixture;
    fixture.factory->expect(true);
    REQUIRE(fixture.run_until([] { return helpers_below(::getpid(), "kelvin-init").size() == 1; }));
    ::kill(helpers_below(::getpid(), "kelvin-init").front(), SIGKILL);
    CHECK(fixture.output_of("pwd") == lines{"/var/task"});
  }

  TEST_CASE("isolation: what was mounted over the code since the root was built is what runs" *
            doctest::skip(::geteuid() != 0)) {
    isolated_fixture fixture;
    fixture.factory->expect(true);
    REQUIRE(fixture.run_until([] { return helpers_below(::getpid(), "kelvin-init").size() == 1; }));
    const std::string where = fixture.code.path();
    REQUIRE(::mount("kelvin-test", where.c_str(), "tmpfs", 0, "mode=0755") == 0);
    const lines seen = fixture.output_of("stat -f -c %T .");
    CHECK(::umount2(where.c_str(), MNT_DETACH) == 0);
    CHECK(seen == lines{"tmpfs"});
  }

  TEST_CASE("isolation: nothing but /tmp can be written") {
    isolated_fixture fixture;
    const lines written = fixture.output_of(
        "for folder in / /bin /dev /dev/shm /etc /home /opt /proc /proc/sys/kernel /root /run /sys /usr /var /var/task "
        "/var/tmp /var/runtime /tmp; do (: > $folder/kelvin-probe) 2>/dev/null && echo $folder; done; exit 0");
    CHECK(written == lines{"/tmp"});
    CHECK(fixture.output_of("echo x > /proc/sys/kernel/hostname || echo refused") == lines{"refused"});
    CHECK(fixture.output_of("mount -o remount,rw / || umount /proc || mount -t tmpfs x /usr || echo refused") ==
          lines{"refused"});
    CHECK_FALSE(std::filesystem::exists("/tmp/kelvin-probe"));
  }

  TEST_CASE("isolation: no way leads back to the machine's own root") {
    isolated_fixture fixture;
    const std::string secret = "/tmp/kelvin-secret-" + fixture.mark;
    REQUIRE(std::ofstream(secret).good());
    const std::string look = "ls -d " + secret + " /.." + secret + " /proc/1/root" + secret + " 2>/dev/null; ";
    CHECK(fixture
              .output_of(look + "cut -d' ' -f5 /proc/self/mountinfo | grep -v -e '^/[a-z]' -e '^/$'; "
                                "chroot / true 2>/dev/null && echo chroot; exit 0")
              .empty());
    // With the capabilities of a user namespace of its own, where the machine lets it have one.
    CHECK(fixture
              .output_of("unshare --user --map-root-user --mount --pid --fork sh -c '" + look +
                         "umount -l / && echo unmounted; mount -o remount,rw,bind / && echo writable; "
                         "mkdir /tmp/x; chroot /tmp/x true; " +
                         look +
                         "' 2>/dev/null; "
                         "unshare --user --map-root-user nsenter --mount=/proc/self/ns/mnt sh -c '" +
                         look +
                         "' "
                         "2>/dev/null; exit 0")
              .empty());
    std::filesystem::remove(secret);
  }

  TEST_CASE("isolation: devices work") {
    isolated_fixture fixture;
    CHECK(fixture.output_of("echo x > /dev/null && head -c 2 /dev/zero | wc -c; head -c 3 /dev/urandom | wc -c; "
                            "head -c 4 /dev/random | wc -c; (echo x > /dev/full) 2>/dev/null || echo full; "
                            "echo out > /dev/stdout; ls -A /dev | tr '\\n' ' '; echo") ==
          lines{"2", "3", "4", "full", "out", "fd full null random shm stderr stdin stdout tty urandom zero "});
  }

  TEST_CASE("isolation: a process sees its own tree alone, and is not its first process") {
    isolated_fixture fixture;
    const lines seen = fixture.output_of("cat /proc/1/comm; echo $$; kill -KILL 1; echo alive; cd /proc; echo [0-9]*");
    CHECK(seen == lines{"kelvin-init", "2", "alive", "1 2"});
  }

  TEST_CASE("isolation: /tmp is bounded, empty at first, and survives a reset of its environment alone") {
    isolated_fixture fixture;
    CHECK(fixture.output_of("ls -A /tmp | wc -l; stat -c %a /tmp; echo kept > /tmp/file; "
                            "head -c 3000000 /dev/zero > /tmp/large 2>/dev/null || echo full; rm /tmp/large") ==
          lines{"0", "1777", "full"});
    CHECK(fixture.output_of("cat /tmp/file; echo again >> /tmp/file") == lines{"kept"});
    SUBCASE("after a kill") {
      const auto box = fixture.start_isolated("echo thrice >> /tmp/file; echo up; exec sleep 1000");
      REQUIRE(fixture.run_until([&] { return fixture.observer.output.size() > 1; }));
      fixture.run(box->stop());
      CHECK(fixture.output_of("tail -n1 /tmp/file") == lines{"thrice"});
    }
    SUBCASE("after a program that could not be run") {
      auto specification = fixture.specify_isolated("");
      specification.program = "/var/task/missing";
      const auto refused = fixture.try_start(specification);
      REQUIRE(refused.has_error());
      CHECK(refused.error().code == errc::not_executable);
      CHECK(refused.error().detail == "fork/exec /var/task/missing: no such file or directory");
      CHECK(fixture.output_of("tail -n1 /tmp/file") == lines{"again"});
    }
    fixture.tmp = std::make_shared<kept_tmp>();
    CHECK(fixture.output_of("ls -A /tmp | wc -l") == lines{"0"});
  }

  TEST_CASE("isolation: ends are reported as without it") {
    isolated_fixture fixture;
    int expected = 0;
    bool signaled = true;
    SUBCASE("status") {
      const auto box = fixture.start_isolated("exit 7");
      REQUIRE(fixture.run_until_exit());
      signaled = false;
      expected = 7;
    }
    SUBCASE("abort") {
      const auto box = fixture.start_isolated("ulimit -c 0; kill -ABRT $$");
      REQUIRE(fixture.run_until_exit());
      expected = SIGABRT;
    }
    SUBCASE("its own SIGKILL") {
      const auto box = fixture.start_isolated("kill -KILL $$");
      REQUIRE(fixture.run_until_exit());
      expected = SIGKILL;
    }
    SUBCASE("terminate reaches the group") {
      const auto box = fixture.start_isolated("sleep 1000 & echo up; wait");
      REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
      CHECK(is_alive(box->process_id()));
      box->terminate();
      REQUIRE(fixture.run_until_exit());
      CHECK(wait_until([&] { return processes_marked(fixture.mark).empty(); }));
      expected = SIGTERM;
    }
    SUBCASE("stop") {
      const auto box = fixture.start_isolated("setsid sleep 1000 & echo up; exec sleep 1000");
      REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
      fixture.run(box->stop());
      expected = SIGKILL;
    }
    REQUIRE(fixture.observer.exit.has_value());
    CHECK(fixture.observer.exits == 1);
    CHECK(fixture.observer.exit->signaled == signaled);
    CHECK(fixture.observer.exit->value == expected);
    CHECK(processes_marked(fixture.mark).empty());
  }

  TEST_CASE("isolation: the process kelvin measures is the program's") {
    isolated_fixture fixture;
    const auto box = fixture.start_isolated("echo up; exec sleep 1000");
    REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
    // In the middle of the shell's exec a process has no environment to be seen.
    CHECK(wait_until([&] { return processes_marked(fixture.mark) == std::vector<pid_t>{box->process_id()}; }));
    CHECK(box->sample_max_memory_bytes(0s) > 0);
    CHECK(box->executed() > box->start_requested());
    CHECK(wait_until([&] { return descriptors_of(box->process_id()).size() == 3; }));
  }

  TEST_CASE("isolation: who survives the program ends with stop, whoever its parent was") {
    isolated_fixture fixture;
    const auto box = fixture.start_isolated("setsid setsid sleep 1000 & echo up");
    REQUIRE(fixture.run_until_exit());
    CHECK(fixture.observer.exit->value == 0);
    fixture.run(box->stop());
    CHECK(processes_marked(fixture.mark).empty());
  }

  TEST_CASE("isolation: a killed keeper takes its tree with it") {
    isolated_fixture fixture;
    const auto box = fixture.start_isolated("setsid sleep 1000 & echo up; exec sleep 1000");
    REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
    for (const pid_t init : helpers_below(::getpid(), "kelvin-init")) {
      ::kill(init, SIGSTOP);
    }
    for (const pid_t keeper : helpers_below(::getpid(), "kelvin-keeper")) {
      ::kill(keeper, SIGKILL);
    }
    REQUIRE(fixture.run_until_exit());
    CHECK(fixture.observer.exit->lost);
    CHECK(wait_until([&] { return processes_marked(fixture.mark).empty(); }));
  }

  TEST_CASE("isolation: a killed init ends the process as by SIGKILL") {
    isolated_fixture fixture;
    const auto box = fixture.start_isolated("echo up; exec sleep 1000");
    REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
    for (const pid_t init : helpers_below(::getpid(), "kelvin-init")) {
      ::kill(init, SIGKILL);
    }
    REQUIRE(fixture.run_until_exit());
    CHECK(fixture.observer.exit->signaled);
    CHECK(fixture.observer.exit->value == SIGKILL);
    CHECK(processes_marked(fixture.mark).empty());
  }

  TEST_CASE("isolation: a folder that is not there is named") {
    isolated_fixture fixture;
    auto specification = fixture.specify_isolated("");
    specification.isolation->code_folder = "/no/such/folder";
    const auto refused = fixture.try_start(specification);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::system_failure);
    CHECK(refused.error().detail ==
          "isolation level lambda: binding the code folder at /var/task: /no/such/folder: "
          "no such file or directory");
    CHECK(fixture.output_of("echo works again") == lines{"works again"});
  }

  TEST_CASE("isolation: a snapshot runs at the program's own path, which may be written to meanwhile") {
    isolated_fixture fixture;
    auto specification = fixture.specify_isolated("echo original");
    fixture.code.write("copies/1", "#!/bin/sh\necho $0 copy; exec sleep 1000\n", 0755);
    specification.isolation->program_snapshot = fixture.code.path() + "/copies/1";
    const auto box = fixture.try_start(specification);
    REQUIRE(box.has_value());
    REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
    CHECK(fixture.observer.output == lines{"/var/task/bootstrap copy"});
    fixture.code.write("bootstrap", "#!/bin/sh\necho changed\n", 0755);
    std::filesystem::remove(fixture.code.path() + "/bootstrap");
    fixture.run((*box)->stop());
    fixture.observer = {};
    const auto refused = fixture.try_start(specification);
    REQUIRE(refused.has_error());
    CHECK(refused.error().detail.find("binding this version's snapshot over: /var/task/bootstrap") !=
          std::string::npos);
  }

  TEST_CASE("isolation: a snapshot under the program's name is there though the program is replaced or gone") {
    isolated_fixture fixture;
    auto specification = fixture.specify_isolated("echo original");
    fixture.code.write("other", "other\n");
    const test::temporary_folder copies;
    copies.write("bootstrap", "#!/bin/sh\necho $0 copy\ncat /var/task/bootstrap /var/task/other\n", 0755);
    specification.isolation->program_snapshot = copies.path() + "/bootstrap";
    std::filesystem::remove(fixture.code.path() + "/bootstrap");
    const auto box = fixture.try_start(specification);
    REQUIRE(box.has_value());
    REQUIRE(fixture.run_until_exit());
    REQUIRE_FALSE(fixture.observer.output.empty());
    CHECK(fixture.observer.output.front() == "/var/task/bootstrap copy");
    CHECK(fixture.observer.output.back() == "other");
    CHECK_FALSE(std::filesystem::exists(fixture.code.path() + "/bootstrap"));
  }

  TEST_CASE("isolation: variables too long for a packet and a kept /tmp go together") {
    isolated_fixture fixture;
    CHECK(fixture.output_of("echo kept > /tmp/file").empty());
    auto specification = fixture.specify_isolated("printf %s \"$LONG\" | wc -c; cat /tmp/file");
    specification.variables.push_back("LONG=" + std::string(100'000, 'x'));
    fixture.observer = {};
    const auto started = fixture.try_start(specification);
    REQUIRE(started.has_value());
    REQUIRE(fixture.run_until_exit());
    CHECK(fixture.observer.output == lines{"100000", "kept"});
  }
}

}  // namespace kelvin::test
