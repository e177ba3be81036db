#pragma once

#include <cstddef>
#include <string_view>

namespace kelvin {

/// How deep arrays and objects may nest, as in the parser behind the service.
inline constexpr std::size_t payload_depth_max = 1000;

/// Whether `text` is one JSON value in valid UTF-8, white space around it allowed. Nothing is built
/// from it.
bool is_json(std::string_view text);

}  // namespace kelvin
