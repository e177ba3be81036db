#include "emulator/web/event_writer.hpp"

#include "runtime-api/base/base64.hpp"
#include "runtime-api/base/json_string.hpp"

#include <array>
#include <charconv>

namespace kelvin::web {

void event_writer::separate() {
  // Strings end in a quote, so these three are always structure.
  const char last = text_.empty() ? '{' : text_.view().back();
  if (last != '{' && last != '[' && last != ':') {
    text_.append(",");
  }
}

void event_writer::name(std::string_view name) {
  separate();
  append_json_string(text_, name);
  text_.append(":");
}

void event_writer::begin_object() {
  separate();
  text_.append("{");
}

void event_writer::begin_object(std::string_view member) {
  name(member);
  text_.append("{");
}

void event_writer::begin_array(std::string_view member) {
  name(member);
  text_.append("[");
}

void event_writer::string(std::string_view member, std::string_view value) {
  name(member);
  append_json_string(text_, value);
}

void event_writer::number(std::string_view member, std::int64_t value) {
  name(member);
  std::array<char, 24> digits{};
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text_.append({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void event_writer::boolean(std::string_view member, bool value) {
  name(member);
  text_.append(value ? "true" : "false");
}

void event_writer::null(std::string_view member) {
  name(member);
  text_.append("null");
}

void event_writer::json(std::string_view member, std::string_view document) {
  name(member);
  text_.append(document);
}

void event_writer::element(std::string_view value) {
  separate();
  append_json_string(text_, value);
}

void event_writer::body(std::string_view member, std::string_view bytes, bool base64) {
  if (!base64) {
    string(member, bytes);
    return;
  }
  name(member);
  text_.append("\"");
  append_base64(text_, bytes);
  text_.append("\"");
}

void event_writer::joined_values(std::string_view member, const multi_value_map& values) {
  begin_object(member);
  for (const multi_value_map::entry& entry : values.entries()) {
    if (entry.values.size() == 1) {
      string(entry.name, entry.values.front());
    } else {
      string(entry.name, joined(entry, ","));
    }
  }
  end_object();
}

void event_writer::last_values(std::string_view member, const multi_value_map& values) {
  begin_object(member);
  for (const multi_value_map::entry& entry : values.entries()) {
    string(entry.name, entry.values.back());
  }
  end_object();
}

void event_writer::all_values(std::string_view member, const multi_value_map& values) {
  begin_object(member);
  for (const multi_value_map::entry& entry : values.entries()) {
    begin_array(entry.name);
    for (const std::string& value : entry.values) {
      element(value);
    }
    end_array();
  }
  end_object();
}

}  // namespace kelvin::web
