// A function behind a front door: answers with the event it got, or as the request's field X-Do says, a JSON object:
//   {"raw": TEXT}            that text is the function's answer, byte for byte
//   {"sleep_ms": N}          first wait
//   {"error": TEXT}          a function error
//   {"exit": N}              end the process
//   {"stream": {…}}          a streamed answer: "type" (content type), "prelude" (text, sent with eight NULs), "pieces"
//                            (list of text), "times" (each piece's text so often), "repeat" (the pieces so often),
//                            "pause_ms" (before each), "fail" (in the end)
// As a Lambda authorizer (an event with `type`) it does what X-Authorize says, or the token of a TOKEN event: the
// same commands, {"allow": EFFECT, "resource": ARN, "context": {…}} for a policy, and {"show": true} to allow with the
// event as text in the context.

#include "examples/cpp-echo/lambda_runtime.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

using json = nlohmann::json;
using lambda_runtime::result;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char each) { return std::tolower(each); });
  return text;
}

/// A field of the request, whichever way the door writes them; empty if there is none.
std::string field(const json& event, const std::string& name) {
  for (const char* map : {"headers", "multiValueHeaders"}) {
    if (!event.contains(map) || !event[map].is_object()) {
      continue;
    }
    for (const auto& [key, value] : event[map].items()) {
      if (lower(key) == name) {
        return value.is_array() ? value.back().get<std::string>() : value.get<std::string>();
      }
    }
  }
  return {};
}

std::string times(const std::string& text, int count) {
  std::string all;
  for (; count > 0; --count) {
    all += text;
  }
  return all;
}

result stream(const json& what) {
  return result::stream(
      [what](const lambda_runtime::write_piece& write) {
        if (what.contains("prelude")) {
          write(what["prelude"].get<std::string>() + std::string(8, '\0'));
        }
        for (int round = what.value("repeat", 1); round > 0; --round) {
          for (const json& piece : what.value("pieces", json::array())) {
            std::this_thread::sleep_for(std::chrono::milliseconds(what.value("pause_ms", 0)));
            try {
              write(times(piece.get<std::string>(), what.value("times", 1)));
            } catch (const std::exception&) {
              std::cerr << "write failed in round " << what.value("repeat", 1) - round << '\n';
              throw;
            }
          }
        }
        if (what.value("fail", false)) {
          throw std::runtime_error("stream failed");
        }
      },
      what.value("type", "application/vnd.awslambda.http-integration-response"));
}

result echo(const std::string& event) {
  json answer = {{"statusCode", 200}, {"body", event}, {"isBase64Encoded", false}};
  answer["headers"] = {{"content-type", "application/json"}};
  answer["multiValueHeaders"] = {{"content-type", {"application/json"}}};
  return result::success(answer.dump());
}

json policy(const json& command, const json& event) {
  const std::string arn = event.contains("methodArn") ? event["methodArn"] : event["routeArn"];
  return {{"principalId", "somebody"},
          {"policyDocument",
           {{"Version", "2012-10-17"},
            {"Statement",
             {{{"Action", "execute-api:Invoke"},
               {"Effect", command["allow"]},
               {"Resource", command.value("resource", arn)}}}}}},
          {"context", command.value("context", json::object())}};
}

result handle(const lambda_runtime::invocation& given) {
  const json event = json::parse(given.payload);
  const bool authorizes = event.contains("type");
  const std::string text = !authorizes                ? field(event, "x-do")
                           : event["type"] == "TOKEN" ? event["authorizationToken"].get<std::string>()
                                                      : field(event, "x-authorize");
  const json command = text.empty() ? json::object() : json::parse(text);
  std::this_thread::sleep_for(std::chrono::milliseconds(command.value("sleep_ms", 0)));
  if (command.contains("exit")) {
    std::_Exit(command["exit"].get<int>());
  }
  if (command.contains("error")) {
    return result::failure(command["error"], "WebError");
  }
  if (command.contains("raw")) {
    return result::success(command["raw"]);
  }
  if (command.contains("stream")) {
    return stream(command["stream"]);
  }
  if (command.contains("allow")) {
    return result::success(policy(command, event).dump());
  }
  if (command.contains("show")) {
    return result::success(json{{"isAuthorized", true}, {"context", {{"event", given.payload}}}}.dump());
  }
  return echo(given.payload);
}

}  // namespace

int main() {
  lambda_runtime::run_handler(handle);
}
