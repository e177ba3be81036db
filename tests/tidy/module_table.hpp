#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::tidy {

/// One row of the module table in docs/architecture.md: a folder, and the modules it names as the
/// ones it may use. `several` rows hold one module per subfolder, which do not know each other.
struct module_row {
  std::string_view name;
  std::string_view folder;
  std::vector<std::string_view> uses;
  bool several = false;
};

std::span<const module_row> module_table();

/// The module that a path of the checkout belongs to, e.g. `http` or `frontdoor/invoke_api`; nullopt
/// for paths outside every module.
std::optional<std::string> module_of(std::string_view path);

/// Whether code of module `user` may include a header of module `used`: itself, base, and what its
/// row names, with what those rows name in turn. `app` may use every row above it.
bool may_use(std::string_view user, std::string_view used);

}  // namespace kelvin::tidy
