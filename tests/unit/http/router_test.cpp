#include "runtime-api/http/router.hpp"

#include <doctest/doctest.h>

using namespace kelvin::http;

namespace {

enum class endpoint { none, next, answer, invoke, all_of_it, root };

constexpr std::array<route<endpoint>, 6> table = {{
    {method::get, "/2018-06-01/runtime/invocation/next", endpoint::next},
    {method::post, "/2018-06-01/runtime/invocation/{id}/response", endpoint::answer},
    {method::post, "/functions/{name}/{qualifier}/invocations", endpoint::invoke},
    {method::get, "/url/{name}/{path+}", endpoint::all_of_it},
    {method::get, "/", endpoint::root},
    {method::put, "/", endpoint::none},
}};

using kind = route_match<endpoint>::kind;

}  // namespace

TEST_CASE("match_route: literals and captures") {
  const auto next = match_route(table, method::get, "/2018-06-01/runtime/invocation/next");
  CHECK(next.what == kind::found);
  CHECK(next.id == endpoint::next);
  CHECK(next.captures.size() == 0);

  const auto invoke = match_route(table, method::post, "/functions/my%2Ffunction/$LATEST/invocations");
  REQUIRE(invoke.what == kind::found);
  CHECK(invoke.id == endpoint::invoke);
  REQUIRE(invoke.captures.size() == 2);
  CHECK(invoke.captures[0] == "my%2Ffunction");
  CHECK(invoke.captures[1] == "$LATEST");

  CHECK(match_route(table, method::get, "/").id == endpoint::root);
}

TEST_CASE("match_route: the rest of a path") {
  const auto captured = [](std::string_view path) {
    const auto match = match_route(table, method::get, path);
    REQUIRE(match.what == kind::found);
    REQUIRE(match.captures.size() == 2);
    return match.captures[1];
  };
  CHECK(captured("/url/f/a/b//c/") == "a/b//c/");
  CHECK(captured("/url/f/a") == "a");
  CHECK(captured("/url/f/") == "");
  CHECK(match_route(table, method::get, "/url/f").what == kind::unknown_path);
}

TEST_CASE("match_route: 404 and 405 are told apart") {
  CHECK(match_route(table, method::post, "/2018-06-01/runtime/invocation/next").what == kind::wrong_method);
  CHECK(match_route(table, method::other, "/").what == kind::wrong_method);
  for (const std::string_view path :
       {"", "*", "2018-06-01/runtime/invocation/next", "/2018-06-01/runtime/invocation/next/",
        "/2018-06-01/runtime/invocation", "/2018-06-01/runtime/invocation/Next", "//2018-06-01/runtime/invocation/next",
        "/2018-06-01/runtime/invocation//response", "/2018-06-01/runtime/invocation/id/response/more",
        "/2018-06-01/runtime/invocation/next?x", "/functions/f/invocations"}) {
    CAPTURE(path);
    CHECK(match_route(table, method::get, path).what == kind::unknown_path);
    CHECK(match_route(table, method::post, path).what == kind::unknown_path);
  }
}

TEST_CASE("path_matches: more captures than there is room for") {
  path_captures captures;
  CHECK(path_matches("/{a}/{b}/{c}/{d}", "/1/2/3/4", captures));
  CHECK(captures.size() == path_captures::capacity);
  CHECK(!path_matches("/{a}/{b}/{c}/{d}/{e}", "/1/2/3/4/5", captures));
}
