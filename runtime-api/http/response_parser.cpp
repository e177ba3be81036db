#include "runtime-api/http/response_parser.hpp"

#include "runtime-api/base/errc.hpp"
#include "runtime-api/base/limits.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>

namespace kelvin::http {
namespace {

namespace beast = boost::beast::http;
using boost::system::error_code;
using view = boost::beast::string_view;

}  // namespace

class response_parser::state final : public beast::basic_parser<false> {
 public:
  state(bool answers_head, std::size_t header_limit_bytes, std::size_t body_limit_bytes)
      : body_limit_bytes_(body_limit_bytes) {
    skip(answers_head);
    header_limit(static_cast<std::uint32_t>(header_limit_bytes));
    body_limit(boost::none);  // kept below, where the bytes are counted as they come
  }

  unsigned status = 0;
  field_list fields;
  payload body;
  std::uint64_t chunk_remaining = 0;

 private:
  void on_response_impl(int code, view, int, error_code& error) override {
    // RFC 9110, section 15: a status is 100 or more. Beast takes any three digits.
    if (code < 100) {
      error = beast::error::bad_status;
    }
    status = static_cast<unsigned>(code);
  }

  void on_field_impl(beast::field, view name, view value, error_code& error) override {
    if (fields.size() == limits::header_fields) {
      error = beast::error::header_limit;
      return;
    }
    fields.add(name, value);
  }

  std::size_t take(view bytes, error_code& error) {
    if (bytes.size() > body_limit_bytes_ - body.size()) {
      error = beast::error::body_limit;
      return 0;
    }
    body.append(bytes);
    return bytes.size();
  }

  std::size_t on_body_impl(view bytes, error_code& error) override { return take(bytes, error); }
  void on_chunk_header_impl(std::uint64_t size, view, error_code&) override { chunk_remaining = size; }
  std::size_t on_chunk_body_impl(std::uint64_t remaining, view bytes, error_code& error) override {
    chunk_remaining = remaining - bytes.size();
    return take(bytes, error);
  }

  void on_request_impl(beast::verb, view, view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  const std::size_t body_limit_bytes_;
};

response_parser::response_parser(bool answers_head, std::size_t header_limit_bytes, std::size_t body_limit_bytes)
    : state_(std::make_unique<state>(answers_head, header_limit_bytes, body_limit_bytes)) {}
response_parser::~response_parser() = default;

response_parser::step response_parser::put(std::string_view bytes) {
  // As in request_parser: Beast must see a chunked message's last five bytes at once.
  constexpr std::size_t shortest_end = 5;
  state& self = *state_;
  std::size_t consumed = 0;
  while (!self.is_done()) {
    const std::string_view rest = bytes.substr(consumed);
    const bool in_framing = self.is_header_done() && self.chunked() && self.chunk_remaining == 0;
    if (rest.size() < (in_framing ? shortest_end : 1)) {
      return {progress::need_more, consumed};
    }
    error_code error;
    consumed += self.basic_parser::put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    if (error == beast::error::need_more) {
      return {progress::need_more, consumed};
    }
    if (error == beast::error::body_limit) {
      return {progress::body_too_large, consumed};
    }
    if (error == beast::error::header_limit) {
      return {progress::header_too_large, consumed};
    }
    if (error) {
      return {progress::malformed, consumed};
    }
  }
  return {progress::complete, consumed};
}

bool response_parser::put_end() {
  if (!state_->got_some() || !state_->is_header_done()) {
    return false;
  }
  error_code error;
  state_->put_eof(error);
  return !error && state_->is_done();
}

bool response_parser::began() const noexcept {
  return state_->got_some();
}
unsigned response_parser::status() const noexcept {
  return state_->status;
}
field_list& response_parser::fields() noexcept {
  return state_->fields;
}
payload& response_parser::body() noexcept {
  return state_->body;
}

}  // namespace kelvin::http
