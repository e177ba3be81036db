#include "runtime-api/protocol/json_text.hpp"

#include <doctest/doctest.h>

namespace {

TEST_CASE("an error answer ends in a newline and names the message first") {
  CHECK(kelvin::protocol::error_answer("T", "m") == "{\"errorMessage\":\"m\",\"errorType\":\"T\"}\n");
}

}  // namespace
