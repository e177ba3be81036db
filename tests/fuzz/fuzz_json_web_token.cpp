#include "emulator/frontdoor/authorizer/json_web_token.hpp"
#include "emulator/frontdoor/authorizer/key_set.hpp"
#include "emulator/frontdoor/authorizer/small_json.hpp"
#include "emulator/frontdoor/authorizer/token_check.hpp"
#include "tests/fuzz/require.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using kelvin::fuzz::require;

std::string base64url(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6)
      text.push_back(alphabet[bits >> (count - 6) & 63]);
  }
  if (count > 0)
    text.push_back(alphabet[bits << (6 - count) & 63]);
  return text;
}

void check(const kelvin::result<kelvin::frontdoor::json_web_token>& token) {
  if (!token)
    return;
  require(nlohmann::json::accept(token->claims));
  kelvin::authorizer_configuration wanted;
  wanted.issuer = token->issuer;
  wanted.audiences = {"api"};
  const auto problem = kelvin::frontdoor::claims_problem(*token, wanted, {});
  require(!problem || problem->find('"') == std::string::npos);
  require(!kelvin::frontdoor::verify_rsa_signature({}, token->hash, token->signed_text, token->signature));
}

}  // namespace

/// A token as it is; and as claims behind a good header; and as a key set and an issuer's configuration.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kelvin::frontdoor;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(parse_token(token_of(text)));
  check(parse_token(base64url(R"({"alg":"RS256"})") + "." + base64url(text) + ".c2ln"));
  check(parse_token(base64url(text) + ".e30.c2ln"));
  if (const auto document = parse_small_object(text))
    require(nlohmann::json::accept(print_json(*document)));
  if (const auto keys = parse_key_set(text)) {
    for (const signing_key& key : *keys)
      require(!key.id.empty() && is_usable(key.key));
  }
  if (const auto url = parse_discovery(text))
    require(url->starts_with("http"));
  return 0;
}
