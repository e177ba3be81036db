#pragma once

#include "emulator/web/multi_value_map.hpp"

#include <string_view>

namespace kelvin::web {

enum class query_text {
  decoded,  ///< percent-encoding undone, `+` is a blank
  as_sent,
};

/// The parameters of a query string, `?` not included. A parameter without `=` has an empty value; what stands
/// between two `&` without a byte is none.
multi_value_map parse_query(std::string_view query, query_text text);

}  // namespace kelvin::web
