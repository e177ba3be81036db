#include "emulator/web/route_table.hpp"

#include "emulator/web/percent_encoding.hpp"
#include "runtime-api/base/limits.hpp"

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

namespace kelvin::web {
namespace {

constexpr std::string_view default_name = "$default";

/// Takes the next segment off; `text` begins behind a slash. `text.data()` is null when it was the last.
std::string_view take_segment(std::string_view& text) noexcept {
  const std::size_t slash = text.find('/');
  const std::string_view segment = text.substr(0, slash);
  text = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  return segment;
}

bool is_variable(std::string_view segment) noexcept {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool is_greedy(std::string_view segment) noexcept {
  return segment.size() > 3 && is_variable(segment) && segment.ends_with("+}");
}

std::string decoded(std::string_view segment) {
  return percent_decoded(segment, plus_sign::kept);
}

/// A place a route ends at: its methods.
struct methods {
  std::vector<const api_route*> routes;

  /// Of two routes for one method the first counts.
  void add(const api_route& route) {
    const bool known = std::any_of(routes.begin(), routes.end(),
                                   [&](const api_route* other) { return other->method == route.method; });
    if (!known)
      routes.push_back(&route);
  }

  /// The route of that very method, else of `ANY`, else null.
  const api_route* find(std::string_view method) const noexcept {
    const api_route* any = nullptr;
    for (const api_route* route : routes) {
      if (route->method == method)
        return route;
      if (route->method == "ANY")
        any = route;
    }
    return any;
  }
};

/// The routes below one prefix of a path.
struct node {
  std::map<std::string, std::unique_ptr<node>, std::less<>> statics;  ///< by their decoded text
  std::unique_ptr<node> variable;
  methods here;    ///< of routes that end here
  methods greedy;  ///< of routes that take all the rest, one segment at least
};

/// What is routed of a path: behind its first slash. A REST API does not see one slash at the end; for an HTTP API it
/// makes another path. Precondition: the path begins with a slash.
std::string_view routed_part(api_kind kind, std::string_view path) noexcept {
  path.remove_prefix(1);
  if (kind == api_kind::rest && path.ends_with('/'))
    path.remove_suffix(1);
  return path;
}

void add_route(node& root, api_kind kind, const api_route& route) {
  // A path that is longer than a request's header can be leads nowhere.
  if (!route.path.starts_with('/') || route.path.size() > limits::caller_header_bytes)
    return;
  std::string_view rest = routed_part(kind, route.path);
  node* place = &root;
  // The root itself: `/` has no segment.
  while (rest.data() != nullptr && (place != &root || !rest.empty())) {
    const std::string_view segment = take_segment(rest);
    if (is_greedy(segment)) {
      place->greedy.add(route);
      return;
    }
    auto& next = is_variable(segment) ? place->variable : place->statics[decoded(segment)];
    if (next == nullptr)
      next = std::make_unique<node>();
    place = next.get();
  }
  place->here.add(route);
}

enum class want {
  full,    ///< routes that name each segment
  greedy,  ///< routes that take a rest
  either,
};

/// A place on the way down, and what of the path is left there: behind a slash, `data()` null when nothing is.
struct step {
  const node* place;
  std::string_view rest;
  bool greedy;  ///< what is below has been tried; the rest may still be taken whole
};

/// The most specific route for method and path: static before variable before greedy at each position. A place
/// that lacks the method is passed over, so each node is seen at most once. `path` begins behind its first slash.
const api_route* find_route(const node& root, std::string_view method, std::string_view path, want wanted) {
  boost::container::small_vector<step, 8> steps;
  steps.push_back({&root, path.empty() ? std::string_view() : path, false});
  while (!steps.empty()) {
    const step now = steps.back();
    steps.pop_back();
    if (now.rest.data() == nullptr || now.greedy) {
      const bool takes = now.greedy || wanted != want::greedy;
      const api_route* route = takes ? (now.greedy ? now.place->greedy : now.place->here).find(method) : nullptr;
      if (route != nullptr)
        return route;
      continue;
    }
    // Last in, first out: the least specific goes in first.
    if (wanted != want::full && !now.rest.empty() && !now.place->greedy.routes.empty())
      steps.push_back({now.place, now.rest, true});
    std::string_view rest = now.rest;
    const std::string_view segment = take_segment(rest);
    if (now.place->variable != nullptr && !segment.empty())
      steps.push_back({now.place->variable.get(), rest, false});
    const bool escaped = segment.find('%') != std::string_view::npos;
    const auto found = escaped ? now.place->statics.find(decoded(segment)) : now.place->statics.find(segment);
    if (found != now.place->statics.end())
      steps.push_back({found->second.get(), rest, false});
  }
  return nullptr;
}

/// What the variables of the route's path stand for. Precondition: the route takes the path; both begin behind
/// their first slash.
std::vector<name_value> read_parameters(std::string_view pattern, std::string_view path) {
  std::vector<name_value> parameters;
  while (pattern.data() != nullptr) {
    const std::string_view all = path;
    const std::string_view wanted = take_segment(pattern);
    if (is_greedy(wanted)) {
      parameters.push_back({std::string(wanted.substr(1, wanted.size() - 3)), std::string(all)});
      break;
    }
    const std::string_view segment = take_segment(path);
    if (is_variable(wanted))
      parameters.push_back({std::string(wanted.substr(1, wanted.size() - 2)), std::string(segment)});
  }
  return parameters;
}

const api_stage* stage_named(const api_configuration& api, std::string_view name) {
  const auto found =
      std::find_if(api.stages.begin(), api.stages.end(), [&](const api_stage& stage) { return stage.name == name; });
  return found == api.stages.end() ? nullptr : &*found;
}

/// The stage of a path that begins with a slash, and what lies behind it.
std::pair<const api_stage*, std::string_view> choose_stage(const api_configuration& api, std::string_view path) {
  const bool in_path = api.kind == api_kind::http || api.kind == api_kind::rest;
  const std::string_view first = path.substr(1, path.find('/', 1) - 1);
  const api_stage* named = in_path && first != default_name ? stage_named(api, first) : nullptr;
  if (named != nullptr) {
    const std::string_view rest = path.substr(1 + first.size());
    return {named, rest.empty() ? std::string_view("/") : rest};
  }
  const api_stage* other = api.kind == api_kind::http ? stage_named(api, default_name)
                           : api.stages.empty()       ? nullptr
                                                      : &api.stages.front();
  return {other, path};
}

}  // namespace

class route_table::tree {
 public:
  explicit tree(const api_configuration& described) : api(described) {
    for (const api_route& route : api.routes) {
      if (route.path == default_name)
        fallback.add(route);
      else
        add_route(root, api.kind, route);
    }
  }

  const api_route* find(std::string_view method, std::string_view path) const {
    if (api.kind == api_kind::rest)
      return find_route(root, method, path, want::either);
    const api_route* route = find_route(root, method, path, want::full);
    if (route == nullptr)
      route = find_route(root, method, path, want::greedy);
    return route != nullptr ? route : fallback.find(method);
  }

  const api_configuration& api;
  node root;
  methods fallback;  ///< `$default`
};

route_table::route_table(const api_configuration& api) : tree_(std::make_unique<tree>(api)) {}
route_table::route_table(route_table&&) noexcept = default;
route_table& route_table::operator=(route_table&&) noexcept = default;
route_table::~route_table() = default;

route_match route_table::find(std::string_view method, std::string_view path,
                              std::optional<std::string_view> stage) const {
  route_match match;
  if (!path.starts_with('/'))
    return match;
  const api_configuration& api = tree_->api;
  if (stage.has_value()) {
    match.stage = stage_named(api, *stage);
    match.stage_path = path;
  } else {
    std::tie(match.stage, match.stage_path) = choose_stage(api, path);
  }
  if (match.stage == nullptr)
    return match;
  if (api.kind == api_kind::alb || api.kind == api_kind::function_url) {
    match.route = api.routes.empty() ? nullptr : &api.routes.front();
    return match;
  }
  const std::string_view routed = routed_part(api.kind, match.stage_path);
  match.route = tree_->find(method, routed);
  if (match.route != nullptr && match.route->path != default_name)
    match.path_parameters = read_parameters(std::string_view(match.route->path).substr(1), routed);
  return match;
}

}  // namespace kelvin::web
