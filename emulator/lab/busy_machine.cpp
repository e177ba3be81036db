#include "emulator/lab/busy_machine.hpp"

#include "emulator/lab/number_text.hpp"

#include <algorithm>

namespace kelvin::lab {

double share_of_others(const cpu_use& use) {
  using seconds = std::chrono::duration<double>;
  const double all = seconds(use.elapsed).count() * use.processors;
  if (all <= 0) {
    return 0;
  }
  return std::clamp(seconds(use.machine - use.own_tree).count() / all, 0.0, 1.0);
}

bool machine_is_busy(const cpu_use& use) {
  return share_of_others(use) > others_share_max;
}

std::string describe_busy(const cpu_use& use) {
  return "other processes used " + short_number(share_of_others(use) * 100) +
         " % of the machine's CPU time during the run (more than " + short_number(others_share_max * 100) +
         " % distorts): end them, or measure again when the machine is quiet";
}

}  // namespace kelvin::lab
