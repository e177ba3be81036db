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

/// Stands for the queue: keeps what it accepts.
struct scripted_queue final : asynchronous_invoker {
  verdict accept(invocation_request request) override {
    accepted.push_back(std::move(request));
    return answer;
  }

  verdict answer = verdict::accepted;
  std::vector<invocation_request> accepted;
};

/// The real HTTP server in front of the handler; other paths are answered 418.
struct fixture {
  fixture()
      : registry({}, one_function()),
        server([this](http::exchange& exchange) { return handle(exchange); }),
        tasks(server.context, [](std::exception_ptr) {}),
        api(registry, functions, queue, tasks) {}

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
  scripted_queue queue;
  http_server server;
  task_group tasks;
  invoke_api api;
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

TEST_CASE("an event is answered 202 without body and goes to the queue") {
  fixture all;
  CHECK(all.ask("POST", invocations, "X-Amz-Invocation-Type: Event\r\nX-Amzn-Trace-Id: Root=1-a-b\r\n", "[1]") ==
        "HTTP/1.1 202 Accepted\r\nDate: *\r\nContent-Length: 0\r\nConnection: keep-alive\r\n"
        "x-amzn-RequestId: ID\r\nx-amzn-Remapped-Content-Length: 0\r\nX-Amzn-Trace-Id: root=1-a-b\r\n\r\n");
  CHECK(all.functions.invocations == 0);
  REQUIRE(all.queue.accepted.size() == 1);
  CHECK(all.queue.accepted[0].event.view() == "[1]");
  CHECK(all.queue.accepted[0].function_name == "f");
}

TEST_CASE("an event's request id is the one its attempts will have") {
  fixture all;
  const std::string answer = all.server.talk(
      "POST /2015-03-31/functions/f/invocations HTTP/1.1\r\nHost: localhost\r\nX-Amz-Invocation-Type: Event\r\n"
      "Content-Length: 0\r\n\r\n");
  REQUIRE(all.queue.accepted.size() == 1);
  CHECK(has(answer, "x-amzn-RequestId: " + std::string(all.queue.accepted[0].request_id.text())));
  CHECK(all.queue.accepted[0].event.view() == "{}");
}

TEST_CASE("InvokeAsync is an event whatever its headers say") {
  fixture all;
  for (const char* path : {"/2014-11-13/functions/f/invoke-async", "/2014-11-13/functions/f/invoke-async/"}) {
    const std::string answer = all.ask("POST", path, "X-Amz-Invocation-Type: DryRun\r\n", "{\"a\":1}");
    CHECK(answer.starts_with("HTTP/1.1 202 Accepted\r\n"));
    CHECK(answer.ends_with("Content-Type: application/json\r\n\r\n{}"));
  }
  CHECK(all.queue.accepted.size() == 2);
  CHECK(has(all.ask("POST", "/2014-11-13/functions/g/invoke-async", "", "{}"), "HTTP/1.1 404 Not Found\r\n"));
  CHECK(has(all.ask("POST", "/2014-11-13/functions/f/invoke-async", "", "{"), "HTTP/1.1 400 Bad Request\r\n"));
  CHECK(all.queue.accepted.size() == 2);
}

TEST_CASE("a full queue is a 429, a stopping one a 500") {
  fixture all;
  all.queue.answer = asynchronous_invoker::verdict::queue_full;
  const std::string full = all.ask("POST", invocations, "X-Amz-Invocation-Type: Event\r\n", "{}");
  CHECK(full.starts_with("HTTP/1.1 429 Too Many Requests\r\n"));
  CHECK(has(full, "x-amzn-ErrorType: TooManyRequestsException\r\nRetry-After: 1\r\n"));
  CHECK(
      has(full, "{\"Reason\":\"FunctionInvocationRateLimitExceeded\",\"Type\":\"User\",\"message\":\"Rate Exceeded."));
  all.queue.answer = asynchronous_invoker::verdict::stopping;
  CHECK(has(all.ask("POST", invocations, "X-Amz-Invocation-Type: Event\r\n", "{}"),
            "x-amzn-ErrorType: ServiceException\r\n"));
}

TEST_CASE("reads are answered with JSON, their errors as those of Invoke") {
  fixture all;
  const std::string mappings = all.ask("GET", "/2015-03-31/event-source-mappings/", "", "");
  CHECK(mappings.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(has(mappings, "x-amzn-RequestId: ID\r\nContent-Type: application/json\r\n"));
  CHECK(mappings.ends_with("\r\n\r\n{\"EventSourceMappings\":[],\"NextMarker\":null}"));
  const std::string unknown = all.ask("GET", "/2015-03-31/functions/g", "", "");
  CHECK(unknown.starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK(has(unknown, "x-amzn-ErrorType: ResourceNotFoundException\r\n"));
  CHECK(unknown.ends_with(
      "{\"Type\":\"User\",\"Message\":\"Function not found: arn:aws:lambda:us-east-1:123456789012:function:g\"}"));
}

TEST_CASE("operations that are not in this version are refused by name, unknown ones as AWS does") {
  fixture all;
  const std::string write = all.ask("POST", "/2015-03-31/functions", "", "{}");
  CHECK(write.starts_with("HTTP/1.1 501 "));
  CHECK(has(write, "x-amzn-ErrorType: NotImplementedException\r\n"));
  CHECK(
      write.ends_with("{\"Type\":\"User\",\"message\":\"CreateFunction is an operation of AWS Lambda "
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
