#include "emulator/web/cors.hpp"

#include "runtime-api/http/text.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace kelvin::web {
namespace {

constexpr std::string_view wildcard = "*";

bool holds(const std::vector<std::string>& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

bool origin_matches(std::string_view allowed, std::string_view origin) {
  const bool any_host = allowed == "http://*" || allowed == "https://*";
  if (!any_host)
    return allowed == origin;
  allowed.remove_suffix(1);
  return origin.starts_with(allowed) && origin.size() > allowed.size();
}

/// What Access-Control-Allow-Origin says; empty: the origin is not allowed. Where credentials are allowed browsers
/// take no `*`, so the origin is named.
std::string_view allowed_origin(const cors_configuration& cors, std::string_view origin) {
  if (holds(cors.allow_origins, wildcard))
    return cors.allow_credentials ? origin : wildcard;
  const bool matches = std::any_of(cors.allow_origins.begin(), cors.allow_origins.end(),
                                   [&](const std::string& allowed) { return origin_matches(allowed, origin); });
  return matches ? origin : std::string_view();
}

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& each : list)
    text.append(text.empty() ? "" : ",").append(each);
  return text;
}

/// The list, or what was asked for where the list is `*` and browsers would take that for a name.
std::string allowed_list(const cors_configuration& cors, const std::vector<std::string>& list, std::string_view asked) {
  return cors.allow_credentials && holds(list, wildcard) ? std::string(asked) : joined(list);
}

void add(web_response& answer, std::string_view name, std::string value) {
  if (!value.empty())
    answer.fields.push_back({std::string(name), std::move(value)});
}

/// Of an answer that names the origin a cache must know that another origin gets another one.
void add_vary(web_response& answer) {
  const bool said = std::any_of(answer.fields.begin(), answer.fields.end(), [](const name_value& field) {
    return http::equal_ignoring_case(field.name, "vary") &&
           (field.value == wildcard || http::equal_ignoring_case(field.value, "origin"));
  });
  if (!said)
    add(answer, "Vary", "Origin");
}

/// The fields that every answer to that origin has. Whether it is allowed.
bool add_origin(const cors_configuration& cors, std::string_view origin, web_response& answer) {
  const std::string_view allowed = allowed_origin(cors, origin);
  if (allowed.empty())
    return false;
  add(answer, "Access-Control-Allow-Origin", std::string(allowed));
  if (cors.allow_credentials)
    add(answer, "Access-Control-Allow-Credentials", "true");
  if (allowed != wildcard)
    add_vary(answer);
  return true;
}

bool is_cors_field(const name_value& field) {
  constexpr std::string_view prefix = "access-control-allow-";
  const std::string_view name = field.name;
  return http::equal_ignoring_case(name.substr(0, prefix.size()), prefix) ||
         http::equal_ignoring_case(name, "access-control-expose-headers") ||
         http::equal_ignoring_case(name, "access-control-max-age");
}

}  // namespace

std::optional<cors_preflight> read_preflight(std::string_view method, const http::field_list& fields) {
  if (method != "OPTIONS")
    return std::nullopt;
  const auto origin = fields.find("origin");
  const auto requested = fields.find("access-control-request-method");
  if (!origin || !requested)
    return std::nullopt;
  return cors_preflight{*origin, *requested, fields.find("access-control-request-headers").value_or("")};
}

web_response preflight_answer(const cors_configuration& cors, const cors_preflight& asked) {
  web_response answer;
  answer.status = 204;
  if (add_origin(cors, asked.origin, answer)) {
    add(answer, "Access-Control-Allow-Methods", allowed_list(cors, cors.allow_methods, asked.method));
    add(answer, "Access-Control-Allow-Headers", allowed_list(cors, cors.allow_headers, asked.headers));
    add(answer, "Access-Control-Expose-Headers", joined(cors.expose_headers));
    if (cors.max_age)
      add(answer, "Access-Control-Max-Age", std::to_string(cors.max_age->count()));
  }
  return answer;
}

void apply_cors(const cors_configuration& cors, std::optional<std::string_view> origin, web_response& answer) {
  std::erase_if(answer.fields, is_cors_field);
  if (origin && add_origin(cors, *origin, answer))
    add(answer, "Access-Control-Expose-Headers", joined(cors.expose_headers));
}

}  // namespace kelvin::web
