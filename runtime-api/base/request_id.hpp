#pragma once

#include <array>
#include <compare>
#include <string_view>

namespace kelvin {

/// An invocation's id: a version 4 UUID in lower-case text, as every Lambda client sees it.
class request_id {
 public:
  static constexpr std::size_t length = 36;

  /// The all-zero id: "no invocation".
  request_id() noexcept { text_.fill('0'); }
  /// A new random id.
  static request_id generate();

  std::string_view text() const noexcept { return {text_.data(), text_.size()}; }
  friend bool operator==(const request_id&, const request_id&) = default;
  friend bool operator==(const request_id& left, std::string_view right) noexcept { return left.text() == right; }

 private:
  std::array<char, length> text_;
};

/// `digits` (at most 32) random lower-case hexadecimal digits, for trace ids and log stream names.
std::string_view random_hexadecimal(std::array<char, 32>& storage, std::size_t digits);

}  // namespace kelvin
