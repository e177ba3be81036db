#include "emulator/app/route_listing.hpp"

#include <algorithm>
#include <array>

namespace kelvin {
namespace {

using row = std::array<std::string, 4>;

std::string notes_of(const api_route& route) {
  std::string notes;
  const auto add = [&notes](std::string_view text) { notes.append(notes.empty() ? "" : ", ").append(text); };
  if (!route.authorizer.empty()) {
    add("authorizer " + route.authorizer);
  }
  if (route.api_key_required) {
    add("API key");
  }
  if (route.payload == payload_version::v1) {
    add("payload format 1.0");
  }
  if (route.streams) {
    add("streams");
  }
  return notes;
}

row row_of(const api_configuration& api, const api_route& route) {
  row made{route.method, route.path, route.mock ? "(answered by the API)" : route.function_name, notes_of(route)};
  if (api.kind != api_kind::http) {
    // Only HTTP APIs have payload formats.
    api_route plain = route;
    plain.payload = payload_version::v2;
    made[3] = notes_of(plain);
  }
  return made;
}

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

}  // namespace

std::string_view display_name(api_kind kind) noexcept {
  switch (kind) {
    case api_kind::http: return "HTTP API";
    case api_kind::rest: return "REST API";
    case api_kind::alb: return "load balancer";
    case api_kind::function_url: break;
  }
  return "function URL";
}

std::string stage_url(const std::string& url, const api_configuration& api, const api_stage& stage) {
  switch (api.kind) {
    case api_kind::function_url: return url + "/lambda-url/" + api.id + "/";
    case api_kind::alb: return url + "/_aws/execute-api/" + api.id + "/";
    case api_kind::http:
    case api_kind::rest: break;
  }
  return url + "/_aws/execute-api/" + api.id + "/" + stage.name + "/";
}

std::vector<std::string> route_listing(const std::string& url, const api_configuration& api, bool is_default) {
  std::vector<std::string> lines;
  std::string first = std::string(display_name(api.kind)) + " " + api.id + ": ";
  if (is_default) {
    first.append(url).append("/, ");
  }
  for (const api_stage& each : api.stages) {
    first.append(&each == &api.stages.front() ? "" : ", ").append(stage_url(url, api, each));
  }
  lines.push_back(std::move(first));
  std::vector<row> rows;
  std::array<std::size_t, 3> widths{};
  for (const api_route& each : api.routes) {
    rows.push_back(row_of(api, each));
    for (std::size_t column = 0; column < widths.size(); ++column) {
      widths[column] = std::max(widths[column], rows.back()[column].size());
    }
  }
  for (const row& each : rows) {
    std::string line = "  " + padded(each[0], widths[0]) + "  " + padded(each[1], widths[1]) + "  " + each[2];
    if (!each[3].empty()) {
      line.append(std::string(widths[2] - each[2].size() + 2, ' ')).append(each[3]);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace kelvin
