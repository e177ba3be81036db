#include "emulator/app/first_build.hpp"

#include "emulator/app/application.hpp"
#include "emulator/app/build_watch.hpp"
#include "emulator/app/serving.hpp"
#include "emulator/app/signal_watch.hpp"
#include "emulator/observability/log_sink.hpp"
#include "runtime-api/base/system_clock.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <set>
#include <utility>

namespace kelvin {
namespace {

bool is_missing(const built_function& function) {
  std::error_code error;
  const bool folder_is_there = std::filesystem::is_directory(parent_folder(function.artifact), error);
  return !std::filesystem::exists(function.artifact, error) && !(function.may_lack && folder_is_there);
}

bool lacks_any(const planned_build& build) {
  return std::any_of(build.functions.begin(), build.functions.end(), is_missing);
}

/// What has to be built first; none where something is missing that nobody knows how to build.
std::vector<planned_build> missing_builds(const settings& chosen) {
  const auto targets = describe_targets(chosen);
  if (!targets) {
    return {};
  }
  std::vector<planned_build> builds = plan_builds(chosen, *targets, nullptr, machine_files());
  std::erase_if(builds, [](const planned_build& each) { return !lacks_any(each); });
  for (const planned_build& each : builds) {
    if (each.how.kind == build_kind::none) {
      return {each};
    }
  }
  return builds;
}

/// The loop of the first builds, which ends before that of the server begins.
class first_builds {
 public:
  first_builds(const settings& chosen, spawner started)
      : log_(context_),
        lines_(log_, {.level = chosen.log_level, .logging = chosen.logging()}),
        sandboxes_(context_, std::move(started)) {
    log_.on_congested([this](bool congested) { sandboxes_.set_output_paused(congested); });
  }

  std::optional<int> run(std::vector<planned_build> builds) {
    for (const planned_build& each : builds) {
      left_.insert(each.name);
      for (const built_function& function : each.functions) {
        if (is_missing(function)) {
          tell(notice_level::info, "function " + function.name + ": " + function.artifact +
                                       " is not there yet, and is built before anything is served");
        }
      }
    }
    auto signals = signal_watch::begin(context_, [this](int, bool) { on_signal(); });
    auto begun = build_watch::begin(services(), std::move(builds),
                                    [this](const auto& name, bool good) { on_built(name, good); });
    if (!signals || !begun) {
      print_failure(signals ? begun.error() : signals.error());
      return exit_code::own_failure;
    }
    builds_ = std::move(*begun);
    builds_->build_what_is_old();
    context_.run();
    builds_.reset();
    log_.flush_blocking();
    return interrupted_ ? std::optional<int>(exit_code::success) : std::nullopt;
  }

 private:
  build_services services() {
    return {context_, clock_, sandboxes_, board_, [this](auto level, auto text) { tell(level, text); }, false};
  }

  void tell(notice_level level, std::string_view text) { lines_.report(notice{level, text}); }

  /// A second signal does not wait for what ignores SIGTERM.
  void on_signal() {
    if (std::exchange(interrupted_, true)) {
      context_.stop();
      return;
    }
    tell(notice_level::info, "stopping: the build is ended");
    end();
  }

  void on_built(const std::string& name, bool good) {
    if (good) {
      left_.erase(name);
    } else {
      left_.insert(name);
    }
    // A change at the last moment is reported when it is quiet: what was built of half of it must not be loaded.
    settled_->set(clock_.now() + 2 * limits::watch_quiet);
  }

  /// When the last one has succeeded the load is next.
  void on_settled() {
    if (left_.empty() && !builds_->is_busy() && !interrupted_) {
      end();
    }
  }

  void end() {
    builds_->stop();
    tasks_.spawn(end_when_over());
  }

  awaitable<void> end_when_over() {
    co_await builds_->ended();
    context_.stop();
  }

  boost::asio::io_context context_{1};
  system_clock clock_{context_};
  log_writer log_;
  log_sink lines_;
  status_board board_;
  task_group tasks_{context_, [](const std::exception_ptr&) {}};
  posix_sandbox_factory sandboxes_;
  std::unique_ptr<build_watch> builds_;
  std::unique_ptr<alarm> settled_ = clock_.make_alarm([this] { on_settled(); });
  std::set<std::string> left_;  ///< builds that have not succeeded, or failed since
  bool interrupted_ = false;
};

}  // namespace

std::optional<int> build_what_is_missing(const settings& chosen) {
  std::vector<planned_build> builds = missing_builds(chosen);
  if (builds.empty()) {
    return std::nullopt;
  }
  if (builds.front().how.kind == build_kind::none) {
    std::fprintf(stderr, "kelvin: info: %s\n", builds.front().how.sentence.c_str());
    return std::nullopt;
  }
  const scratch_folder scratch;
  auto started = spawner::fork_early(scratch.path());
  if (!started) {
    print_failure(started.error());
    return exit_code_of(started.error());
  }
  first_builds loop(chosen, std::move(*started));
  return loop.run(std::move(builds));
}

}  // namespace kelvin
