#include "emulator/app/application.hpp"
#include "emulator/app/remote_invocation.hpp"
#include "emulator/cli/command.hpp"
#include "emulator/cli/option_value.hpp"
#include "emulator/cli/settings_options.hpp"
#include "runtime-api/base/base64.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/base/system_clock.hpp"

#include <CLI/App.hpp>
#include <boost/asio/co_spawn.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>

namespace kelvin {
namespace {

constexpr const char* default_endpoint = "http://127.0.0.1:9000";

struct invoke_options {
  std::string function_name = "function";
  std::string data;
  std::string file;
  std::string event_name;
  std::vector<std::string> targets;
  std::string qualifier;
  std::string client_context;
  std::string endpoint;
  bool has_data = false;
};

void add_options(CLI::App& app, invoke_options& options) {
  app.add_option("FUNCTION", options.function_name, "name or ARN; not given: the only function")->option_text(" ");
  app.add_option("-d,--data", options.data, described("the event", "KELVIN_DATA", "{}"))->option_text("JSON");
  app.add_option("--file", options.file, described("file with the event, - for stdin", "KELVIN_FILE", "none"))
      ->option_text("F");
  app.add_option("--event", options.event_name, "a sample event (not in this version)")->option_text("NAME");
  app.add_option(
         "--target", options.targets,
         described("invoke a function of this target once, without a server (repeatable)", "KELVIN_TARGET", "none"))
      ->option_text("[NAME=]PATH")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--qualifier", options.qualifier, described("version or alias", "KELVIN_QUALIFIER", "none"))
      ->option_text("Q");
  app.add_option("--client-context", options.client_context,
                 described("client context", "KELVIN_CLIENT_CONTEXT", "none"))
      ->option_text("JSON");
  app.add_option("--endpoint", options.endpoint,
                 described("the running kelvin", "KELVIN_ENDPOINT or AWS_ENDPOINT_URL_LAMBDA", default_endpoint))
      ->option_text("URL");
}

void take_variable(std::string& value, const char* name) {
  if (!value.empty())
    return;
  if (const char* text = environment_variable(name))
    value = text;
}

/// What the command line left open comes from environment variables.
void add_variables(invoke_options& options, const CLI::App& app) {
  options.has_data = app.count("--data") > 0;
  if (!options.has_data && options.file.empty()) {
    take_variable(options.data, "KELVIN_DATA");
    options.has_data = !options.data.empty();
    if (!options.has_data)
      take_variable(options.file, "KELVIN_FILE");
  }
  if (options.targets.empty() && options.endpoint.empty()) {
    if (const char* text = environment_variable("KELVIN_TARGET"))
      options.targets.emplace_back(text);
  }
  take_variable(options.qualifier, "KELVIN_QUALIFIER");
  take_variable(options.client_context, "KELVIN_CLIENT_CONTEXT");
  take_variable(options.endpoint, "KELVIN_ENDPOINT");
  take_variable(options.endpoint, "AWS_ENDPOINT_URL_LAMBDA");
  if (options.endpoint.empty())
    options.endpoint = default_endpoint;
}

failure too_large() {
  return fail(errc::invalid_argument, "the event has more than " + std::to_string(limits::event_bytes) +
                                          " bytes, which is all that Lambda takes");
}

result<std::string> read_event_file(const std::string& path) {
  const auto close = [](std::FILE* file) {
    if (file != stdin)
      std::fclose(file);
  };
  const std::unique_ptr<std::FILE, decltype(close)> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"), close);
  if (!file)
    return fail(errc::not_found, "cannot read --file " + path + ": " + std::strerror(errno));
  std::string bytes;
  std::string piece(64 * 1024, '\0');
  while (const auto count = std::fread(piece.data(), 1, piece.size(), file.get())) {
    bytes.append(piece, 0, count);
    if (bytes.size() > limits::event_bytes)
      return too_large();
  }
  if (std::ferror(file.get()) != 0) {
    return fail(errc::system_failure, "cannot read --file " + path + ": " + std::strerror(errno));
  }
  return bytes;
}

result<invoke_arguments> make_arguments(const invoke_options& options) {
  if (options.has_data && !options.file.empty()) {
    return fail(errc::invalid_argument, "--data and --file exclude each other");
  }
  invoke_arguments arguments{options.function_name, "{}", options.client_context, options.qualifier};
  if (options.has_data)
    arguments.payload = options.data;
  if (!options.file.empty()) {
    auto event = read_event_file(options.file);
    if (!event)
      return event.error();
    arguments.payload = std::move(*event);
  }
  if (arguments.payload.size() > limits::event_bytes)
    return too_large();
  if (base64_encode(arguments.client_context).size() > limits::client_context_bytes) {
    return fail(errc::invalid_argument, "--client-context is too long: Lambda takes " +
                                            std::to_string(limits::client_context_bytes) + " bytes in base64");
  }
  return arguments;
}

/// Over the Invoke API of a kelvin that runs already.
int invoke_at(const kelvin_address& at, const invoke_arguments& arguments) {
  boost::asio::io_context context(1);
  system_clock time(context);
  std::exception_ptr thrown;
  result<remote_answer> answer = fail(errc::system_failure, "no answer came");
  boost::asio::co_spawn(context, invoke_remote(context, time, at, arguments),
                        [&](std::exception_ptr caught, result<remote_answer> received) {
                          thrown = caught;
                          if (!caught)
                            answer = std::move(received);
                        });
  context.run();
  if (thrown)
    std::rethrow_exception(thrown);
  if (answer)
    return print_answer(*answer, true);
  std::fprintf(stderr, "kelvin: error: %s\n", answer.error().detail.c_str());
  return exit_code::own_failure;
}

}  // namespace

int invoke_command(command_arguments arguments) {
  CLI::App app(
      "Invoke a function: its answer goes to stdout, its log to stderr.\n"
      "Exit codes: 0 success, 1 function error, 2 usage, 3 failure of kelvin.",
      "invoke");
  invoke_options options;
  settings_options shared;
  add_options(app, options);
  shared.add_to(app);
  if (const auto code = parse_arguments(app, "[FUNCTION] [OPTION...]", arguments))
    return *code;
  if (!options.event_name.empty())
    return usage_error("invoke", "--event is not in this version; use --data or --file");
  add_variables(options, app);
  const auto made = make_arguments(options);
  if (!made)
    return usage_error("invoke", made.error().detail);

  if (options.targets.empty()) {
    if (const char* name = shared.first_on_command_line()) {
      return usage_error("invoke",
                         std::string(name) + " concerns a function that kelvin starts itself: it needs --target");
    }
    const auto at = parse_endpoint(options.endpoint);
    if (!at)
      return usage_error("invoke", "--endpoint " + options.endpoint + ": " + at.error().detail);
    return invoke_at(*at, *made);
  }
  if (app.count("--endpoint") > 0)
    return usage_error("invoke", "--target and --endpoint exclude each other");
  auto chosen = shared.read();
  if (!chosen)
    return usage_error("invoke", chosen.error().detail);
  auto targets = parse_targets(options.targets);
  if (!targets)
    return usage_error("invoke", targets.error().detail);
  chosen->targets = std::move(*targets);
  return run_invoke_once(*chosen, *made);
}

}  // namespace kelvin
