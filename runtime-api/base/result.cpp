#include "runtime-api/base/result.hpp"

#include <boost/system/system_error.hpp>

namespace kelvin {

void throw_exception_from_error(const failure& what, const boost::source_location&) {
  throw boost::system::system_error(make_error_code(what.code), what.detail);
}

}  // namespace kelvin
