#pragma once

#include "emulator/function/function_configuration.hpp"

#include <string>
#include <vector>

namespace kelvin {

/// The whole environment of a runtime process, `NAME=value` sorted by name: what was recorded on AWS
/// for provided.al2023, with the function's own variables over those that AWS lets them replace.
/// /var/task and /opt (the latter if there are layers) are the real folders at isolation level `host`. Beyond AWS:
/// AWS_ENDPOINT_URL_LAMBDA if account.endpoint_url is set. `runtime_api_endpoint` is `host:port`,
/// `log_stream_name` the environment's `YYYY/MM/DD/[$LATEST]<32 hex>`.
/// Precondition: the variables have passed check_variables().
std::vector<std::string> runtime_environment(const function_configuration& function,
                                             const account_configuration& account,
                                             const std::string& runtime_api_endpoint,
                                             const std::string& log_stream_name);

/// A path of the function's as its process sees it: at level `lambda` what lies in the code folder lies
/// in /var/task, what lies in the layers' in /opt; at `host` it is the same.
std::string path_inside(const function_configuration& function, isolation_level level, const std::string& path);

}  // namespace kelvin
