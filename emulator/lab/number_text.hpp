#pragma once

#include <string>

namespace kelvin::lab {

/// With four significant digits and no more places than that needs: 12.35, 0.9812, 1.1, 25000.
std::string short_number(double value);

/// The shortest text that reads back as the same number.
std::string exact_number(double value);

}  // namespace kelvin::lab
