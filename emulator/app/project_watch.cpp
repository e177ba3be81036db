#include "emulator/app/project_watch.hpp"

#include "emulator/app/route_listing.hpp"
#include "emulator/event_source/asynchronous/check_destinations.hpp"
#include "emulator/function/function_variables.hpp"
#include "emulator/template/load_project.hpp"

#include <algorithm>
#include <utility>

namespace kelvin {
namespace {

/// Of the files as they are now, with --env over them.
result<std::map<std::string, std::string>> read_variables(const settings& chosen) {
  std::map<std::string, std::string> variables;
  for (const std::string& file : chosen.environment_files) {
    auto read = read_environment_file(file);
    if (!read) {
      return read.error();
    }
    for (auto& [name, value] : *read) {
      variables.insert_or_assign(name, std::move(value));
    }
  }
  for (const auto& [name, value] : chosen.own_variables) {
    variables.insert_or_assign(name, value);
  }
  return variables;
}

}  // namespace

result<std::unique_ptr<project_watch>> project_watch::begin(server& serves, settings& current, scratch_folder& scratch,
                                                            code_watch& code, std::function<void()> on_taken_up) {
  std::unique_ptr<project_watch> made(new project_watch(serves, current, scratch, code, std::move(on_taken_up)));
  auto files = file_watcher::open(serves.context(), serves.clock(), *made);
  if (!files) {
    return files.error();
  }
  made->files_ = std::move(*files);
  auto described = describe_targets(current);
  if (!described) {
    return described.error();
  }
  made->described_ = std::move(*described);
  for (const described_target& each : made->described_.all) {
    if (each.described) {
      for (const auto& function : each.described->functions) {
        if (serves.registry().find(function.name) == nullptr) {
          made->absent_.insert(function.name);
        }
      }
    }
  }
  std::vector<std::string> told_at_the_start;
  made->apis(told_at_the_start);
  made->told_.insert(told_at_the_start.begin(), told_at_the_start.end());
  if (current.targets.empty() && made->described_.all.front().described) {
    // Found in the working folder: from now on it is this one.
    current.targets.push_back({"", made->described_.all.front().described->file});
  }
  if (const auto watched = made->watch_files(); !watched) {
    return watched.error();
  }
  return made;
}

/// What is not there yet is watched as well: a function that has no code can be added when it has some.
result<void> project_watch::watch_files() {
  std::vector<std::string> paths = described_.files;
  paths.insert(paths.end(), current_.environment_files.begin(), current_.environment_files.end());
  for (const described_target& each : described_.all) {
    if (!each.described) {
      continue;
    }
    for (const auto& function : each.described->functions) {
      if (function.code && function.runs_bootstrap() && absent_.contains(function.name)) {
        paths.push_back(function.code->path);
      }
    }
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return files_->watch("project", {std::move(paths), nullptr});
}

void project_watch::on_changed(const std::string&, const file_change&) {
  const auto done = reload();
  serves_.statuses().set_project_problem(done ? std::string() : done.error().detail);
  if (!done) {
    serves_.tell(notice_level::error, done.error().detail + "; everything is served on as it was before");
  }
}

void project_watch::on_watch_failure(const std::string&, const failure& why) {
  serves_.tell(notice_level::warning, "part of what describes the functions is not watched: " + why.detail);
}

result<void> project_watch::reload() {
  auto variables = read_variables(current_);
  if (!variables) {
    return variables.error();
  }
  auto described = describe_targets(current_);
  if (!described) {
    return described.error();
  }
  const bool new_variables = std::exchange(current_.variables, std::move(*variables)) != current_.variables;
  if (new_variables) {
    // Templates' functions have what they declare of them.
    described = describe_targets(current_);
    if (!described) {
      return described.error();
    }
  }
  const bool same_kinds = std::equal(
      described_.all.begin(), described_.all.end(), described->all.begin(), described->all.end(),
      [](const auto& one, const auto& other) { return one.described.has_value() == other.described.has_value(); });
  if (!same_kinds) {
    return fail(errc::not_found, "a template that was served is gone");
  }
  const project_change change = compare(described_, *described);
  const std::vector<std::string> routes_before = routes();
  described_ = std::move(*described);
  for (const std::string& name : change.removed) {
    absent_.erase(name);
  }
  add_described(change.added);
  add_described({absent_.begin(), absent_.end()});
  serve_apis();
  for (const std::string& name : change.changed) {
    if (serves_.registry().find(name) != nullptr) {
      code_.describe(name, alone(name, described_));
    }
  }
  for (const std::string& name : change.removed) {
    code_.remove(name);
    serves_.remove(name);
  }
  if (new_variables) {
    change_plain_functions();
  }
  if (const std::string text = change_text(change); !text.empty()) {
    serves_.tell(notice_level::info, "the template has changed: " + text);
  }
  if (const auto now = routes(); now != routes_before) {
    for (const std::string& line : now) {
      serves_.tell(notice_level::info, line);
    }
  }
  if (const auto good = check_destinations(serves_.registry()); !good) {
    serves_.tell(notice_level::warning, good.error().detail);
  }
  on_taken_up_();
  return watch_files();
}

/// Those that are served already are left alone.
void project_watch::add_described(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (serves_.registry().find(name) != nullptr) {
      serves_.tell(notice_level::error, "the template describes " + name +
                                            ", and a function of that name is served "
                                            "already; it is left out");
      continue;
    }
    const described_targets from = alone(name, described_);
    auto loaded = load_functions(current_, from, scratch_);
    if (!loaded) {
      if (absent_.insert(name).second) {
        serves_.tell(notice_level::error, loaded.error().detail + "; it is added when that has changed");
      }
      continue;
    }
    absent_.erase(name);
    function_configuration& added = loaded->functions.front();
    serves_.add(added);
    if (const auto watched = code_.add(added, from); !watched) {
      serves_.tell(notice_level::warning,
                   "the code of function " + name + " is not watched: " + watched.error().detail);
    }
  }
}

void project_watch::change_plain_functions() {
  for (const function_configuration& each : serves_.registry().functions()) {
    if (each.logical_id.empty()) {
      code_.describe(each.name, alone(each, described_));
    }
  }
}

void project_watch::serve_apis() {
  std::vector<std::string> warnings;
  serves_.replace_apis(apis(warnings));
  for (const std::string& each : warnings) {
    if (told_.insert(each).second) {
      serves_.tell(notice_level::warning, each);
    }
  }
}

std::vector<api_configuration> project_watch::apis(std::vector<std::string>& warnings) const {
  std::vector<api_configuration> all;
  for (const described_target& each : described_.all) {
    if (each.described) {
      warnings.insert(warnings.end(), each.described->warnings.begin(), each.described->warnings.end());
      auto own = each.described->apis;
      templates::leave_out(absent_, own, warnings);
      all.insert(all.end(), own.begin(), own.end());
    }
  }
  return all;
}

std::vector<std::string> project_watch::routes() const {
  std::vector<std::string> lines;
  for (const api_configuration* each : serves_.apis().described()) {
    for (std::string& line : route_listing(serves_.url(), *each, each == serves_.apis().default_api())) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

}  // namespace kelvin
