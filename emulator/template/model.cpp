#include "emulator/template/model.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace kelvin::templates {

const function_description* model::function_of(const std::string& name_or_arn) const {
  const std::string name = function_name_in(name_or_arn);
  const auto found = std::find_if(into.functions.begin(), into.functions.end(),
                                  [&](const auto& each) { return each.name == name || each.logical_id == name; });
  return found == into.functions.end() ? nullptr : &*found;
}

std::string model::path_of(const std::string& path) const {
  const std::filesystem::path named(path);
  return (named.is_absolute() ? named : std::filesystem::path(folder) / named).lexically_normal().string();
}

std::optional<std::string> text_in(const model& in, const node* value, std::string_view name) {
  if (value == nullptr || value->is_null()) {
    return std::nullopt;
  }
  if (!value->is_scalar()) {
    in.notes.fail(value->at, errc::invalid_argument, std::string(name) + " must be a text");
    return std::nullopt;
  }
  if (value->unresolved) {
    in.notes.warn(value->at, std::string(name) + ": its value is known on AWS only, so it is left out here");
    return std::nullopt;
  }
  return value->text;
}

std::optional<unsigned> number_in(const model& in, const node* value, std::string_view name, unsigned least,
                                  unsigned most) {
  const auto text = text_in(in, value, name);
  if (!text) {
    return std::nullopt;
  }
  unsigned number = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
  if (read.ec == std::errc() && read.ptr == text->data() + text->size() && number >= least && number <= most) {
    return number;
  }
  in.notes.fail(value->at, errc::invalid_argument,
                std::string(name) + ": " + *text + " is not a whole number from " + std::to_string(least) + " to " +
                    std::to_string(most));
  return std::nullopt;
}

bool truth_in(const model& in, const node* value, std::string_view name, bool preset) {
  if (is_true(value) || is_false(value)) {
    return is_true(value);
  }
  if (const auto text = text_in(in, value, name)) {
    in.notes.fail(value->at, errc::invalid_argument, std::string(name) + ": " + *text + " is neither true nor false");
  }
  return preset;
}

std::vector<std::string> texts_in(const model& in, const node* value, std::string_view name) {
  std::vector<std::string> all;
  if (value != nullptr && value->is_list()) {
    for (const node& each : value->items) {
      if (auto text = text_in(in, &each, name)) {
        all.push_back(std::move(*text));
      }
    }
  } else if (auto text = text_in(in, value, name)) {
    all.push_back(std::move(*text));
  }
  return all;
}

std::string function_name_in(std::string_view text) {
  constexpr std::string_view before = ":function:";
  if (const auto at = text.find(before); at != std::string_view::npos) {
    text.remove_prefix(at + before.size());
    return std::string(text.substr(0, text.find_first_of(":/")));
  }
  return text.find_first_of(":/ ") == std::string_view::npos ? std::string(text) : std::string();
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char letter) { return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter; });
  return text;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; });
  return text;
}

}  // namespace kelvin::templates
