#pragma once

#include "emulator/function/api_configuration.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// `HTTP API`, `REST API`, `function URL`, `load balancer`.
std::string_view display_name(api_kind kind) noexcept;

/// Where callers reach an API's stage by name, behind the callers' port at `url`; ends with `/`.
std::string stage_url(const std::string& url, const api_configuration& api, const api_stage& stage);

/// What `run` prints of an API: a line with its URLs, then its routes as a table. `is_default`: it is
/// at the root of the callers' port, too.
std::vector<std::string> route_listing(const std::string& url, const api_configuration& api, bool is_default);

}  // namespace kelvin
