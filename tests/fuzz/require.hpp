#pragma once

namespace kelvin::fuzz {

/// Ends the run and keeps the input if a property does not hold; the stack trace names the line.
inline void require(bool holds) {
  if (!holds) {
    __builtin_trap();
  }
}

}  // namespace kelvin::fuzz
