#include "emulator/web/event_headers.hpp"

#include "runtime-api/http/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kelvin::web {
namespace {

using http::equal_ignoring_case;

constexpr std::array<std::string_view, 8> connection_fields = {
    "connection", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"};
constexpr std::array<std::string_view, 5> own_fields = {"content-length", "x-amzn-trace-id", "x-forwarded-for",
                                                        "x-forwarded-port", "x-forwarded-proto"};

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](auto each) { return equal_ignoring_case(each, name); });
}

std::string in_case(header_case names, std::string_view name) {
  switch (names) {
    case header_case::lower: return lower_case(name);
    case header_case::title: return title_case(name);
    case header_case::as_sent: break;
  }
  return std::string(name);
}

void add_content_length(multi_value_map& headers, const web_request& request, const header_rules& rules) {
  const auto sent = request.fields->find("Content-Length");
  const bool wanted = rules.content_length == content_length_rule::always ||
                      (rules.content_length == content_length_rule::with_a_body && (sent || !request.body.empty()));
  if (wanted) {
    headers.set(in_case(rules.names, "Content-Length"),
                sent ? std::string(*sent) : std::to_string(request.body.size()));
  }
}

}  // namespace

std::string lower_case(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), http::to_lower);
  return lower;
}

std::string title_case(std::string_view name) {
  std::string title = lower_case(name);
  bool first = true;
  for (char& letter : title) {
    if (first && letter >= 'a' && letter <= 'z') {
      letter = static_cast<char>(letter - 'a' + 'A');
    }
    first = letter == '-';
  }
  return title;
}

multi_value_map event_headers(const web_request& request, const header_rules& rules) {
  multi_value_map headers(multi_value_map::names::ignoring_case);
  std::string forwarded_for;
  for (std::size_t index = 0; index < request.fields->size(); ++index) {
    const http::field field = request.fields->at(index);
    if (equal_ignoring_case(field.name, "x-forwarded-for")) {
      forwarded_for.append(field.value).append(", ");
    }
    const bool left_out = is_one_of(connection_fields, field.name) || is_one_of(own_fields, field.name) ||
                          (!rules.cookies && equal_ignoring_case(field.name, "cookie"));
    if (!left_out) {
      headers.add(in_case(rules.names, field.name), std::string(field.value));
    }
  }
  add_content_length(headers, request, rules);
  headers.set(in_case(rules.names, "X-Amzn-Trace-Id"), request.trace_id);
  headers.set(in_case(rules.names, "X-Forwarded-For"), forwarded_for + request.source_ip);
  headers.set(in_case(rules.names, "X-Forwarded-Port"), std::to_string(request.port));
  headers.set(in_case(rules.names, "X-Forwarded-Proto"), "http");
  return headers;
}

std::string_view field_or_empty(const web_request& request, std::string_view name) {
  return request.fields->find(name).value_or(std::string_view());
}

std::vector<std::string_view> cookies_of(const web_request& request) {
  std::vector<std::string_view> cookies;
  for (std::size_t index = 0; index < request.fields->size(); ++index) {
    const http::field field = request.fields->at(index);
    if (!equal_ignoring_case(field.name, "cookie")) {
      continue;
    }
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::string_view cookie = rest.substr(0, rest.find("; "));
      rest.remove_prefix(std::min(cookie.size() + 2, rest.size()));
      if (!cookie.empty()) {
        cookies.push_back(cookie);
      }
    }
  }
  return cookies;
}

std::string_view protocol_of(const web_request& request) {
  return request.http_1_0 ? "HTTP/1.0" : "HTTP/1.1";
}

std::string_view domain_prefix(const web_request& request, const web_context& context) {
  const std::string_view domain = request.domain_name;
  const std::size_t dot = domain.find('.');
  if (dot != std::string_view::npos && dot != 0) {
    const std::string_view rest = domain.substr(dot + 1);
    if (rest.starts_with("execute-api.") || rest.starts_with("lambda-url.")) {
      return domain.substr(0, dot);
    }
  }
  return context.api_id;
}

}  // namespace kelvin::web
