#include "emulator/app/remote_invocation.hpp"

#include "emulator/app/application.hpp"
#include "emulator/function/debugging.hpp"
#include "runtime-api/base/base64.hpp"
#include "runtime-api/http/client.hpp"
#include "runtime-api/http/exchange.hpp"

#include <cstdio>
#include <utility>

namespace kelvin {
namespace {

/// A name may hold anything the user typed: only what a path segment may carry goes in as it is.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    const bool plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') ||
                       std::string_view("-_.~").find(each) != std::string_view::npos;
    if (plain) {
      encoded.push_back(each);
    } else {
      encoded.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
  return encoded;
}

http::client_request make_request(const kelvin_address& at, const invoke_arguments& arguments) {
  http::client_request request;
  request.host = at.host;
  request.port = at.port;
  request.method = "POST";
  const std::string name = arguments.function_name.empty() ? "function" : arguments.function_name;
  request.target = "/2015-03-31/functions/" + percent_encoded(name) + "/invocations";
  if (!arguments.qualifier.empty()) {
    request.target += "?Qualifier=" + percent_encoded(arguments.qualifier);
  }
  http::append_field(request.fields, "Content-Type", "application/json");
  http::append_field(request.fields, "X-Amz-Log-Type", "Tail");
  if (!arguments.client_context.empty()) {
    http::append_field(request.fields, "X-Amz-Client-Context", base64_encode(arguments.client_context));
  }
  request.body = arguments.payload;
  // The server has its own bounds, but none for a function that is debugged.
  request.deadline = debugged_deadline;
  return request;
}

}  // namespace

awaitable<result<remote_answer>> invoke_remote(boost::asio::io_context& context, clock& time, kelvin_address at,
                                               invoke_arguments arguments) {
  http::client_request request = make_request(at, arguments);
  auto answered = co_await http::send_request(context, time, std::move(request));
  if (!answered) {
    failure why = answered.error();
    if (why.code == errc::connection_closed) {
      why.detail = "no kelvin answers at " + at.host + ":" + std::to_string(at.port) + " (" + why.detail +
                   "). Start it with: kelvin run TARGET, name its place with --endpoint URL, or invoke without a "
                   "server: kelvin invoke --target TARGET";
    }
    co_return why;
  }
  remote_answer answer;
  answer.status = answered->status;
  answer.function_error = answered->fields.find("X-Amz-Function-Error").value_or("");
  if (const auto log = answered->fields.find("X-Amz-Log-Result")) {
    answer.log_tail = base64_decode(*log, base64_padding::optional).value_or("");
  }
  answer.body = std::move(answered->body);
  co_return answer;
}

int print_answer(const remote_answer& answer, bool with_log) {
  if (with_log) {
    std::fwrite(answer.log_tail.data(), 1, answer.log_tail.size(), stderr);
  }
  const std::string_view body = answer.body.view();
  std::FILE* const to = answer.status == 200 ? stdout : stderr;
  std::fwrite(body.data(), 1, body.size(), to);
  if (!body.ends_with('\n')) {
    std::fputc('\n', to);
  }
  if (std::fflush(to) != 0) {
    return exit_code::own_failure;
  }
  if (answer.status != 200) {
    std::fprintf(stderr, "kelvin: error: the invocation was refused with status %u\n", answer.status);
    return answer.status < 500 && answer.status != 429 ? exit_code::usage : exit_code::own_failure;
  }
  return answer.function_error.empty() ? exit_code::success : exit_code::function_error;
}

}  // namespace kelvin
