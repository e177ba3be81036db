#include "emulator/web/media_type.hpp"

#include "runtime-api/http/text.hpp"

#include <algorithm>
#include <array>

namespace kelvin::web {

std::string media_type_of(std::string_view field_value) {
  std::string_view type = field_value.substr(0, field_value.find_first_of(";,"));
  type.remove_prefix(std::min(type.find_first_not_of(" \t"), type.size()));
  type = type.substr(0, type.find_last_not_of(" \t") + 1);
  std::string lower(type);
  std::transform(lower.begin(), lower.end(), lower.begin(), http::to_lower);
  return lower;
}

bool is_plain_text(std::string_view media_type) {
  constexpr std::array<std::string_view, 3> texts = {"application/json", "application/xml", "application/javascript"};
  return media_type.starts_with("text/") || std::find(texts.begin(), texts.end(), media_type) != texts.end();
}

bool is_text_like(std::string_view media_type) {
  return is_plain_text(media_type) || media_type.ends_with("+json") || media_type.ends_with("+xml");
}

bool matches_any(const std::vector<std::string>& patterns, std::string_view media_type) {
  return std::any_of(patterns.begin(), patterns.end(), [&](std::string_view pattern) {
    if (pattern == "*/*") {
      return true;
    }
    if (pattern.ends_with("/*")) {
      const std::string_view type = pattern.substr(0, pattern.size() - 1);
      return media_type.size() > type.size() && http::equal_ignoring_case(media_type.substr(0, type.size()), type);
    }
    return http::equal_ignoring_case(pattern, media_type);
  });
}

}  // namespace kelvin::web
