#include "runtime-api/base/request_id.hpp"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <cassert>

namespace kelvin {
namespace {

boost::uuids::uuid next_uuid() {
  // Seeded once from the system: an id per invocation must not cost a system call.
  static boost::uuids::random_generator_mt19937 generator;
  return generator();
}

}  // namespace

request_id request_id::generate() {
  request_id id;
  boost::uuids::to_chars(next_uuid(), id.text_.data());
  return id;
}

std::string_view random_hexadecimal(std::array<char, 32>& storage, std::size_t digits) {
  assert(digits <= storage.size());
  constexpr std::string_view alphabet = "0123456789abcdef";
  // Two UUIDs' low halves: the fixed version and variant bits of a UUID are not random.
  const boost::uuids::uuid first = next_uuid();
  const boost::uuids::uuid second = next_uuid();
  for (std::size_t index = 0; index < digits; ++index) {
    const auto& source = index < 14 ? first : second;
    const std::uint8_t byte = source.data[9 + (index / 2) % 7];
    storage[index] = alphabet[index % 2 == 0 ? byte >> 4 : byte & 15];
  }
  return {storage.data(), digits};
}

}  // namespace kelvin
