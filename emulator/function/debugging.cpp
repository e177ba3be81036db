#include "emulator/function/debugging.hpp"

#include "emulator/function/function_configuration.hpp"

#include <array>
#include <utility>

namespace kelvin {
namespace {

constexpr std::array all = {debugger::gdbserver, debugger::lldb_server, debugger::dlv, debugger::wait};

std::string address_of(const debugging& by) {
  return "127.0.0.1:" + std::to_string(by.port);
}

}  // namespace

std::string_view name_of(debugger which) noexcept {
  switch (which) {
    case debugger::gdbserver: return "gdbserver";
    case debugger::lldb_server: return "lldb-server";
    case debugger::dlv: return "dlv";
    case debugger::wait: break;
  }
  return "wait";
}

std::optional<debugger> find_debugger(std::string_view name) noexcept {
  for (const debugger each : all) {
    if (name_of(each) == name)
      return each;
  }
  return std::nullopt;
}

void put_under_debugger(function_configuration& function, debugging by) {
  function.debugged = std::move(by);
  function.environments = 1;
  function.memory_chosen = false;
  if (function.reserved_concurrency != 0u)
    function.reserved_concurrency.reset();
}

debug_command command_under(const debugging& by, const std::string& bootstrap) {
  const std::string address = address_of(by);
  switch (by.with) {
    // Through a shell, which is its default, the function would get that shell's variables too.
    case debugger::gdbserver: return {by.program, {"--once", "--no-startup-with-shell", address, bootstrap}};
    case debugger::lldb_server: return {by.program, {"gdbserver", address, "--", bootstrap}};
    case debugger::dlv:
      return {by.program,
              {"exec", "--headless", "--listen=" + address, "--api-version=2", "--accept-multiclient", bootstrap}};
    case debugger::wait: break;
  }
  return {bootstrap, {}};
}

std::string how_to_attach(const debugging& by, const std::string& bootstrap, int process_id) {
  switch (by.with) {
    // Without a root of its own gdb would fetch every library through the debugger.
    case debugger::gdbserver:
      return "gdb " + bootstrap + " -ex 'set sysroot /' -ex 'target remote " + address_of(by) + "'";
    case debugger::lldb_server: return "lldb " + bootstrap + " -o 'gdb-remote " + address_of(by) + "'";
    case debugger::dlv: return "dlv connect " + address_of(by);
    case debugger::wait: break;
  }
  const std::string number = std::to_string(process_id);
  // It is continued once gdb has it, so that it runs on when gdb leaves it.
  return "gdb -p " + number +
         " -ex 'handle SIGSTOP nostop noprint nopass' -ex 'handle SIGCONT nostop noprint' -ex 'shell kill -CONT " +
         number + "'";
}

}  // namespace kelvin
