#include "emulator/app/code_watch.hpp"

#include "emulator/app/own_files.hpp"
#include "emulator/app/project_change.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace kelvin {
namespace {

/// What one version lies in, removed when nothing runs it any more.
struct version_files {
  explicit version_files(scratch_folder& whole) : unpacked(whole) {}
  scratch_folder unpacked;
  std::shared_ptr<const snapshot> copy;
};

/// Where the function's code is described to be, else where it was.
std::string target_of(const described_targets& from, const std::string& otherwise) {
  const bool is_described = !from.all.empty() && from.all.front().described;
  const auto* const code = is_described ? &from.all.front().described->functions.front().code : nullptr;
  return code != nullptr && *code ? (*code)->path : otherwise;
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
    if (const auto watched = made->add(each, alone(each, *targets)); !watched) {
      return watched.error();
    }
  }
  return made;
}

result<void> code_watch::add(const function_configuration& function, described_targets from) {
  code_location code = locate_code(function.target, layers_of(from, chosen_));
  auto [place, is_new] = functions_.try_emplace(function.name, function.name, std::move(from), std::move(code));
  watched_function& added = place->second;
  if (is_new) {
    added.look_again = serves_.clock().make_alarm([this, &added] { look(added); });
  } else {
    // It was removed, and has come back.
    added.described = std::move(from);
    added.code = std::move(code);
    added.is_removed = false;
    added.settling.restart();
  }
  const auto watched = watch_files(added);
  look(added);
  return watched;
}

void code_watch::describe(const std::string& name, described_targets from) {
  const auto found = functions_.find(name);
  const function_configuration* const serving = serves_.registry().find(name);
  if (found == functions_.end() || found->second.is_removed || serving == nullptr) {
    return;
  }
  watched_function& at = found->second;
  at.described = std::move(from);
  const std::string target = target_of(at.described, serving->target);
  at.code = locate_code(target, layers_of(at.described, chosen_));
  if (const auto watched = watch_files(at); !watched) {
    on_watch_failure(name, watched.error());
  }
  at.settling.restart();
  look(at);
}

void code_watch::remove(const std::string& name) {
  const auto found = functions_.find(name);
  if (found == functions_.end()) {
    return;
  }
  files_->unwatch(name);
  found->second.is_removed = true;
  found->second.look_again->clear();
  board_.remove(name);
}

result<void> code_watch::watch_files(const watched_function& at) {
  // kelvin's own files may lie there too, where TMPDIR does or its log.
  const auto is_code = [scratch = scratch_.path(), own = own_files(chosen_)](std::string_view path, bool is_folder) {
    return is_part_of_code(path, is_folder) &&
           !scratch.ends_with(std::string("/").append(path.substr(path.rfind('/') + 1))) && !is_own_file(own, path);
  };
  return files_->watch(at.name, {watched_paths(at.code), is_code});
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
  if (at.is_removed) {
    return;
  }
  at.changed_meanwhile = true;
  if (!std::exchange(at.updating, true)) {
    serves_.tasks().spawn(update(at));
  }
}

/// The file that counts may be another one than before: a bootstrap of the function's own, or its layer's.
void code_watch::find(watched_function& at) {
  watched_artifact found = find_artifact(at.code);
  if (found.kind != at.artifact.kind || found.file != at.artifact.file) {
    at.artifact = std::move(found);
    at.settling = artifact_settling(at.artifact.kind);
  }
}

awaitable<void> code_watch::update(watched_function& at) {
  while (std::exchange(at.changed_meanwhile, false)) {
    at.look_again->clear();
    find(at);
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
      const std::string why(kelvin::describe(decided.reason));
      tell_problem(at, notice_level::warning, "waiting for " + at.artifact.file + ": " + why);
    }
  }
  at.updating = false;
}

awaitable<void> code_watch::try_version(watched_function& at) {
  if (at.is_removed) {
    co_return;
  }
  const auto files = std::make_shared<version_files>(scratch_);
  auto loaded = load_functions(chosen_, at.described, files->unpacked);
  if (!loaded) {
    tell_problem(at, notice_level::error, loaded.error().detail);
    co_return;
  }
  if (loaded->functions.size() != 1) {
    tell_problem(at, notice_level::error, "what it was loaded from does not describe it any more");
    co_return;
  }
  function_configuration next = std::move(loaded->functions.front());
  auto copied = co_await snapshots_.take(next.bootstrap);
  if (!copied) {
    // Where it is being written another event follows, and with it another look.
    const bool follows = copied.error().code == errc::invalid_state;
    const bool lacks_room = copied.error().code == errc::limit_reached;
    tell_problem(at, follows ? notice_level::debug : notice_level::error,
                 copied.error().detail + (lacks_room ? "; once there is room, save it again" : ""));
    co_return;
  }
  if (at.is_removed) {
    co_return;
  }
  files->copy = std::move(*copied);
  next.bootstrap_snapshot = std::shared_ptr<const std::string>(files, &files->copy->path());
  next.unpacked = files;
  const served_version version{++at.tried, std::nullopt, files->copy->source().size_bytes};
  // The code as it was at the start runs from where it lies, where a build may be writing by now: the first version
  // is better than that however its init ends.
  const bool is_first = board_.find(at.name) == nullptr || board_.find(at.name)->serving.number == 0;
  const auto on_failure = chosen_.keep_last_good && !is_first ? failed_init::keeps_last_good : failed_init::serves;
  board_.change(at.name, [this](auto& status) { status.trial_began = serves_.clock().now(); });
  const bool tries = serves_.replace(std::move(next), on_failure, [this, &at, version, on_failure](auto init) {
    settled(at, version, on_failure, init);
  });
  if (!tries) {
    board_.change(at.name, [](auto& status) { status.trial_began.reset(); });
  }
}

void code_watch::restart() {
  constexpr auto keeps = failed_init::keeps_last_good;
  for (auto& [name, at] : functions_) {
    const function_configuration* serving = serves_.registry().find(name);
    const function_status* status = board_.find(name);
    if (at.is_removed) {
      continue;
    }
    if (!status || status->serving.number == 0 || !status->problem.empty()) {
      at.settling.restart();
      look(at);
    } else if (serving && !status->trial_began) {
      const served_version again{status->serving.number, std::nullopt, status->serving.size_bytes};
      board_.change(name, [this](auto& changed) { changed.trial_began = serves_.clock().now(); });
      if (!serves_.replace(*serving, keeps, [this, &at = at, again](auto init) { settled(at, again, keeps, init); })) {
        board_.change(name, [](auto& changed) { changed.trial_began.reset(); });
      }
    }
  }
}

void code_watch::settled(watched_function& at, served_version version, failed_init on_failure,
                         std::optional<duration> init) {
  board_.change(at.name, [](auto& status) { status.trial_began.reset(); });
  const std::string called = "version " + std::to_string(version.number);
  if (!init && on_failure == failed_init::keeps_last_good) {
    tell_problem(at, notice_level::error, called + " failed in its init");
    return;
  }
  version.init = init;
  board_.change(at.name, [&](auto& status) {
    if (status.serving.number != 0) {
      status.before = status.serving;
    }
    status.serving = version;
    status.problem = init ? "" : called + " failed in its init";
  });
  if (!init) {
    serves_.tell(notice_level::error, "function " + at.name + ": " + called +
                                          " failed in its init and serves all the same: invocations get its error");
    return;
  }
  serves_.tell(notice_level::info,
               "function " + at.name + ": " + called + " serves, " + version_text(*board_.find(at.name)));
}

void code_watch::tell_problem(const watched_function& at, notice_level level, const std::string& what) {
  board_.change(at.name, [&what](auto& status) { status.problem = what; });
  const unsigned number = board_.find(at.name)->serving.number;
  const std::string serving = number == 0 ? "the code as it was at the start" : "version " + std::to_string(number);
  serves_.tell(level, "function " + at.name + ": " + what + "; " + serving + " serves on");
}

}  // namespace kelvin
