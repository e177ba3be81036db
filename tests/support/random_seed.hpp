#pragma once

#include <cstdlib>
#include <random>
#include <string>

namespace kelvin::test {

/// The seed of a random test: KELVIN_TEST_SEED to replay a run, else a new one. Print it with INFO.
inline unsigned random_seed() {
  const char* given = std::getenv("KELVIN_TEST_SEED");
  return given != nullptr ? static_cast<unsigned>(std::stoul(given)) : std::random_device{}();
}

}  // namespace kelvin::test
