#include "tests/tidy/module_table.hpp"

#include <algorithm>
#include <array>

namespace kelvin::tidy {
namespace {

const std::array<module_row, 22>& table() {
  static const std::array<module_row, 22> rows = {{
      {"base", "runtime-api/base/", {}},
      {"protocol", "runtime-api/protocol/", {"base"}},
      {"http", "runtime-api/http/", {"base"}},
      {"service", "runtime-api/service/", {"protocol", "http"}},
      {"function", "emulator/function/", {"base"}},
      {"invoke", "emulator/invoke/", {"base"}},
      {"sandbox", "emulator/sandbox/", {"base"}},
      {"builder", "emulator/builder/", {"sandbox"}},
      {"environment", "emulator/environment/", {"service", "sandbox", "function", "invoke"}},
      {"scheduler", "emulator/scheduler/", {"environment", "invoke", "function"}},
      {"template", "emulator/template/", {"function"}},
      {"web", "emulator/web/", {"invoke", "http", "function"}},
      {"frontdoor", "emulator/frontdoor/", {"web", "invoke", "http", "function"}, true},
      {"gateway", "emulator/gateway/", {"frontdoor", "web", "invoke", "http", "function"}},
      {"event_source", "emulator/event_source/", {"invoke", "function"}, true},
      {"observability", "emulator/observability/", {"base", "http", "invoke"}},
      {"watch", "emulator/watch/", {"base"}},
      {"inspect", "emulator/inspect/", {"function", "watch"}},
      {"terminal", "emulator/terminal/", {"observability", "base"}},
      {"lab", "emulator/lab/", {"base"}},
      {"app",
       "emulator/app/",
       {"template", "scheduler", "gateway", "event_source", "observability", "watch", "builder", "terminal"}},
      {"cli", "emulator/cli/", {"app", "inspect"}},
  }};
  return rows;
}

/// `frontdoor/invoke_api` and `frontdoor_invoke_api` are both of row `frontdoor`.
const module_row* row_of(std::string_view module) {
  for (const module_row& row : table()) {
    const bool inside = row.several && module.starts_with(row.name) && module.size() > row.name.size() &&
                        (module[row.name.size()] == '/' || module[row.name.size()] == '_');
    if (module == row.name || inside) {
      return &row;
    }
  }
  return nullptr;
}

bool reaches(const module_row& from, const module_row& to) {
  return std::any_of(from.uses.begin(), from.uses.end(), [&](std::string_view name) {
    const module_row* next = row_of(name);
    return next == &to || (next != nullptr && reaches(*next, to));
  });
}

}  // namespace

std::span<const module_row> module_table() {
  return table();
}

std::optional<std::string> module_of(std::string_view path) {
  for (const module_row& row : table()) {
    if (!path.starts_with(row.folder)) {
      continue;
    }
    const std::string_view rest = path.substr(row.folder.size());
    const std::size_t slash = rest.find('/');
    if (row.several && slash != std::string_view::npos) {
      return std::string(row.name) + "/" + std::string(rest.substr(0, slash));
    }
    return std::string(row.name);
  }
  return std::nullopt;
}

bool may_use(std::string_view user, std::string_view used) {
  if (user == used || used == "base") {
    return true;
  }
  const module_row* from = row_of(user);
  const module_row* to = row_of(used);
  return from != nullptr && to != nullptr && from != to && reaches(*from, *to);
}

}  // namespace kelvin::tidy
