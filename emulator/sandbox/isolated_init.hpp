#pragma once

#include <sys/types.h>

namespace kelvin {

/// The whole life of the first process of new namespaces, to be called right after the clone: builds the
/// root, waits for a start order on `link`, starts the program, reports that on `link` (with what keeps
/// /tmp), later reports the program's end. Ends, and with it all of its namespace, when the other end of
/// `link` closes. Never returns.
[[noreturn]] void run_isolated_init(unsigned long namespaces, uid_t user, gid_t group, int link) noexcept;

}  // namespace kelvin
