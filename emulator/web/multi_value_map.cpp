#include "emulator/web/multi_value_map.hpp"

#include "runtime-api/http/text.hpp"

#include <algorithm>
#include <utility>

namespace kelvin::web {
namespace {

constexpr std::size_t entries_looked_at = 24;
constexpr std::size_t usual_entries = 16;

}  // namespace

void multi_value_map::add(std::string name, std::string value) {
  place(std::move(name)).values.push_back(std::move(value));
}

void multi_value_map::set(std::string name, std::string value) {
  entry& found = place(std::move(name));
  found.values.clear();
  found.values.push_back(std::move(value));
}

const multi_value_map::entry* multi_value_map::find(std::string_view name) const {
  const auto index = place_of(name);
  return index ? &entries_[*index] : nullptr;
}

std::optional<std::size_t> multi_value_map::place_of(std::string_view name) const {
  if (entries_.size() > entries_looked_at) {
    const auto found = places_.find(key_of(name));
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }
  for (std::size_t index = 0; index < entries_.size(); ++index) {
    const std::string& each = entries_[index].name;
    if (how_ == names::exact ? each == name : http::equal_ignoring_case(each, name)) {
      return index;
    }
  }
  return std::nullopt;
}

std::string multi_value_map::key_of(std::string_view name) const {
  std::string key(name);
  if (how_ == names::ignoring_case) {
    std::transform(key.begin(), key.end(), key.begin(), http::to_lower);
  }
  return key;
}

multi_value_map::entry& multi_value_map::place(std::string name) {
  if (const auto index = place_of(name)) {
    return entries_[*index];
  }
  if (entries_.empty()) {
    entries_.reserve(usual_entries);
  }
  entries_.push_back({std::move(name), {}});
  if (entries_.size() > entries_looked_at) {
    for (std::size_t index = places_.size(); index < entries_.size(); ++index) {
      places_.emplace(key_of(entries_[index].name), index);
    }
  }
  return entries_.back();
}

std::string joined(const multi_value_map::entry& entry, std::string_view separator) {
  std::string all;
  for (const std::string& value : entry.values) {
    if (&value != &entry.values.front()) {
      all += separator;
    }
    all += value;
  }
  return all;
}

}  // namespace kelvin::web
