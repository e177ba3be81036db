#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kelvin::web {

/// `type/subtype` of a Content-Type or of the first entry of an Accept, in lower case, without parameters.
std::string media_type_of(std::string_view field_value);

/// What HTTP APIs and load balancers pass on as text: `text/*` and JSON, XML and JavaScript under `application/`
/// (contract: http-front-doors, 2.1 and 4). `media_type` as media_type_of() gives it.
bool is_plain_text(std::string_view media_type);

/// What function URLs pass on as text: all that, and what ends in `+json` or `+xml`.
bool is_text_like(std::string_view media_type);

/// Whether one of `patterns` (`type/subtype`, `type/*`, `*/*`) takes it. Only a pattern takes a `*`: a media type
/// of `*/*` is taken by `*/*` alone, and so is an empty one.
bool matches_any(const std::vector<std::string>& patterns, std::string_view media_type);

}  // namespace kelvin::web
