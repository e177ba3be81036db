#include "emulator/gateway/addressing.hpp"

#include <doctest/doctest.h>

namespace kelvin {
namespace {

void expect(std::string_view host, std::string_view path, address::kind what, std::string_view name,
            std::string_view rest) {
  const address found = find_address(host, path);
  CAPTURE(host);
  CAPTURE(path);
  CHECK(found.what == what);
  CHECK(found.name == name);
  CHECK(found.path == rest);
}

TEST_CASE("addressing: what is addressed by nothing else is the default API's") {
  expect("localhost:9000", "/pets/7", address::kind::default_api, "", "/pets/7");
  expect("", "/", address::kind::default_api, "", "/");
  expect("127.0.0.1", "/_aws/execute-apis/a/b", address::kind::default_api, "", "/_aws/execute-apis/a/b");
  expect("127.0.0.1", "/lambda-url", address::kind::default_api, "", "/lambda-url");
}

TEST_CASE("addressing: an API by its path, with the stage behind it") {
  expect("localhost", "/_aws/execute-api/Pets/dev/pets/7", address::kind::api, "Pets", "/dev/pets/7");
  expect("localhost", "/_aws/execute-api/Pets/dev", address::kind::api, "Pets", "/dev");
  expect("localhost", "/_aws/execute-api/Pets/", address::kind::api, "Pets", "/");
  expect("localhost", "/_aws/execute-api/Pets", address::kind::api, "Pets", "");
  expect("localhost", "/_aws/execute-api/", address::kind::api, "", "");
}

TEST_CASE("addressing: a function URL by its path") {
  expect("localhost", "/lambda-url/resize/a//b", address::kind::function_url, "resize", "/a//b");
  expect("localhost", "/lambda-url/resize", address::kind::function_url, "resize", "");
}

TEST_CASE("addressing: by Host, which counts before the path") {
  expect("Pets.execute-api.localhost:9000", "/dev/x", address::kind::api, "Pets", "/dev/x");
  expect("resize.LAMBDA-URL.localhost", "/_aws/execute-api/Pets/dev", address::kind::function_url, "resize",
         "/_aws/execute-api/Pets/dev");
  expect("a.b.execute-api.localhost", "/x", address::kind::default_api, "", "/x");
  expect(".execute-api.localhost", "/x", address::kind::default_api, "", "/x");
  expect("Pets.execute-api.localhost.example", "/x", address::kind::default_api, "", "/x");
  expect("bad host.execute-api.localhost", "/x", address::kind::default_api, "", "/x");
}

}  // namespace
}  // namespace kelvin
