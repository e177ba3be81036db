#include "emulator/frontdoor/authorizer/identity_expression.hpp"

#include "tests/support/failure_text.hpp"

#include <doctest/doctest.h>

namespace kelvin::frontdoor {
namespace {

TEST_CASE("identity expression: the whole token must be what it says") {
  const auto fits = [](const std::string& expression, std::string_view token) {
    const auto matched = matches_expression(expression, token);
    REQUIRE(test::succeeds(matched));
    return *matched;
  };
  CHECK(fits("^Bearer [-0-9a-zA-Z._]*$", "Bearer a.b-c_d"));
  CHECK(fits("Bearer \\w+", "Bearer abc"));
  CHECK_FALSE(fits("Bearer", "Bearer abc"));
  CHECK_FALSE(fits("abc", "Bearer abc"));
  CHECK_FALSE(fits("bearer .*", "Bearer abc"));
  CHECK(fits("(?i)bearer .*", "Bearer abc"));
  CHECK(fits("x{3}", "xxx"));
  CHECK(fits(".*", std::string(16'000, 'x')));
}

TEST_CASE("identity expression: what is none, or takes too long, is a failure") {
  test::failure_text(matches_expression("(", "x"), errc::invalid_argument);
  test::failure_text(matches_expression("[z-a]", "x"), errc::invalid_argument);
  test::failure_text(matches_expression("(a*)*(a*)*(a*)*(a*)*c", std::string(3'000, 'a')), errc::limit_reached);
}

}  // namespace
}  // namespace kelvin::frontdoor
