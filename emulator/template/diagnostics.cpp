#include "emulator/template/diagnostics.hpp"

namespace kelvin::templates {
namespace {

constexpr std::size_t errors_shown = 10;

}  // namespace

unsigned diagnostics::add_file(std::string shown) {
  files_.push_back(std::move(shown));
  return static_cast<unsigned>(files_.size() - 1);
}

std::string diagnostics::text_of(place at) const {
  return at.line == 0 ? file(at.file) : file(at.file) + ":" + std::to_string(at.line);
}

void diagnostics::add(std::set<key>& to, place at, const std::string& what) {
  to.emplace(std::pair(at.file, at.line), what);
}

void diagnostics::fail(place at, errc code, const std::string& what) {
  if (errors_.empty()) {
    code_ = code;
  }
  add(errors_, at, what);
}

failure diagnostics::error() const {
  std::string text;
  std::size_t shown = 0;
  for (const auto& [where, what] : errors_) {
    if (shown++ == errors_shown) {
      text += "\n  and " + std::to_string(errors_.size() - errors_shown) + " more";
      break;
    }
    text += (text.empty() ? "" : "\n") + text_of({where.first, where.second, 0}) + ": " + what;
  }
  return kelvin::fail(code_, std::move(text));
}

std::vector<std::string> diagnostics::warnings() const {
  std::vector<std::string> all;
  for (const auto& [where, what] : warnings_) {
    all.push_back(text_of({where.first, where.second, 0}) + ": " + what);
  }
  return all;
}

}  // namespace kelvin::templates
