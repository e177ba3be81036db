#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kelvin::frontdoor {

/// How deep a token's, a key set's or an authorizer's JSON may nest.
inline constexpr int small_json_depth_max = 32;

/// A JSON object, nothing behind it, no name in it twice, no deeper than small_json_depth_max; else nullopt. For small
/// documents: the caller bounds their size.
std::optional<nlohmann::json> parse_small_object(std::string_view text);

/// A member of an object that is a string; nullopt: there is none, or it is no string.
std::optional<std::string> string_member(const nlohmann::json& object, const char* name);

/// The shortest form; bytes that are no UTF-8 become replacement characters.
std::string print_json(const nlohmann::json& value);

/// RFC 4648, section 5, without padding, as in tokens and keys; nullopt for anything else.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace kelvin::frontdoor
