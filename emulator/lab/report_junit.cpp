#include "emulator/lab/report_junit.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace kelvin::lab {
namespace {

using json = nlohmann::json;

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// With U+FFFD where bytes are no UTF-8.
std::string valid_utf8(const std::string& text) {
  return json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

/// The text of an attribute, without its quotes.
std::string escaped(const std::string& given) {
  std::string text;
  const std::string valid = valid_utf8(given);
  for (std::size_t index = 0; index < valid.size(); ++index) {
    const char byte = valid[index];
    const std::string_view three = std::string_view(valid).substr(index, 3);
    if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {
      text += replacement;
      index += 2;
    } else if (byte == '&') {
      text += "&amp;";
    } else if (byte == '<') {
      text += "&lt;";
    } else if (byte == '>') {
      text += "&gt;";
    } else if (byte == '"') {
      text += "&quot;";
    } else if (byte == '\t' || byte == '\n' || byte == '\r') {
      text += "&#" + std::to_string(static_cast<int>(byte)) + ";";
    } else if (static_cast<unsigned char>(byte) < 0x20) {
      text += replacement;
    } else {
      text += byte;
    }
  }
  return text;
}

std::size_t count(std::span<const gated_target> targets, gate_verdict verdict) {
  return static_cast<std::size_t>(std::count_if(
      targets.begin(), targets.end(), [&](const gated_target& target) { return target.decision.verdict == verdict; }));
}

std::string test_case(const gated_target& target) {
  const gate_verdict verdict = target.decision.verdict;
  std::string text = "  <testcase classname=\"kelvin bench\" name=\"" + escaped(target.name) + "\"";
  if (verdict == gate_verdict::none) {
    return text + "/>\n";
  }
  text += verdict == gate_verdict::regression ? "><failure" : "><error";
  text += " type=\"" + std::string(name_of(verdict)) + "\" message=\"" + escaped(describe(target.decision)) + "\"/>";
  return text + "</testcase>\n";
}

}  // namespace

std::string report_junit(std::span<const gated_target> targets) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"kelvin bench\" tests=\"" +
                     std::to_string(targets.size()) + "\" failures=\"" +
                     std::to_string(count(targets, gate_verdict::regression)) + "\" errors=\"" +
                     std::to_string(count(targets, gate_verdict::undecided)) + "\">\n";
  for (const gated_target& target : targets) {
    text += test_case(target);
  }
  return text + "</testsuite>\n";
}

}  // namespace kelvin::lab
