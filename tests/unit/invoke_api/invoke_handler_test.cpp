#include "emulator/frontdoor/invoke_api/invoke_handler.hpp"

#include "tests/support/http_transcript.hpp"

#include <functional>

using namespace kelvin;
using kelvin::test::http_server;

namespace {

/// Stands for the scheduler: answers at once with what the test says.
struct scripted_invoker final : invoker {
  awaitable<invocation_outcome> invoke(invocation_request request) override {
    ++invocations;
    co_return answer(std::move(request));
  }

  int invocations = 0;
  std::function<invocation_outcome(invocation_request)> answer = [](invocation_request request) {
    return invocation_outcome{invocation_success{std::move(request.event), ""}, "", "Root=1-a-b"};
  };
};

/// The real HTTP server in front of the handler; other paths are answered 418.
struct fixture {
  fixture()
      : registry({}, one_function()),
        api(registry, functions),
        server([this](http::exchange& exchange) { return handle(exchange); }) {}

  static std::vector<function_configuration> one_function() {
    std::vector<function_configuration> made(1);
    made.front().name = "f";
    return made;
  }

  awaitable<void> handle(http::exchange& exchange) {
    if (!co_await api.handle(exchange)) {
      http::response answer;
      answer.status = 418;
      co_await exchange.respond(std::move(answer));
    }
  }

  /// The answer to one request, its request id replaced by `ID`.
  std::string ask(std::string_view method, std::string_view target, std::string_view fields, std::string_view body) {
    std::string request(method);
    request.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n").append(fields);
    request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
    std::string answer = server.talk(request);
    constexpr std::string_view name = "x-amzn-RequestId: ";
    if (const std::size_t at = answer.find(name); at != std::string::npos) {
      answer.replace(at + name.size(), request_id::length, "ID");
    }
    return answer;
  }

  function_registry registry;
  scripted_invoker functions;
  invoke_api api;
  http_server server;
};

constexpr const char* invocations = "/2015-03-31/functions/f/invocations";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an invocation's whole answer") {
  fixture all;
  CHECK(all.ask("POST", invocations, "", "{\"x\":1}") ==
        "HTTP/1.1 200 OK\r\nDate: *\r\nContent-Length: 7\r\nConnection: keep-alive\r\nx-amzn-RequestId: ID\r\n"
        "Content-Type: application/json\r\nx-amzn-Remapped-Content-Length: 0\r\nX-Amz-Executed-Version: $LATEST\r\n"
        "X-Amzn-Trace-Id: root=1-a-b\r\n\r\n{\"x\":1}");
  CHECK(all.functions.invocations == 1);
}

TEST_CASE("the caller's request id is the one the runtime sees") {
  fixture all;
  std::string seen;
  all.functions.answer = [&seen](invocation_request request) {
    seen = request.request_id.text();
    return invocation_outcome{invocation_success{}, "", ""};
  };
  const std::string answer = all.server.talk(
      "POST /2015-03-31/functions/f/invocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
  CHECK(has(answer, "x-amzn-RequestId: " + seen + "\r\n"));
  CHECK(answer.ends_with("\r\n\r\nnull"));
}

TEST_CASE("a log tail and a qualifier go through") {
  fixture all;
  std::string arn;
  all.functions.answer = [&arn](invocation_request request) {
    arn = request.invoked_function_arn;
    CHECK(request.log_tail);
    return invocation_outcome{function_error{payload("{}"), "E"}, "tail", ""};
  };
  const std::string answer =
      all.ask("POST", std::string(invocations) + "?Qualifier=%24LATEST", "X-Amz-Log-Type: Tail\r\n", "1");
  CHECK(has(answer, "X-Amz-Function-Error: Unhandled\r\nX-Amz-Log-Result: dGFpbA==\r\n"));
  CHECK(arn.ends_with(":function:f:$LATEST"));
}

TEST_CASE("what is refused is not invoked") {
  fixture all;
  CHECK(has(all.ask("POST", "/2015-03-31/functions/g/invocations", "", "{}"), "HTTP/1.1 404 Not Found\r\n"));
  CHECK(has(all.ask("POST", invocations, "", "{"), "x-amzn-ErrorType: InvalidRequestContentException\r\n"));
  CHECK(has(all.ask("POST", invocations, "X-Amz-Invocation-Type: Event\r\n", "{}"),
            "x-amzn-ErrorType: InvalidParameterValueException\r\n"));
  const std::string large = all.ask("POST", invocations, "", std::string(6 * 1024 * 1024 + 1, ' '));
  CHECK(has(large, "HTTP/1.1 413 "));
  CHECK(has(large, "x-amzn-ErrorType: RequestEntityTooLargeException\r\n"));
  CHECK(has(large,
            "{\"Type\":\"User\",\"message\":\"Request must be smaller than 6291456 bytes for the InvokeFunction "
            "operation\"}"));
  CHECK(all.functions.invocations == 0);
}

TEST_CASE("a payload of exactly 6 MB is taken") {
  fixture all;
  const std::string body = "\"" + std::string(6 * 1024 * 1024 - 2, 'x') + "\"";
  CHECK(all.ask("POST", invocations, "", body).ends_with(body));
}

TEST_CASE("a dry run is answered without an invocation") {
  fixture all;
  const std::string answer = all.ask("POST", invocations, "x-amz-invocation-type: DryRun\r\n", "");
  CHECK(answer.starts_with("HTTP/1.1 204 No Content\r\n"));
  CHECK(answer.ends_with("\r\n\r\n"));
  CHECK(all.functions.invocations == 0);
}

TEST_CASE("operations that are not in this version are refused by name, unknown ones as AWS does") {
  fixture all;
  const std::string streaming = all.ask("POST", "/2021-11-15/functions/f/response-streaming-invocations", "", "{}");
  CHECK(streaming.starts_with("HTTP/1.1 501 "));
  CHECK(has(streaming, "x-amzn-ErrorType: NotImplementedException\r\n"));
  CHECK(
      streaming.ends_with("{\"Type\":\"User\",\"message\":\"InvokeWithResponseStream is an operation of AWS Lambda "
                          "that this version of kelvin does not support.\"}"));
  const std::string wrong_method = all.ask("GET", std::string(invocations) + "?x=\"", "", "");
  CHECK(wrong_method.starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK(has(wrong_method, "x-amzn-ErrorType: UnknownOperationException\r\n"));
  CHECK(
      wrong_method.ends_with("{\"message\":\"AWS Lambda has no operation GET /2015-03-31/functions/f/invocations. "
                             "Check the method and the path of the request.\"}"));
  CHECK(all.functions.invocations == 0);
}

TEST_CASE("other paths stay unanswered") {
  fixture all;
  CHECK(all.ask("GET", "/pets/7", "", "").starts_with("HTTP/1.1 418 "));
}
