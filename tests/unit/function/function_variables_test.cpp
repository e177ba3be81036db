#include "emulator/function/function_variables.hpp"

#include "runtime-api/base/limits.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace kelvin;
using namespace kelvin::test;

TEST_CASE("names by the rules of Lambda") {
  for (const char* name : {"AB", "a1", "A_", "LONG_NAME_1", "PATH", "LANG", "TZ", "LD_LIBRARY_PATH",
                           "AWS_XRAY_CONTEXT_MISSING", "AWS_XRAY_DAEMON_ADDRESS", "AWS_LAMBDA_LOG_FORMAT",
                           "AWS_LAMBDA_LOG_LEVEL", "AWS_ENDPOINT_URL", "AWS_PROFILE"}) {
    CAPTURE(name);
    CHECK(succeeds(check_variables({{name, "value"}})));
  }
  for (const char* name : {"", "A", "1A", "A-B", "A B", "A.B", "\xC3\x84Z", "A=B"}) {
    CAPTURE(name);
    CHECK(contains(failure_text(check_variables({{name, "secret"}}), errc::invalid_argument), "has no valid name"));
  }
  CHECK(
      contains(failure_text(check_variables({{"_MINE", "secret"}}), errc::invalid_argument), "_MINE begins with `_`"));
}

TEST_CASE("reserved names are refused by name, without their value") {
  for (const char* name : {"_HANDLER",
                           "_X_AMZN_TRACE_ID",
                           "_AWS_XRAY_DAEMON_ADDRESS",
                           "_AWS_XRAY_DAEMON_PORT",
                           "AWS_REGION",
                           "AWS_DEFAULT_REGION",
                           "AWS_ACCESS_KEY_ID",
                           "AWS_SECRET_ACCESS_KEY",
                           "AWS_SESSION_TOKEN",
                           "AWS_EXECUTION_ENV",
                           "AWS_LAMBDA_FUNCTION_NAME",
                           "AWS_LAMBDA_FUNCTION_VERSION",
                           "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                           "AWS_LAMBDA_LOG_GROUP_NAME",
                           "AWS_LAMBDA_LOG_STREAM_NAME",
                           "AWS_LAMBDA_INITIALIZATION_TYPE",
                           "AWS_LAMBDA_RUNTIME_API",
                           "AWS_LAMBDA_MAX_CONCURRENCY",
                           "LAMBDA_TASK_ROOT",
                           "LAMBDA_RUNTIME_DIR"}) {
    CAPTURE(name);
    CHECK(is_reserved_variable(name));
    const auto text = failure_text(check_variables({{"FINE", "1"}, {name, "secret"}}), errc::invalid_argument);
    CHECK(contains(text, std::string("environment variable ") + name + " is reserved"));
    CHECK(text.find("secret") == std::string::npos);
  }
}

TEST_CASE("4 KB of names and values, and not a byte more") {
  const std::string name = "NAME";
  std::string value(limits::environment_variables_bytes - name.size(), 'x');
  CHECK(succeeds(check_variables({{name, value}})));
  value.push_back('x');
  CHECK(contains(failure_text(check_variables({{name, value}}), errc::invalid_argument), "have 4097 bytes"));
  CHECK(check_variables({{"AA", std::string(2047, 'x')}, {"BB", std::string(2046, 'x')}}).has_error());
}

TEST_CASE("a file of variables") {
  temporary_folder folder;
  const auto path = folder.write("variables",
                                 "\xEF\xBB\xBF# a comment\n\n  \t\nPLAIN=one two # three\nEMPTY=\n"
                                 "export SHELL_STYLE = spaced \t\nSINGLE='a \\n \"b\" '  # comment\n"
                                 "DOUBLE=\"a\\n\\t\\\"b\\\" \\$HOME \\\\ \\x\"\n"
                                 "WINDOWS=line\r\nURL=https://host/?a=b\nPLAIN2=x=y\nTWICE=1\nTWICE=2");
  const auto read = read_environment_file(path);
  REQUIRE(succeeds(read));
  const std::map<std::string, std::string> expected = {{"PLAIN", "one two # three"},
                                                       {"EMPTY", ""},
                                                       {"SHELL_STYLE", "spaced"},
                                                       {"SINGLE", "a \\n \"b\" "},
                                                       {"DOUBLE", "a\n\t\"b\" $HOME \\ \\x"},
                                                       {"WINDOWS", "line"},
                                                       {"URL", "https://host/?a=b"},
                                                       {"PLAIN2", "x=y"},
                                                       {"TWICE", "2"}};
  CHECK(*read == expected);
}

TEST_CASE("errors in a file of variables name file and line") {
  temporary_folder folder;
  struct row {
    const char* content;
    const char* message;
  };
  for (const auto& [content, message] :
       {row{"A=1\nHOME\n", ":2: expected NAME=value; no variable is taken over"}, row{"=1\n", ":1: a name is missing"},
        row{"# x\nA='one\n'\n", ":2: the value's closing ' is missing"},
        row{"A=\"one\\\"\n", ":1: the value's closing \" is missing"},
        row{"A='one'two\n", ":1: there is text behind the closing quote"}}) {
    CAPTURE(content);
    const auto path = folder.write("variables", content);
    CHECK(contains(failure_text(read_environment_file(path), errc::invalid_argument), path + message));
  }
  const auto large = folder.write("large", std::string(1024 * 1024 + 1, '#'));
  CHECK(contains(failure_text(read_environment_file(large), errc::invalid_argument), "larger than 1 MiB"));
  CHECK(contains(failure_text(read_environment_file(folder / "none"), errc::not_found), "No such file"));
  CHECK(contains(failure_text(read_environment_file(folder.path()), errc::system_failure), "is it a folder?"));
}
