#include "emulator/frontdoor/invoke_api/function_name.hpp"

#include <doctest/doctest.h>

using namespace kelvin;
using namespace kelvin::frontdoor;

namespace {

std::variant<function_reference, service_error> parse(std::string_view text,
                                                      std::optional<std::string> qualifier = std::nullopt) {
  return parse_function_name(text, std::move(qualifier), "us-east-1", "123456789012");
}

std::string problem(std::string_view function_name) {
  std::vector<std::string> violations;
  check_function_name(function_name, violations);
  return violations.empty() ? "" : validation_error(violations).message;
}

}  // namespace

TEST_CASE("every form of a function's name is taken apart") {
  struct row {
    const char* text;
    const char* name;
    const char* qualifier;  ///< empty: none
  };
  const row rows[] = {
      {"f", "f", ""},
      {"my-function_2", "my-function_2", ""},
      {"f:1", "f", "1"},
      {"f:live", "f", "live"},
      {"f:$LATEST", "f", "$LATEST"},
      {"f:$LATEST.PUBLISHED", "f", "$LATEST.PUBLISHED"},
      {"function", "function", ""},
      {"function:f", "f", ""},
      {"function:f:live", "f", "live"},
      {"function:$LATEST", "function", "$LATEST"},
      {"function:function", "function", ""},
      {"123456789012:function:f", "f", ""},
      {"123456789012:f", "f", ""},
      {"123456789012:function:f:7", "f", "7"},
      {"us-east-1:123456789012:function:f", "f", ""},
      // What could be an optional part is the name where the rest would not fit otherwise.
      {"arn:live", "arn", "live"},
      {"us-east-1:$LATEST", "us-east-1", "$LATEST"},
      {"123456789012:$LATEST", "123456789012", "$LATEST"},
      {"us-east-1:123456789012:$LATEST", "123456789012", "$LATEST"},
      {"arn:aws:lambda:us-east-1:123456789012:function:f", "f", ""},
      {"arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST", "f", "$LATEST"},
      {"arn:aws:lambda:us-east-1:123456789012:function:f:PROD", "f", "PROD"},
      {"arn:aws-cn:lambda:us-east-1:123456789012:function:f", "f", ""},
  };
  for (const row& each : rows) {
    CAPTURE(each.text);
    CHECK(problem(each.text) == "");
    const auto parsed = parse(each.text);
    REQUIRE(std::holds_alternative<function_reference>(parsed));
    const auto& reference = std::get<function_reference>(parsed);
    CHECK(reference.name == each.name);
    CHECK(reference.qualifier.value_or("") == each.qualifier);
  }
}

TEST_CASE("what does not match AWS's pattern is a ValidationException") {
  for (const char* text :
       {"", "a b", "f:", ":f", "f:1:2", "f:$PREVIOUS", "f:a.b", "f/g", "f\n", "\xff", "arn:aws:s3:::bucket",
        "arn:aws:lambda:us-east-1:123456789012:layer:f:1", "arn:aws:lambda:us-east-1:12345:function:f",
        "arn:gcp:lambda:us-east-1:123456789012:function:f", "arn:aws:lambda:moon:123456789012:function:f"}) {
    CAPTURE(text);
    CHECK(problem(text) ==
          "1 validation error detected: Value '" + std::string(text) +
              "' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
              R"((arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?)"
              R"((function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?)");
    CHECK(std::get<service_error>(parse(text)).kind == exception::validation);
  }
}

TEST_CASE("several violations are counted and joined") {
  std::vector<std::string> violations;
  check_function_name(std::string(300, 'a') + " ", violations);
  check_qualifier("", violations);
  check_qualifier("a.b", violations);
  check_qualifier(std::string(129, 'q'), violations);
  REQUIRE(violations.size() == 6);
  const std::string message = validation_error(violations).message;
  CHECK(message.starts_with("6 validation errors detected: Value 'aaa"));
  CHECK(message.find("Member must have length less than or equal to 256; Value 'aaa") != std::string::npos);
  CHECK(message.find("Value '' at 'qualifier' failed to satisfy constraint: Member must have length greater than or "
                     "equal to 1; ") != std::string::npos);
  CHECK(message.find(R"(Value 'a.b' at 'qualifier' failed to satisfy constraint: Member must satisfy regular )"
                     R"(expression pattern: \$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+)") != std::string::npos);
  CHECK(message.ends_with("Member must have length less than or equal to 128"));
}

TEST_CASE("a valid qualifier is taken from the query") {
  for (const char* text : {"$LATEST", "$LATEST.PUBLISHED", "12", "live_1"}) {
    std::vector<std::string> violations;
    check_qualifier(text, violations);
    CHECK(violations.empty());
    CHECK(std::get<function_reference>(parse("f", text)).qualifier == text);
    CHECK(std::get<function_reference>(parse("f:" + std::string(text), text)).qualifier == text);
  }
}

TEST_CASE("two different qualifiers, another region and another account are refused in AWS's words") {
  const auto two = std::get<service_error>(parse("f:1", "2"));
  CHECK(two.kind == exception::invalid_parameter_value);
  CHECK(two.message == "The derived qualifier from the function name does not match the specified qualifier.");

  const auto region = std::get<service_error>(parse("arn:aws:lambda:eu-west-1:123456789012:function:f"));
  CHECK(region.kind == exception::resource_not_found);
  CHECK(region.message == "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')");

  const auto account = std::get<service_error>(parse("210987654321:function:f"));
  CHECK(account.kind == exception::access_denied);
  CHECK(account.message ==
        "User: arn:aws:iam::123456789012:root is not authorized to perform: lambda:InvokeFunction on resource: "
        "arn:aws:lambda:us-east-1:210987654321:function:f because no resource-based policy allows the "
        "lambda:InvokeFunction action");
}

TEST_CASE("every kind of region is known as one") {
  for (const char* region :
       {"us-east-1", "eu-central-2", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eusc-de-east-1"}) {
    CAPTURE(region);
    const auto parsed = parse_function_name("arn:aws:lambda:" + std::string(region) + ":123456789012:function:f",
                                            std::nullopt, region, "123456789012");
    CHECK(std::holds_alternative<function_reference>(parsed));
  }
}

TEST_CASE("percent-encoding is undone") {
  CHECK(percent_decoded("arn%3Aaws%3alambda") == "arn:aws:lambda");
  CHECK(percent_decoded("f%3A%24LATEST") == "f:$LATEST");
  CHECK(percent_decoded("%") == "%");
  CHECK(percent_decoded("%4") == "%4");
  CHECK(percent_decoded("%zz%41") == "%zzA");
  CHECK(percent_decoded("a%00b") == std::string("a\0b", 3));
}

TEST_CASE("query parameters are found by name") {
  CHECK(query_value("Qualifier=%24LATEST", "Qualifier") == "$LATEST");
  CHECK(query_value("a=1&Qualifier=2&Qualifier=3", "Qualifier") == "2");
  CHECK(query_value("Qualifier", "Qualifier") == "");
  CHECK(query_value("qualifier=1&x", "Qualifier") == std::nullopt);
  CHECK(query_value("&&=&", "Qualifier") == std::nullopt);
}
