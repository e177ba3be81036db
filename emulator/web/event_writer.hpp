#pragma once

#include "emulator/web/multi_value_map.hpp"
#include "runtime-api/base/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kelvin::web {

/// The name of a member that the code knows: what in it would need an escape does not compile.
class event_key {
 public:
  template <std::size_t Size>
  consteval event_key(const char (&name)[Size]) : name_(name, Size - 1) {  // NOLINT: names are written as literals
    for (const char each : name_) {
      if (each < ' ' || each > '~' || each == '"' || each == '\\') {
        throw "a member's name needs an escape";
      }
    }
  }
  constexpr std::string_view text() const noexcept { return name_; }

 private:
  std::string_view name_;
};

/// Writes one JSON document straight into a payload. Members of an object come by name; commas are set where they
/// belong. The caller closes what it opens.
class event_writer {
 public:
  /// Makes room for `expected_bytes` once; more is fine.
  explicit event_writer(std::size_t expected_bytes) { make_room(expected_bytes); }

  void begin_object();
  void begin_object(event_key key);
  void end_object() { put_end('}'); }
  void begin_array(event_key key);
  void end_array() { put_end(']'); }

  void string(event_key key, std::string_view value);
  void number(event_key key, std::int64_t value);
  void boolean(event_key key, bool value);
  void null(event_key key);
  /// `document` is valid JSON.
  void json(event_key key, std::string_view document);
  void element(std::string_view value);
  /// A member whose name comes from outside.
  void named(std::string_view name, std::string_view value);

  /// `bytes` as text, or as base64: the only copy that is made of a body.
  void body(event_key key, std::string_view bytes, bool base64);

  /// An object of all names, several values joined by commas, the last of several alone, or arrays of all.
  void joined_values(event_key key, const multi_value_map& values);
  void last_values(event_key key, const multi_value_map& values);
  void all_values(event_key key, const multi_value_map& values);

  payload take();

 private:
  void make_room(std::size_t bytes);
  void settle();
  void ensure(std::size_t bytes) {
    if (static_cast<std::size_t>(limit_ - next_) < bytes) {
      make_room(bytes);
    }
  }
  void put_end(char bracket);
  void put_key(event_key key);
  void put_separator();
  void put_text(std::string_view value);
  void put_bytes(std::string_view bytes);

  payload text_;
  // What text_ has prepared, and how far that is filled.
  char* begin_ = nullptr;
  char* next_ = nullptr;
  char* limit_ = nullptr;
  bool needs_comma_ = false;
};

}  // namespace kelvin::web
