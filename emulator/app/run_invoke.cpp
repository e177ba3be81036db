#include "emulator/app/application.hpp"
#include "emulator/app/remote_invocation.hpp"
#include "emulator/app/serving.hpp"

#include <utility>

namespace kelvin {
namespace {

/// Through the callers' port, so that one shot sees exactly what a client of a server would.
awaitable<int> invoke_once(server& serves, invoke_arguments arguments) {
  kelvin_address at{"127.0.0.1", serves.port()};
  auto answer = co_await invoke_remote(serves.context(), serves.clock(), std::move(at), std::move(arguments));
  if (!answer) {
    serves.tell(notice_level::error, answer.error().detail);
    co_return exit_code::own_failure;
  }
  serves.flush_log();
  co_return print_answer(*answer, false);
}

}  // namespace

int run_invoke_once(const settings& chosen, const invoke_arguments& arguments) {
  settings serves_at = chosen;
  serves_at.listen_host = "127.0.0.1";
  serves_at.listen_port = 0;
  serves_at.listen_chosen = true;
  auto begun = begin_serving(serves_at);
  if (!begun) {
    print_failure(begun.error());
    return exit_code_of(begun.error());
  }
  server& serves = *begun->server;
  return serve_while(
      *begun, [&serves, &arguments] { return invoke_once(serves, arguments); }, exit_code::own_failure);
}

}  // namespace kelvin
