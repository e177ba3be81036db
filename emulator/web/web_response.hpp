#pragma once

#include "emulator/function/api_configuration.hpp"
#include "runtime-api/base/payload.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kelvin::web {

/// What a door answers. Date, Connection and Content-Length are the session's.
struct web_response {
  unsigned status = 200;
  std::vector<name_value> fields;  ///< in the order they are sent; names in the case they are sent
  payload body;
};

/// A door's own answer: a body of `content_type`.
web_response own_answer(unsigned status, std::string_view content_type, std::string_view body);

}  // namespace kelvin::web
