#include "emulator/app/isolation_choice.hpp"

namespace kelvin {

isolation_choice isolation_choice::begin(std::optional<isolation_level> asked) {
  isolation_choice made(asked);
  if (asked != isolation_level::host) {
    made.probe_.emplace(isolation_probe::begin());
  }
  return made;
}

result<isolation_choice::decision> isolation_choice::decide() {
  if (!probe_) {
    return decision{};
  }
  const auto possible = probe_->finish();
  probe_.reset();
  if (possible) {
    return decision{isolation_level::lambda, {}};
  }
  const std::string& detail = possible.error().detail;
  if (asked_ == isolation_level::lambda) {
    return fail(errc::unsupported, "--isolation lambda is not possible here: " + detail +
                                       ". Use --isolation host; `kelvin doctor` says what it would take");
  }
  return decision{isolation_level::host,
                  "functions run at isolation level host, for lambda is not possible here: " + detail +
                      ". `kelvin doctor` says what it would take; --isolation host "
                      "asks for no more"};
}

}  // namespace kelvin
