#include "emulator/sandbox/line_splitter.hpp"

namespace kelvin {

void line_splitter::forget_kept() noexcept {
  // One long line must not hold memory for the rest of the environment's life.
  constexpr std::size_t worth_keeping_bytes = 4096;
  if (kept_.capacity() > worth_keeping_bytes) {
    kept_ = std::string();
  } else {
    kept_.clear();
  }
}

}  // namespace kelvin
