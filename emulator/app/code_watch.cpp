#include "emulator/app/code_watch.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace kelvin {
namespace {

/// The target that a function comes from, alone, so that another function's trouble is not this one's.
described_targets alone(const function_configuration& function, const described_targets& all) {
  described_targets made;
  for (const described_target& each : all.all) {
    if (!each.described) {
      if (each.plain.path == function.target && function.logical_id.empty()) {
        made.all.push_back({{function.name, each.plain.path}, std::nullopt});
      }
      continue;
    }
    auto project = *each.described;
    std::erase_if(project.functions, [&](const auto& of) { return of.logical_id != function.logical_id; });
    if (!project.functions.empty() && project.functions.front().name == function.name) {
      project.apis.clear();
      made.all.push_back({each.plain, std::move(project)});
    }
  }
  return made;
}

std::vector<std::string> layers_of(const described_targets& from, const settings& chosen) {
  if (from.all.empty() || !from.all.front().described) {
    return chosen.layers;
  }
  std::vector<std::string> layers;
  for (const auto& layer : from.all.front().described->functions.front().layers) {
    layers.push_back(layer.path);
  }
  return layers;
}

}  // namespace

result<std::unique_ptr<code_watch>> code_watch::begin(server& serves, const settings& chosen, scratch_folder& scratch,
                                                      status_board& board) {
  const auto targets = describe_targets(chosen);
  if (!targets) {
    return targets.error();
  }
  auto folder = scratch.make_folder("snapshots");
  if (!folder) {
    return folder.error();
  }
  std::unique_ptr<code_watch> made(new code_watch(serves, chosen, scratch, board, std::move(*folder)));
  auto files = file_watcher::open(serves.context(), serves.clock(), *made);
  if (!files) {
    return files.error();
  }
  made->files_ = std::move(*files);
  for (const function_configuration& each : serves.registry().functions()) {
    if (const auto watched = made->watch(each, *targets); !watched) {
      return watched.error();
    }
  }
  for (auto& [name, each] : made->functions_) {
    made->look(each);
  }
  return made;
}

result<void> code_watch::watch(const function_configuration& function, const described_targets& all) {
  described_targets from = alone(function, all);
  watched_artifact artifact = watched_paths(function.target, layers_of(from, chosen_));
  watch_request request{artifact.paths, is_part_of_code};
  auto& added =
      functions_.try_emplace(function.name, function.name, std::move(from), std::move(artifact)).first->second;
  added.look_again = serves_.clock().make_alarm([this, &added] { look(added); });
  return files_->watch(function.name, std::move(request));
}

void code_watch::on_changed(const std::string& set, const file_change&) {
  if (const auto found = functions_.find(set); found != functions_.end()) {
    found->second.settling.restart();
    look(found->second);
  }
}

void code_watch::on_watch_failure(const std::string& set, const failure& why) {
  serves_.tell(notice_level::warning, "function " + set + ": part of its code is not watched: " + why.detail);
}

void code_watch::look(watched_function& at) {
  at.changed_meanwhile = true;
  if (!std::exchange(at.updating, true)) {
    serves_.tasks().spawn(update(at));
  }
}

awaitable<void> code_watch::update(watched_function& at) {
  while (std::exchange(at.changed_meanwhile, false)) {
    at.look_again->clear();
    const auto facts = look_at_artifact(at.artifact.file, at.artifact.kind);
    if (!facts) {
      tell_problem(at, notice_level::error, facts.error().detail);
      continue;
    }
    const settle_decision decided = at.settling.look(*facts, serves_.clock().now());
    if (decided.verdict == settle_verdict::ready) {
      co_await try_version(at);
    } else if (decided.verdict == settle_verdict::gone) {
      tell_problem(at, notice_level::warning, at.artifact.file + " is gone, and is taken up when it is there again");
    } else if (decided.look_again) {
      at.look_again->set(*decided.look_again);
    } else {
      const std::string why(describe(decided.reason));
      tell_problem(at, notice_level::warning, "waiting for " + at.artifact.file + ": " + why);
    }
  }
  at.updating = false;
}

awaitable<void> code_watch::try_version(watched_function& at) {
  auto loaded = load_functions(chosen_, at.described, scratch_);
  if (!loaded) {
    tell_problem(at, notice_level::error, loaded.error().detail);
    co_return;
  }
  if (loaded->functions.size() != 1) {
    tell_problem(at, notice_level::error, "what it was loaded from does not describe it any more");
    co_return;
  }
  function_configuration next = std::move(loaded->functions.front());
  const auto copied = co_await snapshots_.take(next.bootstrap);
  if (!copied) {
    // Where it is being written another event follows, and with it another look.
    const bool follows = copied.error().code == errc::invalid_state;
    tell_problem(at, follows ? notice_level::debug : notice_level::error, copied.error().detail);
    co_return;
  }
  next.bootstrap_snapshot = std::shared_ptr<const std::string>(*copied, &(*copied)->path());
  const served_version version{++at.tried, std::nullopt, (*copied)->source().size_bytes};
  board_.change(at.name, [this](auto& status) { status.trial_began = serves_.clock().now(); });
  serves_.replace(std::move(next), [this, &at, version](auto init) { settled(at, version, init); });
}

void code_watch::restart() {
  for (auto& [name, at] : functions_) {
    const function_configuration* serving = serves_.registry().find(name);
    const function_status* status = board_.find(name);
    if (!status || status->serving.number == 0 || !status->problem.empty()) {
      at.settling.restart();
      look(at);
    } else if (serving && !status->trial_began) {
      const served_version again{status->serving.number, std::nullopt, status->serving.size_bytes};
      board_.change(name, [this](auto& changed) { changed.trial_began = serves_.clock().now(); });
      if (!serves_.replace(*serving, [this, &at = at, again](auto init) { settled(at, again, init); })) {
        board_.change(name, [](auto& changed) { changed.trial_began.reset(); });
      }
    }
  }
}

void code_watch::settled(watched_function& at, served_version version, std::optional<duration> init) {
  board_.change(at.name, [](auto& status) { status.trial_began.reset(); });
  if (!init) {
    tell_problem(at, notice_level::error, "version " + std::to_string(version.number) + " failed in its init");
    return;
  }
  version.init = init;
  board_.change(at.name, [&version](auto& status) {
    if (status.serving.number != 0) {
      status.before = status.serving;
    }
    status.serving = version;
    status.problem.clear();
  });
  const function_status& status = *board_.find(at.name);
  serves_.tell(notice_level::info, "function " + at.name + ": version " + std::to_string(version.number) + " serves, " +
                                       version_text(status));
}

void code_watch::tell_problem(const watched_function& at, notice_level level, const std::string& what) {
  board_.change(at.name, [&what](auto& status) { status.problem = what; });
  const unsigned number = board_.find(at.name)->serving.number;
  const std::string serving = number == 0 ? "the code as it was at the start" : "version " + std::to_string(number);
  serves_.tell(level, "function " + at.name + ": " + what + "; " + serving + " serves on");
}

}  // namespace kelvin
