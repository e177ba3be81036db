#include "emulator/web/ids.hpp"

#include "runtime-api/base/request_id.hpp"

#include <array>
#include <cassert>
#include <cstdint>

namespace kelvin::web {
namespace {

constexpr std::size_t gateway_id_length = 15;

unsigned value_of(char hexadecimal) {
  return static_cast<unsigned>(hexadecimal <= '9' ? hexadecimal - '0' : hexadecimal - 'a' + 10);
}

}  // namespace

std::string make_gateway_id() {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<char, 32> storage{};
  const std::string_view random = random_hexadecimal(storage, 28);
  // Three hexadecimal digits are two characters of six bits.
  std::string id;
  for (std::size_t digit = 0; id.size() + 1 < gateway_id_length; digit += 3) {
    const unsigned bits = value_of(random[digit]) << 8 | value_of(random[digit + 1]) << 4 | value_of(random[digit + 2]);
    id.push_back(alphabet[bits >> 6]);
    id.push_back(alphabet[bits & 63]);
  }
  // 15 characters are 90 bits, and 11 bytes are 88: the last character has four bits, as in AWS's ids.
  id.push_back(alphabet[value_of(random[21]) << 2]);
  return id + "=";
}

std::string stable_id(std::string_view name, std::size_t length) {
  assert(length <= 12);
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const char byte : name) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211u;
  }
  std::string id;
  for (std::size_t count = 0; count < length; ++count) {
    id.push_back(alphabet[hash % alphabet.size()]);
    hash /= alphabet.size();
  }
  return id;
}

}  // namespace kelvin::web
