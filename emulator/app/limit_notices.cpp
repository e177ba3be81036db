#include "emulator/app/limit_notices.hpp"

namespace kelvin {

std::vector<std::string> limit_notices(const settings& chosen, bool memory_chosen, const control_groups& groups,
                                       isolation_level level) {
  std::vector<std::string> notices;
  if (chosen.tmp_size_mib && level == isolation_level::host) {
    notices.push_back("--tmp-size is not in force: at isolation level host functions use the machine's own /tmp");
  }
  if (chosen.cpu == cpu_level::lambda && !groups.version(group_controller::cpu)) {
    notices.push_back(
        "--cpu lambda stops and continues functions' processes, for no control group for cpu can be made here; "
        "`kelvin doctor` says what it would take");
  }
  if (memory_chosen && !groups.version(group_controller::memory)) {
    notices.push_back(
        std::string(chosen.memory_mib ? "--memory" : "the template's MemorySize") +
        " is enforced by sampling alone, for no control group for memory can be made here; `kelvin doctor` "
        "says what it would take");
  }
  return notices;
}

}  // namespace kelvin
