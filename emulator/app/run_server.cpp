#include "emulator/app/application.hpp"
#include "emulator/app/first_build.hpp"
#include "emulator/app/ready_line.hpp"
#include "emulator/app/route_listing.hpp"
#include "emulator/app/serving.hpp"
#include "emulator/app/signal_watch.hpp"
#include "emulator/app/watching.hpp"

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

  /// Its builds are ended with the server.
  void also_end(watching& watch) { watch_ = &watch; }

  void on_signal() {
    if (std::exchange(stopping_, true)) {
      serves_.tell(notice_level::warning, "stopping at once");
      serves_.context().stop();
      return;
    }
    serves_.tell(notice_level::info,
                 "stopping: invocations in progress come to their end; a second signal stops at once");
    if (watch_ != nullptr) {
      watch_->stop();
    }
    serves_.tasks().spawn(stop());
  }

 private:
  awaitable<void> stop() {
    co_await serves_.stop(drain_limit(serves_.registry()));
    if (watch_ != nullptr) {
      co_await watch_->ended();
    }
    serves_.context().stop();
  }

  server& serves_;
  watching* watch_ = nullptr;
  bool stopping_ = false;
};

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
  std::unique_ptr<watching> watch;
  if (chosen.watches) {
    auto begun_watch = watching::begin(serves, chosen, *begun->scratch, [&stops] { stops.on_signal(); });
    if (!begun_watch) {
      print_failure(begun_watch.error());
      return exit_code::own_failure;
    }
    watch = std::move(*begun_watch);
    stops.also_end(*watch);
  } else {
    serves.start_debugged();
  }
  if (const auto announced =
          announce_ready(ready_line(serves.url(), serves.port(), serves.registry(), serves.apis()), chosen);
      !announced) {
    print_failure(announced.error());
    return exit_code::own_failure;
  }
  serves.context().run();
  if (watch) {
    watch->end_terminal();
  }
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
