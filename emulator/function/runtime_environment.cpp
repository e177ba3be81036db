#include "emulator/function/runtime_environment.hpp"

#include "emulator/function/function_variables.hpp"

#include <map>
#include <optional>
#include <string_view>

namespace kelvin {
namespace {

using variables = std::map<std::string, std::string>;

/// What AWS lets a function's own variables replace.
void add_replaceable(variables& all, const function_configuration& function, isolation_level level) {
  const std::string task = path_inside(function, level, function.code_folder);
  const std::string opt = path_inside(function, level, function.layer_folder.value_or("/opt"));
  all["LANG"] = "en_US.UTF-8";
  all["TZ"] = ":UTC";
  // AWS: recorded, the trailing slash of /usr/bin/ included.
  all["PATH"] = "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:" + opt + "/bin";
  all["LD_LIBRARY_PATH"] =
      "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:" + task + ":" + task + "/lib:" + opt + "/lib";
  all["AWS_XRAY_CONTEXT_MISSING"] = "LOG_ERROR";
  all["AWS_XRAY_DAEMON_ADDRESS"] = "169.254.100.1:2000";
  // AWS: advanced logging controls; not set in the default text format.
  if (function.logging.format == log_format::json) {
    all["AWS_LAMBDA_LOG_FORMAT"] = "JSON";
    all["AWS_LAMBDA_LOG_LEVEL"] = name_of(function.logging.application_level);
  }
}

void add_function(variables& all, const function_configuration& function, isolation_level level,
                  const std::string& log_stream_name) {
  all["_HANDLER"] = function.handler;
  all["LAMBDA_TASK_ROOT"] = path_inside(function, level, function.code_folder);
  all["LAMBDA_RUNTIME_DIR"] = "/var/runtime";
  all["AWS_LAMBDA_FUNCTION_NAME"] = function.name;
  all["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST";
  all["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = std::to_string(function.memory_mib);
  all["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
  all["AWS_LAMBDA_LOG_GROUP_NAME"] = "/aws/lambda/" + function.name;
  all["AWS_LAMBDA_LOG_STREAM_NAME"] = log_stream_name;
}

void add_account(variables& all, const account_configuration& account) {
  all["AWS_REGION"] = account.region;
  all["AWS_DEFAULT_REGION"] = account.region;
  all["AWS_ACCESS_KEY_ID"] = account.credentials.access_key_id;
  all["AWS_SECRET_ACCESS_KEY"] = account.credentials.secret_access_key;
  // Long-lived keys have no token, and software development kits send an empty one along.
  if (!account.credentials.session_token.empty())
    all["AWS_SESSION_TOKEN"] = account.credentials.session_token;
  all["_AWS_XRAY_DAEMON_ADDRESS"] = "169.254.100.1";
  all["_AWS_XRAY_DAEMON_PORT"] = "2000";
}

/// `path` with `folder` at its start replaced; nothing if it lies elsewhere.
std::optional<std::string> moved(const std::string& path, const std::string& folder, std::string_view to) {
  const bool inside = path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
  return inside ? std::optional(std::string(to) + path.substr(folder.size())) : std::nullopt;
}

}  // namespace

std::string path_inside(const function_configuration& function, isolation_level level, const std::string& path) {
  if (level == isolation_level::host)
    return path;
  if (auto inside = moved(path, function.code_folder, "/var/task"))
    return *inside;
  if (!function.layer_folder)
    return path;
  return moved(path, *function.layer_folder, "/opt").value_or(path);
}

std::vector<std::string> runtime_environment(const function_configuration& function,
                                             const account_configuration& account,
                                             const std::string& runtime_api_endpoint,
                                             const std::string& log_stream_name) {
  variables all;
  const isolation_level level = isolation_of(function, account);
  add_replaceable(all, function, level);
  if (!account.endpoint_url.empty())
    all["AWS_ENDPOINT_URL_LAMBDA"] = account.endpoint_url;
  for (const auto& [name, value] : function.variables)
    all.insert_or_assign(name, value);
  add_function(all, function, level, log_stream_name);
  add_account(all, account);
  all["AWS_LAMBDA_RUNTIME_API"] = runtime_api_endpoint;

  std::vector<std::string> environment;
  environment.reserve(all.size());
  for (auto& [name, value] : all)
    environment.push_back(name + "=" + value);
  return environment;
}

}  // namespace kelvin
