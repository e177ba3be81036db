#pragma once

#include "emulator/app/settings.hpp"
#include "emulator/function/function_registry.hpp"
#include "emulator/gateway/gateway.hpp"
#include "runtime-api/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace kelvin {

/// The line of JSON that tells other programs where kelvin listens:
/// `{"url":"http://127.0.0.1:PORT","port":PORT,"functions":{NAME:{"url":…,"function_url":…}},"apis":{ID:{"kind":…,
/// "url":…}}}`, with the isolation level in force, ended by a newline. An API's URL is that of its first stage.
std::string ready_line(const std::string& url, std::uint16_t port, const function_registry& registry,
                       const gateway& apis);

/// Behind the ready file's name while it is written.
inline constexpr std::string_view unfinished_suffix = ".unfinished";

/// Writes the line where the settings ask for it: to --ready-fd, which is then closed, and to
/// --ready-file, which appears whole or not at all.
/// Errors: system_failure, with the file's name or the descriptor's number.
result<void> announce_ready(const std::string& line, const settings& chosen);

}  // namespace kelvin
