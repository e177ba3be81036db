#include "emulator/cli/settings_options.hpp"

#include "emulator/cli/command.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/scoped_variable.hpp"
#include "tests/support/temporary_folder.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <set>

using namespace kelvin;
using namespace kelvin::test;

namespace {

struct parsed {
  settings_options options;
  std::vector<std::string> targets;
  explicit parsed(const std::vector<std::string>& arguments) {
    CLI::App app("", "run");
    app.add_option("TARGET", targets);
    options.add_to(app);
    REQUIRE_FALSE(parse_arguments(app, "", arguments).has_value());
  }
};

settings read(const std::vector<std::string>& arguments) {
  const auto chosen = parsed(arguments).options.read();
  REQUIRE(succeeds(chosen));
  return *chosen;
}

std::string refuse(const std::vector<std::string>& arguments, errc expected = errc::invalid_argument) {
  return failure_text(parsed(arguments).options.read(), expected);
}

}  // namespace

TEST_CASE("defaults are those of settings") {
  const auto chosen = read({});
  const settings plain;
  CHECK_FALSE(chosen.memory_mib);
  CHECK(chosen.timeout == plain.timeout);
  CHECK(chosen.handler == "bootstrap");
  CHECK(chosen.variables.empty());
  CHECK(chosen.max_concurrency == 1000);
  CHECK(chosen.idle_timeout == plain.idle_timeout);
  CHECK(chosen.listen_host == "127.0.0.1");
  CHECK(chosen.listen_port == 9000);
  CHECK_FALSE(chosen.listen_chosen);
  CHECK(chosen.endpoint);
  CHECK_FALSE(chosen.ready_descriptor);
  CHECK(chosen.log_level == notice_level::info);
}

TEST_CASE("every option reaches its setting") {
  temporary_folder folder;
  const auto file = folder.write("variables", "ONE=file\nTWO=file\n");
  const auto chosen = read({"--memory",
                            "256",
                            "--timeout=9",
                            "--handler",
                            "h.main",
                            "--env",
                            "TWO=2",
                            "--env-file",
                            file,
                            "--env",
                            "THREE=a=b",
                            "--layer",
                            "one",
                            "--layer",
                            "two,three",
                            "--reserved-concurrency",
                            "0",
                            "--environments",
                            "2",
                            "--max-concurrency",
                            "5",
                            "--environments-total",
                            "6",
                            "--idle-timeout",
                            "7",
                            "--isolation",
                            "host",
                            "--cpu",
                            "lambda",
                            "--freeze",
                            "--tmp-size",
                            "1024",
                            "--region",
                            "eu-west-1",
                            "--account-id",
                            "000000000000",
                            "--credentials",
                            "profile:mine",
                            "--no-endpoint",
                            "--listen",
                            "[::1]:0",
                            "--allow-host",
                            "box",
                            "--allow-host",
                            "[fe80::1]",
                            "--ready-file",
                            "ready",
                            "--ready-fd",
                            "3",
                            "--log-format",
                            "text",
                            "--log-level",
                            "error"});
  CHECK(chosen.memory_mib == 256u);
  CHECK(chosen.timeout.count() == 9);
  CHECK(chosen.handler == "h.main");
  CHECK(chosen.variables == std::map<std::string, std::string>{{"ONE", "file"}, {"TWO", "2"}, {"THREE", "a=b"}});
  CHECK(chosen.layers == std::vector<std::string>{"one", "two,three"});
  CHECK(chosen.reserved_concurrency == 0u);
  CHECK(chosen.environments == 2u);
  CHECK(chosen.max_concurrency == 5);
  CHECK(chosen.environments_total == 6u);
  CHECK(chosen.idle_timeout.count() == 7);
  CHECK(chosen.isolation == isolation_level::host);
  CHECK(read({"--isolation", "lambda"}).isolation == isolation_level::lambda);
  CHECK_FALSE(read({}).isolation);
  CHECK(chosen.cpu == cpu_level::lambda);
  CHECK(read({}).cpu == cpu_level::host);
  CHECK(read({"--cpu", "host"}).cpu == cpu_level::host);
  CHECK(chosen.freeze);
  CHECK_FALSE(read({}).freeze);
  CHECK(chosen.tmp_size_mib == 1024u);
  CHECK_FALSE(read({}).tmp_size_mib);
  CHECK(chosen.region == "eu-west-1");
  CHECK(chosen.account_id == "000000000000");
  CHECK(chosen.credentials == credentials_source::profile);
  CHECK(chosen.profile == "mine");
  CHECK_FALSE(chosen.endpoint);
  CHECK(chosen.listen_host == "::1");
  CHECK(chosen.listen_port == 0);
  CHECK(chosen.listen_chosen);
  CHECK(chosen.allowed_hosts == std::vector<std::string>{"box", "[fe80::1]"});
  CHECK(chosen.ready_file == "ready");
  CHECK(chosen.ready_descriptor == 3);
  CHECK(chosen.log_level == notice_level::error);
}

TEST_CASE("options of debugging") {
  const auto chosen = read({"--debug", "orders", "--debug-with", "lldb-server", "--debug-port", "4711"});
  CHECK(chosen.debug == "orders");
  CHECK(chosen.debug_with == debugger::lldb_server);
  CHECK(chosen.debug_port == 4711);
  CHECK_FALSE(read({"--debug", "orders"}).debug_with);
  CHECK(read({"--debug", "orders"}).debug_port == 2345);
  CHECK(read({}).debug.empty());
  CHECK(contains(refuse({"--debug", "orders", "--debug-with", "gdb"}), "gdbserver, lldb-server, dlv or wait"));
  CHECK(contains(refuse({"--debug", "orders", "--debug-port", "0"}), "--debug-port 0"));
  CHECK(contains(refuse({"--debug-port", "4711"}), "--debug FUNCTION"));
  const scoped_variable function("KELVIN_DEBUG", "orders");
  const scoped_variable with("KELVIN_DEBUG_WITH", "wait");
  CHECK(read({}).debug == "orders");
  CHECK(read({}).debug_with == debugger::wait);
}

TEST_CASE("an option takes one value, so that targets may stand behind it") {
  const parsed both({"--env", "AA=1", "first", "--layer", "x", "second", "--allow-host", "h", "third=3"});
  CHECK(both.targets == std::vector<std::string>{"first", "second", "third=3"});
  CHECK(parsed({"first", "--", "--odd"}).targets == std::vector<std::string>{"first", "--odd"});
  CHECK(read({"--memory", "128", "--memory", "256"}).memory_mib == 256u);
}

TEST_CASE("environment variables stand for options, and the command line is over them") {
  const scoped_variable memory("KELVIN_MEMORY", "512");
  const scoped_variable timeout("KELVIN_TIMEOUT", "5");
  const scoped_variable variables("KELVIN_ENV", "AA=1, 2\nBB=3");
  const scoped_variable layers("KELVIN_LAYER", "one,two");
  const scoped_variable flag("KELVIN_NO_ENDPOINT", "yes");
  const scoped_variable empty("KELVIN_HANDLER", "");
  const auto chosen = read({"--timeout", "6"});
  CHECK(chosen.memory_mib == 512u);
  CHECK(chosen.timeout.count() == 6);
  CHECK(chosen.variables == std::map<std::string, std::string>{{"AA", "1, 2"}, {"BB", "3"}});
  CHECK(chosen.layers == std::vector<std::string>{"one", "two"});
  CHECK_FALSE(chosen.endpoint);
  CHECK(chosen.handler == "bootstrap");
  CHECK(read({"--env", "CC=4", "--layer", "three"}).variables.size() == 1);
}

TEST_CASE("bad values name the option, the value and the range") {
  struct row {
    std::vector<std::string> arguments;
    const char* message;
  };
  const std::vector<row> rows = {
      {{"--memory", "64"}, "--memory 64: must be a whole number from 128 to 10240 (MB)"},
      {{"--timeout", "901"}, "--timeout 901: must be a whole number from 1 to 900 (seconds)"},
      {{"--timeout", "-1"}, "--timeout -1: must be a whole number from 1 to 900 (seconds)"},
      {{"--handler", "a b"}, "--handler a b: must be 1 to 128 characters"},
      {{"--env", "NAME"}, "--env: must be NAME=value"},
      {{"--env", "AWS_REGION=x"}, "AWS_REGION is reserved"},
      {{"--env", "_X=x"}, "_X begins with `_`"},
      {{"--layer", "1", "--layer", "2", "--layer", "3", "--layer", "4", "--layer", "5", "--layer", "6"},
       "--layer 6: Lambda takes at most 5 layers"},
      {{"--reserved-concurrency", "x"}, "--reserved-concurrency x: must be a whole number from 0 to 10000"},
      {{"--environments", "0"}, "--environments 0: must be a whole number from 1 to 10000"},
      {{"--max-concurrency", "0"}, "--max-concurrency 0: must be a whole number from 1 to 1000000"},
      {{"--environments-total", "0"}, "--environments-total 0: must be a whole number from 1"},
      {{"--idle-timeout", "0"}, "--idle-timeout 0: must be a whole number from 1 to 86400 (seconds)"},
      {{"--isolation", "none"}, "--isolation none: must be host or lambda"},
      {{"--cpu", "2"}, "--cpu 2: must be host or lambda"},
      {{"--tmp-size", "511"}, "--tmp-size 511: must be a whole number from 512 to 10240 (MB)"},
      {{"--region", "Mars"}, "--region Mars: must be a region's name"},
      {{"--account-id", "1"}, "--account-id 1: must be 12 digits"},
      {{"--credentials", "mine"}, "--credentials mine: must be dummy, environment or profile:NAME"},
      {{"--listen", "9000"}, "--listen 9000: must be HOST:PORT"},
      {{"--allow-host", "a/b"}, "--allow-host a/b: must be a host's name"},
      {{"--jwks", "keys.json"}, "--jwks keys.json: must be ISSUER=URL or ISSUER=FILE"},
      {{"--iam", "maybe"}, "--iam maybe: must be on or off"},
      {{"--ready-fd", "0"}, "--ready-fd 0: must be a whole number from 1"},
      {{"--log-format", "xml"}, "--log-format xml: must be text"},
      {{"--async-retry-delays", "1,2,3"}, "--async-retry-delays 1,2,3: must be one or two numbers of seconds"},
      {{"--async-retry-delays", "-1"}, "--async-retry-delays -1: must be one or two numbers of seconds"},
      {{"--async-max-retries", "3"}, "--async-max-retries 3: must be a whole number from 0 to 2"},
      {{"--async-max-age", "21601"}, "--async-max-age 21601: must be a whole number from 1 to 21600 (seconds)"},
      {{"--on-success", "f"}, "--on-success f: must be function:NAME or file:PATH"},
      {{"--on-failure", "file:"}, "--on-failure file:: must be function:NAME or file:PATH"},
      {{"--dead-letter", "sqs:x"}, "--dead-letter sqs:x: must be function:NAME or file:PATH"},
      {{"--log-format", "json", "--application-log-level", "warning"},
       "--application-log-level warning: must be trace, debug, info, warn, error or fatal"},
      {{"--log-format", "json", "--system-log-level", "error"},
       "--system-log-level error: must be debug, info or warn"},
      {{"--system-log-level", "debug"}, "--application-log-level and --system-log-level need --log-format json"},
      {{"--log-level", "loud"}, "--log-level loud: must be debug, info, warning or error"},
  };
  for (const auto& [arguments, message] : rows) {
    CAPTURE(message);
    CHECK(contains(refuse(arguments), message));
  }
  const scoped_variable memory("KELVIN_MEMORY", "64");
  CHECK(contains(refuse({}), "KELVIN_MEMORY=64: must be a whole number"));
  CHECK(read({"--memory", "128"}).memory_mib == 128u);
  const scoped_variable flag("KELVIN_NO_ENDPOINT", "maybe");
  CHECK(contains(refuse({"--memory", "128"}), "KELVIN_NO_ENDPOINT=maybe: must be true or false"));
}

TEST_CASE("what stands before the only function, and how long it waits") {
  CHECK(read({}).api == api_choice::http);
  CHECK(read({"--api", "alb-multi"}).api == api_choice::alb_multi);
  CHECK(contains(refuse({"--api", "graphql"}), "--api graphql: must be http, http-1.0, rest, alb"));
  CHECK_FALSE(read({}).api_timeout.has_value());
  CHECK(read({"--api-timeout", "5"}).api_timeout == std::chrono::seconds(5));
  CHECK(contains(refuse({"--api-timeout", "901"}), "--api-timeout 901: must be"));
}

TEST_CASE("a missing or malformed --env-file is named") {
  temporary_folder folder;
  CHECK(contains(refuse({"--env-file", folder / "none"}, errc::not_found), "No such file"));
  const auto path = folder.write("bad", "AA=1\nBB\n");
  CHECK(contains(refuse({"--env-file", path}), path + ":2: expected NAME=value"));
}

TEST_CASE("values of variables are never repeated in messages") {
  CHECK(refuse({"--env", "secret"}).find("secret") == std::string::npos);
  CHECK(refuse({"--env", "AWS_REGION=secret"}).find("secret") == std::string::npos);
}

TEST_CASE("each effective value knows where it comes from") {
  const scoped_variable timeout("KELVIN_TIMEOUT", "5");
  const parsed given({"--memory", "256", "--env", "PASSWORD=secret"});
  const auto chosen = given.options.read();
  REQUIRE(succeeds(chosen));
  std::map<std::string, std::string> all;
  for (const auto& value : given.options.effective_values(*chosen)) {
    CHECK(all.emplace(value.name, "(" + value.origin + ") " + value.value).second);
  }
  CHECK(all.at("memory") == "(command line) 256");
  CHECK(all.at("timeout") == "(environment variable KELVIN_TIMEOUT) 5");
  CHECK(all.at("handler") == "(default) bootstrap");
  CHECK(all.at("env") == "(command line) PASSWORD (values not shown)");
  CHECK(all.at("listen") == "(default) 127.0.0.1:9000 and [::1]:9000");
  CHECK(given.options.first_on_command_line() == std::string("--memory"));
  CHECK(parsed({}).options.first_on_command_line() == nullptr);
}

TEST_CASE("the tables of options are complete") {
  const settings plain;
  std::set<std::string> names, variables;
  for (const auto& group :
       {function_options(), asynchronous_options(), machine_options(), server_options(), watch_options()}) {
    for (const auto& option : group) {
      CAPTURE(option.name);
      CHECK(names.insert(option.name).second);
      CHECK(variables.insert(option.variable).second);
      std::string expected = "KELVIN_";
      for (const char* letter = option.name + 2; *letter != '\0'; ++letter) {
        expected.push_back(*letter == '-' ? '_' : static_cast<char>(std::toupper(*letter)));
      }
      CHECK(option.variable == expected);
      CHECK(std::string(option.default_text) != "");
      // What is shown as the default is what the settings hold.
      if (option.print != nullptr && std::string(option.name) != "--listen") {
        CHECK(option.print(plain) == option.default_text);
      }
    }
  }
}

TEST_CASE("variables that no option reads are found") {
  const scoped_variable wrong("KELVIN_MEMROY", "1");
  const scoped_variable right("KELVIN_MEMORY", "128");
  const scoped_variable other("KELVIN_ENDPOINT", "http://localhost:1");
  CHECK(unknown_variables() == std::vector<std::string>{"KELVIN_MEMROY"});
}

TEST_CASE("key sets and --iam reach their settings") {
  CHECK(read({}).key_sets.empty());
  CHECK(read({}).checks_iam);
  const auto chosen = read({"--jwks", "https://a.example=keys.json", "--jwks", "https://b.example/=https://b/k?x=y",
                            "--jwks", "https://a.example=/other", "--iam", "off"});
  CHECK(chosen.key_sets ==
        std::map<std::string, std::string>{{"https://a.example", "/other"}, {"https://b.example/", "https://b/k?x=y"}});
  CHECK_FALSE(chosen.checks_iam);
  CHECK(read({"--iam", "on"}).checks_iam);
}

TEST_CASE("asynchronous invocation and the JSON log reach their settings") {
  const auto plain = read({});
  CHECK_FALSE(plain.event_invoke.is_set());
  CHECK_FALSE(plain.event_invoke.dead_letter);
  CHECK(plain.async_retry_delays.function_error[0] == std::chrono::minutes(1));
  CHECK(plain.async_retry_delays.function_error[1] == std::chrono::minutes(2));
  CHECK(plain.logging().format == log_format::text);

  const auto chosen = read({"--async-retry-delays", "0.25,3", "--async-max-retries", "1", "--async-max-age", "90",
                            "--on-success", "function:g", "--on-failure", "file:a b", "--dead-letter", "file:/d",
                            "--log-format", "json", "--application-log-level", "DEBUG", "--system-log-level", "warn"});
  CHECK(chosen.async_retry_delays.function_error[0] == std::chrono::milliseconds(250));
  CHECK(chosen.async_retry_delays.function_error[1] == std::chrono::seconds(3));
  CHECK(chosen.event_invoke.maximum_retry_attempts == 1u);
  CHECK(chosen.event_invoke.maximum_event_age == std::chrono::seconds(90));
  REQUIRE(chosen.event_invoke.on_success);
  CHECK(chosen.event_invoke.on_success->kind == event_destination::kind_type::function);
  CHECK(chosen.event_invoke.on_success->name == "g");
  REQUIRE(chosen.event_invoke.on_failure);
  CHECK(chosen.event_invoke.on_failure->kind == event_destination::kind_type::file);
  CHECK(chosen.event_invoke.on_failure->name == "a b");
  REQUIRE(chosen.event_invoke.dead_letter);
  CHECK(chosen.event_invoke.dead_letter->name == "/d");
  CHECK(chosen.logging().format == log_format::json);
  CHECK(chosen.logging().application_level == log_level::debug);
  CHECK(chosen.logging().system_level == log_level::warn);
  CHECK(read({"--async-retry-delays", "5"}).async_retry_delays.function_error[1] == std::chrono::seconds(5));
}

TEST_CASE("whether kelvin watch keeps the last good version is for kelvin watch alone") {
  const auto read_watch = [](const std::vector<std::string>& arguments) {
    CLI::App app("", "watch");
    settings_options options(option_scope::watching);
    options.add_to(app);
    REQUIRE_FALSE(parse_arguments(app, "", arguments).has_value());
    return options.read();
  };
  CHECK(read_watch({})->keep_last_good);
  CHECK(read_watch({"--keep-last-good"})->keep_last_good);
  CHECK_FALSE(read_watch({"--no-keep-last-good"})->keep_last_good);
  CLI::App app("", "run");
  settings_options plain;
  plain.add_to(app);
  CHECK(parse_arguments(app, "", std::vector<std::string>{"--no-keep-last-good"}) == 2);
  const scoped_variable variable("KELVIN_NO_KEEP_LAST_GOOD", "true");
  CHECK_FALSE(read_watch({})->keep_last_good);
  CHECK(unknown_variables().empty());
}

TEST_CASE("the options of kelvin watch, which no other command takes") {
  const auto read_watch = [](const std::vector<std::string>& arguments) {
    CLI::App app("", "watch");
    settings_options options(option_scope::watching);
    options.add_to(app);
    REQUIRE_FALSE(parse_arguments(app, "", arguments).has_value());
    return options.read();
  };
  CHECK(read_watch({"--build", "make -C src all"})->build_command == "make -C src all");
  CHECK(read_watch({})->builds);
  CHECK_FALSE(read_watch({"--no-build"})->builds);
  CHECK(contains(failure_text(read_watch({"--build", " "}), errc::invalid_argument), "must be a command"));
  CHECK(contains(failure_text(read_watch({"--build", "make", "--no-build"}), errc::invalid_argument), "contradict"));
  const scoped_variable variable("KELVIN_BUILD", "make, then more");
  CHECK(read_watch({})->build_command == "make, then more");
  CHECK(unknown_variables().empty());
  CLI::App app("", "run");
  settings_options plain;
  plain.add_to(app);
  CHECK(parse_arguments(app, "", std::vector<std::string>{"--no-build"}) == 2);
}
