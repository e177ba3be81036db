#include "emulator/cli/doctor.hpp"

#include "emulator/sandbox/isolation_probe.hpp"

namespace kelvin {

void check_isolation(findings& found) {
  const auto possible = isolation_probe::begin().finish();
  if (possible) {
    found.ok("isolation level lambda: user, mount and pid namespaces can be set up");
    return;
  }
  found.warn("user, mount and pid namespaces: " + possible.error().detail,
             "functions run at isolation level host; to have lambda: run as root, or allow user namespaces "
             "(sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces over 0, "
             "kernel.apparmor_restrict_unprivileged_userns=0), or a container with that right");
}

}  // namespace kelvin
