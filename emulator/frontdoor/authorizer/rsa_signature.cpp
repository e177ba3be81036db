#include "emulator/frontdoor/authorizer/rsa_signature.hpp"

// The digests and the big numbers alone: OpenSSL's replacement for these calls brings 3.7 MB of algorithms into a
// static binary (openssl_errors.cpp keeps out what these would bring).
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bn.h>
#include <openssl/sha.h>

#include <array>
#include <cstddef>
#include <memory>

namespace kelvin::frontdoor {
namespace {

constexpr std::size_t modulus_bytes_min = 2048 / 8;
constexpr std::size_t modulus_bytes_max = 8192 / 8;
constexpr std::size_t exponent_bytes_max = 8;

struct number_deleter {
  void operator()(BIGNUM* number) const noexcept { BN_free(number); }
};
struct context_deleter {
  void operator()(BN_CTX* context) const noexcept { BN_CTX_free(context); }
};
using number = std::unique_ptr<BIGNUM, number_deleter>;
using number_context = std::unique_ptr<BN_CTX, context_deleter>;

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

number to_number(std::string_view bytes) {
  return number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::string_view without_leading_zeros(std::string_view bytes) noexcept {
  const std::size_t first = bytes.find_first_not_of('\0');
  return first == std::string_view::npos ? std::string_view() : bytes.substr(first);
}

bool is_odd(std::string_view bytes) noexcept {
  return !bytes.empty() && (static_cast<unsigned char>(bytes.back()) & 1U) != 0;
}

/// DER of DigestInfo up to the digest (RFC 8017, section 9.2, note 1).
std::string digest_info(hash_kind hash) {
  const auto prefix = [](char whole, char identifier, char digest) {
    return std::string{0x30, whole, 0x30, 0x0d, 0x06,       0x09, '\x60', '\x86', 0x48,  0x01,
                       0x65, 0x03,  0x04, 0x02, identifier, 0x05, 0x00,   0x04,   digest};
  };
  switch (hash) {
    case hash_kind::sha256: return prefix(0x31, 0x01, 0x20);
    case hash_kind::sha384: return prefix(0x41, 0x02, 0x30);
    case hash_kind::sha512: break;
  }
  return prefix(0x51, 0x03, 0x40);
}

std::string digest_of(hash_kind hash, std::string_view message) {
  std::array<unsigned char, SHA512_DIGEST_LENGTH> bytes{};
  std::size_t size = SHA256_DIGEST_LENGTH;
  if (hash == hash_kind::sha256) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, message.data(), message.size());
    SHA256_Final(bytes.data(), &context);
  } else {
    SHA512_CTX context;
    const bool shorter = hash == hash_kind::sha384;
    shorter ? SHA384_Init(&context) : SHA512_Init(&context);
    SHA512_Update(&context, message.data(), message.size());
    SHA512_Final(bytes.data(), &context);
    size = shorter ? SHA384_DIGEST_LENGTH : SHA512_DIGEST_LENGTH;
  }
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

/// EMSA-PKCS1-v1_5 of the message, as long as the modulus.
std::string encoded_message(hash_kind hash, std::string_view message, std::size_t size_bytes) {
  const std::string tail = digest_info(hash) + digest_of(hash, message);
  std::string encoded(2, '\0');
  encoded[1] = '\x01';
  encoded.append(size_bytes - tail.size() - 3, '\xff');
  encoded.push_back('\0');
  return encoded + tail;
}

}  // namespace

bool is_usable(const rsa_public_key& key) {
  const std::string_view modulus = without_leading_zeros(key.modulus);
  const std::string_view exponent = without_leading_zeros(key.exponent);
  // A modulus of 2,048 bits has its highest bit set: a shorter one has a byte less, or is a few bits short.
  const bool long_enough =
      modulus.size() > modulus_bytes_min ||
      (modulus.size() == modulus_bytes_min && (static_cast<unsigned char>(modulus[0]) & 0x80U) != 0);
  const bool is_one = exponent.size() == 1 && exponent[0] == '\x01';
  return long_enough && modulus.size() <= modulus_bytes_max && is_odd(modulus) && is_odd(exponent) && !is_one &&
         exponent.size() <= exponent_bytes_max;
}

bool verify_rsa_signature(const rsa_public_key& key, hash_kind hash, std::string_view message,
                          std::string_view signature) {
  const std::size_t size_bytes = without_leading_zeros(key.modulus).size();
  if (!is_usable(key) || signature.size() != size_bytes)
    return false;
  const number modulus = to_number(key.modulus);
  const number exponent = to_number(key.exponent);
  const number given = to_number(signature);
  const number power(BN_new());
  const number_context context(BN_CTX_new());
  if (!modulus || !exponent || !given || !power || !context || BN_cmp(given.get(), modulus.get()) >= 0)
    return false;
  if (BN_mod_exp(power.get(), given.get(), exponent.get(), modulus.get(), context.get()) != 1)
    return false;
  std::string found(size_bytes, '\0');
  const int written =
      BN_bn2binpad(power.get(), reinterpret_cast<unsigned char*>(found.data()), static_cast<int>(found.size()));
  return written == static_cast<int>(size_bytes) && found == encoded_message(hash, message, size_bytes);
}

}  // namespace kelvin::frontdoor
