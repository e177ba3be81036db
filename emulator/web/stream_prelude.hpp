#pragma once

#include "emulator/function/api_configuration.hpp"
#include "runtime-api/base/payload.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::web {

/// The Content-Type by which a runtime announces a prelude (contract: runtime-api, 2.2).
inline constexpr std::string_view prelude_content_type = "application/vnd.awslambda.http-integration-response";

/// The head that a streaming function sends ahead of its body.
struct stream_prelude {
  unsigned status = 200;
  std::vector<name_value> fields;              ///< of `headers`; a name may have several values
  std::vector<name_value> multi_value_fields;  ///< of `multiValueHeaders`
  std::vector<std::string> cookies;
};

/// Finds a prelude, a JSON object and eight NULs, at the front of a stream that comes in pieces of any size. The
/// object has at most limits::stream_prelude_bytes.
class prelude_reader {
 public:
  enum class progress {
    need_more,
    complete,  ///< see prelude() and take_rest()
    refused,   ///< the stream begins with no valid prelude; see take_rest()
  };

  /// Precondition: the last progress was need_more.
  progress put(std::string_view piece);
  /// Precondition: complete.
  const stream_prelude& prelude() const noexcept { return prelude_; }
  /// What was given and does not belong to the prelude: the first bytes of the body, or, without a valid prelude
  /// (also where the stream ended too early for one), everything.
  payload take_rest();

 private:
  progress refuse_or_wait() const;
  bool parse(std::string_view json);

  payload given_;
  std::size_t searched_ = 0;
  std::size_t body_begin_ = 0;
  stream_prelude prelude_;
};

}  // namespace kelvin::web
