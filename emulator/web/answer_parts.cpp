#include "emulator/web/answer_parts.hpp"

#include "runtime-api/base/base64.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/http/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kelvin::web {
namespace {

constexpr std::array<std::string_view, 9> session_fields = {"connection", "content-length",    "date",
                                                            "keep-alive", "proxy-connection",  "te",
                                                            "trailer",    "transfer-encoding", "upgrade"};

constexpr std::array<std::string_view, 19> remapped_fields = {"authorization",
                                                              "connection",
                                                              "content-length",
                                                              "content-md5",
                                                              "date",
                                                              "expect",
                                                              "host",
                                                              "keep-alive",
                                                              "max-forwards",
                                                              "proxy-authenticate",
                                                              "proxy-connection",
                                                              "server",
                                                              "te",
                                                              "trailer",
                                                              "transfer-encoding",
                                                              "upgrade",
                                                              "user-agent",
                                                              "www-authenticate",
                                                              "x-amzn-requestid"};

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](auto each) { return http::equal_ignoring_case(each, name); });
}

bool is_text(value_kind kind) {
  return kind == value_kind::string || kind == value_kind::number || kind == value_kind::boolean;
}

bool has_shape(value_kind kind, field_values shape) {
  if (kind == value_kind::array) {
    return shape != field_values::single;
  }
  return shape != field_values::lists;
}

}  // namespace

std::optional<unsigned> status_of(const answer_value& value) {
  const std::string& text = value.text;
  const bool may_be = value.kind == value_kind::number || value.kind == value_kind::string;
  const auto is_digit = [](char each) { return each >= '0' && each <= '9'; };
  if (!may_be || text.size() != 3 || text[0] < '2' || text[0] > '5' || !is_digit(text[1]) || !is_digit(text[2])) {
    return std::nullopt;
  }
  return static_cast<unsigned>((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
}

bool append_fields(std::vector<name_value>& to, const answer_fields& fields, field_values shape) {
  if (fields.kind != value_kind::object) {
    return fields.kind == value_kind::absent || fields.kind == value_kind::null;
  }
  constexpr std::size_t of_the_door = 8;
  to.reserve(to.size() + fields.fields.size() + of_the_door);
  for (const answer_field& field : fields.fields) {
    if (field.kind == value_kind::null) {
      continue;
    }
    if (!has_shape(field.kind, shape)) {
      return false;
    }
    for (const answer_value& value : field.values) {
      if (value.kind == value_kind::null) {
        continue;
      }
      if (!is_text(value.kind) || to.size() >= limits::answer_fields) {
        return false;
      }
      if (!field.name.empty()) {
        to.push_back({field.name, value.text});
      }
    }
  }
  return true;
}

bool append_cookies(std::vector<std::string>& to, const function_answer& answer) {
  const value_kind kind = answer.cookies_kind.kind;
  if (kind != value_kind::array) {
    return kind == value_kind::absent || kind == value_kind::null;
  }
  for (const answer_value& cookie : answer.cookies) {
    if (!is_text(cookie.kind) || to.size() >= limits::answer_fields) {
      return false;
    }
    to.push_back(cookie.text);
  }
  return true;
}

bool says_base64(const function_answer& answer) {
  return answer.is_base64_encoded.kind == value_kind::boolean && answer.is_base64_encoded.text == "true";
}

body_state take_body(function_answer& answer, bool decode, payload& to) {
  answer_text& body = answer.body;
  if (body.kind == value_kind::absent || body.kind == value_kind::null) {
    return body_state::taken;
  }
  if (body.kind != value_kind::string) {
    return body_state::not_a_string;
  }
  if (decode) {
    return append_base64_decoded(to, body.view(), base64_padding::optional) ? body_state::taken
                                                                            : body_state::not_base64;
  }
  if (body.is_unescaped) {
    to = std::move(body.unescaped);
  } else {
    to.append(body.in_place);
  }
  return body_state::taken;
}

bool is_session_field(std::string_view name) {
  return is_one_of(session_fields, name);
}

std::string remapped(std::string name) {
  return is_one_of(remapped_fields, name) ? "x-amzn-Remapped-" + name : name;
}

const std::string* find_field(const std::vector<name_value>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const name_value& field) { return http::equal_ignoring_case(field.name, name); });
  return found == fields.end() ? nullptr : &found->value;
}

}  // namespace kelvin::web
