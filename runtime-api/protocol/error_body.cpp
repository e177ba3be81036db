#include "runtime-api/protocol/error_body.hpp"

#include "runtime-api/base/json_string.hpp"
#include "runtime-api/protocol/error_types.hpp"
#include "runtime-api/protocol/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace kelvin::protocol {
namespace {

bool is_upper(char character) noexcept {
  return character >= 'A' && character <= 'Z';
}
bool is_letter(char character) noexcept {
  return is_upper(character) || (character >= 'a' && character <= 'z');
}

/// Whether `prefix` is somewhere followed by a capital and at least one more letter.
bool holds_type(std::string_view text, std::string_view prefix) noexcept {
  for (auto at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1)) {
    const std::string_view behind = text.substr(at + prefix.size());
    if (behind.size() >= 2 && is_upper(behind[0]) && is_letter(behind[1])) {
      return true;
    }
  }
  return false;
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// The three members that are passed on; false if one of them is not what it must be.
struct error_object {
  std::string message;
  std::string type;
  std::vector<std::string> stack_trace;

  bool read(const nlohmann::json& document) {
    return document.is_object() && read_text(document, "errorMessage", message) &&
           read_text(document, "errorType", type) && read_stack_trace(document);
  }

  static bool read_text(const nlohmann::json& document, const char* name, std::string& text) {
    const auto found = document.find(name);
    if (found == document.end() || found->is_null()) {
      return true;
    }
    return found->is_string() && (text = found->get<std::string>(), true);
  }

  bool read_stack_trace(const nlohmann::json& document) {
    const auto found = document.find("stackTrace");
    if (found == document.end() || found->is_null()) {
      return true;
    }
    if (!found->is_array()) {
      return false;
    }
    for (const nlohmann::json& line : *found) {
      if (!line.is_string()) {
        return false;
      }
      stack_trace.push_back(line.get<std::string>());
    }
    return true;
  }
};

std::string print(const error_object& error) {
  std::string json = json_pair("errorMessage", error.message, "errorType", error.type);
  if (error.stack_trace.empty()) {
    return json;
  }
  json.back() = ',';
  json += "\"stackTrace\":[";
  for (const std::string& line : error.stack_trace) {
    append_json_string(json, line);
    json += ',';
  }
  json.back() = ']';
  json += '}';
  return json;
}

}  // namespace

std::string normalized_error_type(std::string_view header) {
  if (holds_type(header, "Runtime.") || holds_type(header, "Function.")) {
    return std::string(header);
  }
  return std::string(header.starts_with("Function.") ? error_types::function_unknown : error_types::runtime_unknown);
}

bool is_error_cause_type(std::string_view content_type) noexcept {
  constexpr std::string_view wanted = "application/vnd.aws.lambda.error.cause+json";
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  return std::equal(type.begin(), type.end(), wanted.begin(), wanted.end(),
                    [](char left, char right) { return std::tolower(static_cast<unsigned char>(left)) == right; });
}

payload without_error_cause(std::string_view body) {
  // The cause is dropped while parsing: it may nest deeper than a stack is high.
  const auto drop_deep = [](int depth, nlohmann::json::parse_event_t event, nlohmann::json&) {
    const bool opens =
        event == nlohmann::json::parse_event_t::object_start || event == nlohmann::json::parse_event_t::array_start;
    return !(opens && depth > 1);
  };
  const auto document = nlohmann::json::parse(body.begin(), body.end(), drop_deep, false);
  error_object error;
  return payload(error.read(document) ? print(error) : std::string("\"Invalid error body\""));
}

}  // namespace kelvin::protocol
