#pragma once

#include "emulator/function/api_configuration.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kelvin {

/// --api: what stands in front of the only function of a run that describes no API.
enum class api_choice { http, http_1_0, rest, alb, alb_multi, url, url_stream };

/// By its name as on the command line: `http`, `http-1.0`, `rest`, `alb`, `alb-multi`, `url`, `url-stream`.
std::optional<api_choice> find_api_choice(std::string_view name) noexcept;
std::string_view name_of(api_choice choice) noexcept;

/// The API of that choice that sends everything to the function. Its id is the function's name.
api_configuration implied_api(api_choice choice, const std::string& function_name);

/// The URL that every function has here, described or not: open to all.
api_configuration implied_function_url(const std::string& function_name, bool streams);

}  // namespace kelvin
