#include "emulator/frontdoor/invoke_api/operation.hpp"
#include "runtime-api/http/router.hpp"
#include "tests/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace {

using kelvin::fuzz::require;
using kelvin::http::path_captures;

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(slash + 1);
  }
}

bool is_capture(std::string_view segment) {
  return segment.size() >= 2 && segment.front() == '{' && segment.back() == '}';
}

/// What the pattern says, told the plain way: both as lists of segments. Precondition: both begin with a slash.
bool matches(std::string_view pattern, std::string_view path) {
  const auto wanted = split(pattern.substr(1));
  const auto given = split(path.substr(1));
  std::size_t captured = 0;
  for (std::size_t index = 0; index < wanted.size(); ++index) {
    const bool captures = is_capture(wanted[index]);
    captured += captures ? 1 : 0;
    if (index >= given.size() || captured > path_captures::capacity) {
      return false;
    }
    if (captures && wanted[index].ends_with("+}")) {
      return true;
    }
    if (captures ? given[index].empty() : wanted[index] != given[index]) {
      return false;
    }
  }
  return wanted.size() == given.size();
}

bool lies_in(std::string_view part, std::string_view whole) {
  const std::less_equal<const char*> before;
  return before(whole.data(), part.data()) && before(part.data() + part.size(), whole.data() + whole.size());
}

}  // namespace

/// A pattern, a line end, and a path, which is also looked up among the operations of the Lambda API.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\n');
  const std::string_view pattern = text.substr(0, end);
  const std::string_view path = end == std::string_view::npos ? text : text.substr(end + 1);
  path_captures captures;
  const bool fits = kelvin::http::path_matches(pattern, path, captures);
  if (pattern.starts_with('/') && path.starts_with('/')) {
    require(fits == matches(pattern, path));
  } else {
    require(fits == (pattern == path));
  }
  for (std::size_t index = 0; fits && index < captures.size(); ++index) {
    require(lies_in(captures[index], path));
  }
  for (const auto method : {kelvin::http::method::get, kelvin::http::method::post, kelvin::http::method::other}) {
    const auto found = kelvin::frontdoor::find_operation(method, path);
    require(found.function_segment.empty() || lies_in(found.function_segment, path));
    require(found.function_segment.find('/') == std::string_view::npos);
  }
  return 0;
}
