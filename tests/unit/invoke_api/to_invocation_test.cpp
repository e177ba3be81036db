#include "emulator/frontdoor/invoke_api/to_invocation.hpp"

#include "runtime-api/base/base64.hpp"

#include <doctest/doctest.h>

using namespace kelvin;
using namespace kelvin::frontdoor;

namespace {

function_registry registry_of(std::initializer_list<const char*> names) {
  std::vector<function_configuration> functions;
  for (const char* name : names) {
    functions.emplace_back().name = name;
  }
  return function_registry({}, std::move(functions));
}

struct asked {
  std::string_view segment = "f";
  std::string_view query = "";
  std::vector<std::pair<std::string_view, std::string_view>> fields = {};
  std::string_view body = "{}";
};

std::variant<accepted_invocation, service_error> translate(const asked& what) {
  static const function_registry registry = registry_of({"f"});
  http::field_list fields;
  for (const auto& [name, value] : what.fields) {
    fields.add(name, value);
  }
  return to_invocation(registry, what.segment, what.query, gather_fields(fields), payload(what.body));
}

invocation_request accepted(const asked& what) {
  auto made = translate(what);
  REQUIRE(std::holds_alternative<accepted_invocation>(made));
  return std::move(std::get<accepted_invocation>(made).request);
}

service_error refused(const asked& what) {
  auto made = translate(what);
  REQUIRE(std::holds_alternative<service_error>(made));
  return std::get<service_error>(made);
}

constexpr const char* arn = "arn:aws:lambda:us-east-1:123456789012:function:f";

}  // namespace

TEST_CASE("a plain request becomes an invocation") {
  const invocation_request request = accepted({.body = "{\"a\": 1 }"});
  CHECK(request.function_name == "f");
  CHECK(request.invoked_function_arn == arn);
  CHECK(request.event.view() == "{\"a\": 1 }");
  CHECK(request.content_type == "application/json");
  CHECK(request.trace_id.empty());
  CHECK_FALSE(request.client_context.has_value());
  CHECK_FALSE(request.log_tail);
  CHECK_FALSE(request.request_id == std::string_view("00000000-0000-0000-0000-000000000000"));
}

TEST_CASE("the invoked ARN carries the qualifier only if the caller gave one") {
  CHECK(accepted({.segment = "f%3A%24LATEST"}).invoked_function_arn == std::string(arn) + ":$LATEST");
  CHECK(accepted({.query = "Qualifier=%24LATEST"}).invoked_function_arn == std::string(arn) + ":$LATEST");
  const std::string_view encoded = "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af";
  CHECK(accepted({.segment = encoded}).invoked_function_arn == arn);
  // The only function answers to `function`, too.
  CHECK(accepted({.segment = "function"}).invoked_function_arn == arn);
}

TEST_CASE("header fields are taken over, whatever their case") {
  const std::string context = base64_encode("{\"custom\":{\n\"a\":\"b\"}}");
  const invocation_request request = accepted({.fields = {{"X-AMZN-TRACE-ID", "Root=1-a-b;Sampled=1"},
                                                          {"x-amzn-trace-id", "second"},
                                                          {"X-Amz-Client-Context", context},
                                                          {"x-amz-log-type", "Tail"},
                                                          {"X-Amz-Invocation-Type", "RequestResponse"}}});
  CHECK(request.trace_id == "Root=1-a-b;Sampled=1");
  CHECK(request.client_context == "{\"custom\":{\n\"a\":\"b\"}}");
  CHECK(request.log_tail);
  CHECK_FALSE(accepted({.fields = {{"X-Amz-Log-Type", "None"}}}).log_tail);
}

TEST_CASE("an event is JSON for the runtime, whatever its caller calls it") {
  // Go's and JavaScript's SDKs say octet-stream, curl says form; the Python client takes nothing but JSON apart.
  for (const std::string_view type : {"application/octet-stream", "application/x-www-form-urlencoded", "text/plain"}) {
    CHECK(accepted({.fields = {{"Content-Type", type}}}).content_type == "application/json");
  }
}

TEST_CASE("an empty body is delivered as an empty object") {
  CHECK(accepted({.body = ""}).event.view() == "{}");
}

TEST_CASE("DryRun is checked like any other request, and marked") {
  const auto made = translate({.fields = {{"X-Amz-Invocation-Type", "DryRun"}}});
  CHECK(std::get<accepted_invocation>(made).dry_run);
  const service_error error = refused({.segment = "g", .fields = {{"X-Amz-Invocation-Type", "DryRun"}}});
  CHECK(error.kind == exception::resource_not_found);
}

TEST_CASE("all constraint violations come in one answer") {
  const service_error error = refused({.segment = "a%20b",
                                       .query = "Qualifier=%21",
                                       .fields = {{"X-Amz-Invocation-Type", "dry_run"}, {"X-Amz-Log-Type", "All"}}});
  CHECK(error.kind == exception::validation);
  CHECK(error.message.starts_with("4 validation errors detected: Value 'a b' at 'functionName' failed"));
  CHECK(error.message.find("; Value '!' at 'qualifier' failed to satisfy constraint") != std::string::npos);
  // As recorded on AWS for this value.
  CHECK(error.message.find("; Value 'dry_run' at 'invocationType' failed to satisfy constraint: Member must satisfy "
                           "enum value set: [DryRun, RequestResponse, Event]; ") != std::string::npos);
  CHECK(
      error.message.ends_with("Value 'All' at 'logType' failed to satisfy constraint: Member must satisfy enum value "
                              "set: [None, Tail]"));
}

TEST_CASE("an unknown function or version is named with its whole ARN") {
  const std::string prefix = "Function not found: arn:aws:lambda:us-east-1:123456789012:function:";
  CHECK(refused({.segment = "doesnotexist"}).kind == exception::resource_not_found);
  CHECK(refused({.segment = "doesnotexist"}).message == prefix + "doesnotexist:$LATEST");
  CHECK(refused({.segment = "doesnotexist:live"}).message == prefix + "doesnotexist:live");
  CHECK(refused({.query = "Qualifier=1"}).message == prefix + "f:1");
  CHECK(refused({.segment = "f:$LATEST.PUBLISHED"}).message == prefix + "f:$LATEST.PUBLISHED");

  const function_registry two = registry_of({"f", "g"});
  const auto made = to_invocation(two, "function", "", {}, payload("{}"));
  CHECK(std::get<service_error>(made).message == prefix + "function:$LATEST");
}

TEST_CASE("what this version does not support is named") {
  const auto durable = refused({.fields = {{"X-Amz-Durable-Execution-Name", "d"}}});
  CHECK(durable.kind == exception::invalid_parameter_value);
  CHECK(durable.message.find("X-Amz-Durable-Execution-Name") != std::string::npos);
  const auto tenant = refused({.fields = {{"X-Amz-Tenant-Id", "t"}}});
  CHECK(tenant.kind == exception::invalid_parameter_value);
  CHECK(tenant.message.find("not enabled with tenancy configuration") != std::string::npos);
}

TEST_CASE("an event is checked as an invocation is, and may have one megabyte") {
  const auto event_of = [](std::string_view body) {
    return translate({.fields = {{"X-Amz-Invocation-Type", "Event"}}, .body = body});
  };
  const std::string limit = "\"" + std::string(1024 * 1024 - 2, 'x') + "\"";
  const auto made = event_of(limit);
  REQUIRE(std::holds_alternative<accepted_invocation>(made));
  CHECK(std::get<accepted_invocation>(made).event);
  CHECK_FALSE(std::get<accepted_invocation>(made).dry_run);
  CHECK(std::get<accepted_invocation>(made).request.event.view() == limit);
  const auto over = event_of(limit + " ");
  REQUIRE(std::holds_alternative<service_error>(over));
  CHECK(std::get<service_error>(over).kind == exception::request_entity_too_large);
  CHECK(std::get<service_error>(over).message ==
        "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)");
  CHECK(std::get<service_error>(event_of("{")).kind == exception::invalid_request_content);
  CHECK_FALSE(std::get<accepted_invocation>(translate({})).event);
}

TEST_CASE("a payload that is no JSON never reaches the function") {
  const auto error = refused({.body = "hello"});
  CHECK(error.kind == exception::invalid_request_content);
  CHECK(error.message ==
        "Could not parse request body into json: Could not parse payload into json: Unrecognized token 'hello': was "
        "expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: REDACTED "
        "(`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 6]");
}

TEST_CASE("client contexts are checked before a runtime could die of them") {
  const auto with = [](std::string_view context) { return refused({.fields = {{"X-Amz-Client-Context", context}}}); };
  for (const std::string& context : {std::string("string!"), std::string("string"), base64_encode("[1]"),
                                     base64_encode("{\"a\":"), base64_encode("\xff"), base64_encode(" ")}) {
    CAPTURE(context);
    CHECK(with(context).kind == exception::invalid_request_content);
    CHECK(with(context).message == "Client context must be a valid Base64-encoded JSON object.");
  }
  const auto of_size = [](std::size_t size) {
    std::string json = "{\"a\":\"" + std::string(3 * (size / 4) - 8, 'x') + "\"}";
    return base64_encode(json);
  };
  CHECK(of_size(3580).size() == 3580);
  CHECK(accepted({.fields = {{"X-Amz-Client-Context", of_size(3580)}}}).client_context.has_value());
  CHECK(with(of_size(3584)).message.find("at most 3583 bytes") != std::string::npos);
  CHECK_FALSE(accepted({.fields = {{"X-Amz-Client-Context", ""}}}).client_context.has_value());
}

TEST_CASE("a body that could not be read is refused") {
  static const function_registry registry = registry_of({"f"});
  const auto large = to_invocation(registry, "f", "", {}, fail(errc::body_too_large, "too large"));
  CHECK(std::get<service_error>(large).kind == exception::request_entity_too_large);
  CHECK(std::get<service_error>(large).message ==
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation");
  const auto cut = to_invocation(registry, "f", "", {}, fail(errc::message_truncated, "the peer closed"));
  CHECK(std::get<service_error>(cut).kind == exception::invalid_request_content);
  CHECK(std::get<service_error>(cut).message == "Could not read the request body: the peer closed");
}
