#include "emulator/app/serving.hpp"

#include "emulator/app/application.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace kelvin {
namespace {

/// Parameters by value: the coroutine outlives its caller's frame. `outcome` is the caller's, who
/// waits for the loop to end.
awaitable<void> run_body(server& with, std::function<awaitable<int>()> body, std::optional<int>& outcome) {
  try {
    outcome = co_await body();
  } catch (const std::exception& caught) {
    with.tell(notice_level::error, std::string("a task of kelvin failed: ") + caught.what());
  }
  co_await with.stop(duration::zero());
  with.context().stop();
}

}  // namespace

result<serving> begin_serving(const settings& chosen) {
  serving made;
  // Templates choose memory sizes, and whether any is chosen must be known before the spawner is forked.
  const auto targets = describe_targets(chosen);
  if (!targets) {
    return targets.error();
  }
  made.scratch = std::make_unique<scratch_folder>();
  auto groups = control_groups::make({.cpu = chosen.cpu == cpu_level::lambda, .memory = targets->memory_chosen});
  auto started = spawner::fork_early(made.scratch->path(), std::move(groups));
  if (!started) {
    return started.error();
  }
  auto isolation = isolation_choice::begin(chosen.isolation);
  auto built = server::build(chosen, *targets, std::move(*started), *made.scratch, std::move(isolation));
  if (!built) {
    return built.error();
  }
  made.server = std::move(*built);
  if (const auto listening = made.server->listen(); !listening) {
    return listening.error();
  }
  return made;
}

int serve_while(serving& with, std::function<awaitable<int>()> body, int on_exception) {
  std::optional<int> outcome;
  server& serves = *with.server;
  serves.start_debugged();
  serves.tasks().spawn(run_body(serves, std::move(body), outcome));
  serves.context().run();
  serves.flush_log();
  return outcome.value_or(on_exception);
}

duration drain_limit(const function_registry& registry) {
  std::chrono::seconds longest{0};
  for (const function_configuration& each : registry.functions()) {
    longest = std::max(longest, each.deadline());
  }
  return longest + limits::queue_wait_beyond_timeout;
}

int exit_code_of(const failure& what) {
  switch (what.code) {
    case errc::invalid_argument:
    case errc::not_found:
    case errc::permission_denied:
    case errc::not_executable:
    case errc::unsupported: return exit_code::usage;
    default: return exit_code::own_failure;
  }
}

void print_failure(const failure& what) {
  std::fprintf(stderr, "kelvin: error: %s\n", what.detail.c_str());
}

}  // namespace kelvin
