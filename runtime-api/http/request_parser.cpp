#include "runtime-api/http/request_parser.hpp"

#include "runtime-api/base/errc.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/http/text.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cassert>
#include <cctype>
#include <cstdint>
#include <optional>

namespace kelvin::http {
namespace {

namespace beast = boost::beast::http;
using boost::system::error_code;
using view = boost::beast::string_view;

method to_method(beast::verb verb) {
  switch (verb) {
    case beast::verb::get: return method::get;
    case beast::verb::post: return method::post;
    case beast::verb::put: return method::put;
    case beast::verb::delete_: return method::delete_;
    case beast::verb::head: return method::head;
    case beast::verb::options: return method::options;
    case beast::verb::patch: return method::patch;
    default: return method::other;
  }
}

/// What is kept from request to request, so that its memory is.
struct collected {
  request_head head;
  field_list trailers;
  request_parser::refused_request refusal{400, ""};
  std::string_view input;  ///< what the parser is being given
  std::string_view piece;
  std::uint64_t chunk_remaining = 0;
};

/// Beast's own containers throw on a field over 64 KiB; this one has no such limit.
class collector final : public beast::basic_parser<true> {
 public:
  collector(collected& into, std::size_t header_limit_bytes) : into_(into) {
    body_limit(boost::none);
    // The true limit is kept by put_header(): Beast counts the request line apart from the fields,
    // and so differently when the bytes arrive differently split.
    header_limit(static_cast<std::uint32_t>(header_limit_bytes + 64));
  }

 private:
  void refuse(error_code& error, unsigned status, std::string_view reason) {
    into_.refusal = {status, reason};
    error = make_error_code(errc::malformed_message);
  }

  void on_request_impl(beast::verb verb, view text, view target, int version, error_code&) override {
    into_.head.method = to_method(verb);
    into_.head.method_text.assign(text);
    into_.head.target.assign(target);
    into_.head.http_1_0 = version == 10;
  }

  void on_field_impl(beast::field name, view text, view value, error_code& error) override {
    if (is_folded(text, value)) {
      return refuse(error, 400, "A header field is folded over several lines.");
    }
    field_list& list = header_complete_ ? into_.trailers : into_.head.fields;
    if (list.size() == limits::header_fields) {
      return refuse(error, 431, "The request has too many header fields.");
    }
    if (!header_complete_) {
      check_framing(name, value, error);
    }
    if (!error) {
      list.add(text, value);
    }
  }

  void check_framing(beast::field name, std::string_view value, error_code& error) {
    if (name == beast::field::transfer_encoding) {
      if (!equal_ignoring_case(value, "chunked")) {
        return refuse(error, 501, "The only Transfer-Encoding this server knows is chunked.");
      }
      if (into_.head.http_1_0) {
        return refuse(error, 400, "An HTTP/1.0 request has no Transfer-Encoding.");
      }
    } else if (name == beast::field::content_length) {
      if (seen_length_ || value.find(',') != std::string_view::npos) {
        return refuse(error, 400, "The request has more than one Content-Length.");
      }
      seen_length_ = true;
    } else if (name == beast::field::host) {
      if (seen_host_) {
        return refuse(error, 400, "The request has more than one Host.");
      }
      seen_host_ = true;
    }
  }

  /// Between a name and its value on the same line stand only the colon and blanks; a value that was
  /// put together of several lines does not lie in the input at all.
  bool is_folded(std::string_view name, std::string_view value) const {
    const char* const gap = name.data() + name.size();
    const char* const input_end = into_.input.data() + into_.input.size();
    if (value.data() < gap || value.data() > input_end) {
      return true;
    }
    return std::any_of(gap, value.data(), [](char each) { return each == '\r' || each == '\n'; });
  }

  void on_header_impl(error_code&) override {
    header_complete_ = true;
    request_head& head = into_.head;
    head.chunked = chunked();
    head.keep_alive = keep_alive();
    const auto length = content_length();
    head.content_length = length ? std::optional<std::uint64_t>(*length) : std::nullopt;
  }

  void on_chunk_header_impl(std::uint64_t size, view extensions, error_code& error) override {
    if (std::any_of(extensions.begin(), extensions.end(), [](char each) { return is_control(each) && each != '\t'; })) {
      return refuse(error, 400, "A chunk extension holds a control character.");
    }
    into_.chunk_remaining = size;
  }

  std::size_t on_chunk_body_impl(std::uint64_t remaining, view body, error_code&) override {
    into_.piece = body;
    into_.chunk_remaining = remaining - body.size();
    return body.size();
  }

  void on_response_impl(int, view, int, error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(view body, error_code&) override { return body.size(); }
  void on_finish_impl(error_code&) override {}

  collected& into_;
  bool header_complete_ = false;
  bool seen_length_ = false;
  bool seen_host_ = false;
};

/// Whether a line end that is not CRLF stands in what is not yet parsed, of which the first `known`
/// bytes were looked at before. Beast notices only once it has found a whole header, which may never
/// come from one who ends lines otherwise.
bool has_broken_line_end(std::string_view pending, std::size_t known) noexcept {
  for (std::size_t index = known; index < pending.size(); ++index) {
    const bool behind_return = index != 0 && pending[index - 1] == '\r';
    if ((pending[index] == '\n') != behind_return) {
      return true;
    }
  }
  return false;
}

/// Beast says "bad version" to a line that ends in a bare LF, too; only a well-formed request line
/// with another version is worth a 505.
bool asks_other_version(std::string_view line) {
  line = line.substr(0, line.find('\r'));
  constexpr std::string_view shape = " HTTP/x.y";
  if (line.size() < shape.size() || line.find('\n') != std::string_view::npos) {
    return false;
  }
  const std::string_view version = line.substr(line.size() - shape.size());
  const auto is_digit = [](char each) { return each >= '0' && each <= '9'; };
  return version.starts_with(" HTTP/") && is_digit(version[6]) && version[7] == '.' && is_digit(version[8]);
}

/// Whether more bytes can still make a chunk's header of these, which may begin with the end of the chunk before.
bool may_begin_chunk(std::string_view bytes) noexcept {
  if (bytes == "\r") {
    return true;
  }
  if (bytes.starts_with("\r\n")) {
    bytes.remove_prefix(2);
  }
  return bytes.empty() || std::isxdigit(static_cast<unsigned char>(bytes[0])) != 0;
}

}  // namespace

class request_parser::state {
 public:
  explicit state(std::size_t limit_bytes) : header_limit_bytes(limit_bytes) { reset(); }

  void reset() {
    parser.emplace(content, header_limit_bytes);
    content.head.fields.clear();
    content.trailers.clear();
    content.chunk_remaining = 0;
    header_bytes = 0;
    looked_at = 0;
  }

  std::size_t put(std::string_view bytes, error_code& error) {
    content.input = bytes;
    return parser->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  }

  step refuse(std::size_t consumed, unsigned status, std::string_view reason) {
    content.refusal = {status, reason};
    return {progress::refused, consumed};
  }

  step refuse(std::size_t consumed, const error_code& error, std::string_view line) {
    if (error == errc::malformed_message) {
      return {progress::refused, consumed};  // ours: the refusal is written down
    }
    if (error == beast::error::bad_version && asks_other_version(line)) {
      return refuse(consumed, 505, "This server speaks HTTP/1.1 and HTTP/1.0.");
    }
    if (error == beast::error::bad_transfer_encoding || error == beast::error::bad_content_length ||
        error == beast::error::multiple_content_length) {
      return refuse(consumed, 400, "Content-Length or Transfer-Encoding is malformed, or contradicts the other.");
    }
    if (error == beast::error::bad_chunk || error == beast::error::bad_chunk_extension) {
      return refuse(consumed, 400, "The chunked body is malformed.");
    }
    return refuse(consumed, 400, "The bytes are not a valid HTTP request.");
  }

  collected content;
  std::optional<collector> parser;
  const std::size_t header_limit_bytes;
  std::size_t header_bytes = 0;
  std::size_t looked_at = 0;  ///< of the unconsumed bytes, by has_broken_line_end()
};

request_parser::request_parser(std::size_t header_limit_bytes) : state_(std::make_unique<state>(header_limit_bytes)) {}
request_parser::~request_parser() = default;

void request_parser::reset() {
  state_->reset();
}

request_parser::step request_parser::put_header(std::string_view bytes) {
  state& self = *state_;
  std::size_t skipped = 0;
  while (!self.parser->got_some() && bytes.substr(skipped).starts_with("\r\n")) {
    skipped += 2;
  }
  self.header_bytes += skipped;
  const std::string_view rest = bytes.substr(skipped);
  if (self.header_bytes >= self.header_limit_bytes) {
    return self.refuse(skipped, 431, "The request's header is too large.");
  }
  const std::string_view taken = rest.substr(0, self.header_limit_bytes - self.header_bytes);
  if (taken.empty() || (!self.parser->got_some() && taken == "\r")) {
    return {progress::need_more, skipped};
  }
  error_code error;
  const std::size_t consumed = self.put(taken, error);
  self.header_bytes += consumed;
  if (error == beast::error::need_more) {
    if (self.header_bytes + (taken.size() - consumed) >= self.header_limit_bytes) {
      return self.refuse(skipped + consumed, 431, "The request's header is too large.");
    }
    const std::string_view pending = taken.substr(consumed);
    if (has_broken_line_end(pending, self.looked_at > consumed ? self.looked_at - consumed : 0)) {
      return self.refuse(skipped + consumed, 400, "A line of the request's header does not end in CR LF.");
    }
    self.looked_at = pending.size();
    return {progress::need_more, skipped + consumed};
  }
  if (error) {
    return self.refuse(skipped + consumed, error, taken);
  }
  assert(self.parser->is_header_done());
  return {progress::header, skipped + consumed};
}

request_parser::step request_parser::put_body(std::string_view bytes) {
  // Beast asserts that it sees the last chunk's five bytes `0\r\n\r\n` at once. A chunked message
  // never has fewer ahead outside of a chunk's data, so waiting for them waits for nothing else.
  constexpr std::size_t shortest_end = 5;
  state& self = *state_;
  assert(self.content.head.chunked);
  std::size_t consumed = 0;
  while (true) {
    const std::string_view rest = bytes.substr(consumed);
    if (rest.size() < (self.content.chunk_remaining != 0 ? 1 : shortest_end)) {
      const bool hopeless = self.content.chunk_remaining == 0 && !may_begin_chunk(rest);
      return hopeless ? self.refuse(consumed, beast::error::bad_chunk, {}) : step{progress::need_more, consumed};
    }
    self.content.piece = {};
    error_code error;
    const std::size_t taken = self.put(rest, error);
    consumed += taken;
    if (error == beast::error::need_more) {
      return {progress::need_more, consumed};
    }
    if (error) {
      return self.refuse(consumed, error, {});
    }
    if (self.parser->is_done()) {
      return {progress::complete, consumed};
    }
    if (!self.content.piece.empty()) {
      return {progress::piece, consumed, self.content.piece};
    }
  }
}

bool request_parser::began() const noexcept {
  return state_->header_bytes != 0 || state_->parser->got_some();
}
std::size_t request_parser::chunk_remaining() const noexcept {
  return static_cast<std::size_t>(state_->content.chunk_remaining);
}
const request_head& request_parser::head() const noexcept {
  return state_->content.head;
}
const field_list& request_parser::trailers() const noexcept {
  return state_->content.trailers;
}
request_parser::refused_request request_parser::refusal() const noexcept {
  return state_->content.refusal;
}

}  // namespace kelvin::http
