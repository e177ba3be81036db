#pragma once

#include "emulator/template/node.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kelvin::templates {

/// One entry of Resources.
struct resource {
  std::string id;  ///< its logical id
  std::string type;
  place at;               ///< of the logical id
  node properties;        ///< with Globals merged in, intrinsic functions as written; a map, may be empty
  node metadata;          ///< null if there is none
  std::string condition;  ///< empty: none
  std::vector<std::string> depends_on;

  bool is_function() const noexcept { return type == "AWS::Serverless::Function" || type == "AWS::Lambda::Function"; }
};

/// By its logical id; nullptr if there is none.
const resource* find_resource(const std::vector<resource>& all, std::string_view id) noexcept;

}  // namespace kelvin::templates
