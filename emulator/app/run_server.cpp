#include "emulator/app/application.hpp"
#include "emulator/app/build_watch.hpp"
#include "emulator/app/code_watch.hpp"
#include "emulator/app/first_build.hpp"
#include "emulator/app/ready_line.hpp"
#include "emulator/app/route_listing.hpp"
#include "emulator/app/serving.hpp"
#include "emulator/app/signal_watch.hpp"

#include <memory>
#include <utility>

namespace kelvin {
namespace {

void greet(server& serves) {
  serves.tell(notice_level::info, "kelvin " KELVIN_VERSION " serves " + serves.url() + " (isolation level " +
                                      std::string(name_of(serves.registry().account().isolation)) + ")");
  for (const function_configuration& each : serves.registry().functions()) {
    serves.tell(notice_level::info, "function " + each.name + ": " + each.bootstrap + ", POST " + serves.url() +
                                        "/2015-03-31/functions/" + each.name + "/invocations");
  }
  for (const api_configuration* each : serves.apis().described()) {
    for (const std::string& line : route_listing(serves.url(), *each, each == serves.apis().default_api())) {
      serves.tell(notice_level::info, line);
    }
  }
}

/// The first signal lets what runs come to its end, the second ends everything at once.
class stopper {
 public:
  explicit stopper(server& serves) : serves_(serves) {}

  /// They are ended with the server.
  void also_end(build_watch& builds) { builds_ = &builds; }

  void on_signal() {
    if (std::exchange(stopping_, true)) {
      serves_.tell(notice_level::warning, "stopping at once");
      serves_.context().stop();
      return;
    }
    serves_.tell(notice_level::info,
                 "stopping: invocations in progress come to their end; a second signal stops at once");
    if (builds_ != nullptr) {
      builds_->stop();
    }
    serves_.tasks().spawn(stop());
  }

 private:
  awaitable<void> stop() {
    co_await serves_.stop(drain_limit(serves_.registry()));
    if (builds_ != nullptr) {
      co_await builds_->ended();
    }
    serves_.context().stop();
  }

  server& serves_;
  build_watch* builds_ = nullptr;
  bool stopping_ = false;
};

/// What is built now; after a change of a template for build_watch::update().
result<std::vector<planned_build>> plan_now(const server& serves, const settings& chosen) {
  const auto targets = describe_targets(chosen);
  if (!targets) {
    return targets.error();
  }
  return plan_builds(chosen, *targets, &serves.registry(), machine_files());
}

result<std::unique_ptr<build_watch>> begin_builds(server& serves, const settings& chosen) {
  auto plans = plan_now(serves, chosen);
  if (!plans) {
    return plans.error();
  }
  build_services with{serves.context(), serves.clock(), serves.sandboxes(), serves.statuses(),
                      [&serves](notice_level level, std::string_view text) { serves.tell(level, text); }};
  return build_watch::begin(std::move(with), std::move(*plans));
}

int serve(const settings& chosen) {
  auto begun = begin_serving(chosen);
  if (!begun) {
    print_failure(begun.error());
    return exit_code_of(begun.error());
  }
  server& serves = *begun->server;
  stopper stops(serves);
  auto signals = signal_watch::begin(serves.context(), [&stops](int, bool) { stops.on_signal(); });
  if (!signals) {
    print_failure(signals.error());
    return exit_code::own_failure;
  }
  greet(serves);
  std::unique_ptr<code_watch> watch;
  std::unique_ptr<build_watch> builds;
  if (chosen.watches) {
    auto begun_watch = code_watch::begin(serves, chosen, *begun->scratch, serves.statuses());
    if (!begun_watch) {
      print_failure(begun_watch.error());
      return exit_code::own_failure;
    }
    watch = std::move(*begun_watch);
    auto begun_builds = begin_builds(serves, chosen);
    if (!begun_builds) {
      print_failure(begun_builds.error());
      return exit_code::own_failure;
    }
    builds = std::move(*begun_builds);
    stops.also_end(*builds);
    builds->build_what_is_old();
  }
  if (const auto announced =
          announce_ready(ready_line(serves.url(), serves.port(), serves.registry(), serves.apis()), chosen);
      !announced) {
    print_failure(announced.error());
    return exit_code::own_failure;
  }
  serves.context().run();
  serves.flush_log();
  return exit_code::success;
}

}  // namespace

int run_server(const settings& chosen) {
  return serve(chosen);
}

int run_watch(const settings& chosen) {
  if (const auto ended = build_what_is_missing(chosen)) {
    return *ended;
  }
  return serve(chosen);
}

}  // namespace kelvin
