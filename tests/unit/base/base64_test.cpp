#include "runtime-api/base/base64.hpp"

#include <doctest/doctest.h>

using kelvin::base64_decode;
using kelvin::base64_encode;
using kelvin::base64_padding;

TEST_CASE("base64 as in RFC 4648, section 10") {
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : rows) {
    CHECK(base64_encode(bytes) == text);
    CHECK(base64_decode(text, base64_padding::required) == bytes);
    CHECK(base64_decode(text, base64_padding::optional) == bytes);
  }
  CHECK(base64_decode("Zg", base64_padding::optional) == "f");
  CHECK(base64_decode("Zm8", base64_padding::optional) == "fo");
  CHECK(base64_decode("Zg", base64_padding::required) == std::nullopt);
  CHECK(base64_decode("Zm8", base64_padding::required) == std::nullopt);
}

TEST_CASE("every byte survives the way there and back") {
  std::string all;
  for (int repeat = 0; repeat < 3; ++repeat) {
    for (int byte = 0; byte < 256; ++byte) {
      all.push_back(static_cast<char>(byte));
    }
    all.push_back('x');
    CHECK(base64_decode(base64_encode(all), base64_padding::required) == all);
  }
}

TEST_CASE("what is not base64 is refused") {
  for (const char* text :
       {"Z", "Zm9vY", "Zm9v!", "Zm 9", "Zg=", "=Zg=", "Zg===", "Z===", "====", "Zm-_", "Zm9v\n", "{\"a\":1}x"}) {
    CAPTURE(text);
    CHECK(base64_decode(text, base64_padding::required) == std::nullopt);
    CHECK(base64_decode(text, base64_padding::optional) == std::nullopt);
  }
}

TEST_CASE("payloads get the same bytes and are left alone by what is no base64") {
  std::string bytes;
  for (int size = 0; size < 300; ++size) {
    kelvin::payload text("x");
    kelvin::append_base64(text, bytes);
    CHECK(text.view() == "x" + base64_encode(bytes));
    kelvin::payload back("y");
    CHECK(kelvin::append_base64_decoded(back, text.view().substr(1), base64_padding::required));
    CHECK(back.view() == "y" + bytes);
    bytes.push_back(static_cast<char>(size * 7));
  }
  kelvin::payload kept("kept");
  CHECK_FALSE(kelvin::append_base64_decoded(kept, "Zm9v!A==", base64_padding::required));
  CHECK_FALSE(kelvin::append_base64_decoded(kept, "Zg", base64_padding::required));
  CHECK(kept.view() == "kept");
  CHECK(kelvin::append_base64_decoded(kept, "Zg", base64_padding::optional));
  CHECK(kept.view() == "keptf");
}
