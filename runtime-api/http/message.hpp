#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::http {

enum class method { get, post, put, delete_, head, options, patch, other };

/// One header field, as it came (names keep their case; comparisons ignore it).
struct field {
  std::string_view name;
  std::string_view value;
};

/// Header or trailer fields in the order they came, with their bytes.
class field_list {
 public:
  void add(std::string_view name, std::string_view value);
  void clear() noexcept;
  std::size_t size() const noexcept { return entries_.size(); }
  field at(std::size_t index) const noexcept;
  /// First value of that name (any case), nullopt if there is none.
  std::optional<std::string_view> find(std::string_view name) const noexcept;

 private:
  struct entry {
    std::uint32_t name_begin, name_size, value_begin, value_size;
  };
  std::string bytes_;
  std::vector<entry> entries_;
};

struct request_head {
  http::method method = http::method::get;
  std::string method_text;
  std::string target;  ///< as it came: path and query, still percent-encoded
  field_list fields;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool http_1_0 = false;

  std::string_view path() const noexcept;   ///< target up to '?'
  std::string_view query() const noexcept;  ///< behind '?', empty if none
};

}  // namespace kelvin::http
