#include "emulator/web/route_table.hpp"
#include "tests/support/random_seed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace kelvin::web {
namespace {

/// Routes by their keys: `GET /pets/{id}`, `$default`.
api_configuration api_of(api_kind kind, const std::vector<std::string>& keys,
                         const std::vector<std::string>& stages = {"$default"}) {
  api_configuration api;
  api.kind = kind;
  for (const std::string& name : stages)
    api.stages.push_back({name, {}});
  for (const std::string& key : keys) {
    api_route route;
    const std::size_t blank = key.find(' ');
    route.method = blank == std::string::npos ? "ANY" : key.substr(0, blank);
    route.path = blank == std::string::npos ? key : key.substr(blank + 1);
    api.routes.push_back(route);
  }
  return api;
}

std::string key_of(const api_route* route) {
  return route == nullptr ? "none" : route->path == "$default" ? "$default" : route->method + " " + route->path;
}

/// `GET /pets/{id} id=7`
std::string found(const api_configuration& api, std::string_view method, std::string_view path,
                  std::optional<std::string_view> stage = std::nullopt) {
  const route_match match = route_table(api).find(method, path, stage);
  std::string text = key_of(match.route);
  for (const auto& [name, value] : match.path_parameters)
    text += " " + name + "=" + value;
  return text;
}

TEST_CASE("routes: AWS's own example of what is most specific") {
  const auto api = api_of(api_kind::http,
                          {"$default", "ANY /{proxy+}", "GET /pets/{proxy+}", "GET /pets/dog/{id}", "GET /pets/dog/1"});
  CHECK(found(api, "GET", "/pets/dog/1") == "GET /pets/dog/1");
  CHECK(found(api, "GET", "/pets/dog/2") == "GET /pets/dog/{id} id=2");
  CHECK(found(api, "GET", "/pets/cat/1") == "GET /pets/{proxy+} proxy=cat/1");
  CHECK(found(api, "POST", "/test/5") == "ANY /{proxy+} proxy=test/5");
  CHECK(found(api, "POST", "/pets/dog/1") == "ANY /{proxy+} proxy=pets/dog/1");
  CHECK(found(api, "GET", "/") == "$default");
}

TEST_CASE("routes: a static segment comes before a variable at each position") {
  for (const api_kind kind : {api_kind::http, api_kind::rest}) {
    const auto api = api_of(kind, {"GET /{a}/{b}", "GET /{a}/x", "GET /s/{b}", "GET /s/x", "GET /s/{b}/only"});
    CHECK(found(api, "GET", "/s/x") == "GET /s/x");
    CHECK(found(api, "GET", "/s/y") == "GET /s/{b} b=y");
    CHECK(found(api, "GET", "/t/x") == "GET /{a}/x a=t");
    CHECK(found(api, "GET", "/t/y") == "GET /{a}/{b} a=t b=y");
    CHECK(found(api, "GET", "/s/x/only") == "GET /s/{b}/only b=x");
    CHECK(found(api, "GET", "/s") == "none");
    CHECK(found(api, "GET", "/s/x/y") == "none");
  }
}

TEST_CASE("routes: a prefix that ends nowhere does not hide the variable beside it") {
  for (const api_kind kind : {api_kind::http, api_kind::rest}) {
    const auto api = api_of(kind, {"GET /a/b/c", "GET /{x}/b/d", "GET /a/{y}/e"});
    CHECK(found(api, "GET", "/a/b/c") == "GET /a/b/c");
    CHECK(found(api, "GET", "/a/b/d") == "GET /{x}/b/d x=a");
    CHECK(found(api, "GET", "/a/b/e") == "GET /a/{y}/e y=b");
    CHECK(found(api, "GET", "/a/b/f") == "none");
  }
}

TEST_CASE("routes: an explicit method comes before ANY, and none is implied") {
  for (const api_kind kind : {api_kind::http, api_kind::rest}) {
    const auto api = api_of(kind, {"ANY /a", "GET /a", "GET /b"});
    CHECK(found(api, "GET", "/a") == "GET /a");
    CHECK(found(api, "POST", "/a") == "ANY /a");
    CHECK(found(api, "HEAD", "/a") == "ANY /a");
    CHECK(found(api, "HEAD", "/b") == "none");
    CHECK(found(api, "OPTIONS", "/b") == "none");
    CHECK(found(api, "get", "/b") == "none");
    CHECK(found(api, "", "/b") == "none");
  }
}

TEST_CASE("routes: a variable's path may lack the method as well") {
  const auto http = api_of(api_kind::http, {"POST /users/me", "GET /users/{id}", "ANY /{proxy+}"});
  CHECK(found(http, "GET", "/users/me") == "GET /users/{id} id=me");
  CHECK(found(http, "PUT", "/users/me") == "ANY /{proxy+} proxy=users/me");
}

// Measured on AWS (threads: ministack#1423, floci#3399).
TEST_CASE("routes: a REST API matches resource and method as a pair") {
  const auto jobs = api_of(api_kind::rest, {"ANY /{proxy+}", "GET /jobs/{operation_type}", "OPTIONS /cors_only"});
  CHECK(found(jobs, "GET", "/jobs/reboot") == "GET /jobs/{operation_type} operation_type=reboot");
  CHECK(found(jobs, "GET", "/jobs") == "ANY /{proxy+} proxy=jobs");
  CHECK(found(jobs, "POST", "/jobs/reboot") == "ANY /{proxy+} proxy=jobs/reboot");
  CHECK(found(jobs, "GET", "/cors_only") == "ANY /{proxy+} proxy=cors_only");
  const auto users = api_of(api_kind::rest, {"PATCH /users/me", "GET /users/{userId}", "POST /roles/provision",
                                             "GET /roles/{roleId}", "GET /things/real", "ANY /things/{proxy+}"});
  CHECK(found(users, "GET", "/users/me") == "GET /users/{userId} userId=me");
  CHECK(found(users, "PATCH", "/users/me") == "PATCH /users/me");
  CHECK(found(users, "POST", "/users/me") == "none");
  CHECK(found(users, "GET", "/roles/provision") == "GET /roles/{roleId} roleId=provision");
  CHECK(found(users, "POST", "/things/real") == "ANY /things/{proxy+} proxy=real");
}

TEST_CASE("routes: greedy ones, the longest prefix first, one segment at least") {
  for (const api_kind kind : {api_kind::http, api_kind::rest}) {
    const auto api = api_of(kind, {"ANY /{all+}", "GET /a/{rest+}", "GET /a/b/{proxy+}", "GET /{x}/c/{proxy+}"});
    CHECK(found(api, "GET", "/a/b/c/d") == "GET /a/b/{proxy+} proxy=c/d");
    CHECK(found(api, "GET", "/a/x") == "GET /a/{rest+} rest=x");
    CHECK(found(api, "GET", "/a/b") == "GET /a/{rest+} rest=b");
    CHECK(found(api, "GET", "/a") == "ANY /{all+} all=a");
    CHECK(found(api, "GET", "/z/c/1//2") == "GET /{x}/c/{proxy+} x=z proxy=1//2");
    CHECK(found(api, "GET", "/a/c/1") == "GET /a/{rest+} rest=c/1");
    CHECK(found(api, "GET", "/") == "none");
    CHECK(found(api, "GET", "//b") == "ANY /{all+} all=/b");
  }
}

TEST_CASE("routes: an HTTP API takes any full match before a greedy one, a REST API goes by position") {
  const std::vector<std::string> keys = {"GET /a/{proxy+}", "GET /{x}/b"};
  CHECK(found(api_of(api_kind::http, keys), "GET", "/a/b") == "GET /{x}/b x=a");
  CHECK(found(api_of(api_kind::rest, keys), "GET", "/a/b") == "GET /a/{proxy+} proxy=b");
}

TEST_CASE("routes: a slash at the end is another path for an HTTP API and nothing for a REST API") {
  const std::vector<std::string> keys = {"GET /pets", "GET /pets/{proxy+}", "GET /with/", "GET /{x}/id"};
  const auto http = api_of(api_kind::http, keys);
  CHECK(found(http, "GET", "/pets/") == "none");
  CHECK(found(http, "GET", "/pets/1/") == "GET /pets/{proxy+} proxy=1/");
  CHECK(found(http, "GET", "/with/") == "GET /with/");
  CHECK(found(http, "GET", "/with") == "none");
  const auto rest = api_of(api_kind::rest, keys);
  CHECK(found(rest, "GET", "/pets/") == "GET /pets");
  CHECK(found(rest, "GET", "/pets/1/") == "GET /pets/{proxy+} proxy=1");
  CHECK(found(rest, "GET", "/pets/1//") == "GET /pets/{proxy+} proxy=1/");
  CHECK(found(rest, "GET", "/with") == "GET /with/");
  CHECK(found(rest, "GET", "/a/id/") == "GET /{x}/id x=a");
}

TEST_CASE("routes: empty segments stand for nothing") {
  for (const api_kind kind : {api_kind::http, api_kind::rest}) {
    const auto api = api_of(kind, {"GET /", "GET /a/b", "GET /a/{x}/c"});
    CHECK(found(api, "GET", "/") == "GET /");
    CHECK(found(api, "GET", "/a//b") == "none");
    CHECK(found(api, "GET", "//a/b") == "none");
    CHECK(found(api, "GET", "/a//c") == "none");
  }
}

TEST_CASE("routes: static segments are compared decoded, parameters stay as sent") {
  const auto api =
      api_of(api_kind::http, {"GET /caf\u00e9/x", "GET /a b/{id}", "GET /o%2Fp", "GET /%zz/%4", "GET /{x}"});
  CHECK(found(api, "GET", "/caf%C3%A9/x") == "GET /caf\u00e9/x");
  CHECK(found(api, "GET", "/%63af%c3%a9/%78") == "GET /caf\u00e9/x");
  CHECK(found(api, "GET", "/a%20b/%41%2F") == "GET /a b/{id} id=%41%2F");
  CHECK(found(api, "GET", "/o%2Fp") == "GET /o%2Fp");
  CHECK(found(api, "GET", "/o/p") == "none");
  CHECK(found(api, "GET", "/%zz/%4") == "GET /%zz/%4");
  CHECK(found(api, "GET", "/%") == "GET /{x} x=%");
}

TEST_CASE("routes: the stage of an HTTP API is the first segment or $default") {
  auto api = api_of(api_kind::http, {"GET /a", "GET /", "GET /prod/a"}, {"prod", "$default"});
  const route_table table(api);
  const auto check = [&](std::string_view path, std::string_view stage, std::string_view stage_path,
                         std::string_view key) {
    CAPTURE(path);
    const auto match = table.find("GET", path, std::nullopt);
    REQUIRE(match.stage != nullptr);
    CHECK(match.stage->name == stage);
    CHECK(match.stage_path == stage_path);
    CHECK(key_of(match.route) == key);
  };
  check("/prod/a", "prod", "/a", "GET /a");
  check("/prod", "prod", "/", "GET /");
  check("/prod/", "prod", "/", "GET /");
  check("/prod/prod/a", "prod", "/prod/a", "GET /prod/a");
  check("/a", "$default", "/a", "GET /a");
  check("/", "$default", "/", "GET /");
  check("/Prod/a", "$default", "/Prod/a", "none");
  check("/product", "$default", "/product", "none");
  check("/$default/a", "$default", "/$default/a", "none");
}

TEST_CASE("routes: without $default stage an HTTP API knows named stages only") {
  const auto api = api_of(api_kind::http, {"$default"}, {"prod"});
  const auto match = route_table(api).find("GET", "/a", std::nullopt);
  CHECK(match.stage == nullptr);
  CHECK(match.route == nullptr);
  CHECK(found(api, "GET", "/prod/a") == "$default");
}

TEST_CASE("routes: a REST API without its stage in the path is at its first stage") {
  const auto api = api_of(api_kind::rest, {"GET /a"}, {"Prod", "Test"});
  const route_table table(api);
  CHECK(table.find("GET", "/Test/a", std::nullopt).stage->name == "Test");
  CHECK(table.find("GET", "/Prod/a", std::nullopt).stage_path == "/a");
  const auto bare = table.find("GET", "/a", std::nullopt);
  CHECK(bare.stage->name == "Prod");
  CHECK(bare.stage_path == "/a");
  CHECK(key_of(bare.route) == "GET /a");
}

TEST_CASE("routes: a stage that was chosen before is not looked for in the path") {
  const auto api = api_of(api_kind::rest, {"GET /Prod/a"}, {"Prod", "Test"});
  const route_table table(api);
  const auto match = table.find("GET", "/Prod/a", "Test");
  REQUIRE(match.stage != nullptr);
  CHECK(match.stage->name == "Test");
  CHECK(match.stage_path == "/Prod/a");
  CHECK(key_of(match.route) == "GET /Prod/a");
  CHECK(table.find("GET", "/Prod/a", "Nowhere").stage == nullptr);
}

TEST_CASE("routes: a function URL and a load balancer have one route for everything") {
  for (const api_kind kind : {api_kind::function_url, api_kind::alb}) {
    const auto api = api_of(kind, {"ANY $default"}, {"stage"});
    const auto match = route_table(api).find("PURGE", "/stage/%zz//", std::nullopt);
    REQUIRE(match.stage == &api.stages[0]);
    CHECK(match.stage_path == "/stage/%zz//");
    CHECK(match.route == &api.routes[0]);
    CHECK(match.path_parameters.empty());
    CHECK(route_table(api_of(kind, {})).find("GET", "/", std::nullopt).route == nullptr);
  }
}

TEST_CASE("routes: what does not begin with a slash is nowhere") {
  const auto api = api_of(api_kind::http, {"$default", "GET no-slash", "GET "});
  for (const std::string_view path : {"", "*", "no-slash", "?"}) {
    CAPTURE(path);
    CHECK(route_table(api).find("GET", path, std::nullopt).stage == nullptr);
    CHECK(route_table(api).find("GET", path, "$default").route == nullptr);
  }
}

TEST_CASE("routes: of two for the same method and path the first counts, each with its own names") {
  const auto api = api_of(api_kind::rest, {"GET /a/{one}", "POST /a/{two}", "GET /a/{three}"});
  CHECK(found(api, "GET", "/a/1") == "GET /a/{one} one=1");
  CHECK(found(api, "POST", "/a/1") == "POST /a/{two} two=1");
}

TEST_CASE("routes: depth and number are no matter") {
  std::vector<std::string> keys;
  for (int index = 0; index < 300; ++index)
    keys.push_back("GET /items/" + std::to_string(index) + "/{id}");
  std::string deep;
  for (int index = 0; index < 4000; ++index)
    deep += "/d";
  keys.push_back("GET " + deep);
  keys.push_back("GET /long/" + std::string(20'000, 'x'));
  const auto api = api_of(api_kind::http, keys);
  CHECK(found(api, "GET", "/items/299/7") == "GET /items/299/{id} id=7");
  CHECK(found(api, "GET", deep) == "GET " + deep);
  CHECK(found(api, "GET", deep + "/d") == "none");
  CHECK(found(api, "GET", "/long/" + std::string(20'000, 'x')) == "none");
}

// What the contract says, told the plain way: every route is tried.
struct candidate {
  const api_route* route;
  std::vector<int> rank;  ///< per position: 0 static, 1 variable, 2 greedy
  bool any;
};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts(1);
  for (const char letter : text.substr(1)) {
    if (letter == '/')
      parts.emplace_back();
    else
      parts.back() += letter;
  }
  return parts;
}

std::optional<candidate> try_route(const api_route& route, std::string_view method, std::string_view path) {
  if (route.method != "ANY" && route.method != method)
    return std::nullopt;
  candidate fits{&route, {}, route.method == "ANY"};
  const auto wanted = split(route.path);
  const auto given = split(path);
  for (std::size_t index = 0; index < wanted.size(); ++index) {
    if (index == given.size())
      return std::nullopt;
    if (wanted[index] == "{g+}") {
      fits.rank.push_back(2);
      const bool nothing = index + 1 == given.size() && given[index].empty();
      return nothing ? std::nullopt : std::optional(fits);
    }
    const bool variable = wanted[index] == "{v}";
    if (variable ? given[index].empty() : wanted[index] != given[index])
      return std::nullopt;
    fits.rank.push_back(variable ? 1 : 0);
  }
  return wanted.size() == given.size() ? std::optional(fits) : std::nullopt;
}

const api_route* best_route(const api_configuration& api, std::string_view method, std::string_view path) {
  std::vector<candidate> fitting;
  for (const api_route& route : api.routes)
    if (const auto fits = try_route(route, method, path))
      fitting.push_back(*fits);
  const bool full_first = api.kind == api_kind::http;
  const auto better = [&](const candidate& one, const candidate& other) {
    const bool greedy = one.rank.back() == 2;
    if (full_first && greedy != (other.rank.back() == 2))
      return !greedy;
    return one.rank != other.rank ? one.rank < other.rank : one.any < other.any;
  };
  const auto best = std::min_element(fitting.begin(), fitting.end(), better);
  return best == fitting.end() ? nullptr : best->route;
}

TEST_CASE("routes: random tables agree with trying every route") {
  const unsigned seed = test::random_seed();
  INFO("KELVIN_TEST_SEED=" << seed);
  std::mt19937 random(seed);
  const auto pick = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  const std::vector<std::string> methods = {"GET", "PUT", "ANY"};
  const auto random_path = [&](const std::vector<std::string>& segments, bool may_be_greedy) {
    std::string path;
    for (int depth = pick(4) + 1; depth > 0; --depth)
      path += "/" + segments[static_cast<std::size_t>(pick(static_cast<int>(segments.size())))];
    return may_be_greedy && pick(3) == 0 ? path + "/{g+}" : path;
  };
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> keys;
    for (int count = pick(12) + 1; count > 0; --count)
      keys.push_back(methods[static_cast<std::size_t>(pick(3))] + " " + random_path({"a", "b", "{v}"}, true));
    const auto api = api_of(pick(2) == 0 ? api_kind::http : api_kind::rest, keys);
    const route_table table(api);
    for (int request = 0; request < 20; ++request) {
      const std::string path = random_path({"a", "b", "c"}, false);
      const std::string method = methods[static_cast<std::size_t>(pick(2))];
      CAPTURE(path);
      CHECK(key_of(table.find(method, path, std::nullopt).route) == key_of(best_route(api, method, path)));
    }
  }
}

}  // namespace
}  // namespace kelvin::web
