#include "runtime-api/http/router.hpp"

#include <cassert>

namespace kelvin::http {
namespace {

/// Takes the next segment off; `text` begins behind a slash. Nothing is left (data() == nullptr) when
/// it was the last.
std::string_view take_segment(std::string_view& text) noexcept {
  const std::size_t slash = text.find('/');
  const std::string_view segment = text.substr(0, slash);
  text = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  return segment;
}

bool is_capture(std::string_view segment) noexcept {
  return segment.size() >= 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

std::string_view path_captures::operator[](std::size_t index) const noexcept {
  assert(index < count_);
  return segments_[index];
}

bool path_captures::add(std::string_view segment) noexcept {
  if (count_ == capacity) {
    return false;
  }
  segments_[count_++] = segment;
  return true;
}

bool path_matches(std::string_view pattern, std::string_view path, path_captures& captures) noexcept {
  captures.clear();
  if (!pattern.starts_with('/') || !path.starts_with('/')) {
    return pattern == path;
  }
  pattern.remove_prefix(1);
  path.remove_prefix(1);
  while (true) {
    const std::string_view rest = path;
    const std::string_view wanted = take_segment(pattern);
    const std::string_view given = take_segment(path);
    if (is_capture(wanted)) {
      if (wanted.ends_with("+}")) {
        return captures.add(rest);
      }
      if (given.empty() || !captures.add(given)) {
        return false;
      }
    } else if (wanted != given) {
      return false;
    }
    if (pattern.data() == nullptr || path.data() == nullptr) {
      return pattern.data() == path.data();
    }
  }
}

}  // namespace kelvin::http
