#include "emulator/function/function_variables.hpp"

#include "runtime-api/base/limits.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace kelvin {
namespace {

constexpr std::size_t file_bytes = 1024 * 1024;

// AWS: Lambda environment variables, reserved ones, and what was recorded in a runtime's process.
constexpr std::array<std::string_view, 23> reserved = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "_AWS_XRAY_DAEMON_ADDRESS",
    "_AWS_XRAY_DAEMON_PORT",
    "_LAMBDA_TELEMETRY_LOG_FD",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_MAX_CONCURRENCY",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
};

bool is_letter(char letter) noexcept {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

bool is_name(std::string_view name) noexcept {
  return name.size() >= 2 && is_letter(name.front()) && std::all_of(name.begin(), name.end(), [](char letter) {
           return is_letter(letter) || (letter >= '0' && letter <= '9') || letter == '_';
         });
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// What is wrong with a line; the caller adds file and line number.
failure line_failure(std::string detail) {
  return fail(errc::invalid_argument, std::move(detail));
}

struct quoted_value {
  std::string value;
  std::string_view behind;
};

result<quoted_value> read_quoted(std::string_view text) {
  const char quote = text.front();
  quoted_value read;
  for (std::size_t at = 1; at < text.size(); ++at) {
    char letter = text[at];
    if (letter == quote) {
      read.behind = trimmed(text.substr(at + 1));
      return read;
    }
    if (quote == '"' && letter == '\\' && at + 1 < text.size()) {
      constexpr std::string_view escaped = "nrt\"\\$", replaced = "\n\r\t\"\\$";
      if (const auto found = escaped.find(text[at + 1]); found != std::string_view::npos) {
        letter = replaced[found];
        ++at;
      }
    }
    read.value.push_back(letter);
  }
  return line_failure(std::string("the value's closing ") + quote +
                      " is missing (a value cannot go over several lines)");
}

result<std::pair<std::string, std::string>> read_line(std::string_view line) {
  constexpr std::string_view exported = "export ";
  if (line.starts_with(exported))
    line = trimmed(line.substr(exported.size()));
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) {
    return line_failure("expected NAME=value; no variable is taken over from the shell");
  }
  std::string name(trimmed(line.substr(0, equals)));
  if (name.empty())
    return line_failure("a name is missing before `=`");
  const std::string_view text = trimmed(line.substr(equals + 1));
  if (!text.starts_with('"') && !text.starts_with('\''))
    return std::pair(std::move(name), std::string(text));
  auto quoted = read_quoted(text);
  if (!quoted)
    return quoted.error();
  if (!quoted->behind.empty() && quoted->behind.front() != '#') {
    return line_failure("there is text behind the closing quote");
  }
  return std::pair(std::move(name), std::move(quoted->value));
}

}  // namespace

bool is_reserved_variable(std::string_view name) noexcept {
  return std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

result<void> check_variables(const std::map<std::string, std::string>& variables) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : variables) {
    if (is_reserved_variable(name)) {
      return fail(errc::invalid_argument, "environment variable " + name +
                                              " is reserved: Lambda sets it itself; leave it out of --env, "
                                              "--env-file");
    }
    if (name.starts_with('_')) {
      return fail(errc::invalid_argument, "environment variable " + name +
                                              " begins with `_`: Lambda does not pass such variables on; rename it");
    }
    if (!is_name(name)) {
      return fail(errc::invalid_argument, "environment variable `" + name +
                                              "` has no valid name: Lambda wants a letter, then one or more "
                                              "letters, digits or `_`");
    }
    if (value.find('\0') != std::string::npos) {
      return fail(errc::invalid_argument, "environment variable " + name + " has a NUL byte in its value");
    }
    bytes += name.size() + value.size();
  }
  if (bytes > limits::environment_variables_bytes) {
    return fail(errc::invalid_argument, "the environment variables have " + std::to_string(bytes) +
                                            " bytes (names and values together), Lambda takes at most " +
                                            std::to_string(limits::environment_variables_bytes));
  }
  return {};
}

result<std::map<std::string, std::string>> read_environment_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    return fail(errno == ENOENT ? errc::not_found : errc::permission_denied,
                "cannot read the environment file " + path + ": " + std::strerror(errno));
  }
  std::map<std::string, std::string> variables;
  std::string line;
  std::size_t bytes = 0;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    const auto at_line = [&](const std::string& what) {
      return fail(errc::invalid_argument, path + ":" + std::to_string(number) + ": " + what);
    };
    if ((bytes += line.size() + 1) > file_bytes)
      return at_line("the file is larger than 1 MiB");
    std::string_view text = line;
    if (number == 1 && text.starts_with("\xEF\xBB\xBF"))
      text.remove_prefix(3);
    text = trimmed(text);
    if (text.empty() || text.front() == '#')
      continue;
    auto read = read_line(text);
    if (!read)
      return at_line(read.error().detail);
    variables.insert_or_assign(std::move(read->first), std::move(read->second));
  }
  if (file.bad())
    return fail(errc::system_failure, "cannot read the environment file " + path + " (is it a folder?)");
  return variables;
}

}  // namespace kelvin
