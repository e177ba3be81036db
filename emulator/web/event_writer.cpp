#include "emulator/web/event_writer.hpp"

#include "runtime-api/base/base64.hpp"
#include "runtime-api/base/json_string.hpp"

#include <charconv>
#include <cstring>
#include <span>
#include <string>
#include <utility>

namespace kelvin::web {

namespace {

// A string over this is not given room for the worst case at once.
constexpr std::size_t short_text_bytes = 256;
// Quotes, colon, comma or bracket beside a name.
constexpr std::size_t around_key = 5;

}  // namespace

void event_writer::make_room(std::size_t bytes) {
  settle();
  const std::span<char> room = text_.prepare(bytes);
  begin_ = next_ = room.data();
  limit_ = begin_ + room.size();
}

void event_writer::settle() {
  text_.commit(static_cast<std::size_t>(next_ - begin_));
  begin_ = next_;
}

payload event_writer::take() {
  settle();
  begin_ = next_ = limit_ = nullptr;
  return std::move(text_);
}

void event_writer::put_separator() {
  ensure(1);
  if (needs_comma_) {
    *next_++ = ',';
  }
  needs_comma_ = true;
}

void event_writer::put_end(char bracket) {
  ensure(1);
  *next_++ = bracket;
  needs_comma_ = true;
}

void event_writer::put_key(event_key key) {
  const std::string_view name = key.text();
  ensure(name.size() + around_key);
  if (needs_comma_) {
    *next_++ = ',';
  }
  needs_comma_ = true;
  *next_++ = '"';
  std::memcpy(next_, name.data(), name.size());
  next_ += name.size();
  *next_++ = '"';
  *next_++ = ':';
}

void event_writer::put_text(std::string_view value) {
  if (value.size() <= short_text_bytes) {
    ensure(json_string_room(value.size()));
    next_ = put_json_string(next_, value);
    return;
  }
  settle();
  append_json_string(text_, value);
  make_room(0);
}

void event_writer::put_bytes(std::string_view bytes) {
  ensure(bytes.size());
  std::memcpy(next_, bytes.data(), bytes.size());
  next_ += bytes.size();
}

void event_writer::begin_object() {
  put_separator();
  ensure(1);
  *next_++ = '{';
  needs_comma_ = false;
}

void event_writer::begin_object(event_key key) {
  put_key(key);
  *next_++ = '{';
  needs_comma_ = false;
}

void event_writer::begin_array(event_key key) {
  put_key(key);
  *next_++ = '[';
  needs_comma_ = false;
}

void event_writer::string(event_key key, std::string_view value) {
  put_key(key);
  put_text(value);
}

void event_writer::named(std::string_view name, std::string_view value) {
  put_separator();
  put_text(name);
  ensure(1);
  *next_++ = ':';
  put_text(value);
}

void event_writer::number(event_key key, std::int64_t value) {
  put_key(key);
  constexpr std::size_t digits_max = 24;
  ensure(digits_max);
  next_ = std::to_chars(next_, next_ + digits_max, value).ptr;
}

void event_writer::boolean(event_key key, bool value) {
  put_key(key);
  put_bytes(value ? "true" : "false");
}

void event_writer::null(event_key key) {
  put_key(key);
  put_bytes("null");
}

void event_writer::json(event_key key, std::string_view document) {
  put_key(key);
  put_bytes(document);
}

void event_writer::element(std::string_view value) {
  put_separator();
  put_text(value);
}

void event_writer::body(event_key key, std::string_view bytes, bool base64) {
  if (!base64) {
    string(key, bytes);
    return;
  }
  put_key(key);
  put_bytes("\"");
  settle();
  append_base64(text_, bytes);
  make_room(0);
  put_bytes("\"");
}

void event_writer::joined_values(event_key key, const multi_value_map& values) {
  begin_object(key);
  for (const multi_value_map::entry& entry : values.entries()) {
    if (entry.values.size() == 1) {
      named(entry.name, entry.values.front());
    } else {
      named(entry.name, joined(entry, ","));
    }
  }
  end_object();
}

void event_writer::last_values(event_key key, const multi_value_map& values) {
  begin_object(key);
  for (const multi_value_map::entry& entry : values.entries()) {
    named(entry.name, entry.values.back());
  }
  end_object();
}

void event_writer::all_values(event_key key, const multi_value_map& values) {
  begin_object(key);
  for (const multi_value_map::entry& entry : values.entries()) {
    put_separator();
    put_text(entry.name);
    put_bytes(":[");
    needs_comma_ = false;
    for (const std::string& value : entry.values) {
      element(value);
    }
    put_end(']');
  }
  end_object();
}

}  // namespace kelvin::web
