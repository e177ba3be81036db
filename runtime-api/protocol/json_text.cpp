#include "runtime-api/protocol/json_text.hpp"

#include "runtime-api/base/json_string.hpp"

namespace kelvin::protocol {

std::string json_pair(std::string_view first_name, std::string_view first_value, std::string_view second_name,
                      std::string_view second_value) {
  std::string json = "{";
  append_json_string(json, first_name);
  json += ':';
  append_json_string(json, first_value);
  json += ',';
  append_json_string(json, second_name);
  json += ':';
  append_json_string(json, second_value);
  json += '}';
  return json;
}

std::string error_answer(std::string_view error_type, std::string_view error_message) {
  return json_pair("errorMessage", error_message, "errorType", error_type) + "\n";
}

}  // namespace kelvin::protocol
