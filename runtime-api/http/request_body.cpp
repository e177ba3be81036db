#include "runtime-api/http/request_body.hpp"

#include "runtime-api/base/limits.hpp"

#include <algorithm>
#include <string>

namespace kelvin::http {
namespace {

// What is read and dropped for the sake of keeping a connection.
constexpr std::size_t skipped_bytes = 64 * 1024;
// A peer gets this much memory for what it announces, and all of it once it has sent
// `trusted_bytes`: growing by doubling to the end would copy every large body once more.
constexpr std::size_t first_bytes = 64 * 1024;
constexpr std::size_t trusted_bytes = 256 * 1024;

constexpr std::string_view ended_early = "The connection was closed before the end of the request's body.";
constexpr std::string_view too_slow = "Nothing more of the request's body came in time.";
constexpr std::string_view too_large = "The request's body is over its limit.";
constexpr std::string_view trailers_too_large = "A chunk's header or the trailer fields of the body are too large.";

/// How much to make ready for the rest of a body of which `held` bytes are there.
std::size_t next_growth(std::uint64_t remaining, std::size_t held) noexcept {
  const std::uint64_t trusted = held >= trusted_bytes ? remaining : std::max(first_bytes, held);
  return static_cast<std::size_t>(std::min(remaining, trusted));
}

}  // namespace

void request_body::begin(bool awaits_continue) {
  const request_head& head = parser_.head();
  chunked_ = head.chunked;
  remaining_ = head.content_length.value_or(0);
  finished_ = !chunked_ && remaining_ == 0;
  awaits_continue_ = awaits_continue && !finished_ && peer_.buffered().empty();
  failed_.reset();
}

std::optional<steady_time> request_body::due() const {
  // A closed connection fails by itself; its clock may be gone.
  if (peer_.closed() || !idle_timeout_) {
    return std::nullopt;
  }
  return time_.now() + *idle_timeout_;
}

failure request_body::fail_with(errc code, std::string_view detail) {
  failed_ = code;
  failed_detail_ = detail;
  return known_failure();
}

failure request_body::fail_with(connection::outcome what) {
  return what == connection::outcome::timed_out ? fail_with(errc::timed_out, too_slow)
                                                : fail_with(errc::message_truncated, ended_early);
}

failure request_body::known_failure() const {
  return fail(*failed_, std::string(failed_detail_));
}

awaitable<std::optional<failure>> request_body::say_continue() {
  awaits_continue_ = false;
  connection::pieces bytes{"HTTP/1.1 100 Continue\r\n\r\n"};
  const auto sent = peer_.write_now(bytes);
  bool whole = sent == connection::outcome::done;
  if (!sent) {
    whole = co_await peer_.write_rest(bytes);
  }
  if (whole) {
    co_return std::nullopt;
  }
  co_return fail_with(connection::outcome::failed);
}

awaitable<result<payload>> request_body::read_all(std::size_t limit_bytes) {
  if (failed_) {
    co_return known_failure();
  }
  if (finished_) {
    co_return payload();
  }
  if (!chunked_ && remaining_ > limit_bytes && awaits_continue_) {
    co_return fail_with(errc::body_too_large, too_large);  // the peer waits for our word: no byte of it is sent
  }
  if (awaits_continue_) {
    if (auto failed = co_await say_continue()) {
      co_return std::move(*failed);
    }
  }
  if (!chunked_) {
    co_return co_await read_length(limit_bytes);
  }
  co_return co_await read_chunked(limit_bytes);
}

awaitable<result<payload>> request_body::read_length(std::size_t limit_bytes) {
  if (remaining_ > limit_bytes) {
    co_return co_await discard();
  }
  payload body;
  const std::string_view ahead = peer_.buffered().substr(0, static_cast<std::size_t>(remaining_));
  if (!ahead.empty()) {
    body.prepare(next_growth(remaining_, ahead.size()));
    body.append(ahead);
    peer_.consume(ahead.size());
    remaining_ -= ahead.size();
  }
  while (remaining_ != 0) {
    const std::span<char> space = body.prepare(next_growth(remaining_, body.size()));
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(space.size(), remaining_));
    const auto read = co_await peer_.read_into(space.first(wanted), due());
    if (read.what != connection::outcome::done) {
      co_return fail_with(read.what);
    }
    body.commit(read.count);
    remaining_ -= read.count;
  }
  finished_ = true;
  co_return body;
}

awaitable<std::optional<failure>> request_body::fill_for_chunks() {
  // The parser leaves bytes only where a chunk's header or the trailers are not yet whole.
  if (peer_.buffered().size() >= header_limit_bytes_) {
    co_return fail_with(errc::message_truncated, trailers_too_large);
  }
  const connection::outcome what = co_await peer_.fill(due());
  if (what != connection::outcome::done) {
    co_return fail_with(what);
  }
  co_return std::nullopt;
}

awaitable<result<payload>> request_body::read_chunked(std::size_t limit_bytes) {
  payload body;
  while (true) {
    const auto step = parser_.put_body(peer_.buffered());
    if (step.what == request_parser::progress::refused) {
      co_return fail_with(errc::message_truncated, parser_.refusal().reason);
    }
    if (step.piece.size() > limit_bytes - body.size() || parser_.chunk_remaining() > limit_bytes - body.size()) {
      peer_.consume(step.consumed);
      co_return co_await discard();
    }
    body.append(step.piece);
    peer_.consume(step.consumed);
    if (step.what == request_parser::progress::complete) {
      finished_ = true;
      co_return body;
    }
    if (step.what == request_parser::progress::piece) {
      continue;
    }
    if (parser_.chunk_remaining() < first_bytes || !peer_.buffered().empty()) {
      if (auto failed = co_await fill_for_chunks()) {
        co_return std::move(*failed);
      }
      continue;
    }
    // Inside a large chunk: straight to where it belongs; the parser only counts.
    const std::size_t growth = next_growth(parser_.chunk_remaining(), body.size());
    const std::span<char> space = body.prepare(growth).first(growth);
    const auto read = co_await peer_.read_into(space, due());
    if (read.what != connection::outcome::done) {
      co_return fail_with(read.what);
    }
    parser_.put_body({space.data(), read.count});
    body.commit(read.count);
  }
}

awaitable<result<std::string_view>> request_body::read_some() {
  if (failed_) {
    co_return known_failure();
  }
  if (finished_) {
    co_return std::string_view();
  }
  if (awaits_continue_) {
    if (auto failed = co_await say_continue()) {
      co_return std::move(*failed);
    }
  }
  co_return co_await next_piece();
}

awaitable<result<std::string_view>> request_body::next_piece() {
  while (!chunked_) {
    const std::string_view piece = peer_.buffered().substr(
        0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, peer_.buffered().size())));
    if (!piece.empty()) {
      peer_.consume(piece.size());
      remaining_ -= piece.size();
      finished_ = remaining_ == 0;
      co_return piece;
    }
    const connection::outcome what = co_await peer_.fill(due());
    if (what != connection::outcome::done) {
      co_return fail_with(what);
    }
  }
  while (true) {
    const auto step = parser_.put_body(peer_.buffered());
    peer_.consume(step.consumed);
    switch (step.what) {
      case request_parser::progress::piece: co_return step.piece;
      case request_parser::progress::complete: finished_ = true; co_return std::string_view();
      case request_parser::progress::refused: co_return fail_with(errc::message_truncated, parser_.refusal().reason);
      default: break;
    }
    if (auto failed = co_await fill_for_chunks()) {
      co_return std::move(*failed);
    }
  }
}

awaitable<failure> request_body::discard() {
  for (std::size_t dropped = 0; dropped <= limits::discarded_body_bytes;) {
    const auto piece = co_await next_piece();
    // Cut short or not: the answer is the same, and after a failure the connection ends in any case.
    if (!piece || finished_ || piece->empty()) {
      co_return fail(errc::body_too_large, std::string(too_large));
    }
    dropped += piece->size();
  }
  co_return fail_with(errc::body_too_large, too_large);
}

bool request_body::can_skip() const noexcept {
  return !failed_ && !awaits_continue_ && (chunked_ || remaining_ <= skipped_bytes);
}

awaitable<bool> request_body::skip() {
  for (std::size_t dropped = 0; !finished_ && dropped <= skipped_bytes;) {
    if (failed_ || awaits_continue_) {
      co_return false;
    }
    const auto piece = co_await next_piece();
    if (!piece) {
      co_return false;
    }
    dropped += piece->size();
  }
  co_return finished_;
}

}  // namespace kelvin::http
