#pragma once

#include "emulator/template/diagnostics.hpp"
#include "emulator/template/node.hpp"

#include <string_view>

namespace kelvin::templates {

/// What kelvin does with a property, or with resources of a type.
enum class use {
  served,       ///< it has its effect
  ignored,      ///< it has no meaning on one machine, so nothing is said
  unsupported,  ///< it has a meaning, which this version does not give it: named
  unknown,
};

/// What is done with resources of this type.
use use_of_type(std::string_view type);

/// Names every member of `properties` that is not supported, or unknown to the table of `type` (a resource's type,
/// or `Event:HttpApi` and the like). A type that has no table is left alone.
void check_properties(std::string_view type, const node& properties, diagnostics& notes);

}  // namespace kelvin::templates
