#include "emulator/sandbox/command_output.hpp"

#include "runtime-api/base/system_clock.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/unit/sandbox/sandbox_fixture.hpp"

namespace kelvin::test {
namespace {

struct command_output_fixture : sandbox_fixture {
  result<command_output> collect(std::string script, std::size_t output_bytes = 1000, duration limit = patience) {
    command_specification command;
    command.command = "sh";
    command.arguments = {"-c", std::move(script)};
    command.variables = {"PATH=/usr/bin:/bin", "MARK=" + mark};
    return run(collect_output(context, time, *factory, std::move(command), limit, output_bytes));
  }
  system_clock time{context};
};

TEST_CASE("command output: both streams and the status") {
  command_output_fixture here;
  const auto ran = here.collect("cat; echo out; echo err >&2; exit 3");
  REQUIRE(succeeds(ran));
  CHECK(ran->output == "out\n");
  CHECK(ran->error == "err\n");
  CHECK_FALSE(ran->status.signaled);
  CHECK(ran->status.value == 3);
}

TEST_CASE("command output: no more than is wanted") {
  command_output_fixture here;
  const auto most = here.collect("head -c 1000 /dev/zero");
  REQUIRE(succeeds(most));
  CHECK(most->output == std::string(1000, '\0'));
  failure_text(here.collect("head -c 1001 /dev/zero; sleep 1000"), errc::body_too_large);
  failure_text(here.collect("cat /dev/zero"), errc::body_too_large);
  CHECK(wait_until([&] { return processes_marked(here.mark).empty(); }));
}

TEST_CASE("command output: what takes too long is killed with all it started") {
  command_output_fixture here;
  const auto ran = here.collect("echo out; sleep 1000 & sleep 1000", 1000, 100ms);
  failure_text(ran, errc::timed_out);
  failure_text(here.collect("exec >&- 2>&-; sleep 1000", 1000, 100ms), errc::timed_out);
  CHECK(wait_until([&] { return processes_marked(here.mark).empty(); }));
}

TEST_CASE("command output: a command that is not there") {
  command_output_fixture here;
  const std::size_t before = open_descriptors();
  command_specification command;
  command.command = "no-such-command";
  failure_text(here.run(collect_output(here.context, here.time, *here.factory, command, patience, 10)),
               errc::not_found);
  CHECK(open_descriptors() == before);
}

}  // namespace
}  // namespace kelvin::test
