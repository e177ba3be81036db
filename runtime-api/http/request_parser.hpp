#pragma once

#include "runtime-api/http/message.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace kelvin::http {

/// Parses one request after the other from bytes somebody else reads: the header, then, if the body
/// is chunked, the body and its trailers. A body with a Content-Length never passes through here.
/// Does no I/O and throws nothing but bad_alloc.
///
/// Refuses what could make two parties see different requests in the same bytes (request smuggling):
/// bare LF line ends, folded lines, Content-Length together with Transfer-Encoding, more than one
/// Content-Length or Host, control characters.
class request_parser {
 public:
  enum class progress {
    need_more,  ///< call again with the unconsumed bytes and more behind them
    header,     ///< the header is complete
    piece,      ///< `piece` is a part of the chunked body
    complete,   ///< the chunked body and its trailers are complete
    refused,    ///< see refusal(); only reset() helps
  };
  struct step {
    progress what;
    std::size_t consumed;      ///< of the bytes given, also when refused
    std::string_view piece{};  ///< lies in the bytes given
  };
  /// What to answer to a request that is none.
  struct refused_request {
    unsigned status;
    std::string_view reason;
  };

  /// `header_limit_bytes` counts from the request line to the empty line, both included; it bounds
  /// the trailers, too.
  explicit request_parser(std::size_t header_limit_bytes);
  ~request_parser();
  request_parser(const request_parser&) = delete;
  request_parser& operator=(const request_parser&) = delete;

  /// Forgets everything; the next byte begins a request.
  void reset();
  /// need_more, header or refused. Empty lines before the request line are skipped, as RFC 9112,
  /// section 2.2 asks.
  step put_header(std::string_view bytes);
  /// need_more, piece, complete or refused. Precondition: the header is complete and chunked.
  step put_body(std::string_view bytes);

  /// Whether any byte of the present request was seen.
  bool began() const noexcept;
  /// Bytes of the present chunk that were not yet given: they may be read to where they belong and
  /// given from there, since pieces are only counted.
  std::size_t chunk_remaining() const noexcept;
  const request_head& head() const noexcept;
  /// Complete once put_body() has said so.
  const field_list& trailers() const noexcept;
  /// Precondition: the last step was refused.
  refused_request refusal() const noexcept;

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace kelvin::http
