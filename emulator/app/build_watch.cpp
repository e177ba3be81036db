#include "emulator/app/build_watch.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

namespace kelvin {
namespace {

using namespace std::chrono_literals;

constexpr auto progress_every = 10s;
/// A change so soon behind a build may be its own doing.
constexpr auto soon_after = 1s;
constexpr auto postponed_by = 10s;

std::size_t builds_at_once() {
  return std::max(1u, std::thread::hardware_concurrency());
}

bool is_ignore_file(const std::string& path) {
  return path.ends_with("/.gitignore");
}

std::string whole_seconds(duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

build_watch::build_watch(build_services with, built_callback on_built)
    : with_(std::move(with)),
      on_built_(std::move(on_built)),
      disk_(machine_files()),
      queue_(builds_at_once()),
      runs_(with_.context, [this](std::exception_ptr escaped) {
        try {
          std::rethrow_exception(std::move(escaped));
        } catch (const std::exception& caught) {
          with_.tell(notice_level::error, std::string("a bug in kelvin: ") + caught.what() + "; a build ended early");
        }
      }) {}

result<std::unique_ptr<build_watch>> build_watch::begin(build_services with, std::vector<planned_build> plans,
                                                        built_callback on_built) {
  std::unique_ptr<build_watch> made(new build_watch(std::move(with), std::move(on_built)));
  auto files = file_watcher::open(made->with_.context, made->with_.clock, *made);
  if (!files) {
    return files.error();
  }
  made->files_ = std::move(*files);
  for (planned_build& each : plans) {
    made->add(std::move(each));
  }
  return made;
}

void build_watch::add(planned_build plan) {
  if (plan.how.kind == build_kind::none) {
    if (told_.insert(plan.how.sentence).second) {
      with_.tell(notice_level::info, plan.how.sentence);
    }
    return;
  }
  const std::string id = std::to_string(++last_id_);
  watched_build& build = builds_.try_emplace(id).first->second;
  build.id = id;
  build.progress = with_.clock.make_alarm([this, &build] { tell_progress(build); });
  build.postponed = with_.clock.make_alarm([this, &build] { request(build); });
  [[maybe_unused]] const auto added = queue_.add(id, plan.how.folder);
  with_.tell(notice_level::info, "build of " + plan.name + ": " + plan.how.sentence);
  assign(build, std::move(plan));
}

void build_watch::assign(watched_build& build, planned_build plan) {
  build.plan = std::move(plan);
  build.filters.clear();
  for (const std::string& folder : build.plan.how.sources) {
    build.filters.emplace_back(disk_, folder, build.plan.how.outputs);
  }
  show(build, [&build](function_build& status) { status.command = build.plan.how.command; });
  if (const auto watched = watch_sources(build); !watched) {
    tell(build, notice_level::error, "its sources are not watched: " + watched.error().detail);
  }
}

void build_watch::retire(watched_build& build) {
  files_->unwatch(build.id);
  build.postponed->clear();
  build.retired = true;
  carry_out(queue_.give_up(build.id));
  if (!build.run) {
    [[maybe_unused]] const auto removed = queue_.remove(build.id);
    builds_.erase(std::string(build.id));
  }
}

void build_watch::update(std::vector<planned_build> plans) {
  std::vector<watched_build*> known;
  for (auto& [id, build] : builds_) {
    if (!build.retired) {
      known.push_back(&build);
    }
  }
  for (planned_build& plan : plans) {
    const auto same = std::find_if(known.begin(), known.end(), [&plan](const watched_build* each) {
      return is_same_build(each->plan.how, plan.how);
    });
    if (same == known.end()) {
      add(std::move(plan));
    } else {
      assign(**same, std::move(plan));
      known.erase(same);
    }
  }
  for (watched_build* each : known) {
    retire(*each);
  }
}

result<void> build_watch::watch_sources(watched_build& build) {
  watch_request request{build.plan.how.sources, [this, &build](std::string_view path, bool is_folder) {
                          return is_source(build, std::string(path), is_folder);
                        }};
  return files_->watch(build.id, std::move(request));
}

bool build_watch::is_source(watched_build& build, const std::string& path, bool is_folder) {
  return std::any_of(build.filters.begin(), build.filters.end(),
                     [&](source_filter& filter) { return filter.wanted(path, is_folder); });
}

void build_watch::build_what_is_old() {
  for (auto& [id, build] : builds_) {
    if (is_out_of_date(build.plan, disk_)) {
      request(build);
    }
  }
}

bool build_watch::rebuild(const std::string& function) {
  for (auto& [id, build] : builds_) {
    const auto& of = build.plan.functions;
    if (!build.retired &&
        std::any_of(of.begin(), of.end(), [&](const built_function& each) { return each.name == function; })) {
      request(build);
      return true;
    }
  }
  return false;
}

bool build_watch::is_busy() const {
  return std::any_of(builds_.begin(), builds_.end(), [this](const auto& each) {
    const auto state = queue_.state(each.first);
    return each.second.run != nullptr || (state && *state == build_state::waiting);
  });
}

void build_watch::on_changed(const std::string& set, const file_change& change) {
  const auto found = builds_.find(set);
  if (found == builds_.end() || stopping_) {
    return;
  }
  watched_build& build = found->second;
  const auto& paths = change.paths;
  if (change.everything || std::any_of(paths.begin(), paths.end(), is_ignore_file)) {
    std::for_each(build.filters.begin(), build.filters.end(), [](source_filter& filter) { filter.forget(); });
    if (const auto watched = watch_sources(build); !watched) {
      tell(build, notice_level::error, "its sources are not watched any more: " + watched.error().detail);
    }
  }
  if (!is_postponed(build, change)) {
    request(build);
  }
}

void build_watch::on_watch_failure(const std::string& set, const failure& why) {
  if (const auto found = builds_.find(set); found != builds_.end()) {
    tell(found->second, notice_level::warning, "part of its sources is not watched: " + why.detail);
  }
}

bool build_watch::is_postponed(watched_build& build, const file_change& change) {
  const steady_time now = with_.clock.now();
  const bool may_be_its_own = build.run != nullptr || (build.ended && now - *build.ended < soon_after);
  build.in_a_row = may_be_its_own ? build.in_a_row + 1 : 0;
  if (build.in_a_row <= limits::build_restarts) {
    return false;
  }
  if (build.in_a_row == limits::build_restarts + 1) {
    tell(build, notice_level::warning,
         "sources change again and again while it runs, " +
             (change.paths.empty() ? std::string("many of them") : change.paths.front()) +
             " for one; if the build itself writes that, add it to .gitignore. It is started at most every " +
             whole_seconds(postponed_by) + " meanwhile");
  }
  build.postponed->set(now + postponed_by);
  return true;
}

void build_watch::request(watched_build& build) {
  if (stopping_ || build.retired) {
    return;
  }
  build.postponed->clear();
  const bool was_running = build.run != nullptr;
  carry_out(queue_.changed(build.id));
  const auto state = queue_.state(build.id);
  if (!was_running && state && *state == build_state::waiting) {
    show(build, [](function_build& status) { status.is = function_build::state::waiting; });
  }
}

void build_watch::carry_out(const result<build_actions>& actions) {
  if (!actions) {
    return;
  }
  for (const build_action& each : *actions) {
    watched_build& build = builds_.at(each.build);
    if (each.what == build_action::kind::start) {
      build.run = std::make_unique<build_run>(with_.context, with_.clock, with_.sandboxes);
      build.began = with_.clock.now();
      show(build, [&build](function_build& status) {
        status.is = function_build::state::running;
        status.began = build.began;
      });
      runs_.spawn(run(build));
    } else if (build.run) {
      build.run->cancel();
    }
  }
}

awaitable<void> build_watch::run(watched_build& build) {
  remember_artifacts(build);
  tell(build, notice_level::info, "`" + build.plan.how.command + "` runs");
  build.progress->set(build.began + progress_every);
  build_command wanted;
  wanted.command = build.plan.how.command;
  wanted.folder = build.plan.how.folder;
  wanted.variables = build.plan.how.variables;
  build_run::line_callback on_line = [this, &build](std::string_view line) {
    tell(build, notice_level::info, std::string(line));
  };
  const auto ran = co_await build.run->run(std::move(wanted), std::move(on_line));
  build.run.reset();
  const std::string name = build.plan.name;
  finish(build, ran);
  if (build.retired) {
    [[maybe_unused]] const auto removed = queue_.remove(build.id);
    builds_.erase(std::string(build.id));
  }
  if (on_built_ && !(ran && ran->ending == build_ending::cancelled)) {
    on_built_(name, ran && ran->ending == build_ending::good);
  }
}

void build_watch::finish(watched_build& build, const result<build_outcome>& ran) {
  using build_state_shown = function_build::state;
  build.progress->clear();
  build.ended = with_.clock.now();
  const bool good = ran && ran->ending == build_ending::good;
  const bool cancelled = ran && ran->ending == build_ending::cancelled;
  const std::string sentence = ran ? ran->sentence : ran.error().detail;
  const auto actions = queue_.finished(build.id, good);
  const auto state = queue_.state(build.id);
  const bool again = state && (*state == build_state::waiting || *state == build_state::running);
  show(build, [&](function_build& status) {
    status.began.reset();
    if (!cancelled) {
      status.sentence = sentence;
      status.last_lines = ran ? ran->last_lines : std::vector<std::string>();
    }
    status.is = again       ? build_state_shown::waiting
                : cancelled ? build_state_shown::none
                : good      ? build_state_shown::good
                            : build_state_shown::failed;
  });
  if (cancelled) {
    tell(build, notice_level::info, sentence + (again ? ", since its sources have changed; it starts again" : ""));
  } else if (good) {
    tell_good(build, sentence);
  } else {
    tell_failed(build, sentence);
  }
  carry_out(actions);
}

void build_watch::tell_good(watched_build& build, const std::string& sentence) {
  tell(build, notice_level::info, sentence);
  for (const built_function& each : build.plan.functions) {
    const auto facts = look_at_artifact(each.artifact, artifact_kind::document);
    const auto before = build.before.find(each.artifact);
    if (facts && before != build.before.end() && *facts == before->second) {
      tell(build, notice_level::debug, each.artifact + (facts->exists ? " is as it was" : " is still not there"));
    }
  }
}

void build_watch::tell_failed(watched_build& build, const std::string& sentence) {
  tell(build, notice_level::error, sentence + serving_on(build));
}

std::string build_watch::serving_on(const watched_build& build) const {
  if (!with_.serves) {
    return "; it is built again when its sources change";
  }
  const function_status* status = with_.board.find(build.plan.functions.front().name);
  if (build.plan.functions.size() > 1 || status == nullptr) {
    return "; what has served before serves on";
  }
  return status->serving.number == 0 ? "; the code as it was at the start serves on"
                                     : "; version " + std::to_string(status->serving.number) + " serves on";
}

void build_watch::tell_progress(watched_build& build) {
  const steady_time now = with_.clock.now();
  tell(build, notice_level::info,
       "`" + build.plan.how.command + "` has been running for " + whole_seconds(now - build.began));
  build.progress->set(now + progress_every);
}

void build_watch::remember_artifacts(watched_build& build) {
  build.before.clear();
  for (const built_function& each : build.plan.functions) {
    if (const auto facts = look_at_artifact(each.artifact, artifact_kind::document)) {
      build.before.insert_or_assign(each.artifact, *facts);
    }
  }
}

void build_watch::show(watched_build& build, const std::function<void(function_build&)>& how) {
  // A function that is gone must not come back to the board.
  if (build.retired) {
    return;
  }
  for (const built_function& each : build.plan.functions) {
    with_.board.change(each.name, [&how](function_status& status) { how(status.build); });
  }
}

void build_watch::tell(const watched_build& build, notice_level level, const std::string& what) {
  with_.tell(level, "build of " + build.plan.name + ": " + what);
}

void build_watch::stop() {
  stopping_ = true;
  for (auto& [id, build] : builds_) {
    build.postponed->clear();
    carry_out(queue_.give_up(id));
  }
}

}  // namespace kelvin
