#pragma once

/// HTTP requests and answers for functions behind an HTTP API (payload format 2.0) or a function URL, in one file:
/// C++17 and lambda_runtime.hpp. Copy both beside your main.cpp and call lambda_http::serve().

#include "lambda_runtime.hpp"

#include <cstring>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lambda_http {

struct request {
  std::string method;
  std::string path;                            ///< percent-decoded by an HTTP API, as sent by a function URL
  std::map<std::string, std::string> query;    ///< decoded; values of a repeated name are joined by commas
  std::map<std::string, std::string> headers;  ///< names in lower case; repeats are joined by commas
  std::map<std::string, std::string> path_parameters;
  std::vector<std::string> cookies;  ///< `name=value`
  std::string body;                  ///< the bytes that were sent

  /// A header's or parameter's value, or what stands in for it.
  static std::string value_or(const std::map<std::string, std::string>& values, const std::string& name,
                              const std::string& otherwise) {
    const auto found = values.find(name);
    return found == values.end() ? otherwise : found->second;
  }
  std::string cookie(const std::string& name, const std::string& otherwise) const {
    for (const std::string& each : cookies) {
      if (each.compare(0, name.size() + 1, name + '=') == 0)
        return each.substr(name.size() + 1);
    }
    return otherwise;
  }
};

struct response {
  int status = 200;
  std::string body;
  std::map<std::string, std::string> headers = {{"content-type", "application/json"}};
  std::vector<std::string> cookies{};  ///< `name=value; attributes`
  bool binary = false;                 ///< the body is not UTF-8
};

namespace detail {

/// Reads JSON from left to right. Throws std::invalid_argument where something else stands than is asked for.
class json_reader {
 public:
  explicit json_reader(std::string_view text) : text_(text) {}

  /// Calls member(name) for each member, which has to read or skip the value.
  template <class Member>
  void read_object(Member member) {
    expect('{');
    if (take('}'))
      return;
    do {
      const std::string name = read_string();
      expect(':');
      member(name);
    } while (take(','));
    expect('}');
  }

  template <class Element>
  void read_array(Element element) {
    expect('[');
    if (take(']'))
      return;
    do
      element();
    while (take(','));
    expect(']');
  }

  std::string read_string() {
    expect('"');
    std::string out;
    for (;;) {
      const char c = next();
      if (c == '"')
        return out;
      if (c == '\\')
        read_escape(out);
      else
        out += c;
    }
  }

  void skip_value() {
    int depth = 0;
    do {
      switch (peek()) {
        case '"': read_string(); break;
        case '{':
        case '[':
          ++depth;
          ++at_;
          break;
        case '}':
        case ']':
          --depth;
          ++at_;
          break;
        case ',':
        case ':': ++at_; break;
        default: read_word();
      }
    } while (depth > 0);
  }

  /// `true`, `false`, `null` or a number, as it is written.
  std::string_view read_word() {
    peek();
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(",:]} \t\r\n", at_), text_.size());
    if (at_ == begin)
      throw std::invalid_argument("the event is no JSON");
    return text_.substr(begin, at_ - begin);
  }

  bool at_null() { return peek() == 'n'; }

 private:
  char next() {
    if (at_ >= text_.size())
      throw std::invalid_argument("the event ends early");
    return text_[at_++];
  }
  char peek() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char wanted) {
    if (peek() != wanted)
      return false;
    ++at_;
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted))
      throw std::invalid_argument(std::string("the event has no '") + wanted + "' where one is due");
  }

  unsigned read_hex() {
    unsigned value = 0;
    for (int digit = 0; digit < 4; ++digit) {
      static constexpr char digits[] = "0123456789abcdef";
      const char* found = std::strchr(digits, next() | 0x20);
      if (found == nullptr || *found == '\0')
        throw std::invalid_argument("the event has a bad \\u escape");
      value = value << 4 | static_cast<unsigned>(found - digits);
    }
    return value;
  }

  void read_escape(std::string& out) {
    static constexpr std::pair<char, char> letters[] = {
        {'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}};
    const char c = next();
    for (const auto& [letter, meant] : letters) {
      if (c == letter) {
        out += meant;
        return;
      }
    }
    if (c != 'u') {
      out += c;
      return;
    }
    unsigned code = read_hex();
    if (code >= 0xd800 && code < 0xdc00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      code = 0x10000 + ((code - 0xd800) << 10) + (read_hex() - 0xdc00);
    }
    append_utf8(out, code);
  }

  static void append_utf8(std::string& out, unsigned code) {
    const auto byte = [&out](unsigned value) { out += static_cast<char>(value); };
    if (code < 0x80) {
      byte(code);
      return;
    }
    if (code < 0x800) {
      byte(0xc0 | code >> 6);
    } else {
      if (code < 0x10000) {
        byte(0xe0 | code >> 12);
      } else {
        byte(0xf0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3f));
      }
      byte(0x80 | (code >> 6 & 0x3f));
    }
    byte(0x80 | (code & 0x3f));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

inline std::string from_base64(std::string_view text) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned group = 0;
  int bits = 0;
  for (const char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos)
      break;  // The padding.
    group = group << 6 | static_cast<unsigned>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>(group >> bits & 0xff);
    }
  }
  return out;
}

inline std::map<std::string, std::string> read_map(json_reader& reader) {
  std::map<std::string, std::string> values;
  reader.read_object([&](const std::string& name) { values[name] = reader.read_string(); });
  return values;
}

inline void read_context(json_reader& reader, request& out) {
  reader.read_object([&](const std::string& name) {
    if (name != "http")
      return reader.skip_value();
    reader.read_object([&](const std::string& inner) {
      if (inner == "method")
        out.method = reader.read_string();
      else
        reader.skip_value();
    });
  });
}

/// A response without its body, as members of an object.
inline std::string head_json(const response& answer) {
  std::string out = "\"statusCode\":" + std::to_string(answer.status) + ",\"headers\":{";
  const char* separator = "";
  for (const auto& [name, value] : answer.headers) {
    ((((out += separator) += lambda_runtime::json_string(name)) += ':') += lambda_runtime::json_string(value));
    separator = ",";
  }
  out += "},\"cookies\":[";
  separator = "";
  for (const std::string& cookie : answer.cookies) {
    (out += separator) += lambda_runtime::json_string(cookie);
    separator = ",";
  }
  return out += ']';
}

}  // namespace detail

/// The request in an event of payload format 2.0. Throws std::invalid_argument if it is none.
inline request to_request(std::string_view event) {
  request out;
  bool base64 = false;
  detail::json_reader reader(event);
  reader.read_object([&](const std::string& name) {
    if (reader.at_null())
      reader.skip_value();
    else if (name == "rawPath")
      out.path = reader.read_string();
    else if (name == "queryStringParameters")
      out.query = detail::read_map(reader);
    else if (name == "headers")
      out.headers = detail::read_map(reader);
    else if (name == "pathParameters")
      out.path_parameters = detail::read_map(reader);
    else if (name == "cookies")
      reader.read_array([&] { out.cookies.push_back(reader.read_string()); });
    else if (name == "requestContext")
      detail::read_context(reader, out);
    else if (name == "body")
      out.body = reader.read_string();
    else if (name == "isBase64Encoded")
      base64 = reader.read_word() == "true";
    else
      reader.skip_value();
  });
  if (out.method.empty())
    throw std::invalid_argument("the event is none of an HTTP API with payload format 2.0 or a function URL");
  if (base64)
    out.body = detail::from_base64(out.body);
  return out;
}

inline lambda_runtime::result to_result(const response& answer) {
  const std::string body = answer.binary ? lambda_runtime::detail::base64(answer.body) : answer.body;
  return lambda_runtime::result::success("{" + detail::head_json(answer) +
                                         ",\"body\":" + lambda_runtime::json_string(body) +
                                         ",\"isBase64Encoded\":" + (answer.binary ? "true" : "false") + "}");
}

/// A streamed answer, for a function URL with InvokeMode RESPONSE_STREAM: the head's status, headers and cookies go out
/// first, its body is not used.
inline lambda_runtime::result stream(const response& head, lambda_runtime::stream_writer writer) {
  return lambda_runtime::result::stream(
      [prelude = "{" + detail::head_json(head) + "}",
       writer = std::move(writer)](const lambda_runtime::write_piece& write) {
        write(prelude + std::string(8, '\0'));
        writer(write);
      },
      "application/vnd.awslambda.http-integration-response");
}

/// Serves requests until the service ends the process.
[[noreturn]] inline void serve(const std::function<response(const request&)>& handle) {
  lambda_runtime::run_handler(
      [&handle](const lambda_runtime::invocation& event) { return to_result(handle(to_request(event.payload))); });
}

}  // namespace lambda_http
