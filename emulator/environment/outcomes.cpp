#include "emulator/environment/outcomes.hpp"

#include "runtime-api/base/limits.hpp"
#include "runtime-api/protocol/error_types.hpp"
#include "runtime-api/protocol/platform_error.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace kelvin {

outcome_answer answer_for(service::runtime_response response, const request_id& id) {
  using verdict = service::runtime_response::verdict;
  namespace type = protocol::error_types;
  switch (response.what) {
    case verdict::complete: break;
    case verdict::too_large:
      return function_error{protocol::response_too_large_error(limits::response_bytes),
                            std::string(type::function_response_size_too_large)};
    case verdict::truncated:
      return function_error{
          protocol::platform_error(type::runtime_truncated_response, id, "HTTP request detected as truncated"),
          std::string(type::runtime_truncated_response)};
    case verdict::invalid_mode:
      return function_error{
          protocol::platform_error(type::runtime_invalid_response_mode, id, "Invalid function response mode"),
          std::string(type::runtime_invalid_response_mode)};
    case verdict::failed_midway:
      if (response.error_body.empty()) {
        return function_error{protocol::platform_error(response.error_type, id, "response stream failed"),
                              std::move(response.error_type)};
      }
      return function_error{std::move(response.error_body), std::move(response.error_type)};
  }
  return invocation_success{std::move(response.body), std::move(response.content_type), response.forwarded};
}

std::uint64_t billed_duration_ms(std::optional<duration> init, duration took) {
  // What is billed is what REPORT prints, in hundredths of a millisecond: a bill that contradicted its
  // own line would look wrong.
  using hundredths = std::chrono::duration<std::int64_t, std::ratio<1, 100'000>>;
  const hundredths total = std::chrono::round<hundredths>(init.value_or(duration::zero())) +
                           std::chrono::round<hundredths>(std::max(took, duration::zero()));
  const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(total).count();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(1, rounded));
}

std::string timeout_line(wall_time now, const request_id& id, std::string_view message) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const std::time_t seconds = milliseconds / 1000;
  std::tm calendar{};
  gmtime_r(&seconds, &calendar);
  std::array<char, 40> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &calendar);
  std::array<char, 16> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03dZ ", static_cast<int>(milliseconds % 1000));
  return std::string(text.data(), size)
      .append(fraction.data())
      .append(id.text())
      .append(" ")
      .append(message)
      .append("\n");
}

std::string fault_line(const request_id& id, std::string_view message, std::string_view error_type) {
  return std::string("RequestId: ")
      .append(id.text())
      .append(" Error: ")
      .append(message)
      .append("\n")
      .append(error_type);
}

}  // namespace kelvin
