#include "emulator/function/debugging.hpp"

#include "emulator/function/function_configuration.hpp"
#include "emulator/function/runtime_environment.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kelvin;

namespace {

using words = std::vector<std::string>;

}  // namespace

TEST_CASE("debuggers have the names that the command line takes") {
  for (const debugger each : {debugger::gdbserver, debugger::lldb_server, debugger::dlv, debugger::wait})
    CHECK(find_debugger(name_of(each)) == each);
  for (const char* other : {"", "gdb", "GDBSERVER", "lldb", "delve", "dlv "})
    CHECK_FALSE(find_debugger(other));
}

TEST_CASE("what is run under each debugger") {
  const std::string bootstrap = "/code of mine/bootstrap";
  const auto gdb = command_under({debugger::gdbserver, "/usr/bin/gdbserver", 2345}, bootstrap);
  CHECK(gdb.program == "/usr/bin/gdbserver");
  CHECK(gdb.arguments == words{"--once", "--no-startup-with-shell", "127.0.0.1:2345", bootstrap});
  const auto lldb = command_under({debugger::lldb_server, "/usr/bin/lldb-server", 1}, bootstrap);
  CHECK(lldb.program == "/usr/bin/lldb-server");
  CHECK(lldb.arguments == words{"gdbserver", "127.0.0.1:1", "--", bootstrap});
  const auto dlv = command_under({debugger::dlv, "/go/bin/dlv", 65535}, bootstrap);
  CHECK(dlv.program == "/go/bin/dlv");
  CHECK(dlv.arguments ==
        words{"exec", "--headless", "--listen=127.0.0.1:65535", "--api-version=2", "--accept-multiclient", bootstrap});
  const auto wait = command_under({debugger::wait, "", 2345}, bootstrap);
  CHECK(wait.program == bootstrap);
  CHECK(wait.arguments.empty());
}

TEST_CASE("how to attach to each of them") {
  CHECK(how_to_attach({debugger::gdbserver, "/g", 2345}, "/code/bootstrap", 7) ==
        "gdb /code/bootstrap -ex 'set sysroot /' -ex 'target remote 127.0.0.1:2345'");
  CHECK(how_to_attach({debugger::lldb_server, "/l", 2345}, "/code/bootstrap", 7) ==
        "lldb /code/bootstrap -o 'gdb-remote 127.0.0.1:2345'");
  CHECK(how_to_attach({debugger::dlv, "/d", 2345}, "/code/bootstrap", 7) == "dlv connect 127.0.0.1:2345");
  CHECK(how_to_attach({debugger::wait, "", 0}, "/code/bootstrap", 7) ==
        "gdb -p 7 -ex 'handle SIGSTOP nostop noprint nopass' -ex 'handle SIGCONT nostop noprint' -ex 'shell kill "
        "-CONT 7'");
}

TEST_CASE("a debugged function is alone, without memory limit, and has a day") {
  function_configuration function;
  function.memory_chosen = true;
  function.memory_mib = 256;
  function.environments = 16;
  function.reserved_concurrency = 3;
  CHECK(function.deadline() == function.timeout);
  put_under_debugger(function, {debugger::dlv, "/go/bin/dlv", 2345});
  REQUIRE(function.debugged);
  CHECK(function.debugged->with == debugger::dlv);
  CHECK(function.environments == 1);
  CHECK_FALSE(function.memory_chosen);
  CHECK(function.memory_mib == 256);
  CHECK_FALSE(function.reserved_concurrency);
  CHECK(function.deadline() == std::chrono::hours(24));
  CHECK(function.timeout == std::chrono::seconds(3));
}

TEST_CASE("a function that lets nothing in lets nothing in under a debugger") {
  function_configuration function;
  function.reserved_concurrency = 0;
  put_under_debugger(function, {});
  CHECK(function.reserved_concurrency == 0u);
}

TEST_CASE("a debugged function runs at isolation level host, the others as the account says") {
  function_configuration function;
  function.code_folder = "/code";
  function.bootstrap = "/code/bootstrap";
  account_configuration account;
  account.isolation = isolation_level::lambda;
  CHECK(isolation_of(function, account) == isolation_level::lambda);
  put_under_debugger(function, {});
  CHECK(isolation_of(function, account) == isolation_level::host);
  const auto variables = runtime_environment(function, account, "127.0.0.1:1", "stream");
  CHECK(std::find(variables.begin(), variables.end(), "LAMBDA_TASK_ROOT=/code") != variables.end());
}
