#pragma once

#include "emulator/template/model.hpp"

namespace kelvin::templates {

/// Reads every API, its routes, authorizers and stages, function URLs and load balancers into the project. Behind
/// read_functions().
void read_apis(const model& in);

}  // namespace kelvin::templates
