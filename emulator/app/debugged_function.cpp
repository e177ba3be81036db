#include "emulator/app/debugged_function.hpp"

#include "emulator/function/debugger_choice.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace kelvin {
namespace {

std::string find_installed(std::string_view name) {
  const char* search_path = std::getenv("PATH");
  return find_program(name, search_path != nullptr ? search_path : "");
}

bool is_free(std::uint16_t port) {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  // As debuggers do: what is left of connections that have ended is not in the way.
  ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = ::bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  return bound;
}

std::string names_of(const std::list<function_configuration>& functions) {
  std::string names;
  for (const function_configuration& each : functions)
    names.append(names.empty() ? "" : ", ").append(each.name);
  return names;
}

}  // namespace

result<std::vector<std::string>> debug_as_chosen(const settings& chosen,
                                                 std::vector<function_configuration>& functions) {
  std::vector<std::string> sentences;
  const auto named = [&chosen](const function_configuration& each) {
    return each.name == chosen.debug || each.logical_id == chosen.debug;
  };
  const auto found = std::find_if(functions.begin(), functions.end(), named);
  if (chosen.debug.empty() || found == functions.end())
    return sentences;
  auto choice = choose_debugger(chosen.debug_with, is_go_program(found->bootstrap), find_installed);
  if (!choice)
    return fail(choice.error().code, "--debug-with " + choice.error().detail);
  if (!choice->why_not.empty())
    sentences.push_back("--debug " + chosen.debug + ": " + choice->why_not);
  put_under_debugger(*found, {choice->with, std::move(choice->program), chosen.debug_port});
  return sentences;
}

result<void> check_debugging(const settings& chosen, const std::list<function_configuration>& functions) {
  if (chosen.debug.empty())
    return {};
  const auto debugged = std::find_if(functions.begin(), functions.end(),
                                     [](const function_configuration& each) { return each.debugged.has_value(); });
  if (debugged == functions.end()) {
    return fail(errc::not_found,
                "--debug " + chosen.debug + ": there is no function of that name, there is: " + names_of(functions));
  }
  if (debugged->debugged->with != debugger::wait && !is_free(chosen.debug_port)) {
    const std::string port = std::to_string(chosen.debug_port);
    return fail(errc::address_in_use, "--debug " + chosen.debug + ": another program holds 127.0.0.1:" + port +
                                          ", where the debugger is to wait. Stop it (ss -ltnp 'sport = :" + port +
                                          "' shows it) or choose another port with --debug-port");
  }
  return {};
}

}  // namespace kelvin
