#pragma once

#include <string>
#include <string_view>

namespace kelvin::web {

enum class plus_sign {
  kept,   ///< in paths
  space,  ///< in queries
};

/// Undoes percent-encoding. A `%` that no two hexadecimal digits follow stays as it is. The result may hold any
/// bytes.
std::string percent_decoded(std::string_view text, plus_sign plus);

}  // namespace kelvin::web
