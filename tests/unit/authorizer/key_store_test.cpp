#include "emulator/frontdoor/authorizer/key_store.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/unit/authorizer/scripted_jwks.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>

namespace kelvin::frontdoor {
namespace {

using namespace std::chrono_literals;
using test::failure_text;
using test::key_set_text;

const std::string issuer = "https://issuer.example";
const std::string configuration = issuer + "/.well-known/openid-configuration";
const std::string keys_url = "https://keys.example/jwks";

struct key_store_fixture {
  explicit key_store_fixture(const std::map<std::string, std::string>& places = {}) : store(source, clock, places) {
    source.documents[configuration] = R"({"jwks_uri":")" + keys_url + "\"}";
    source.documents[keys_url] = key_set_text({"first"});
  }

  result<std::optional<signing_key>> find(const std::string& key_id) {
    return test::run_coroutine(context, store.find(issuer, key_id));
  }
  /// Its id, `none`, or `failure`.
  std::string found(const std::string& key_id) {
    const auto key = find(key_id);
    return !key ? "failure" : key->has_value() ? (*key)->id : "none";
  }

  boost::asio::io_context context;
  test::manual_clock clock;
  test::scripted_jwks source{context};
  key_store store;
};

TEST_CASE("key store: what to do for a key") {
  CHECK(plan_key(std::nullopt, 0s, false) == key_plan::fetch);
  CHECK(plan_key(0s, 0s, true) == key_plan::use);
  CHECK(plan_key(0s, 0s, false) == key_plan::none);
  CHECK(plan_key(59s, 59s, false) == key_plan::none);
  CHECK(plan_key(60s, 60s, false) == key_plan::fetch);
  CHECK(plan_key(60s, 60s, true) == key_plan::use);
  CHECK(plan_key(299s, 299s, true) == key_plan::use);
  CHECK(plan_key(300s, 300s, true) == key_plan::fetch);
  CHECK(plan_key(330s, 30s, true) == key_plan::use);
  CHECK(plan_key(330s, 30s, false) == key_plan::none);
  CHECK(plan_key(330s, 60s, true) == key_plan::fetch);
}

TEST_CASE("key store: an issuer's configuration says where its keys are") {
  key_store_fixture here;
  CHECK(here.found("first") == "first");
  CHECK(here.source.asked == std::vector<std::string>{configuration, keys_url});
  CHECK(here.found("first") == "first");
  CHECK(here.source.asked.size() == 2);
}

TEST_CASE("key store: a place that was given is asked instead") {
  key_store_fixture by_url(std::map<std::string, std::string>{{issuer, keys_url}});
  CHECK(by_url.found("first") == "first");
  CHECK(by_url.source.asked == std::vector<std::string>{keys_url});
  key_store_fixture by_file(std::map<std::string, std::string>{{issuer, "keys.json"}});
  by_file.source.documents["file keys.json"] = key_set_text({"second"});
  CHECK(by_file.found("second") == "second");
  CHECK(by_file.source.asked == std::vector<std::string>{"file keys.json"});
  // A configuration from outside never leads to a file.
  key_store_fixture misled;
  misled.source.documents[configuration] = R"({"jwks_uri":"keys.json"})";
  CHECK(misled.found("first") == "failure");
  CHECK(misled.source.asked == std::vector<std::string>{configuration});
}

TEST_CASE("key store: an unknown key has the keys fetched once a minute at most") {
  key_store_fixture here;
  CHECK(here.found("second") == "none");
  CHECK(here.source.asked.size() == 2);
  here.source.documents[keys_url] = key_set_text({"first", "second"});
  here.clock.advance(59s);
  CHECK(here.found("second") == "none");
  CHECK(here.found("first") == "first");
  CHECK(here.source.asked.size() == 2);
  here.clock.advance(1s);
  CHECK(here.found("second") == "second");
  CHECK(here.source.asked.size() == 4);
}

TEST_CASE("key store: keys are fetched again after five minutes") {
  key_store_fixture here;
  CHECK(here.found("first") == "first");
  here.source.documents[keys_url] = key_set_text({"second"});
  here.clock.advance(299s);
  CHECK(here.found("first") == "first");
  here.clock.advance(1s);
  CHECK(here.found("first") == "none");
  CHECK(here.found("second") == "second");
  CHECK(here.source.asked.size() == 4);
}

TEST_CASE("key store: keys that cannot be fetched again stay in use, and are asked for once a minute") {
  key_store_fixture here;
  CHECK(here.found("first") == "first");
  here.source.documents.clear();
  here.clock.advance(300s);
  CHECK(here.found("first") == "first");
  CHECK(here.source.asked.size() == 3);
  here.clock.advance(59s);
  CHECK(here.found("first") == "first");
  CHECK(here.found("second") == "none");
  CHECK(here.source.asked.size() == 3);
  here.clock.advance(1s);
  CHECK(here.found("first") == "first");
  CHECK(here.source.asked.size() == 4);
}

TEST_CASE("key store: without any keys each request asks, and the failure says where") {
  key_store_fixture here;
  const std::string document = std::exchange(here.source.documents[keys_url], "<html>");
  CHECK(test::contains(failure_text(here.find("first"), errc::malformed_message), keys_url));
  here.source.documents.erase(configuration);
  CHECK(test::contains(failure_text(here.find("first"), errc::connection_closed), configuration));
  here.source.documents[configuration] = "{}";
  CHECK(test::contains(failure_text(here.find("first"), errc::malformed_message), configuration));
  here.source.documents[configuration] = R"({"jwks_uri":")" + keys_url + "\"}";
  here.source.documents[keys_url] = document;
  CHECK(here.found("first") == "first");
}

TEST_CASE("key store: requests at the same time share one fetch") {
  key_store_fixture here;
  int found = 0;
  for (int count = 0; count < 10; ++count) {
    boost::asio::co_spawn(here.context.get_executor(), here.store.find(issuer, count % 2 == 0 ? "first" : "other"),
                          [&](std::exception_ptr escaped, const result<std::optional<signing_key>>& key) {
                            CHECK_FALSE(escaped);
                            found += key && key->has_value() ? 1 : 100;
                          });
  }
  REQUIRE(test::run_until(here.context, [&] { return found == 505; }));
  CHECK(here.source.asked == std::vector<std::string>{configuration, keys_url});
}

TEST_CASE("key store: an exception of the source is a failure, for those who wait for it too") {
  key_store_fixture here;
  here.source.throws = true;
  int failures = 0;
  for (int count = 0; count < 2; ++count) {
    boost::asio::co_spawn(here.context.get_executor(), here.store.find(issuer, "first"),
                          [&](std::exception_ptr escaped, const result<std::optional<signing_key>>& key) {
                            CHECK_FALSE(escaped);
                            failures += key.has_error() ? 1 : 0;
                          });
  }
  REQUIRE(test::run_until(here.context, [&] { return failures == 2; }));
  here.source.throws = false;
  CHECK(here.found("first") == "first");
}

}  // namespace
}  // namespace kelvin::frontdoor
