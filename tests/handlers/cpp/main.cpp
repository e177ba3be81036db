// The conformance handler on examples/cpp-echo/lambda_runtime.hpp; ../README.md says what each command does.
#include "examples/cpp-echo/lambda_runtime.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using json = nlohmann::ordered_json;
using lambda_runtime::invocation;
using lambda_runtime::result;

json print(const json& event) {
  const std::string tag = event.value("tag", "");
  for (int line = 0; line < event.value("stdout", 0); ++line)
    std::printf("%sout %d\n", tag.c_str(), line);
  for (int line = 0; line < event.value("stderr", 0); ++line)
    std::fprintf(stderr, "%serr %d\n", tag.c_str(), line);
  if (event.contains("long"))
    std::printf("%s\n", std::string(event["long"].get<std::size_t>(), 'x').c_str());
  if (event.value("binary", false))
    std::printf("not utf-8: \xff\xfe\x80\n");
  if (event.value("unfinished", false))
    std::printf("%sno newline", tag.c_str());
  std::fflush(stdout);
  return {{"printed", true}};
}

json or_null(const std::string& text) {
  return text.empty() ? json() : json(text);
}

json deadline(const invocation& event) {
  const char* trace = std::getenv("_X_AMZN_TRACE_ID");
  const json context = event.client_context.empty() ? json() : json::parse(event.client_context);
  return {{"request_id", event.request_id},
          {"remaining_ms", event.time_left().count()},
          {"arn", event.invoked_function_arn},
          {"trace_id", or_null(event.trace_id)},
          {"trace_variable", trace == nullptr ? json() : json(trace)},
          {"client_context", context},
          {"content_type", event.content_type},
          {"cognito_identity", or_null(event.cognito_identity)}};
}

result stream(const json& event) {
  return result::stream([event](const lambda_runtime::write_piece& write) {
    const std::string piece(event.value("bytes", std::size_t{8}), 's');
    for (int index = 0; index < event.value("chunks", 3); ++index) {
      if (event.value("fail_after", -1) == index)
        throw std::runtime_error("stream failed");
      if (event.value("exit_after", -1) == index)
        std::_Exit(3);
      if (index > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(event.value("pause_ms", 0)));
      write(piece);
    }
  });
}

json leave_grandchild() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setsid();
    ::execlp("sleep", "sleep", "600", nullptr);
    std::_Exit(127);
  }
  return {{"pid", child}};
}

/// Invokes a function by a plain HTTP request to where AWS_ENDPOINT_URL_LAMBDA points; there is no SDK here.
json call(const json& event) {
  const std::string url = std::getenv("AWS_ENDPOINT_URL_LAMBDA");
  lambda_runtime::detail::http_connection connection(url.substr(url.find("//") + 2));
  const auto answer =
      connection.request("POST", "/2015-03-31/functions/" + event.at("function").get<std::string>() + "/invocations",
                         "", event.at("event").dump());
  const auto header = [&answer](const char* name) {
    const auto found = answer.headers.find(name);
    return found == answer.headers.end() ? "none" : found->second;
  };
  if (answer.status != 200)
    return {{"exception", header("x-amzn-errortype")}};
  return {{"status", answer.status},
          {"function_error", header("x-amz-function-error")},
          {"payload", json::parse(answer.body)}};
}

json environ_object() {
  json variables = json::object();
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    const std::size_t equals = text.find('=');
    variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return variables;
}

json sleep_ms(int time_ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(time_ms));
  return {{"slept", time_ms}};
}

json flood(int size_kib) {
  const std::string line(1023, 'f');
  for (int written = 0; written < size_kib; ++written)
    std::puts(line.c_str());
  std::fflush(stdout);
  return {{"flooded", size_kib}};
}

/// Keeps memory that is really there: every page is written to.
json use_memory(std::size_t size_mib) {
  static std::vector<char> kept;
  kept.assign(size_mib << 20, 'm');
  return {{"bytes", kept.size()}};
}

result handle(const invocation& event) {
  static int served = 0;
  ++served;
  const json command = json::parse(event.payload);
  const std::string what = command.is_object() ? command.value("do", "") : "";
  const auto answer = [](const json& value) { return result::success(value.dump()); };
  if (what == "echo")
    return answer(command.at("value"));
  if (what == "unicode")
    return answer({{"text", "grüße, 世界 🚀"}, {"value", command.value("value", json())}});
  if (what == "error")
    return result::failure(command.value("message", "no message"), "ConformanceError");
  if (what == "panic")
    throw std::runtime_error("conformance panic");
  if (what == "crash")
    std::abort();
  if (what == "exit")
    std::_Exit(command.value("code", 0));
  if (what == "sleep")
    return answer(sleep_ms(command.value("ms", 0)));
  if (what == "big")
    return result::success('"' + std::string(command["bytes"].get<std::size_t>() - 2, 'a') + '"');
  if (what == "empty")
    return result::success("");
  if (what == "call")
    return answer(call(command));
  if (what == "print")
    return answer(print(command));
  if (what == "stream")
    return stream(command);
  if (what == "environ")
    return answer(environ_object());
  if (what == "deadline")
    return answer(deadline(event));
  if (what == "count")
    return answer({{"count", served}, {"pid", ::getpid()}});
  if (what == "fork")
    return answer(leave_grandchild());
  if (what == "flood")
    return answer(flood(command.value("kib", 1024)));
  if (what == "memory")
    return answer(use_memory(command["mib"].get<std::size_t>()));
  return result::failure("unknown command '" + what + "'", "UnknownCommand");
}

/// Does what the variable INIT asks for, before the first `next`.
void initialise() {
  const char* variable = std::getenv("INIT");
  const std::string wanted = variable == nullptr ? "ok" : variable;
  if (wanted == "ok")
    return;
  if (wanted == "error")
    lambda_runtime::fail_init("init refused", "Runtime.ConformanceInit");
  if (wanted == "crash")
    std::abort();
  if (wanted == "exit0")
    std::_Exit(0);
  if (wanted == "hang")
    sleep_ms(3600 * 1000);
  if (wanted.rfind("slow:", 0) == 0) {
    sleep_ms(std::atoi(wanted.c_str() + 5));
    return;
  }
  std::fprintf(stderr, "INIT is not understood: %s\n", wanted.c_str());
  std::_Exit(1);
}

}  // namespace

int main() {
  initialise();
  lambda_runtime::run_handler(handle);
}
