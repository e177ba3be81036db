#include "emulator/frontdoor/authorizer/answer_cache.hpp"

#include <doctest/doctest.h>

namespace kelvin::frontdoor {
namespace {

using namespace std::chrono_literals;

constexpr steady_time start{1h};

std::shared_ptr<const authorizer_answer> answer_of(const std::string& principal) {
  authorizer_answer answer;
  answer.principal_id = principal;
  return std::make_shared<const authorizer_answer>(answer);
}

std::string held(answer_cache& cache, const std::string& key, steady_time now = start) {
  const auto found = cache.find(key, now);
  return found ? found->principal_id : "none";
}

TEST_CASE("answer cache: until the TTL is over") {
  answer_cache cache(10);
  CHECK(held(cache, "a") == "none");
  cache.put("a", answer_of("one"), start + 10s);
  CHECK(held(cache, "a") == "one");
  CHECK(held(cache, "b") == "none");
  CHECK(held(cache, "a", start + 9999ms) == "one");
  CHECK(held(cache, "a", start + 10s) == "none");
  CHECK(cache.size() == 0);
  cache.put("a", answer_of("one"), start + 10s);
  cache.put("a", answer_of("two"), start + 20s);
  CHECK(cache.size() == 1);
  CHECK(held(cache, "a", start + 15s) == "two");
}

TEST_CASE("answer cache: over its capacity the one that was used longest ago goes") {
  answer_cache cache(3);
  for (const char* key : {"a", "b", "c"})
    cache.put(key, answer_of(key), start + 1h);
  CHECK(held(cache, "a") == "a");
  cache.put("b", answer_of("b2"), start + 1h);
  cache.put("d", answer_of("d"), start + 1h);
  CHECK(cache.size() == 3);
  CHECK(held(cache, "c") == "none");
  CHECK(held(cache, "a") == "a");
  CHECK(held(cache, "b") == "b2");
  CHECK(held(cache, "d") == "d");
  for (int count = 0; count < 100; ++count)
    cache.put(std::to_string(count), answer_of("x"), start + 1h);
  CHECK(cache.size() == 3);
}

TEST_CASE("answer cache: different texts make different keys") {
  CHECK(cache_key({"a", "b"}) != cache_key({"ab"}));
  CHECK(cache_key({"a", "b"}) != cache_key({"a,b"}));
  CHECK(cache_key({"a", ""}) != cache_key({"a"}));
  CHECK(cache_key({"1:a"}) != cache_key({"a"}));
  CHECK(cache_key({"a1:b"}) != cache_key({"a", "b"}));
  CHECK(cache_key({"a", "b"}) == cache_key({"a", "b"}));
}

}  // namespace
}  // namespace kelvin::frontdoor
