#include "runtime-api/http/session.hpp"

#include "runtime-api/base/limits.hpp"
#include "runtime-api/http/text.hpp"

#include <array>
#include <cassert>
#include <charconv>
#include <utility>

namespace kelvin::http {
namespace {

// The Runtime Interface Emulator's answer to its own failures.
constexpr std::string_view internal_error =
    R"({"errorMessage":"Internal Server Error","errorType":"InternalServerError"})";
constexpr std::string_view json_field = "Content-Type: application/json\r\n";
constexpr std::string_view text_field = "Content-Type: text/plain; charset=utf-8\r\n";

}  // namespace

session::session(std::shared_ptr<session_host> host, tcp_socket socket, boost::asio::ip::tcp::endpoint peer)
    : host_(std::move(host)),
      peer_(std::move(socket), host_->time, host_->options.write_idle_timeout),
      peer_address_(peer.address().to_string()),
      parser_(host_->options.header_limit_bytes),
      body_(peer_, parser_, host_->time, host_->options.header_limit_bytes, host_->options.body_idle_timeout),
      place_(host_->open.insert(host_->open.end(), this)) {}

session::~session() {
  close();
}

void session::close() noexcept {
  if (stage_ != stage::closed) {
    set_stage(stage::closed);
    host_->open.erase(place_);
    peer_.close();
  }
}

void session::close_if_idle() noexcept {
  if (stage_ == stage::reading && served_one_ && !parser_.began() && !peer_.has_input()) {
    close();
  }
}

void session::set_stage(stage next) noexcept {
  if (stage_ == stage::handling) {
    --host_->in_handler;
  }
  if (next == stage::handling) {
    ++host_->in_handler;
  }
  stage_ = next;
}

awaitable<void> session::run(std::shared_ptr<session> self) {
  while (true) {
    const head_state head = co_await self->read_head();
    if (head != head_state::complete) {
      break;
    }
    co_await self->handle();
    const bool another = co_await self->finish_request();
    if (!another) {
      break;
    }
  }
  self->close();
}

awaitable<session::head_state> session::read_head() {
  std::optional<steady_time> idle_due;
  if (host_->options.idle_timeout && peer_.buffered().empty() && stage_ != stage::closed) {
    idle_due = host_->time.now() + *host_->options.idle_timeout;
  }
  std::optional<steady_time> header_due;
  while (stage_ != stage::closed) {
    if (!peer_.buffered().empty()) {
      const auto step = parser_.put_header(peer_.buffered());
      peer_.consume(step.consumed);
      if (step.what == request_parser::progress::header) {
        received_ = host_->time.now();
        co_return head_state::complete;
      }
      if (step.what == request_parser::progress::refused) {
        co_await refuse(parser_.refusal().status, parser_.refusal().reason);
        co_return head_state::refused;
      }
      if (!header_due && host_->options.header_timeout) {
        header_due = host_->time.now() + *host_->options.header_timeout;
      }
    }
    const auto read = co_await peer_.fill(header_due ? header_due : idle_due);
    if (read == connection::outcome::timed_out && header_due) {
      co_await refuse(408, "The request's header did not come in time.");
      co_return head_state::refused;
    }
    if (read != connection::outcome::done) {
      co_return head_state::over;
    }
  }
  co_return head_state::over;
}

awaitable<void> session::refuse(unsigned status, std::string_view reason) {
  std::string text(reason);
  text.push_back('\n');
  write_response_head(head_text_, status, host_->date.text(host_->time.wall_now()), framing::content_length,
                      text.size(), false, text_field);
  const connection::pieces bytes{head_text_, text};
  const bool sent = co_await send(bytes);
  if (sent) {
    co_await peer_.close_gently();
  }
}

bool session::expectation_is_known() const noexcept {
  const auto expected = parser_.head().fields.find("Expect");
  return !expected || equal_ignoring_case(*expected, "100-continue");
}

awaitable<void> session::handle() {
  answer_ = answer_state::none;
  keep_alive_ = parser_.head().keep_alive;
  // HTTP/1.0 knows no interim answers (RFC 9110, section 10.1.1).
  body_.begin(!parser_.head().http_1_0 && parser_.head().fields.find("Expect").has_value());
  if (!expectation_is_known()) {
    keep_alive_ = false;
    response refusal{417, std::string(text_field), "The only expectation this server knows is 100-continue.\n"};
    co_await respond(std::move(refusal));
    co_return;
  }
  set_stage(stage::handling);
  std::exception_ptr escaped;
  try {
    co_await host_->handler(*this);
  } catch (...) {
    escaped = std::current_exception();
  }
  if (stage_ == stage::handling) {
    set_stage(stage::reading);
    if (escaped && host_->options.on_exception) {
      host_->options.on_exception(escaped);
    }
  }
  if (answer_ == answer_state::none) {
    keep_alive_ = false;
    response failed{500, std::string(json_field), internal_error};
    co_await respond(std::move(failed));
  } else if (escaped) {
    keep_alive_ = false;
  }
}

awaitable<bool> session::finish_request() {
  if (answer_ != answer_state::sent) {
    co_return false;  // the peer is gone, or must not take a broken off stream for a whole one
  }
  served_one_ = true;
  if (keep_alive_) {
    keep_alive_ = co_await body_.skip();
  }
  if (!keep_alive_) {
    if (!body_.finished() || peer_.has_input()) {
      co_await peer_.close_gently();
    }
    co_return false;
  }
  parser_.reset();
  peer_.shrink();
  if (host_->stopping && !peer_.has_input()) {
    co_return false;
  }
  co_return true;
}

bool session::may_keep_alive() const noexcept {
  return keep_alive_ && !host_->stopping && body_.can_skip();
}

awaitable<bool> session::send(connection::pieces bytes) {
  const auto sent = peer_.write_now(bytes);
  if (sent) {
    co_return sent == connection::outcome::done;
  }
  co_return co_await peer_.write_rest(bytes);
}

awaitable<bool> session::respond(response answer) {
  assert(answer_ == answer_state::none);
  if (stage_ == stage::closed) {
    answer_ = answer_state::failed;
    co_return false;
  }
  keep_alive_ = may_keep_alive();
  const bool has_body = status_has_body(answer.status);
  write_response_head(head_text_, answer.status, host_->date.text(host_->time.wall_now()),
                      has_body ? framing::content_length : framing::none, answer.body.size(), keep_alive_,
                      answer.fields);
  connection::pieces bytes{head_text_};
  if (has_body && parser_.head().method != method::head) {
    bytes[1] = answer.body;
  }
  // Here, not through send(): the usual answer is out with one system call and no further frame.
  const auto sent = peer_.write_now(bytes);
  bool whole = sent == connection::outcome::done;
  if (!sent) {
    whole = co_await peer_.write_rest(bytes);
  }
  answer_ = whole ? answer_state::sent : answer_state::failed;
  co_return whole;
}

awaitable<bool> session::begin_stream(response head_without_body) {
  assert(answer_ == answer_state::none);
  if (stage_ == stage::closed) {
    answer_ = answer_state::failed;
    co_return false;
  }
  framing announced = framing::none;
  if (status_has_body(head_without_body.status)) {
    announced = parser_.head().http_1_0 ? framing::until_close : framing::chunked;
  }
  keep_alive_ = may_keep_alive() && announced != framing::until_close;
  stream_framing_ = parser_.head().method == method::head ? framing::none : announced;
  write_response_head(head_text_, head_without_body.status, host_->date.text(host_->time.wall_now()), announced, 0,
                      keep_alive_, head_without_body.fields);
  const connection::pieces bytes{head_text_};
  const bool whole = co_await send(bytes);
  answer_ = whole ? answer_state::streaming : answer_state::failed;
  co_return whole;
}

awaitable<bool> session::write(std::string_view bytes) {
  assert(answer_ == answer_state::streaming || answer_ == answer_state::failed);
  if (answer_ == answer_state::failed) {
    co_return false;
  }
  if (bytes.empty() || stream_framing_ == framing::none) {
    co_return true;  // an empty chunk would end the stream
  }
  std::array<char, 18> size_line;
  connection::pieces framed{"", bytes, ""};
  if (stream_framing_ == framing::chunked) {
    char* end = std::to_chars(size_line.data(), size_line.data() + 16, bytes.size(), 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    framed[0] = {size_line.data(), end};
    framed[2] = "\r\n";
  }
  const bool whole = co_await send(framed);
  if (!whole) {
    answer_ = answer_state::failed;
  }
  co_return whole;
}

awaitable<bool> session::finish_stream() {
  assert(answer_ == answer_state::streaming || answer_ == answer_state::failed);
  if (answer_ == answer_state::streaming) {
    bool whole = true;
    if (stream_framing_ == framing::chunked) {
      const connection::pieces last_chunk{"0\r\n\r\n"};
      whole = co_await send(last_chunk);
    }
    answer_ = whole ? answer_state::sent : answer_state::failed;
  }
  co_return answer_ == answer_state::sent;
}

}  // namespace kelvin::http
