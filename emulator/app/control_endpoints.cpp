#include "emulator/app/control_endpoints.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace kelvin {
namespace {

awaitable<void> answer(http::exchange& exchange, unsigned status, std::string_view content_type, std::string body) {
  http::response response;
  response.status = status;
  http::append_field(response.fields, "Content-Type", content_type);
  response.body = body;
  co_await exchange.respond(std::move(response));
}

double milliseconds(duration value) {
  return std::chrono::duration<double, std::milli>(value).count();
}

/// What a watched function's users want to know of its code.
nlohmann::ordered_json code_of(const function_status& status) {
  nlohmann::ordered_json code;
  code["state"] = name_of(word_of(status));
  code["version"] = status.serving.number;
  if (status.serving.init) {
    code["init_ms"] = milliseconds(*status.serving.init);
  }
  if (status.before && status.before->init) {
    code["previous_init_ms"] = milliseconds(*status.before->init);
  }
  code["bootstrap_bytes"] = status.serving.size_bytes;
  if (status.before) {
    code["previous_bootstrap_bytes"] = status.before->size_bytes;
  }
  if (!status.problem.empty()) {
    code["problem"] = status.problem;
  }
  if (status.build.is != function_build::state::none) {
    code["build"] = {{"command", status.build.command}, {"state", name_of(status.build.is)}};
    if (!status.build.sentence.empty()) {
      code["build"]["sentence"] = status.build.sentence;
      code["build"]["last_lines"] = status.build.last_lines;
    }
  }
  return code;
}

}  // namespace

std::string control_endpoints::functions_body() const {
  nlohmann::ordered_json functions = nlohmann::ordered_json::array();
  for (const function_configuration& each : registry_.functions()) {
    const function_activity activity = scheduler_.activity(each.name);
    nlohmann::ordered_json entry;
    entry["name"] = each.name;
    entry["arn"] = function_arn(registry_.account(), each.name);
    entry["bootstrap"] = each.bootstrap;
    entry["memory_mib"] = each.memory_mib;
    entry["timeout_s"] = each.timeout.count();
    entry["environments"] = activity.environments;
    entry["idle"] = activity.idle;
    entry["running"] = activity.running;
    entry["waiting"] = activity.waiting;
    entry["throttles"] = activity.throttles;
    if (const function_statistics& counted = metrics_.statistics(each.name); counted.last_init) {
      entry["last_init"] = {{"init_ms", milliseconds(counted.last_init->init())},
                            {"spawn_ms", milliseconds(counted.last_init->spawn)},
                            {"exec_to_connect_ms", milliseconds(counted.last_init->exec_to_connect)},
                            {"connect_to_next_ms", milliseconds(counted.last_init->connect_to_next)}};
    }
    if (const function_status* status = statuses_.find(each.name)) {
      entry["code"] = code_of(*status);
    }
    functions.push_back(std::move(entry));
  }
  nlohmann::ordered_json document{{"functions", std::move(functions)}};
  if (!statuses_.project_problem().empty()) {
    document["problem"] = statuses_.project_problem();
  }
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

bool control_endpoints::owns(const http::request_head& head) noexcept {
  return head.path().starts_with("/_kelvin/");
}

awaitable<bool> control_endpoints::handle(http::exchange& exchange) {
  const http::request_head& head = exchange.head();
  const std::string_view path = head.path();
  if (!owns(head)) {
    co_return false;
  }
  const bool reads = head.method == http::method::get || head.method == http::method::head;
  if (!reads) {
    co_await answer(exchange, 405, "application/json", "{\"message\":\"only GET and HEAD are served here\"}\n");
  } else if (path == "/_kelvin/health") {
    co_await answer(exchange, 200, "application/json", "{\"status\":\"ok\",\"version\":\"" KELVIN_VERSION "\"}\n");
  } else if (path == "/_kelvin/functions") {
    co_await answer(exchange, 200, "application/json", functions_body());
  } else if (path == "/_kelvin/metrics") {
    co_await answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics_.prometheus_text());
  } else {
    co_await answer(exchange, 404, "application/json",
                    "{\"message\":\"kelvin serves /_kelvin/health, /_kelvin/functions and /_kelvin/metrics\"}\n");
  }
  co_return true;
}

}  // namespace kelvin
