#include "emulator/lab/schedule.hpp"

#include "emulator/lab/random_source.hpp"
#include "emulator/lab/sample_set.hpp"

#include <numeric>
#include <string>

namespace kelvin::lab {

result<std::vector<std::size_t>> interleave(std::size_t targets, std::size_t starts, std::uint64_t seed) {
  if (targets == 0 || targets > targets_max) {
    return fail(errc::invalid_argument,
                "one run measures 1 to " + std::to_string(targets_max) + " targets, not " + std::to_string(targets));
  }
  if (starts < 2 || starts > samples_max) {
    return fail(errc::invalid_argument, std::to_string(starts) + (starts == 1 ? " start tells" : " starts tell") +
                                            " nothing about how starts vary; measure 2 to " +
                                            std::to_string(samples_max) + " of each target, better 20 and more");
  }
  random_source random(seed);
  std::vector<std::size_t> order;
  order.reserve(targets * starts);
  std::vector<std::size_t> round(targets);
  for (std::size_t index = 0; index < starts; ++index) {
    std::iota(round.begin(), round.end(), std::size_t{0});
    random.shuffle(std::span<std::size_t>(round));
    order.insert(order.end(), round.begin(), round.end());
  }
  return order;
}

}  // namespace kelvin::lab
