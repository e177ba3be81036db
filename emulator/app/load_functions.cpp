#include "emulator/app/load_functions.hpp"

#include "emulator/app/debugged_function.hpp"
#include "emulator/template/load_project.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace kelvin {
namespace {

load_options options_of(const settings& chosen, scratch_folder& scratch) {
  load_options options;
  options.memory_mib = chosen.memory_mib;
  options.timeout = chosen.timeout;
  options.handler = chosen.handler;
  options.variables = chosen.variables;
  options.layers = chosen.layers;
  options.reserved_concurrency = chosen.reserved_concurrency;
  options.environments = chosen.environments;
  options.scratch = &scratch;
  return options;
}

result<loaded_functions> load_plain(const settings& chosen, const described_targets& targets, scratch_folder& scratch) {
  std::vector<target> plain;
  for (const described_target& each : targets.all) {
    if (!each.described) {
      plain.push_back(each.plain);
    }
  }
  if (plain.empty() && !targets.all.empty()) {
    return loaded_functions();
  }
  auto loaded = load_targets(std::move(plain), options_of(chosen, scratch));
  if (loaded) {
    for (function_configuration& each : loaded->functions) {
      each.event_invoke = chosen.event_invoke;
      each.logging = chosen.logging();
      each.ephemeral_storage_mib = chosen.tmp_size_mib.value_or(each.ephemeral_storage_mib);
    }
  }
  return loaded;
}

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// Templates among each other, and with plain targets: load_targets() and describe_template() see to their own.
result<void> check_names(const std::vector<function_configuration>& functions) {
  for (auto later = functions.begin(); later != functions.end(); ++later) {
    const auto same = [&](const function_configuration& other) { return other.name == later->name; };
    if (const auto earlier = std::find_if(functions.begin(), later, same); earlier != later) {
      return fail(errc::invalid_argument, "two functions are called " + later->name + ": " + earlier->target + " and " +
                                              later->target + "; serve one of them alone");
    }
  }
  return {};
}

}  // namespace

result<loaded_functions> load_functions(const settings& chosen, const described_targets& targets,
                                        scratch_folder& scratch) {
  auto loaded = load_plain(chosen, targets, scratch);
  if (!loaded) {
    return loaded;
  }
  templates::project_options options;
  options.environments = chosen.environments;
  options.logging = chosen.logging();
  options.event_invoke = chosen.event_invoke;
  options.scratch = &scratch;
  for (const described_target& each : targets.all) {
    if (!each.described) {
      continue;
    }
    auto project = templates::load_project(*each.described, options);
    if (!project) {
      return project;
    }
    append(loaded->functions, project->functions);
    append(loaded->apis, project->apis);
    append(loaded->warnings, project->warnings);
  }
  if (const auto good = check_names(loaded->functions); !good) {
    return good.error();
  }
  auto sentences = debug_as_chosen(chosen, loaded->functions);
  if (!sentences) {
    return sentences.error();
  }
  append(loaded->warnings, *sentences);
  return loaded;
}

}  // namespace kelvin
