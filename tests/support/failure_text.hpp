#pragma once

#include "runtime-api/base/result.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kelvin::test {

/// Whether a result is a success; says why if it is not.
template <class T>
bool succeeds(const result<T>& outcome) {
  if (!outcome)
    MESSAGE(outcome.error().detail);
  return outcome.has_value();
}

/// The detail of a result that must be a failure of that kind; empty, and a failed check, otherwise.
template <class T>
std::string failure_text(const result<T>& outcome, errc expected) {
  REQUIRE_MESSAGE(outcome.has_error(), "expected a failure");
  CHECK_MESSAGE(outcome.error().code == expected, outcome.error().detail);
  return outcome.error().detail;
}

inline bool contains(const std::string& text, const std::string& part) {
  const bool found = text.find(part) != std::string::npos;
  if (!found)
    MESSAGE("`", text, "` lacks `", part, "`");
  return found;
}

}  // namespace kelvin::test
