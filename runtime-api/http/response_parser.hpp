#pragma once

#include "runtime-api/base/payload.hpp"
#include "runtime-api/http/message.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace kelvin::http {

/// Parses one answer from bytes somebody else reads. Does no I/O and throws nothing but bad_alloc.
class response_parser {
 public:
  enum class progress { need_more, complete, malformed, header_too_large, body_too_large };
  struct step {
    progress what;
    std::size_t consumed;
  };

  /// `answers_head`: the answer has no body, whatever its fields say.
  response_parser(bool answers_head, std::size_t header_limit_bytes, std::size_t body_limit_bytes);
  ~response_parser();
  response_parser(const response_parser&) = delete;
  response_parser& operator=(const response_parser&) = delete;

  step put(std::string_view bytes);
  /// The peer has closed. Whether that completes the answer.
  bool put_end();
  /// Whether any byte of the answer was seen.
  bool began() const noexcept;

  unsigned status() const noexcept;
  field_list& fields() noexcept;
  payload& body() noexcept;

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace kelvin::http
