#include "emulator/cli/command_line.hpp"

#include "emulator/cli/command.hpp"
#include "tests/support/captured_output.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/scoped_variable.hpp"

using namespace kelvin;
using namespace kelvin::test;

namespace {

captured_output run(const std::vector<std::string>& arguments) {
  return capture_output([&] { return run_command_line(arguments); });
}

}  // namespace

TEST_CASE("version and help") {
  CHECK(run({"--version"}).out == "kelvin " KELVIN_VERSION "\n");
  const auto help = run({"--help"});
  CHECK(help.code == 0);
  for (const char* name : {"run", "invoke", "exec", "config", "doctor"})
    CHECK(contains(help.out, name));
  const auto none = run({});
  CHECK(none.code == 2);
  CHECK(none.out.empty());
  CHECK(none.error == help.out);
}

TEST_CASE("each command's help names its options, their variables and defaults") {
  for (const char* name : {"run", "exec", "config", "invoke"}) {
    CAPTURE(name);
    const auto help = run({name, "--help"});
    CHECK(help.code == 0);
    CHECK(help.error.empty());
    CHECK(contains(help.out, std::string("Usage: kelvin ") + name));
    CHECK(contains(help.out, "--memory MB"));
    CHECK(contains(help.out, "[KELVIN_MEMORY, default: 128]"));
  }
  CHECK(contains(run({"invoke", "-h"}).out, "--client-context JSON"));
  CHECK(contains(run({"doctor", "--help"}).out, "Usage: kelvin doctor"));
}

TEST_CASE("usage errors: exit code 2, nothing on stdout, a message and where help is") {
  struct row {
    std::vector<std::string> arguments;
    const char* message;
  };
  const std::vector<row> rows = {
      {{"rnu"}, "kelvin: error: unknown command `rnu`; did you mean run?\nSee: kelvin --help\n"},
      {{"nothing-like-it"}, "unknown command `nothing-like-it`\n"},
      {{"/"}, "unknown command `/`; did you mean: kelvin run /"},
      {{"a=b"}, "did you mean: kelvin run a=b"},
      {{"bench"}, "kelvin bench is not in this version"},
      {{"event"}, "kelvin event is not in this version"},
      {{"new"}, "kelvin new is not in this version"},
      {{"package"}, "kelvin package is not in this version"},
      {{"deploy"}, "kelvin deploy is not in this version"},
      {{"run", "--memroy", "1"}, "unknown option --memroy; did you mean --memory?\nSee: kelvin run --help\n"},
      {{"run", "--xyzzy"}, "unknown option --xyzzy\n"},
      {{"run", "--memory"}, "--memory"},
      {{"run", "--memory", "1"}, "--memory 1: must be a whole number from 128 to 10240 (MB)"},
      {{"run", "x="}, "TARGET `x=`: must be NAME=PATH or PATH"},
      {{"run", "--isolation", "vm"}, "--isolation vm: must be host or lambda"},
      {{"exec"}, "the command is missing: kelvin exec [TARGET...] -- COMMAND"},
      {{"exec", "a", "--"}, "the command is missing"},
      {{"exec", "--junit", "f", "--", "true"}, "--junit is not in this version"},
      {{"exec", "--fail-on-function-error", "--", "true"}, "--fail-on-function-error is not in this version"},
      {{"exec", "--timeout", "0", "--", "true"}, "--timeout 0"},
      {{"invoke", "--event", "sqs"}, "--event is not in this version"},
      {{"invoke", "a", "b"}, "unexpected argument `b`"},
      {{"invoke", "-d", "1", "--file", "f"}, "--data and --file exclude each other"},
      {{"invoke", "--file", "/no/such/file"}, "cannot read --file /no/such/file: No such file"},
      {{"invoke", "--memory", "256"}, "--memory concerns a function that kelvin starts itself: it needs --target"},
      {{"invoke", "--endpoint", "nowhere"}, "--endpoint nowhere: must be http://HOST:PORT"},
      {{"invoke", "--endpoint", "https://localhost:1"}, "https is not in this version"},
      {{"invoke", "--endpoint", "http://localhost:1", "--target", "x"}, "--target and --endpoint exclude each other"},
      {{"invoke", "--target", "x", "--memory", "1"}, "--memory 1"},
      {{"config", "--region", "X"}, "--region X"},
      {{"doctor", "--listen", "x"}, "--listen x: must be HOST:PORT"},
      {{"doctor", "--verbose"}, "unknown option --verbose"},
  };
  for (const auto& [arguments, message] : rows) {
    CAPTURE(message);
    const auto shown = run(arguments);
    CHECK(shown.code == 2);
    CHECK(shown.out.empty());
    CHECK(shown.error.starts_with("kelvin: error: "));
    CHECK(contains(shown.error, message));
    CHECK(contains(shown.error, " --help\n"));
  }
}

TEST_CASE("events and client contexts have Lambda's limits") {
  temporary_folder folder;
  const auto file = folder.write("large", std::string(6 * 1024 * 1024 + 1, ' '));
  const auto large = run({"invoke", "--file", file});
  CHECK(large.code == 2);
  CHECK(contains(large.error, "the event has more than 6291456 bytes"));
  const auto context = run({"invoke", "--client-context", std::string(3000, 'x')});
  CHECK(context.code == 2);
  CHECK(contains(context.error, "--client-context is too long: Lambda takes 3583 bytes"));
}

TEST_CASE("invoking where nothing listens") {
  const scoped_variable endpoint("KELVIN_ENDPOINT", "http://127.0.0.1:1");
  const auto shown = run({"invoke"});
  CHECK(shown.code == 3);
  CHECK(shown.out.empty());
  CHECK(contains(shown.error, "127.0.0.1:1"));
  CHECK(contains(shown.error, "kelvin run"));
}

TEST_CASE("config shows values, where they come from, and the functions") {
  temporary_folder folder;
  folder.write_script("pets/bootstrap");
  folder.write_script("layer/extensions/agent");
  const scoped_variable timeout("KELVIN_TIMEOUT", "5");
  const scoped_variable wrong("KELVIN_TIMOUT", "6");
  const auto shown = run({"config", "--memory", "256", "--layer", folder / "layer", "cats=" + folder / "pets"});
  CHECK(shown.code == 0);
  for (const auto& line : std::vector<std::string>{
           "(command line) memory = 256\n", "(environment variable KELVIN_TIMEOUT) timeout = 5\n",
           "(default) region = us-east-1\n", "\nfunction cats\n", "  bootstrap = " + folder / "pets/bootstrap\n"}) {
    CHECK(contains(shown.out, line));
  }
  CHECK(contains(shown.error, "warning: the environment variable KELVIN_TIMOUT is set, but no option reads it"));
  CHECK(contains(shown.error, "holds extensions (agent): they are NOT run"));
}

TEST_CASE("config of what cannot be loaded") {
  const auto shown = run({"config", "/no/such/target"});
  CHECK(shown.code == 3);
  CHECK(contains(shown.out, "(default) memory = 128"));
  CHECK(contains(shown.error, "kelvin: error: target /no/such/target does not exist"));
}

TEST_CASE("the nearest name") {
  const std::vector<std::string> names = {"--memory", "--region", "--ready-file"};
  CHECK(nearest("--memroy", names) == "--memory");
  CHECK(nearest("--regoin", names) == "--region");
  CHECK(nearest("--quite-else", names).empty());
  CHECK(nearest("x", names).empty());
}
