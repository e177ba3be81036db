#include "emulator/function/runtime_environment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

using namespace kelvin;

namespace {

struct fixture {
  function_configuration function;
  account_configuration account;

  fixture() {
    function.name = "pets";
    function.handler = "main.handler";
    function.memory_mib = 512;
    function.code_folder = "/home/me/pets";
    account.region = "eu-central-1";
    account.credentials = {"KEY", "SECRET", "TOKEN"};
  }

  std::map<std::string, std::string> run() const {
    std::map<std::string, std::string> all;
    for (const auto& line : runtime_environment(function, account, "127.0.0.1:4567", "2025/01/02/[$LATEST]0123")) {
      const auto equals = line.find('=');
      CHECK(all.emplace(line.substr(0, equals), line.substr(equals + 1)).second);
    }
    return all;
  }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "the environment is what was recorded on AWS, and nothing else") {
  const std::map<std::string, std::string> expected = {
      {"_HANDLER", "main.handler"},
      {"LAMBDA_TASK_ROOT", "/home/me/pets"},
      {"LAMBDA_RUNTIME_DIR", "/var/runtime"},
      {"AWS_REGION", "eu-central-1"},
      {"AWS_DEFAULT_REGION", "eu-central-1"},
      {"AWS_ACCESS_KEY_ID", "KEY"},
      {"AWS_SECRET_ACCESS_KEY", "SECRET"},
      {"AWS_SESSION_TOKEN", "TOKEN"},
      {"AWS_LAMBDA_FUNCTION_NAME", "pets"},
      {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
      {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"},
      {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/pets"},
      {"AWS_LAMBDA_LOG_STREAM_NAME", "2025/01/02/[$LATEST]0123"},
      {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
      {"AWS_LAMBDA_RUNTIME_API", "127.0.0.1:4567"},
      {"AWS_XRAY_DAEMON_ADDRESS", "169.254.100.1:2000"},
      {"_AWS_XRAY_DAEMON_ADDRESS", "169.254.100.1"},
      {"_AWS_XRAY_DAEMON_PORT", "2000"},
      {"AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"},
      {"TZ", ":UTC"},
      {"LANG", "en_US.UTF-8"},
      {"PATH", "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin"},
      {"LD_LIBRARY_PATH",
       "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/home/me/pets:/home/me/pets/lib:/opt/lib"},
  };
  const auto actual = run();
  for (const auto& [name, value] : expected) {
    CAPTURE(name);
    REQUIRE(actual.contains(name));
    CHECK(actual.at(name) == value);
  }
  for (const auto& [name, value] : actual)
    CHECK_MESSAGE(expected.contains(name), name);
}

TEST_CASE_FIXTURE(fixture, "a layer's folder stands for /opt") {
  function.layer_folder = "/home/me/layer";
  const auto actual = run();
  CHECK(actual.at("PATH") == "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/home/me/layer/bin");
  CHECK(actual.at("LD_LIBRARY_PATH").ends_with(":/home/me/pets:/home/me/pets/lib:/home/me/layer/lib"));
}

TEST_CASE_FIXTURE(fixture, "at isolation level lambda the folders are AWS's") {
  function.layer_folder = "/home/me/layer";
  account.isolation = isolation_level::lambda;
  const auto actual = run();
  CHECK(actual.at("LAMBDA_TASK_ROOT") == "/var/task");
  CHECK(actual.at("PATH") == "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin");
  CHECK(actual.at("LD_LIBRARY_PATH") ==
        "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib");
}

TEST_CASE_FIXTURE(fixture, "paths of code and layers, as the process sees them") {
  function.layer_folder = "/home/me/layer";
  const auto inside = [&](const std::string& path) { return path_inside(function, isolation_level::lambda, path); };
  CHECK(inside("/home/me/pets/bootstrap") == "/var/task/bootstrap");
  CHECK(inside("/home/me/pets") == "/var/task");
  CHECK(inside("/home/me/layer/bootstrap") == "/opt/bootstrap");
  CHECK(inside("/home/me/pets2/bootstrap") == "/home/me/pets2/bootstrap");
  CHECK(path_inside(function, isolation_level::host, "/home/me/pets/bootstrap") == "/home/me/pets/bootstrap");
}

TEST_CASE_FIXTURE(fixture, "a function's own variables come over those that AWS lets it replace") {
  account.endpoint_url = "http://127.0.0.1:9000";
  function.variables = {{"MINE", "a=b\nc"},
                        {"PATH", "/bin"},
                        {"LANG", "C"},
                        {"TZ", "Europe/Zurich"},
                        {"LD_LIBRARY_PATH", "/lib"},
                        {"AWS_XRAY_CONTEXT_MISSING", "RUNTIME_ERROR"},
                        {"AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000"},
                        {"AWS_ENDPOINT_URL_LAMBDA", "http://other"}};
  const auto actual = run();
  for (const auto& [name, value] : function.variables)
    CHECK(actual.at(name) == value);
}

TEST_CASE_FIXTURE(fixture, "what Lambda sets itself stays even if a variable slipped through") {
  function.variables = {{"AWS_REGION", "mars"}, {"_HANDLER", "other"}, {"AWS_LAMBDA_RUNTIME_API", "other"}};
  const auto actual = run();
  CHECK(actual.at("AWS_REGION") == "eu-central-1");
  CHECK(actual.at("_HANDLER") == "main.handler");
  CHECK(actual.at("AWS_LAMBDA_RUNTIME_API") == "127.0.0.1:4567");
}

TEST_CASE_FIXTURE(fixture, "the endpoint and the session token are there only if known") {
  CHECK_FALSE(run().contains("AWS_ENDPOINT_URL_LAMBDA"));
  account.endpoint_url = "http://127.0.0.1:9000";
  CHECK(run().at("AWS_ENDPOINT_URL_LAMBDA") == "http://127.0.0.1:9000");
  account.credentials.session_token.clear();
  CHECK_FALSE(run().contains("AWS_SESSION_TOKEN"));
}

TEST_CASE_FIXTURE(fixture, "nothing of the shell leaks in, and the order is by name") {
  const auto actual = run();
  for (const char* name : {"HOME", "USER", "SHELL", "PWD", "AWS_EXECUTION_ENV", "_X_AMZN_TRACE_ID", "AWS_PROFILE"}) {
    CHECK_FALSE(actual.contains(name));
  }
  const auto lines = runtime_environment(function, account, "127.0.0.1:1", "stream");
  CHECK(lines.size() == actual.size());
}

TEST_CASE_FIXTURE(fixture, "JSON log format sets its two variables, which the function's own may replace") {
  CHECK(run().count("AWS_LAMBDA_LOG_FORMAT") == 0);
  function.logging.format = log_format::json;
  function.logging.application_level = log_level::warn;
  CHECK(run().at("AWS_LAMBDA_LOG_FORMAT") == "JSON");
  CHECK(run().at("AWS_LAMBDA_LOG_LEVEL") == "WARN");
  function.variables["AWS_LAMBDA_LOG_LEVEL"] = "DEBUG";
  CHECK(run().at("AWS_LAMBDA_LOG_LEVEL") == "DEBUG");
}
