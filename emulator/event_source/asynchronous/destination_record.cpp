#include "emulator/event_source/asynchronous/destination_record.hpp"

#include "emulator/invoke/json_check.hpp"
#include "emulator/invoke/json_members.hpp"
#include "runtime-api/base/iso_time.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace kelvin {
namespace {

using json = nlohmann::ordered_json;

// AWS: dead-letter queues, ErrorMessage holds the first 1 KB of the error's message.
constexpr std::size_t error_message_bytes = 1024;

std::string json_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void append_payload(std::string& record, std::string_view bytes) {
  if (bytes.empty()) {
    record.append("null");
  } else if (is_json(bytes)) {
    record.append(bytes);
  } else {
    record.append(json_text(bytes));
  }
}

std::string error_message(const event_ending& ending) {
  if (!ending.response) {
    return "Rate Exceeded.";
  }
  std::string text;
  read_string_members(ending.response->payload, [&text](std::string_view name, std::string& value) {
    const bool found = name == "errorMessage";
    if (found) {
      text = std::move(value);
    }
    return !found;
  });
  if (text.size() > error_message_bytes) {
    std::size_t end = error_message_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
      --end;  // not in the middle of a character
    }
    text.resize(end);
  }
  return text;
}

json attribute(std::string_view type, std::string_view value) {
  return {{"DataType", type}, {"StringValue", value}};
}

}  // namespace

std::string destination_record(const event_ending& ending, wall_time now) {
  json context;
  context["requestId"] = ending.request_id.text();
  context["functionArn"] = ending.function_arn;
  context["condition"] = name_of(ending.condition);
  context["approximateInvokeCount"] = ending.invocations;

  std::string record = "{\"version\":\"1.0\",\"timestamp\":\"";
  record.append(iso_time(now)).append("\",\"requestContext\":").append(json_text(context));
  record.append(",\"requestPayload\":");
  append_payload(record, ending.event);
  if (ending.response) {
    record.append(",\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"$LATEST\"");
    record.append(ending.response->is_error ? ",\"functionError\":\"Unhandled\"}" : "}");
    record.append(",\"responsePayload\":");
    append_payload(record, ending.response->payload);
  }
  record.push_back('}');
  return record;
}

std::string dead_letter_message(const event_ending& ending) {
  json message;
  message["body"] = ending.event;
  json& attributes = message["attributes"];
  attributes["RequestID"] = attribute("String", ending.request_id.text());
  // An invocation that failed is answered 200; one that never was is a throttle.
  attributes["ErrorCode"] = attribute("Number", ending.response ? "200" : "429");
  attributes["ErrorMessage"] = attribute("String", error_message(ending));
  return json_text(message);
}

}  // namespace kelvin
