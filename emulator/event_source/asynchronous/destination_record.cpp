#include "emulator/event_source/asynchronous/destination_record.hpp"

#include "emulator/invoke/json_check.hpp"
#include "runtime-api/base/iso_time.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>

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

/// Looks for the string `errorMessage` of the outermost object and stops there.
class error_message_finder final : public json::json_sax_t {
 public:
  std::string found;

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(std::int64_t) override { return value(); }
  bool number_unsigned(std::uint64_t) override { return value(); }
  bool number_float(double, const std::string&) override { return value(); }
  bool binary(json::binary_t&) override { return value(); }
  bool string(std::string& text) override {
    if (wanted_) {
      found = std::move(text);
    }
    return !wanted_;
  }
  bool key(std::string& name) override {
    wanted_ = depth_ == 1 && name == "errorMessage";
    return true;
  }
  bool start_object(std::size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool value() {
    wanted_ = false;
    return true;
  }
  bool enter() {
    ++depth_;
    return value();
  }
  bool leave() {
    --depth_;
    return true;
  }

  unsigned depth_ = 0;
  bool wanted_ = false;
};

std::string error_message(const event_ending& ending) {
  if (!ending.response) {
    return "Rate Exceeded.";
  }
  error_message_finder finder;
  json::sax_parse(ending.response->payload, &finder);
  std::string text = std::move(finder.found);
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
