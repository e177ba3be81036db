#pragma once

#include "runtime-api/base/errc.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace kelvin {

/// One of our own expected failures: what kind it is, and a sentence for the user that says what
/// happened, where, and what to do next.
struct failure {
  errc code;
  std::string detail;
};

template <class T>
using result = boost::system::result<T, failure>;

/// Called by result::value() on a failure: turns it into an exception for those who may throw.
[[noreturn]] void throw_exception_from_error(const failure& what, const boost::source_location& where);

/// Builds the failure branch of a result<T>.
inline failure fail(errc code, std::string detail) {
  return failure{code, std::move(detail)};
}

}  // namespace kelvin
