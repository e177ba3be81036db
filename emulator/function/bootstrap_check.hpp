#pragma once

#include "runtime-api/base/result.hpp"

#include <string>

namespace kelvin {

/// Whether exec of the file `path` would work on this machine. `shown` is how messages call it;
/// `from_zip` adds how modes get into a zip. Success means: a regular file, readable and executable,
/// an ELF program for this machine whose loader is here, or a script whose interpreter is here.
/// Errors: not_found, permission_denied, not_executable; the detail says how to mend it.
result<void> check_bootstrap(const std::string& path, const std::string& shown, bool from_zip);

}  // namespace kelvin
