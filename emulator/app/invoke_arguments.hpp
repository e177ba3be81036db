#pragma once

#include <string>

namespace kelvin {

/// One invocation as the command line asks for it.
struct invoke_arguments {
  std::string function_name;   ///< `function`: the only one
  std::string payload;         ///< the event, bytes as they came
  std::string client_context;  ///< JSON text, not in base64; empty: none
  std::string qualifier;       ///< version or alias; empty: none
};

}  // namespace kelvin
