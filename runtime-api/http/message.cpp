#include "runtime-api/http/message.hpp"

#include "runtime-api/http/text.hpp"

#include <cassert>

namespace kelvin::http {

void field_list::add(std::string_view name, std::string_view value) {
  const auto name_begin = static_cast<std::uint32_t>(bytes_.size());
  const auto name_size = static_cast<std::uint32_t>(name.size());
  bytes_.append(name);
  bytes_.append(value);
  entries_.push_back({name_begin, name_size, name_begin + name_size, static_cast<std::uint32_t>(value.size())});
}

void field_list::clear() noexcept {
  bytes_.clear();
  entries_.clear();
}

field field_list::at(std::size_t index) const noexcept {
  assert(index < entries_.size());
  const entry& found = entries_[index];
  const std::string_view bytes = bytes_;
  return {bytes.substr(found.name_begin, found.name_size), bytes.substr(found.value_begin, found.value_size)};
}

std::optional<std::string_view> field_list::find(std::string_view name) const noexcept {
  const std::string_view bytes = bytes_;
  for (const entry& each : entries_) {
    if (each.name_size == name.size() && equal_ignoring_case(bytes.substr(each.name_begin, each.name_size), name)) {
      return bytes.substr(each.value_begin, each.value_size);
    }
  }
  return std::nullopt;
}

std::string_view request_head::path() const noexcept {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view request_head::query() const noexcept {
  const std::size_t mark = target.find('?');
  return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

}  // namespace kelvin::http
