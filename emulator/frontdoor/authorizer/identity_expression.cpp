#include "emulator/frontdoor/authorizer/identity_expression.hpp"

// A match that takes longer is given up: about ten milliseconds of everybody's time.
#define BOOST_REGEX_MAX_STATE_COUNT 500000
#include <boost/regex.hpp>

namespace kelvin::frontdoor {

// Boost's, for the standard library's recurses once a character: a long token would overflow the stack.
result<bool> matches_expression(const std::string& expression, std::string_view token) {
  try {
    const boost::regex pattern(expression, boost::regex::perl);
    return boost::regex_match(token.begin(), token.end(), pattern);
  } catch (const boost::regex_error& error) {
    const std::string what = "IdentityValidationExpression " + expression;
    if (error.code() == boost::regex_constants::error_complexity)
      return fail(errc::limit_reached, what + " takes too long for this token; make it simpler");
    return fail(errc::invalid_argument, what + ": " + error.what());
  }
}

}  // namespace kelvin::frontdoor
