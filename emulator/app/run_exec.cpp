#include "emulator/app/application.hpp"
#include "emulator/app/ready_line.hpp"
#include "emulator/app/serving.hpp"
#include "emulator/app/signal_watch.hpp"
#include "emulator/sandbox/child_command.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <utility>

namespace kelvin {
namespace {

/// kelvin's own environment with the variables that make SDKs call kelvin; credentials and region
/// only where the user has none.
std::vector<std::string> command_variables(const server& serves) {
  const account_configuration& account = serves.registry().account();
  std::vector<std::string> variables;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view text = *each;
    if (!text.starts_with("AWS_ENDPOINT_URL_LAMBDA=") && !text.starts_with("KELVIN_URL=")) {
      variables.emplace_back(text);
    }
  }
  variables.push_back("AWS_ENDPOINT_URL_LAMBDA=" + serves.url());
  variables.push_back("KELVIN_URL=" + serves.url());
  const auto add_missing = [&variables](const char* name, const std::string& value) {
    if (std::getenv(name) == nullptr) {
      variables.push_back(std::string(name) + "=" + value);
    }
  };
  if (std::getenv("AWS_PROFILE") == nullptr) {
    add_missing("AWS_ACCESS_KEY_ID", account.credentials.access_key_id);
    add_missing("AWS_SECRET_ACCESS_KEY", account.credentials.secret_access_key);
  }
  if (std::getenv("AWS_REGION") == nullptr) {
    add_missing("AWS_DEFAULT_REGION", account.region);
  }
  return variables;
}

int code_of(const exit_status& ended) {
  return ended.signaled ? 128 + ended.value : ended.value;
}

int code_of(const failure& why) {
  switch (why.code) {
    case errc::not_found: return exit_code::exec_not_found;
    case errc::not_executable: return exit_code::exec_not_runnable;
    default: return exit_code::exec_own_failure;
  }
}

/// Runs the command and passes signals on to it. Its end is the end.
class command_runner {
 public:
  command_runner(server& serves, command_specification specification)
      : serves_(serves), specification_(std::move(specification)) {}

  awaitable<int> run() {
    auto started = co_await child_command::start(serves_.sandboxes(), std::move(specification_));
    if (!started) {
      serves_.tell(notice_level::error, started.error().detail);
      co_return code_of(started.error());
    }
    command_ = std::move(*started);
    for (const int each : std::exchange(early_signals_, {})) {
      command_->signal(each);
    }
    const exit_status ended = co_await command_->wait();
    command_.reset();
    co_return code_of(ended);
  }

  /// What the terminal sends reaches the command by itself: it is in the same process group.
  void on_signal(int number, bool from_terminal) {
    if (from_terminal) {
      return;
    }
    if (command_) {
      command_->signal(number);
    } else {
      early_signals_.push_back(number);
    }
  }

 private:
  server& serves_;
  command_specification specification_;
  std::unique_ptr<child_command> command_;
  std::vector<int> early_signals_;
};

}  // namespace

int run_exec(const settings& chosen, const std::vector<std::string>& command) {
  settings serves_at = chosen;
  if (!serves_at.listen_chosen) {
    serves_at.listen_port = 0;
  }
  auto begun = begin_serving(serves_at);
  if (!begun) {
    print_failure(begun.error());
    return exit_code::exec_own_failure;
  }
  server& serves = *begun->server;
  if (const auto announced =
          announce_ready(ready_line(serves.url(), serves.port(), serves.registry(), serves.apis()), chosen);
      !announced) {
    print_failure(announced.error());
    return exit_code::exec_own_failure;
  }
  command_specification specification;
  specification.command = command.front();
  specification.arguments.assign(command.begin() + 1, command.end());
  specification.variables = command_variables(serves);
  command_runner runner(serves, std::move(specification));
  auto signals = signal_watch::begin(
      serves.context(), [&runner](int number, bool from_terminal) { runner.on_signal(number, from_terminal); });
  if (!signals) {
    print_failure(signals.error());
    return exit_code::exec_own_failure;
  }
  return serve_while(
      *begun, [&runner] { return runner.run(); }, exit_code::exec_own_failure);
}

}  // namespace kelvin
