#include "emulator/web/stream_prelude.hpp"

#include "emulator/web/answer_parts.hpp"
#include "emulator/web/function_answer.hpp"
#include "runtime-api/base/limits.hpp"

#include <algorithm>
#include <utility>

namespace kelvin::web {
namespace {

constexpr std::size_t delimiter_bytes = 8;

}  // namespace

prelude_reader::progress prelude_reader::put(std::string_view piece) {
  given_.append(piece);
  const std::string_view given = given_.view();
  const std::size_t end = given.find('\0', searched_);
  if (end == std::string_view::npos) {
    searched_ = given.size();
    return refuse_or_wait();
  }
  searched_ = end;
  const std::string_view delimiter = given.substr(end, delimiter_bytes);
  if (end > limits::stream_prelude_bytes || delimiter.find_first_not_of('\0') != std::string_view::npos) {
    return progress::refused;
  }
  if (delimiter.size() < delimiter_bytes) {
    return refuse_or_wait();
  }
  if (!parse(given.substr(0, end))) {
    return progress::refused;
  }
  body_begin_ = end + delimiter_bytes;
  return progress::complete;
}

prelude_reader::progress prelude_reader::refuse_or_wait() const {
  // A stream without a prelude is told by its first byte, so that it need not wait for its next.
  const std::string_view given = given_.view();
  const std::size_t first = given.find_first_not_of(" \t\r\n");
  const bool may_be = first == std::string_view::npos || given[first] == '{';
  return may_be && searched_ <= limits::stream_prelude_bytes ? progress::need_more : progress::refused;
}

bool prelude_reader::parse(std::string_view json) {
  const function_answer answer = read_function_answer(json);
  if (answer.whole.kind != value_kind::object) {
    return false;
  }
  stream_prelude read;
  if (answer.status_code.kind != value_kind::absent && answer.status_code.kind != value_kind::null) {
    const auto status = status_of(answer.status_code);
    if (!status) {
      return false;
    }
    read.status = *status;
  }
  // The Rust runtime writes a repeated name's values as an array into `headers`.
  if (!append_fields(read.fields, answer.headers, field_values::single_or_lists) ||
      !append_fields(read.multi_value_fields, answer.multi_value_headers, field_values::single_or_lists) ||
      !append_cookies(read.cookies, answer)) {
    return false;
  }
  prelude_ = std::move(read);
  return true;
}

payload prelude_reader::take_rest() {
  if (body_begin_ == 0) {
    return std::move(given_);
  }
  payload rest(given_.view().substr(body_begin_));
  given_.clear();
  return rest;
}

}  // namespace kelvin::web
