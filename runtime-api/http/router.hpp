#pragma once

#include "runtime-api/http/message.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace kelvin::http {

/// What the `{…}` segments of a pattern stood for, in their order, still percent-encoded; views into
/// the path.
class path_captures {
 public:
  static constexpr std::size_t capacity = 4;

  std::size_t size() const noexcept { return count_; }
  /// Precondition: index < size().
  std::string_view operator[](std::size_t index) const noexcept;
  /// False if there is no room: the pattern has more than `capacity` segments of that kind.
  bool add(std::string_view segment) noexcept;
  void clear() noexcept { count_ = 0; }

 private:
  std::array<std::string_view, capacity> segments_{};
  std::size_t count_ = 0;
};

/// Whether the whole path is as the pattern says. A pattern's segment is a literal (compared byte for
/// byte), `{name}` (any one segment that is not empty), or, as the last one, `{name+}` (all the rest,
/// which may be empty and hold slashes).
bool path_matches(std::string_view pattern, std::string_view path, path_captures& captures) noexcept;

/// One row of a routing table, which is a constexpr array. `Id` is the owner's own enumeration.
template <class Id>
struct route {
  http::method method;
  std::string_view pattern;
  Id id;
};

template <class Id>
struct route_match {
  enum class kind {
    found,
    wrong_method,  ///< 405: the path is known, but not with that method
    unknown_path,  ///< 404
  };
  kind what = kind::unknown_path;
  Id id{};                 ///< only if found
  path_captures captures;  ///< only if found
};

/// The first row that fits method and path.
template <class Id>
route_match<Id> match_route(std::span<const route<Id>> table, method verb, std::string_view path) noexcept {
  using match = route_match<Id>;
  match result;
  for (const route<Id>& row : table) {
    path_captures captures;
    if (!path_matches(row.pattern, path, captures)) {
      continue;
    }
    if (row.method == verb) {
      return {match::kind::found, row.id, captures};
    }
    result.what = match::kind::wrong_method;
  }
  return result;
}

template <class Id, std::size_t Size>
route_match<Id> match_route(const std::array<route<Id>, Size>& table, method verb, std::string_view path) noexcept {
  return match_route(std::span<const route<Id>>(table), verb, path);
}

}  // namespace kelvin::http
