#include "emulator/template/node.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kelvin::templates {
namespace {

bool is_one_of(const node* value, const std::array<std::string_view, 9>& words) noexcept {
  if (value == nullptr || !value->is_scalar()) {
    return false;
  }
  const auto found = std::find(words.begin(), words.end(), value->text);
  // In quotes only the first one counts: the others are YAML's, not JSON's.
  return found == words.begin() || (found != words.end() && !value->quoted);
}

}  // namespace

const node* node::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const member& each) { return each.name == name; });
  return found == members.end() || found->value.is_null() ? nullptr : &found->value;
}

std::string_view node::only_name() const noexcept {
  return is_map() && members.size() == 1 ? std::string_view(members.front().name) : std::string_view();
}

node make_scalar(std::string text, place at) {
  node made;
  made.kind = node_kind::scalar;
  made.text = std::move(text);
  made.at = at;
  return made;
}

bool is_true(const node* value) noexcept {
  return is_one_of(value, {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"});
}

bool is_false(const node* value) noexcept {
  return is_one_of(value, {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"});
}

}  // namespace kelvin::templates
