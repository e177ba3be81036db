#include "runtime-api/http/host_check.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <utility>

using namespace kelvin::http;

namespace {

bool foreign(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  field_list list;
  for (const auto& [name, value] : fields) {
    list.add(name, value);
  }
  return is_cross_origin(list);
}

}  // namespace

TEST_CASE("host_is_loopback") {
  for (const std::string_view host : {"localhost", "LocalHost:9000", "api.execute-api.localhost:80", "127.0.0.1",
                                      "127.255.0.3:65535", "[::1]", "[::1]:9000", "[0:0:0:0:0:0:0:1]"}) {
    CAPTURE(host);
    CHECK(host_is_loopback(host));
    CHECK(host_is_allowed(host, {}));
  }
  for (const std::string_view host : {"",
                                      ":9000",
                                      "example.com",
                                      "localhost.example.com",
                                      "xlocalhost",
                                      "127.0.0.1.example.com",
                                      "127.1",
                                      "0.0.0.0",
                                      "128.0.0.1",
                                      "2130706433",
                                      "::1",
                                      "[::1",
                                      "[::2]",
                                      "[::1]x",
                                      "[::1]x:80",
                                      "localhost:",
                                      "localhost:abc",
                                      "localhost:123456",
                                      "localhost/",
                                      "a@localhost",
                                      "localhost, example.com",
                                      "localhost:80:80",
                                      "[::ffff:127.0.0.1]",
                                      "127.0.0.1 "}) {
    CAPTURE(host);
    CHECK(!host_is_loopback(host));
    CHECK(!host_is_allowed(host, {}));
  }
}

TEST_CASE("host_is_allowed beyond loopback and by name") {
  host_policy policy;
  policy.beyond_loopback = true;
  CHECK(host_is_allowed("192.168.1.7:9000", policy));
  CHECK(host_is_allowed("[fe80::1]:9000", policy));
  CHECK(host_is_allowed("kelvin", policy));
  CHECK(host_is_allowed("my-machine:9000", policy));
  CHECK(!host_is_allowed("kelvin.example.com", policy));
  CHECK(!host_is_allowed("[nonsense]", policy));

  policy = {};
  policy.allowed_hosts = {"Kelvin.Example.com", "192.168.1.7"};
  CHECK(host_is_allowed("kelvin.example.com:80", policy));
  CHECK(host_is_allowed("192.168.1.7", policy));
  CHECK(!host_is_allowed("192.168.1.8", policy));
  CHECK(!host_is_allowed("x.kelvin.example.com", policy));
}

TEST_CASE("is_cross_origin") {
  CHECK(!foreign({}));
  CHECK(!foreign({{"Host", "localhost:9000"}}));
  CHECK(!foreign({{"Host", "localhost:9000"}, {"sec-fetch-site", "same-origin"}}));
  CHECK(!foreign({{"Sec-Fetch-Site", "none"}}));
  CHECK(foreign({{"Sec-Fetch-Site", "cross-site"}}));
  CHECK(foreign({{"Sec-Fetch-Site", "same-site"}}));
  CHECK(foreign({{"Sec-Fetch-Site", ""}}));
  CHECK(foreign({{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "cross-site"}}));

  CHECK(!foreign({{"Host", "localhost:9000"}, {"Origin", "http://localhost:9000"}}));
  CHECK(!foreign({{"Origin", "http://LOCALHOST:9000"}, {"Host", "localhost:9000"}}));
  CHECK(!foreign({{"Host", "h"}, {"Origin", "http://h:80"}}));
  CHECK(!foreign({{"Host", "h:443"}, {"Origin", "https://h"}}));
  CHECK(foreign({{"Host", "localhost:9000"}, {"Origin", "null"}}));
  CHECK(foreign({{"Host", "localhost:9000"}, {"Origin", ""}}));
  CHECK(foreign({{"Host", "localhost:9000"}, {"Origin", "http://localhost:9001"}}));
  CHECK(foreign({{"Host", "localhost:9000"}, {"Origin", "http://localhost"}}));
  CHECK(foreign({{"Host", "localhost:9000"}, {"Origin", "http://example.com"}}));
  CHECK(foreign({{"Host", "localhost:9000"}, {"Origin", "ftp://localhost:9000"}}));
  CHECK(foreign({{"Host", "localhost:9000"}, {"Origin", "localhost:9000"}}));
  CHECK(foreign({{"Host", "localhost:9000"}, {"Origin", "http://localhost:9000/"}}));
  CHECK(foreign({{"Origin", "http://localhost:9000"}}));
  CHECK(foreign({{"Host", "a"}, {"Origin", "http://a"}, {"Origin", "http://b"}}));
}
