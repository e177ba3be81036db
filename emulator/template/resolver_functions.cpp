#include "emulator/template/resolver.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace kelvin::templates {
namespace {

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string made;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    unsigned group = 0;
    for (std::size_t of = 0; of < 3; ++of) {
      group = group << 8 | (at + of < bytes.size() ? static_cast<unsigned char>(bytes[at + of]) : 0u);
    }
    for (std::size_t of = 0; of < 4; ++of) {
      made += at + of > bytes.size() ? '=' : letters[group >> (18 - 6 * of) & 63];
    }
  }
  return made;
}

bool is_list_call(std::string_view function) {
  constexpr std::array<std::string_view, 5> all = {"Fn::Join", "Fn::Split", "Fn::Select", "Fn::FindInMap",
                                                   "Fn::Length"};
  return std::find(all.begin(), all.end(), function) != all.end();
}

/// Functions whose value only AWS knows.
bool is_known_on_aws_only(std::string_view function) {
  constexpr std::array<std::string_view, 4> all = {"Fn::ImportValue", "Fn::Cidr", "Fn::ToJsonString",
                                                   "Fn::GetStackOutput"};
  return std::find(all.begin(), all.end(), function) != all.end();
}

bool is_condition_call(std::string_view function) {
  return function == "Fn::Equals" || function == "Fn::And" || function == "Fn::Or" || function == "Fn::Not";
}

}  // namespace

std::optional<node> resolver::call(std::string_view function, const node& argument, place at) {
  if (function == "Ref") {
    return argument.is_scalar() ? reference(argument.text, at) : malformed("Ref", "a name", at);
  }
  if (function == "Fn::GetAtt") {
    return attribute(argument, at);
  }
  if (function == "Fn::Sub") {
    return substitute(argument, at);
  }
  if (function == "Fn::If") {
    return choose(argument, at);
  }
  if (is_list_call(function)) {
    return call_on_list(function, argument, at);
  }
  if (function == "Fn::Base64" || function == "Fn::GetAZs") {
    const auto value = resolve(argument);
    if (!value || !value->is_scalar()) {
      return malformed(function, "a text", at);
    }
    if (function == "Fn::GetAZs") {
      const std::string region = value->text.empty() ? facts_.region : value->text;
      node zones;
      zones.kind = node_kind::list;
      for (const char letter : {'a', 'b', 'c'}) {
        zones.items.push_back(make_scalar(region + letter, at));
      }
      return zones;
    }
    node made = make_scalar(base64(value->text), at);
    made.unresolved = value->unresolved;
    bound(made);
    return made;
  }
  if (is_condition_call(function)) {
    return make_scalar(evaluate_call(function, argument, at) ? "true" : "false", at);
  }
  if (is_known_on_aws_only(function) || function == "Fn::Transform") {
    notes_.warn(at, std::string(function) + " has no value here");
    return unresolved(std::string(function), at);
  }
  if (function.starts_with("Fn::ForEach")) {
    notes_.fail(at, errc::unsupported, std::string(function) + " is not supported here; write the entries out");
    return unresolved("", at);
  }
  notes_.fail(at, errc::invalid_argument, "unknown intrinsic function " + std::string(function));
  return unresolved("", at);
}

std::optional<node> resolver::call_on_list(std::string_view function, const node& argument, place at) {
  const auto given = resolve(argument);
  if (!given || !given->is_list()) {
    if (given && given->unresolved) {
      return given;
    }
    return malformed(function, "a list", at);
  }
  if (function == "Fn::Join") {
    return join(given->items, at);
  }
  if (function == "Fn::Split") {
    return split(given->items, at);
  }
  if (function == "Fn::Select") {
    return select(given->items, at);
  }
  if (function == "Fn::Length") {
    return make_scalar(std::to_string(given->items.size()), at);
  }
  return find_in_map(given->items, at);
}

std::optional<node> resolver::choose(const node& argument, place at) {
  if (argument.items.size() != 3 || !argument.items[0].is_scalar()) {
    return malformed("Fn::If", "[condition, value if true, value if false]", at);
  }
  return resolve(argument.items[holds(argument.items[0].text, at) ? 1 : 2]);
}

node resolver::substitute(const node& argument, place at) {
  const bool with_map = argument.is_list() && argument.items.size() == 2 && argument.items[1].is_map();
  const node& pattern = with_map ? argument.items[0] : argument;
  if (!pattern.is_scalar()) {
    return malformed("Fn::Sub", "a text, or [text, map]", at);
  }
  node made = make_scalar("", at);
  const std::string_view text = pattern.text;
  for (std::size_t from = 0; from < text.size();) {
    const auto begin = text.find("${", from);
    const auto end = begin == std::string_view::npos ? begin : text.find('}', begin);
    made.text += text.substr(from, end == std::string_view::npos ? end : begin - from);
    if (end == std::string_view::npos) {
      break;
    }
    from = end + 1;
    const std::string name(text.substr(begin + 2, end - begin - 2));
    if (name.starts_with('!')) {
      made.text += "${" + name.substr(1) + "}";
      continue;
    }
    const auto dot = name.find('.');
    const node* own = with_map ? argument.items[1].find(name) : nullptr;
    auto value = own != nullptr             ? resolve(*own)
                 : dot == std::string::npos ? reference(name, at)
                                            : std::optional(attribute(name.substr(0, dot), name.substr(dot + 1), at));
    if (value && value->is_list()) {
      value = join({make_scalar(",", at), *value}, at);
    }
    if (value) {
      made.text += value->text;
      made.unresolved = made.unresolved || value->unresolved;
    }
    bound(made);
  }
  return made;
}

node resolver::join(arguments given, place at) {
  if (given.size() != 2 || !given[0].is_scalar() || !(given[1].is_list() || given[1].unresolved)) {
    return malformed("Fn::Join", "[delimiter, list]", at);
  }
  node made = make_scalar("", at);
  made.unresolved = given[1].unresolved;
  bool first = true;
  for (const node& each : given[1].items) {
    made.text += (std::exchange(first, false) ? "" : given[0].text) + each.text;
    made.unresolved = made.unresolved || each.unresolved;
  }
  bound(made);
  return made;
}

node resolver::split(arguments given, place at) {
  if (given.size() != 2 || !given[0].is_scalar() || !given[1].is_scalar() || given[0].text.empty()) {
    return malformed("Fn::Split", "[delimiter, text]", at);
  }
  if (given[1].unresolved) {
    return given[1];
  }
  node made;
  made.kind = node_kind::list;
  const std::string& text = given[1].text;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(given[0].text, begin), text.size());
    made.items.push_back(make_scalar(text.substr(begin, end - begin), at));
    begin = end + given[0].text.size();
    if (end == text.size()) {
      break;
    }
  }
  return made;
}

node resolver::select(arguments given, place at) {
  if (given.size() == 2 && given[1].unresolved) {
    return given[1];
  }
  std::size_t index = 0;
  const bool well_formed = given.size() == 2 && given[0].is_scalar() && given[1].is_list();
  if (well_formed) {
    const std::string& text = given[0].text;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), index);
    if (read.ec == std::errc() && read.ptr == text.data() + text.size() && index < given[1].items.size()) {
      return given[1].items[index];
    }
  }
  return malformed("Fn::Select", "[index, list], with an index that the list has", at);
}

node resolver::find_in_map(arguments given, place at) {
  if (given.size() < 3 || !given[0].is_scalar() || !given[1].is_scalar() || !given[2].is_scalar()) {
    return malformed("Fn::FindInMap", "[map, first key, second key]", at);
  }
  const node* found = document_.find("Mappings", given[0].text, given[1].text, given[2].text);
  if (found != nullptr) {
    return *found;
  }
  if (given.size() == 4) {
    if (const node* preset = given[3].find("DefaultValue")) {
      return *preset;
    }
  }
  if (given[1].unresolved || given[2].unresolved) {
    return unresolved(given[0].text, at);
  }
  notes_.fail(at, errc::invalid_argument,
              "Mappings has no " + given[0].text + "." + given[1].text + "." + given[2].text);
  return unresolved("", at);
}

}  // namespace kelvin::templates
