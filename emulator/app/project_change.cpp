#include "emulator/app/project_change.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace kelvin {
namespace {

using templates::function_description;
using described_functions = std::map<std::string, const function_description*>;

described_functions functions_of(const described_targets& targets) {
  described_functions all;
  for (const described_target& each : targets.all) {
    if (each.described) {
      for (const function_description& function : each.described->functions) {
        all.emplace(function.name, &function);
      }
    }
  }
  return all;
}

std::vector<std::string> paths_of(const std::vector<templates::named_path>& named) {
  std::vector<std::string> paths;
  std::transform(named.begin(), named.end(), std::back_inserter(paths), [](const auto& each) { return each.path; });
  return paths;
}

bool same(const function_description& one, const function_description& other) {
  const auto code = [](const function_description& of) { return of.code ? of.code->path : std::string(); };
  return one.logical_id == other.logical_id && one.runtime == other.runtime && one.handler == other.handler &&
         code(one) == code(other) && paths_of(one.layers) == paths_of(other.layers) &&
         one.memory_mib == other.memory_mib && one.ephemeral_storage_mib == other.ephemeral_storage_mib &&
         one.timeout == other.timeout && one.reserved_concurrency == other.reserved_concurrency &&
         one.variables == other.variables && one.event_invoke == other.event_invoke && one.logging == other.logging;
}

template <class Wanted>
described_targets reduced(const described_targets& all, const Wanted& wanted) {
  described_targets made;
  for (const described_target& each : all.all) {
    if (!each.described) {
      continue;
    }
    auto project = *each.described;
    std::erase_if(project.functions, [&](const auto& of) { return !wanted(of); });
    if (!project.functions.empty()) {
      project.apis.clear();
      made.all.push_back({each.plain, std::move(project)});
    }
  }
  return made;
}

void add_part(std::string& text, const std::vector<std::string>& names, const char* what) {
  if (names.empty()) {
    return;
  }
  text += (text.empty() ? "" : ", ") + std::to_string(names.size()) +
          (text.empty() ? (names.size() == 1 ? " function " : " functions ") : " ") + what + " (";
  for (const std::string& name : names) {
    text += (&name == &names.front() ? "" : ", ") + name;
  }
  text += ")";
}

}  // namespace

project_change compare(const described_targets& before, const described_targets& after) {
  const described_functions old = functions_of(before);
  const described_functions now = functions_of(after);
  project_change change;
  for (const auto& [name, function] : now) {
    const auto found = old.find(name);
    if (found == old.end()) {
      change.added.push_back(name);
    } else if (!same(*found->second, *function)) {
      change.changed.push_back(name);
    }
  }
  for (const auto& [name, function] : old) {
    if (!now.contains(name)) {
      change.removed.push_back(name);
    }
  }
  return change;
}

described_targets alone(const function_configuration& function, const described_targets& all) {
  if (!function.logical_id.empty()) {
    return reduced(all, [&](const function_description& of) {
      return of.logical_id == function.logical_id && of.name == function.name;
    });
  }
  described_targets made;
  const auto found = std::find_if(all.all.begin(), all.all.end(), [&](const described_target& each) {
    return !each.described && each.plain.path == function.target &&
           (each.plain.name.empty() || each.plain.name == function.name);
  });
  if (found != all.all.end()) {
    made.all.push_back({{function.name, found->plain.path}, std::nullopt});
  }
  return made;
}

described_targets alone(const std::string& described_name, const described_targets& all) {
  return reduced(all, [&](const function_description& of) { return of.name == described_name; });
}

std::string change_text(const project_change& change) {
  std::string text;
  add_part(text, change.added, "added");
  add_part(text, change.changed, "changed");
  add_part(text, change.removed, "removed");
  return text;
}

}  // namespace kelvin
