#include "emulator/function/function_name.hpp"

#include <algorithm>

namespace kelvin {
namespace {

constexpr std::size_t longest = 64;

bool is_allowed(char letter) noexcept {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '-' || letter == '_';
}

}  // namespace

bool is_function_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= longest && std::all_of(name.begin(), name.end(), is_allowed);
}

std::string to_function_name(std::string_view text) {
  std::string name(text.substr(0, longest));
  std::replace_if(
      name.begin(), name.end(), [](char letter) { return !is_allowed(letter); }, '-');
  return name.empty() ? "function" : name;
}

}  // namespace kelvin
