#include "emulator/web/function_answer.hpp"

#include "emulator/invoke/json_check.hpp"
#include "emulator/web/answer_body.hpp"
#include "runtime-api/base/json_string.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

namespace kelvin::web {
namespace {

enum class member {
  none,
  status_code,
  status_description,
  headers,
  multi_value_headers,
  cookies,
  body,
  is_base64_encoded,
  unknown
};

constexpr std::array<std::pair<std::string_view, member>, 8> members = {
    {{"statusCode", member::status_code},
     {"statusDescription", member::status_description},
     {"headers", member::headers},
     {"multiValueHeaders", member::multi_value_headers},
     {"cookies", member::cookies},
     {"body", member::body},
     {"isBase64Encoded", member::is_base64_encoded},
     {"base64Encoded", member::is_base64_encoded}}};

member find_member(std::string_view key) {
  for (const auto& [name, found] : members) {
    if (name == key) {
      return found;
    }
  }
  return member::unknown;
}

/// Takes the parser's events. Depth 0 is the whole answer, 1 the members of its object, 2 the members of `headers`
/// and the elements of `cookies`, 3 the elements of one header's values.
class answer_handler {
 public:
  using error_code = boost::json::error_code;
  using text = boost::json::string_view;

  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  explicit answer_handler(std::string_view source) : source_(source) {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return enter(value_kind::array); }
  bool on_array_end(std::size_t, error_code&) { return leave(); }
  bool on_object_begin(error_code&) { return enter(value_kind::object); }
  bool on_object_end(std::size_t, error_code&) { return leave(); }
  bool on_string_part(text part, std::size_t, error_code&) { return add_part(part); }
  bool on_string(text part, std::size_t, error_code&) { return end_string(part); }
  bool on_key_part(text part, std::size_t, error_code&) {
    key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(text part, std::size_t, error_code&) { return end_key(part); }
  bool on_number_part(text part, error_code&) {
    scratch_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t, text part, error_code&) { return end_number(part); }
  bool on_uint64(std::uint64_t, text part, error_code&) { return end_number(part); }
  bool on_double(double, text part, error_code&) { return end_number(part); }
  bool on_bool(bool value, error_code&) { return scalar(value_kind::boolean, value ? "true" : "false"); }
  bool on_null(error_code&) { return scalar(value_kind::null, {}); }
  bool on_comment_part(text, error_code&) { return true; }
  bool on_comment(text, error_code&) { return true; }

  function_answer take() { return std::move(answer_); }

 private:
  bool enter(value_kind kind) {
    scalar(kind, {});
    ++depth_;
    return true;
  }
  bool leave() {
    --depth_;
    member_ = depth_ <= 1 ? member::none : member_;
    return true;
  }

  bool end_key(text part) {
    key_.append(part.data(), part.size());
    if (depth_ == 1 && answer_.whole.kind == value_kind::object) {
      member_ = find_member(key_);
      if (member_ == member::unknown && answer_.unknown_key.empty()) {
        // An empty key is a key as well.
        answer_.unknown_key = key_.empty() ? std::string("\"\"") : key_;
      }
    } else if (answer_fields* fields = open_fields(); depth_ == 2 && fields != nullptr) {
      fields->fields.push_back({std::move(key_), value_kind::absent, {}});
    }
    key_.clear();
    return true;
  }

  /// Where the string that is being read goes if it may be long, else null.
  answer_text* long_text() {
    if (depth_ == 0) {
      return &answer_.whole;
    }
    return depth_ == 1 && member_ == member::body ? &answer_.body : nullptr;
  }

  bool add_part(text part) {
    if (answer_text* const place = long_text()) {
      if (!in_string_) {
        start_unescaped(*place);
      }
      place->unescaped.append({part.data(), part.size()});
    } else {
      scratch_.append(part.data(), part.size());
    }
    in_string_ = true;
    return true;
  }

  void start_unescaped(answer_text& place) {
    place.is_unescaped = true;
    place.unescaped.clear();
    // Room for the rest at once: memory that is not touched costs nothing.
    place.unescaped.prepare(source_.size());
  }

  bool end_string(text part) {
    answer_text* const place = long_text();
    if (place == nullptr) {
      scratch_.append(part.data(), part.size());
      in_string_ = false;
      return scalar(value_kind::string, std::exchange(scratch_, {}));
    }
    place->kind = value_kind::string;
    if (!in_string_ && lies_in_source(part)) {
      place->is_unescaped = false;
      place->in_place = {part.data(), part.size()};
    } else {
      add_part(part);
    }
    in_string_ = false;
    return true;
  }

  bool lies_in_source(text part) const {
    const std::less_equal<const char*> not_behind;
    return not_behind(source_.data(), part.data()) &&
           not_behind(part.data() + part.size(), source_.data() + source_.size());
  }

  bool end_number(text part) {
    scratch_.append(part.data(), part.size());
    return scalar(value_kind::number, std::exchange(scratch_, {}));
  }

  answer_fields* open_fields() {
    return member_ == member::headers               ? &answer_.headers
           : member_ == member::multi_value_headers ? &answer_.multi_value_headers
                                                    : nullptr;
  }

  /// A value that is no long string, or the beginning of an array or object.
  bool scalar(value_kind kind, std::string value) {
    answer_fields* const fields = open_fields();
    if (depth_ == 0) {
      answer_.whole.kind = kind;
    } else if (depth_ == 1) {
      take_member(kind, std::move(value));
    } else if (depth_ == 2 && member_ == member::cookies && answer_.cookies_kind.kind == value_kind::array) {
      answer_.cookies.push_back({kind, std::move(value)});
    } else if (depth_ == 2 && fields != nullptr && !fields->fields.empty()) {
      fields->fields.back().kind = kind;
      if (kind != value_kind::array) {
        fields->fields.back().values.push_back({kind, std::move(value)});
      }
    } else if (depth_ == 3 && fields != nullptr && !fields->fields.empty() &&
               fields->fields.back().kind == value_kind::array) {
      fields->fields.back().values.push_back({kind, std::move(value)});
    }
    return true;
  }

  void take_member(value_kind kind, std::string value) {
    switch (member_) {
      case member::status_code: answer_.status_code = {kind, std::move(value)}; break;
      case member::status_description: answer_.status_description = {kind, std::move(value)}; break;
      case member::is_base64_encoded: answer_.is_base64_encoded = {kind, std::move(value)}; break;
      case member::headers: answer_.headers = {kind, {}}; break;
      case member::multi_value_headers: answer_.multi_value_headers = {kind, {}}; break;
      case member::cookies:
        answer_.cookies_kind = {kind, {}};
        answer_.cookies.clear();
        break;
      case member::body:
        answer_.body.kind = kind;
        answer_.body.is_unescaped = false;
        answer_.body.in_place = {};
        break;
      case member::none:
      case member::unknown: break;
    }
  }

  std::string_view source_;
  function_answer answer_;
  member member_ = member::none;
  unsigned depth_ = 0;
  bool in_string_ = false;
  std::string key_;
  std::string scratch_;
};

using answer_parser = boost::json::basic_parser<answer_handler>;

answer_parser make_parser(std::string_view answer) {
  boost::json::parse_options options;
  options.max_depth = payload_depth_max;
  return answer_parser(options, answer);
}

/// Parses all that is left. False: the whole is no JSON.
bool parse_rest(answer_parser& parser, std::string_view rest) {
  boost::json::error_code error;
  const std::size_t parsed = parser.write_some(false, rest.data(), rest.size(), error);
  return !error && rest.find_first_not_of(" \t\r\n", parsed) == std::string_view::npos;
}

/// The parser goes through escaped text byte by byte; so it gets an answer with an empty body, and the body apart.
/// Nullopt: not so, or no JSON.
std::optional<function_answer> read_with_body_apart(std::string_view answer) {
  const auto body = find_escaped_body(answer);
  function_answer read;
  payload unescaped;
  if (!body || !append_unescaped_json(unescaped, *body)) {
    return std::nullopt;
  }
  const std::size_t before = static_cast<std::size_t>(body->data() - answer.data());
  answer_parser parser = make_parser(answer);
  boost::json::error_code error;
  parser.write_some(true, answer.data(), before, error);
  if (error || !parse_rest(parser, answer.substr(before + body->size()))) {
    return std::nullopt;
  }
  read = parser.handler().take();
  if (read.whole.kind != value_kind::object || read.body.kind != value_kind::string) {
    return std::nullopt;
  }
  read.body.is_unescaped = true;
  read.body.unescaped = std::move(unescaped);
  return read;
}

bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

}  // namespace

function_answer read_function_answer(std::string_view answer) {
  if (auto read = read_with_body_apart(answer)) {
    return std::move(*read);
  }
  return read_whole_answer(answer);
}

function_answer read_whole_answer(std::string_view answer) {
  answer_parser parser = make_parser(answer);
  return parse_rest(parser, answer) ? parser.handler().take() : function_answer();
}

void append_compact_json(payload& to, std::string_view json) {
  to.prepare(json.size());
  std::size_t begin = 0;
  bool in_string = false;
  for (std::size_t index = 0; index < json.size(); ++index) {
    if (in_string && json[index] == '\\') {
      ++index;
    } else if (json[index] == '"') {
      in_string = !in_string;
    } else if (!in_string && is_space(json[index])) {
      to.append(json.substr(begin, index - begin));
      begin = index + 1;
    }
  }
  to.append(json.substr(begin));
}

}  // namespace kelvin::web
