#include "emulator/frontdoor/authorizer/small_json.hpp"

#include "runtime-api/base/base64.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <vector>

namespace kelvin::frontdoor {

using json = nlohmann::json;

namespace {

/// True for no JSON that is as deep as allowed; what is no JSON may be either.
bool nests_too_deep(std::string_view text) noexcept {
  int depth = 0;
  bool inside_string = false;
  for (std::size_t index = 0; index < text.size(); ++index) {
    const char letter = text[index];
    if (inside_string) {
      index += letter == '\\' ? 1 : 0;
      inside_string = letter != '"';
    } else if (letter == '"') {
      inside_string = true;
    } else if (letter == '{' || letter == '[') {
      if (++depth > small_json_depth_max)
        return true;
    } else if (letter == '}' || letter == ']') {
      --depth;
    }
  }
  return false;
}

}  // namespace

std::optional<json> parse_small_object(std::string_view text) {
  // Looked at first: what nests deeply is never built.
  if (nests_too_deep(text))
    return std::nullopt;
  std::vector<std::set<std::string>> names;
  bool twice = false;
  const auto look = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start)
      names.emplace_back();
    else if (event == json::parse_event_t::object_end)
      names.pop_back();
    else if (event == json::parse_event_t::key)
      twice = !names.back().insert(value.get<std::string>()).second || twice;
    return true;
  };
  json parsed = json::parse(text, look, false);
  // Two readers could take different ones of two members of the same name (RFC 7519, section 4).
  if (twice || !parsed.is_object())
    return std::nullopt;
  return parsed;
}

std::optional<std::string> string_member(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string())
    return std::nullopt;
  return found->get<std::string>();
}

std::string print_json(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<std::string> base64url_decode(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos)
    return std::nullopt;
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  return base64_decode(standard, base64_padding::optional);
}

}  // namespace kelvin::frontdoor
