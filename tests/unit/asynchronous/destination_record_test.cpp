#include "emulator/event_source/asynchronous/destination_record.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace kelvin;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr const char* arn = "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST";
/// 2026-01-02T03:04:05.678Z.
constexpr wall_time when{1'767'323'045'678ms};

event_ending ending(final_condition condition, unsigned invocations, std::string_view event,
                    std::optional<last_response> response) {
  return {request_id(), arn, condition, invocations, event, response};
}

std::string attribute(const json& message, const char* name, const char* type) {
  CHECK(message["attributes"][name]["DataType"] == type);
  return message["attributes"][name]["StringValue"];
}

}  // namespace

TEST_CASE("the record of a success is what AWS sends") {
  const auto record =
      destination_record(ending(final_condition::success, 1, R"({ "a" : 1.0 })", last_response{false, "[1, 2]"}), when);
  CHECK(record ==
        "{\"version\":\"1.0\",\"timestamp\":\"2026-01-02T03:04:05.678Z\",\"requestContext\":{\"requestId\":\"" +
            std::string(request_id().text()) +
            "\",\"functionArn\":\"arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST\",\"condition\":\"Success\","
            "\"approximateInvokeCount\":1},\"requestPayload\":{ \"a\" : 1.0 },\"responseContext\":{\"statusCode\":200,"
            "\"executedVersion\":\"$LATEST\"},\"responsePayload\":[1, 2]}");
}

TEST_CASE("the record of a failure names it") {
  const auto record = json::parse(destination_record(
      ending(final_condition::retries_exhausted, 3, "{}", last_response{true, R"({"errorMessage":"no"})"}), when));
  CHECK(record["requestContext"]["condition"] == "RetriesExhausted");
  CHECK(record["requestContext"]["approximateInvokeCount"] == 3);
  CHECK(record["responseContext"] ==
        json{{"statusCode", 200}, {"executedVersion", "$LATEST"}, {"functionError", "Unhandled"}});
  CHECK(record["responsePayload"]["errorMessage"] == "no");
}

TEST_CASE("without an attempt there is no response in the record") {
  const auto record =
      json::parse(destination_record(ending(final_condition::zero_reserved_concurrency, 0, "{}", std::nullopt), when));
  CHECK(record["requestContext"]["condition"] == "ZeroReservedConcurrency");
  CHECK(record["requestContext"]["approximateInvokeCount"] == 0);
  CHECK_FALSE(record.contains("responseContext"));
  CHECK_FALSE(record.contains("responsePayload"));
}

TEST_CASE("answers that are empty or no JSON leave the record valid") {
  const auto empty = json::parse(destination_record(ending(final_condition::success, 1, "1", last_response{}), when));
  CHECK(empty["responsePayload"].is_null());
  const auto text = json::parse(
      destination_record(ending(final_condition::success, 1, "1", last_response{false, "plain \"text\" \xff"}), when));
  CHECK(text["responsePayload"] == "plain \"text\" \xEF\xBF\xBD");
}

TEST_CASE("a dead-letter message has the event as it came and three attributes") {
  const std::string_view event = "{\"a\":\n\"\xC3\xBC\"}";
  const auto message = json::parse(dead_letter_message(
      ending(final_condition::retries_exhausted, 3, event,
             last_response{true, R"({"deep":{"errorMessage":"wrong"},"errorMessage":"right","errorType":"E"})"})));
  CHECK(message["body"] == event);
  CHECK(attribute(message, "RequestID", "String") == request_id().text());
  CHECK(attribute(message, "ErrorCode", "Number") == "200");
  CHECK(attribute(message, "ErrorMessage", "String") == "right");
}

TEST_CASE("ErrorMessage is the first kilobyte, in whole characters") {
  const auto message_for = [](const std::string& text) {
    const std::string error = json{{"errorMessage", text}}.dump();
    return attribute(json::parse(dead_letter_message(
                         ending(final_condition::retries_exhausted, 1, "{}", last_response{true, error}))),
                     "ErrorMessage", "String");
  };
  CHECK(message_for(std::string(1024, 'x')) == std::string(1024, 'x'));
  CHECK(message_for(std::string(1025, 'x')) == std::string(1024, 'x'));
  CHECK(message_for(std::string(1023, 'x') + "\xC3\xBC") == std::string(1023, 'x'));
}

TEST_CASE("errors without a message, or that are no JSON, make an empty ErrorMessage") {
  for (const char* error : {"{}", "null", "[\"errorMessage\"]", "{\"errorMessage\":1}", "not json", "",
                            "{\"a\":[{\"errorMessage\":\"deep\"}]}", "\"errorMessage\""}) {
    CAPTURE(error);
    const auto message = json::parse(
        dead_letter_message(ending(final_condition::retries_exhausted, 1, "{}", last_response{true, error})));
    CHECK(attribute(message, "ErrorMessage", "String").empty());
  }
}

TEST_CASE("a dead letter that no attempt came before tells of the throttle") {
  const auto message =
      json::parse(dead_letter_message(ending(final_condition::zero_reserved_concurrency, 0, "{}", std::nullopt)));
  CHECK(attribute(message, "ErrorCode", "Number") == "429");
  CHECK(attribute(message, "ErrorMessage", "String") == "Rate Exceeded.");
}
