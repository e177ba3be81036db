#include "emulator/app/load_functions.hpp"

#include <utility>
#include <vector>

namespace kelvin {

result<loaded_functions> load_functions(const settings& chosen, scratch_folder& scratch) {
  std::vector<target> targets;
  for (const target_argument& each : chosen.targets) {
    targets.push_back({each.name, each.path});
  }
  load_options options;
  options.memory_mib = chosen.memory_mib;
  options.timeout = chosen.timeout;
  options.handler = chosen.handler;
  options.variables = chosen.variables;
  options.layers = chosen.layers;
  options.reserved_concurrency = chosen.reserved_concurrency;
  options.environments = chosen.environments;
  options.scratch = &scratch;
  return load_targets(std::move(targets), options);
}

}  // namespace kelvin
