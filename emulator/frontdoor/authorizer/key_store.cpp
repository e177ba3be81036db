#include "emulator/frontdoor/authorizer/key_store.hpp"

#include "runtime-api/base/limits.hpp"

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>

namespace kelvin::frontdoor {
namespace {

bool is_url(std::string_view place) noexcept {
  return place.starts_with("http://") || place.starts_with("https://");
}

}  // namespace

key_plan plan_key(std::optional<duration> age, duration since_fetch, bool known) noexcept {
  if (!age)
    return key_plan::fetch;
  // The pause holds for old keys too: an issuer that cannot be reached must not slow every request down.
  const bool may_ask = since_fetch >= limits::key_set_pause;
  if (known && (*age < limits::key_set_age || !may_ask))
    return key_plan::use;
  return may_ask ? key_plan::fetch : key_plan::none;
}

key_store::key_store(jwks_source& source, clock& time, std::map<std::string, std::string> places)
    : source_(source), time_(time), places_(std::move(places)) {}

awaitable<result<std::optional<signing_key>>> key_store::find(std::string issuer, std::string key_id) {
  issuer_keys& held = issuers_[issuer];
  for (bool asked = false;; asked = true) {
    const auto found =
        std::find_if(held.keys.begin(), held.keys.end(), [&](const signing_key& key) { return key.id == key_id; });
    const bool known = found != held.keys.end();
    const steady_time now = time_.now();
    const auto age = held.fetched ? std::optional<duration>(now - *held.fetched) : std::nullopt;
    const key_plan plan = plan_key(age, now - held.asked, known);
    if (plan == key_plan::fetch && !asked) {
      co_await fetch(issuer, held);
      continue;
    }
    if (known)
      co_return std::optional<signing_key>(*found);
    if (!held.fetched)
      co_return *held.problem;
    co_return std::optional<signing_key>();
  }
}

awaitable<void> key_store::fetch(const std::string& issuer, issuer_keys& into) {
  if (into.fetching) {
    const auto fetched = std::make_shared<one_shot<bool>>();
    into.waiting.push_back(fetched);
    co_await fetched->wait();
    co_return;
  }
  into.fetching = true;
  result<std::vector<signing_key>> keys = co_await fetch_keys(issuer);
  into.fetching = false;
  into.asked = time_.now();
  if (keys) {
    into.keys = std::move(*keys);
    into.fetched = into.asked;
    into.problem.reset();
  } else {
    into.problem = keys.error();
  }
  for (const auto& each : std::exchange(into.waiting, {}))
    each->set(true);
}

awaitable<result<std::vector<signing_key>>> key_store::fetch_keys(std::string issuer) {
  const auto known = places_.find(issuer);
  std::string place = known == places_.end() ? std::string() : known->second;
  if (known == places_.end()) {
    const std::string configuration = discovery_url(issuer);
    const auto text = co_await fetch_text(configuration);
    if (!text)
      co_return text.error();
    auto found = parse_discovery(*text);
    if (!found)
      co_return fail(found.error().code, configuration + ": " + found.error().detail);
    place = std::move(*found);
  }
  const auto text = co_await fetch_text(place);
  if (!text)
    co_return text.error();
  auto keys = parse_key_set(*text);
  if (!keys)
    co_return fail(keys.error().code, place + ": " + keys.error().detail);
  co_return std::move(*keys);
}

awaitable<result<std::string>> key_store::fetch_text(std::string place) {
  try {
    if (!is_url(place))
      co_return source_.read(place);
    co_return co_await source_.fetch(place);
  } catch (const std::exception& escaped) {
    // Others may wait for this fetch: it must come to an end.
    co_return fail(errc::system_failure, place + ": " + escaped.what());
  }
}

}  // namespace kelvin::frontdoor
