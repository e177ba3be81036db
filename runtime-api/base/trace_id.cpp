#include "runtime-api/base/trace_id.hpp"

#include "runtime-api/base/request_id.hpp"

#include <array>
#include <charconv>

namespace kelvin {
namespace {

void append_seconds_hexadecimal(std::string& text, wall_time now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), seconds, 16).ptr;
  text.append(digits.data(), end);
}

}  // namespace

std::string make_root_trace_id(wall_time now) {
  std::array<char, 32> storage{};
  const std::string_view random = random_hexadecimal(storage, 24);
  std::string text = "Root=1-";
  append_seconds_hexadecimal(text, now);
  return text.append("-").append(random);
}

std::string make_trace_id(std::string_view callers, wall_time now) {
  if (callers.find("Root=") != std::string_view::npos) {
    return std::string(callers);
  }
  return make_invocation_trace_id(make_root_trace_id(now));
}

std::string make_invocation_trace_id(std::string_view root) {
  std::string text(root);
  if (text.find("Parent=") != std::string::npos) {
    return text;
  }
  std::array<char, 32> storage{};
  const std::string_view random = random_hexadecimal(storage, 24);
  text.append(";Parent=").append(random.substr(0, 16)).append(";Sampled=0;Lineage=1:");
  text.append(random.substr(16, 8)).append(":0");
  return text;
}

}  // namespace kelvin
