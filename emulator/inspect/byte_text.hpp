#pragma once

#include <cstdint>
#include <string>

namespace kelvin::inspection {

/// `812 B`, `1.4 KB`, `2.3 MB`; a KB has 1,024 bytes, as in AWS's limits.
std::string byte_text(std::uint64_t bytes);

}  // namespace kelvin::inspection
