#pragma once

#include "emulator/web/multi_value_map.hpp"
#include "runtime-api/base/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace kelvin::web {

/// Writes one JSON document straight into a payload. Members of an object come by name; commas are set where they
/// belong. The caller closes what it opens.
class event_writer {
 public:
  /// Makes room for `expected_bytes` once; more is fine.
  explicit event_writer(std::size_t expected_bytes) { text_.prepare(expected_bytes); }

  void begin_object();
  void begin_object(std::string_view name);
  void end_object() { text_.append("}"); }
  void begin_array(std::string_view name);
  void end_array() { text_.append("]"); }

  void string(std::string_view name, std::string_view value);
  void number(std::string_view name, std::int64_t value);
  void boolean(std::string_view name, bool value);
  void null(std::string_view name);
  /// `document` is valid JSON.
  void json(std::string_view name, std::string_view document);
  void element(std::string_view value);

  /// `bytes` as text, or as base64: the only copy that is made of a body.
  void body(std::string_view name, std::string_view bytes, bool base64);

  /// An object of all names, several values joined by commas, the last of several alone, or arrays of all.
  void joined_values(std::string_view name, const multi_value_map& values);
  void last_values(std::string_view name, const multi_value_map& values);
  void all_values(std::string_view name, const multi_value_map& values);

  payload take() { return std::move(text_); }

 private:
  void separate();
  void name(std::string_view name);

  payload text_;
};

}  // namespace kelvin::web
