#include "emulator/web/route_table.hpp"
#include "tests/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace {

using kelvin::fuzz::require;

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return line;
}

bool lies_in(std::string_view part, std::string_view whole) {
  const std::less_equal<const char*> before;
  return before(whole.data(), part.data()) && before(part.data() + part.size(), whole.data() + whole.size());
}

std::size_t count_variables(std::string_view path) {
  std::size_t count = 0;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    const bool variable = segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
    count += variable ? 1 : 0;
    // What follows a greedy variable is not read.
    if (slash == std::string_view::npos || (variable && segment.size() > 3 && segment.ends_with("+}")))
      break;
    path.remove_prefix(slash + 1);
  }
  return count;
}

}  // namespace

/// The kind of API, the path, and a route on each line behind it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  kelvin::api_configuration api;
  const std::string_view kind = take_line(text);
  api.kind = kind == "rest" ? kelvin::api_kind::rest : kind == "alb" ? kelvin::api_kind::alb : kelvin::api_kind::http;
  api.stages = {{"prod", {}}, {"$default", {}}};
  const std::string path(take_line(text));
  while (!text.empty()) {
    kelvin::api_route route;
    route.method = "ANY";
    route.path = take_line(text);
    api.routes.push_back(route);
  }
  const kelvin::web::route_table table(api);
  const auto match = table.find("GET", path, std::nullopt);
  require((match.stage != nullptr) == path.starts_with('/'));
  require(match.stage == nullptr || match.stage_path == "/" || lies_in(match.stage_path, path));
  require(match.stage == nullptr || match.stage_path.starts_with('/'));
  require(match.stage != nullptr || match.route == nullptr);
  if (match.route != nullptr) {
    const bool named = api.kind != kelvin::api_kind::alb && match.route->path != "$default";
    require(match.path_parameters.size() == (named ? count_variables(match.route->path) : 0));
  }
  for (const auto& [name, value] : match.path_parameters) {
    require(!name.empty() && !value.empty());
    require(path.find(value) != std::string::npos);
  }
  return 0;
}
