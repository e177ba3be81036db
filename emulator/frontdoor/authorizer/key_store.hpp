#pragma once

#include "emulator/frontdoor/authorizer/jwks_source.hpp"
#include "emulator/frontdoor/authorizer/key_set.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/one_shot.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kelvin::frontdoor {

enum class key_plan {
  use,    ///< the key that is there
  fetch,  ///< the issuer's keys, anew
  none,   ///< there is no such key, and it was asked for not long ago
};

/// What to do for a key. `age`: since the keys came, nullopt: they never did. `since_fetch`: since they were last
/// asked for. `known`: a key of that id is there.
key_plan plan_key(std::optional<duration> age, duration since_fetch, bool known) noexcept;

/// The signing keys of issuers, fetched when needed and kept (contract: http-front-doors, 2.6): for five minutes, and
/// on where they cannot be fetched again then; an unknown key id has them fetched once a minute at most.
class key_store {
 public:
  /// `places`: of issuers whose key set is somewhere else than their configuration says, a URL or a file by issuer.
  key_store(jwks_source& source, clock& time, std::map<std::string, std::string> places);

  /// Nullopt: the issuer has no such key. Errors: those of jwks_source, parse_discovery and parse_key_set, where there
  /// are no keys at all.
  awaitable<result<std::optional<signing_key>>> find(std::string issuer, std::string key_id);

 private:
  struct issuer_keys {
    std::vector<signing_key> keys;
    std::optional<steady_time> fetched;
    steady_time asked{};
    std::optional<failure> problem;  ///< of the last fetch
    bool fetching = false;
    std::vector<std::shared_ptr<one_shot<bool>>> waiting;  ///< for the fetch that is under way
  };

  awaitable<void> fetch(const std::string& issuer, issuer_keys& into);
  awaitable<result<std::vector<signing_key>>> fetch_keys(std::string issuer);
  awaitable<result<std::string>> fetch_text(std::string place);

  jwks_source& source_;
  clock& time_;
  std::map<std::string, std::string> places_;
  std::map<std::string, issuer_keys> issuers_;  ///< those of authorizers that were used
};

}  // namespace kelvin::frontdoor
