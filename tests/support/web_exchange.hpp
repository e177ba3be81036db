#pragma once

#include "emulator/function/api_configuration.hpp"
#include "emulator/invoke/invocation_outcome.hpp"
#include "emulator/web/web_request.hpp"
#include "emulator/web/web_response.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kelvin::test {

/// A request at a door and where it was routed to, with values that a test changes as it needs.
struct web_exchange {
  http::field_list fields;
  web::web_request request;
  api_configuration api;
  std::vector<name_value> stage_variables;
  web::web_context context;

  web_exchange() {
    fields.add("Host", "abc123.execute-api.us-east-1.amazonaws.com");
    request.method = "GET";
    request.raw_path = "/pets/7";
    request.fields = &fields;
    request.source_ip = "203.0.113.9";
    request.port = 9000;
    request.domain_name = "abc123.execute-api.us-east-1.amazonaws.com";
    request.trace_id = "Root=1-69b30e3e-0123456789abcdef01234567";
    request.received = wall_time(std::chrono::milliseconds(1773342238390));
    context.account_id = "123456789012";
    context.region = "us-east-1";
    context.api_id = "abc123";
    context.stage = "$default";
    context.stage_variables = &stage_variables;
    context.stage_path = "/pets/7";
    context.method = "GET";
    context.resource = "/pets/{id}";
    context.path_parameters = {{"id", "7"}};
    context.request_id = "JKJaXmPLvHcESHA=";
    context.extended_request_id = "JKJaXmPLvHcESHA=";
    context.api = &api;
  }
  web_exchange(const web_exchange&) = delete;
  web_exchange& operator=(const web_exchange&) = delete;

  void post(std::string_view content_type, std::string_view body) {
    request.method = "POST";
    if (!content_type.empty()) {
      fields.add("Content-Type", content_type);
    }
    request.body = body;
  }
};

inline nlohmann::json parsed(const payload& event) {
  return nlohmann::json::parse(event.view());
}

inline invocation_outcome success(std::string_view answer, std::string content_type = "application/json") {
  return {invocation_success{payload(answer), std::move(content_type)}, "", ""};
}

inline invocation_outcome failed() {
  return {function_error{payload(R"({"errorMessage":"no","errorType":"E"})"), "E"}, "", ""};
}

inline invocation_outcome refused() {
  return {throttled{throttle_reason::reserved_function_concurrent_invocation_limit_exceeded}, "", ""};
}

inline invocation_outcome broken() {
  return {service_failure{"kelvin is stopping"}, "", ""};
}

/// All values of a field of that exact name, joined by ` | `; `none` if there is none.
inline std::string field(const web::web_response& response, std::string_view name) {
  std::string values;
  bool any = false;
  for (const name_value& each : response.fields) {
    if (each.name == name) {
      values.append(any ? " | " : "").append(each.value);
      any = true;
    }
  }
  return any ? values : "none";
}

inline std::string body(const web::web_response& response) {
  return std::string(response.body.view());
}

}  // namespace kelvin::test
