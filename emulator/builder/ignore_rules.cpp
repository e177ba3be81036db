#include "emulator/builder/ignore_rules.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace kelvin {

void ignore_rules::add(std::string_view folder, std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) {
    text.remove_prefix(byte_order_mark.size());
  }
  auto& patterns = rules_[std::string(folder)];
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (auto pattern = ignore_pattern::parse(text.substr(0, end))) {
      patterns.push_back(std::move(*pattern));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool ignore_rules::ignored(std::string_view path, bool is_folder) const {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    if (ignored_itself(path.substr(0, slash), true)) {
      return true;
    }
  }
  return !path.empty() && ignored_itself(path, is_folder);
}

bool ignore_rules::ignored_itself(std::string_view path, bool is_folder) const {
  // From the folder that holds it up to the root: the last pattern of the nearest file that matches decides.
  for (std::string_view folder = path; !folder.empty();) {
    const std::size_t slash = folder.rfind('/');
    folder = slash == std::string_view::npos ? std::string_view() : folder.substr(0, slash);
    const auto found = rules_.find(folder);
    if (found == rules_.end()) {
      continue;
    }
    const std::string_view below = folder.empty() ? path : path.substr(folder.size() + 1);
    const auto& patterns = found->second;
    const auto decides = std::find_if(patterns.rbegin(), patterns.rend(),
                                      [&](const ignore_pattern& each) { return each.matches(below, is_folder); });
    if (decides != patterns.rend()) {
      return !decides->negated();
    }
  }
  return false;
}

}  // namespace kelvin
