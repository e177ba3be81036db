#include "emulator/template/api_draft.hpp"

#include <algorithm>
#include <set>

namespace kelvin::templates {
namespace {

constexpr unsigned timeout_ms_min = 50;
constexpr unsigned timeout_ms_max = 300'000;  // a REST API's can be raised past 29 s

bool is_method(const std::string& method) {
  return !method.empty() &&
         std::all_of(method.begin(), method.end(), [](char letter) { return letter >= 'A' && letter <= 'Z'; });
}

}  // namespace

api_draft::api_draft(const model& in, std::string id, api_kind kind, place at) : in_(in), at_(at) {
  api_.id = std::move(id);
  api_.kind = kind;
  api_.origin = in.notes.text_of(at);
}

std::string without_names(const std::string& path) {
  std::string made;
  bool inside = false;
  for (std::size_t at = 0; at < path.size(); ++at) {
    inside = path[at] == '{' || (inside && path[at] != '}');
    const bool is_greedy = inside && path[at] == '+';
    if (!inside || path[at] == '{' || is_greedy) {
      made += path[at];
    }
  }
  return made;
}

void api_draft::add_route(api_route route, place at) {
  const bool is_catch_all = route.path == "$default";
  if (!is_method(route.method) || (!is_catch_all && !route.path.starts_with('/'))) {
    in_.notes.fail(
        at, errc::invalid_argument,
        "`" + route.method + " " + route.path + "` is no route: it takes a method and a path that begins with /");
    return;
  }
  const auto greedy = route.path.find("+}");
  if (greedy != std::string::npos && greedy + 2 != route.path.size()) {
    in_.notes.fail(at, errc::invalid_argument,
                   "the path " + route.path + " has a {name+} before its end, where AWS takes none");
    return;
  }
  const auto [earlier, is_new] = seen_.emplace(std::pair(route.method, without_names(route.path)), at);
  if (!is_new) {
    in_.notes.fail(at, errc::invalid_argument,
                   "the route " + route.method + " " + route.path + " of the API " + api_.id +
                       " is there already, in " + in_.notes.text_of(earlier->second));
    return;
  }
  route.origin = in_.notes.text_of(at);
  if (api_.kind == api_kind::rest) {
    route.payload = payload_version::v1;
  }
  api_.routes.push_back(std::move(route));
}

bool api_draft::has_route(const std::string& method, const std::string& path) const {
  return seen_.contains({method, without_names(path)});
}

void api_draft::add_stage(std::string name, std::vector<name_value> variables) {
  const auto same = [&](const api_stage& each) { return each.name == name; };
  if (std::none_of(api_.stages.begin(), api_.stages.end(), same)) {
    api_.stages.push_back({std::move(name), std::move(variables)});
  }
}

const authorizer_configuration* api_draft::find_authorizer(const std::string& name) const {
  const auto found = std::find_if(api_.authorizers.begin(), api_.authorizers.end(),
                                  [&](const auto& each) { return each.name == name; });
  return found == api_.authorizers.end() ? nullptr : &*found;
}

void api_draft::add_authorizer(authorizer_configuration authorizer, place at) {
  if (find_authorizer(authorizer.name) != nullptr) {
    return;
  }
  const bool is_lambda = authorizer.kind != authorizer_kind::jwt && authorizer.kind != authorizer_kind::iam;
  if (is_lambda) {
    const function_description* function = in_.function_of(authorizer.function_name);
    if (function == nullptr) {
      in_.notes.warn(at, "the authorizer " + authorizer.name + " names no function of this template");
      return add_missing_authorizer(authorizer.name);
    }
    authorizer.function_name = function->name;
  }
  authorizer.origin = in_.notes.text_of(at);
  api_.authorizers.push_back(std::move(authorizer));
}

void api_draft::add_iam_authorizer(place at) {
  authorizer_configuration made;
  made.name = iam_authorizer;
  made.kind = authorizer_kind::iam;
  add_authorizer(std::move(made), at);
}

/// SAM answers OPTIONS at every path that has none of its own.
void api_draft::add_preflights() {
  if (preflight.empty()) {
    return;
  }
  std::map<std::string, std::set<std::string>> methods;
  std::map<std::string, std::string> origins;
  for (const api_route& route : api_.routes) {
    methods[route.path].insert(route.method);
    origins.emplace(route.path, route.origin);
  }
  for (const auto& [path, of] : methods) {
    if (of.contains("OPTIONS")) {
      continue;
    }
    std::string allowed;
    for (const char* method : {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}) {
      if (of.contains("ANY") || of.contains(method) || std::string_view(method) == "OPTIONS") {
        allowed += (allowed.empty() ? "" : ",") + std::string(method);
      }
    }
    api_route made;
    made.method = "OPTIONS";
    made.path = path;
    made.payload = payload_version::v1;
    made.origin = origins.at(path);
    made.mock = mock_integration{200, preflight};
    const auto names_methods = [](const name_value& each) { return each.name == "Access-Control-Allow-Methods"; };
    if (std::none_of(preflight.begin(), preflight.end(), names_methods)) {
      made.mock->fields.push_back({"Access-Control-Allow-Methods", allowed});
    }
    made.authorizer = guards_preflight ? default_authorizer : std::string();
    api_.routes.push_back(std::move(made));
  }
}

/// A route whose authorizer is not here must not become open to all.
void api_draft::leave_out_unguarded() {
  std::erase_if(api_.routes, [&](const api_route& route) {
    if (route.authorizer.empty() || find_authorizer(route.authorizer) != nullptr) {
      return false;
    }
    const bool known = std::find(missing_.begin(), missing_.end(), route.authorizer) != missing_.end();
    const std::string text = "the route " + route.method + " " + route.path + " of the API " + api_.id;
    if (known) {
      in_.notes.warn(at_, text + " is left out, since its authorizer " + route.authorizer + " is not here");
    } else {
      in_.notes.fail(
          at_, errc::invalid_argument,
          text + " (" + route.origin + ") names the authorizer " + route.authorizer + ", which the API has not");
    }
    return true;
  });
}

api_configuration api_draft::finish() {
  add_preflights();
  leave_out_unguarded();
  if (api_.stages.empty()) {
    api_.stages.push_back({api_.kind == api_kind::rest ? "Prod" : "$default", {}});
  }
  return std::move(api_);
}

std::optional<std::chrono::milliseconds> timeout_in(const model& in, const node* value) {
  const auto number = number_in(in, value, "TimeoutInMillis", timeout_ms_min, timeout_ms_max);
  return number ? std::optional(std::chrono::milliseconds(*number)) : std::nullopt;
}

std::vector<name_value> variables_in(const model& in, const node* value) {
  std::vector<name_value> all;
  if (value == nullptr) {
    return all;
  }
  for (const member& each : value->members) {
    if (auto text = text_in(in, &each.value, "the stage variable " + each.name)) {
      all.push_back({each.name, std::move(*text)});
    }
  }
  return all;
}

cors_configuration cors_in(const model& in, const node& value) {
  const auto of = [&](std::string name) {
    const node* found = value.find(name);
    name[0] = static_cast<char>(name[0] | 0x20);
    return found != nullptr ? found : value.find(name);
  };
  cors_configuration made;
  if (is_true(&value)) {
    made.allow_origins = {"*"};
    return made;
  }
  made.allow_origins = texts_in(in, of("AllowOrigins"), "AllowOrigins");
  made.allow_methods = texts_in(in, of("AllowMethods"), "AllowMethods");
  made.allow_headers = texts_in(in, of("AllowHeaders"), "AllowHeaders");
  made.expose_headers = texts_in(in, of("ExposeHeaders"), "ExposeHeaders");
  made.allow_credentials = truth_in(in, of("AllowCredentials"), "AllowCredentials", false);
  constexpr unsigned age_max = 86'400;
  if (const auto age = number_in(in, of("MaxAge"), "MaxAge", 0, age_max)) {
    made.max_age = std::chrono::seconds(*age);
  }
  return made;
}

std::string identity_source_of(std::string_view rest_form) {
  constexpr std::string_view request = "method.request.";
  if (rest_form.starts_with('$')) {
    return std::string(rest_form);
  }
  return rest_form.starts_with(request) ? "$request." + std::string(rest_form.substr(request.size()))
                                        : "$" + std::string(rest_form);
}

std::string unquoted(std::string text) {
  const bool in_quotes = text.size() >= 2 && text.front() == '\'' && text.back() == '\'';
  return in_quotes ? text.substr(1, text.size() - 2) : text;
}

}  // namespace kelvin::templates
