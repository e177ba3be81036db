#include "runtime-api/protocol/error_body.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace kelvin::protocol;

TEST_CASE("error types are normalised for reports as AWS does") {
  CHECK(normalized_error_type("Runtime.BadFunctionCode") == "Runtime.BadFunctionCode");
  CHECK(normalized_error_type("Function.MyError") == "Function.MyError");
  CHECK(normalized_error_type("my Function.MyError here") == "my Function.MyError here");
  CHECK(normalized_error_type("Runtime.x Runtime.Good") == "Runtime.x Runtime.Good");
  CHECK(normalized_error_type("Function.lower") == "Function.Unknown");
  CHECK(normalized_error_type("Function.") == "Function.Unknown");
  CHECK(normalized_error_type("my Function.lower") == "Runtime.Unknown");
  CHECK(normalized_error_type("Runtime.X") == "Runtime.Unknown");
  CHECK(normalized_error_type("unhandled") == "Runtime.Unknown");
  CHECK(normalized_error_type("") == "Runtime.Unknown");
}

TEST_CASE("the error cause content type is known by its media type alone") {
  CHECK(is_error_cause_type("application/vnd.aws.lambda.error.cause+json"));
  CHECK(is_error_cause_type(" Application/vnd.aws.lambda.error.cause+JSON ; charset=utf-8"));
  CHECK_FALSE(is_error_cause_type("application/json"));
  CHECK_FALSE(is_error_cause_type("application/vnd.aws.lambda.error.cause+jso"));
  CHECK_FALSE(is_error_cause_type(""));
}

TEST_CASE("errorCause is stripped and the rest passed on") {
  CHECK(without_error_cause(
            R"({"errorCause":{"a":[1,{"b":2}]},"stackTrace":["one","t\"wo"],"errorType":"T","errorMessage":"m"})")
            .view() == R"({"errorMessage":"m","errorType":"T","stackTrace":["one","t\"wo"]})");
  CHECK(without_error_cause(R"({"errorMessage":"m","errorType":"T"})").view() ==
        R"({"errorMessage":"m","errorType":"T"})");
  CHECK(without_error_cause("{}").view() == R"({"errorMessage":"","errorType":""})");
}

TEST_CASE("an error cause body that cannot be read becomes AWS's fixed text") {
  const std::string fixed = "\"Invalid error body\"";
  CHECK(without_error_cause("").view() == fixed);
  CHECK(without_error_cause("{").view() == fixed);
  CHECK(without_error_cause("[]").view() == fixed);
  CHECK(without_error_cause(R"({"errorMessage":1})").view() == fixed);
  CHECK(without_error_cause(R"({"stackTrace":"one"})").view() == fixed);
  CHECK(without_error_cause(R"({"stackTrace":[1]})").view() == fixed);
  CHECK(without_error_cause("{\"errorMessage\":\"\xFF\"}").view() == fixed);
}

TEST_CASE("an error cause that nests deeper than a stack is dropped unharmed") {
  const std::size_t depth = 250'000;
  const std::string nested = std::string(depth, '[') + std::string(depth, ']');
  CHECK(without_error_cause(R"({"errorType":"T","errorCause":)" + nested + "}").view() ==
        R"({"errorMessage":"","errorType":"T"})");
  CHECK(without_error_cause(R"({"errorType":"T","errorCause":)" + std::string(2 * depth, '[')).view() ==
        "\"Invalid error body\"");
}

}  // namespace
