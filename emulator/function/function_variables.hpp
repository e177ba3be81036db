#pragma once

#include "runtime-api/base/result.hpp"

#include <map>
#include <string>
#include <string_view>

namespace kelvin {

/// Whether Lambda sets the variable itself and refuses a function configuration that sets it.
bool is_reserved_variable(std::string_view name) noexcept;

/// A function's own environment variables, by AWS's rules: names of [a-zA-Z][a-zA-Z0-9_]+, none
/// reserved, names and values together at most limits::environment_variables_bytes.
/// Errors: invalid_argument, which names the variable but never its value.
result<void> check_variables(const std::map<std::string, std::string>& variables);

/// Reads a file of `NAME=value` lines. Blank lines and lines that begin with `#` are skipped, and so
/// is `export ` before a name. A value may stand in single quotes (taken as it is) or double quotes
/// (\n, \r, \t, \", \\ and \$ are replaced); without quotes it goes to the line's end, less
/// surrounding blanks. The last line for a name counts. At most 1 MiB.
/// Errors: not_found, permission_denied, invalid_argument with file and line.
result<std::map<std::string, std::string>> read_environment_file(const std::string& path);

}  // namespace kelvin
