#pragma once

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kelvin::web {

/// Names with one or more values each, in the order in which the names were first seen: header fields, query
/// parameters.
class multi_value_map {
 public:
  enum class names { exact, ignoring_case };
  struct entry {
    std::string name;                                       ///< as first seen
    boost::container::small_vector<std::string, 1> values;  ///< nearly always one
  };

  explicit multi_value_map(names how) : how_(how) {}

  void add(std::string name, std::string value);
  /// `value` alone, whatever was there; `name` only if there was nothing.
  void set(std::string name, std::string value);
  /// Null: there is none of that name.
  const entry* find(std::string_view name) const;
  bool empty() const noexcept { return entries_.empty(); }
  const std::vector<entry>& entries() const noexcept { return entries_; }

 private:
  std::optional<std::size_t> place_of(std::string_view name) const;
  std::string key_of(std::string_view name) const;
  entry& place(std::string name);

  names how_;
  std::vector<entry> entries_;
  /// Used once there are so many that looking at each would be slow: a caller chooses how many.
  std::unordered_map<std::string, std::size_t> places_;
};

/// All values, with `separator` between them.
std::string joined(const multi_value_map::entry& entry, std::string_view separator);

}  // namespace kelvin::web
