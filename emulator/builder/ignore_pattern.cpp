#include "emulator/builder/ignore_pattern.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace kelvin {
namespace {

/// Without the spaces at the end that no backslash keeps.
std::string_view trim_end(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\' && at + 1 == line.size()) {
      return line;
    }
    if (line[at] == '\\') {
      ++at;
      end = at + 1;
    } else if (line[at] != ' ') {
      end = at + 1;
    }
  }
  return line.substr(0, end);
}

unsigned char byte_of(char character) {
  return static_cast<unsigned char>(character);
}

using class_test = int (*)(int);

struct named_class {
  std::string_view name;
  class_test test;
};

constexpr std::array<named_class, 12> classes = {{
    {"alnum", std::isalnum},
    {"alpha", std::isalpha},
    {"blank", std::isblank},
    {"cntrl", std::iscntrl},
    {"digit", std::isdigit},
    {"graph", std::isgraph},
    {"lower", std::islower},
    {"print", std::isprint},
    {"punct", std::ispunct},
    {"space", std::isspace},
    {"upper", std::isupper},
    {"xdigit", std::isxdigit},
}};

/// Takes `[:name:]` from the beginning of `text`; false where there is no such class.
bool add_class(std::string_view& text, std::bitset<256>& into) {
  const std::size_t end = text.find(":]", 2);
  const auto found = std::find_if(classes.begin(), classes.end(), [&](const named_class& each) {
    return end != std::string_view::npos && each.name == text.substr(2, end - 2);
  });
  if (found == classes.end()) {
    return false;
  }
  for (int byte = 0; byte < 128; ++byte) {
    if (found->test(byte) != 0) {
      into.set(static_cast<std::size_t>(byte));
    }
  }
  text.remove_prefix(end + 2);
  return true;
}

/// Takes one character of a set, its backslash with it; nullopt at the end of the text.
std::optional<unsigned char> take_member(std::string_view& text) {
  if (text.starts_with('\\')) {
    text.remove_prefix(1);
  }
  if (text.empty()) {
    return std::nullopt;
  }
  const unsigned char taken = byte_of(text.front());
  text.remove_prefix(1);
  return taken;
}

}  // namespace

std::optional<ignore_pattern> ignore_pattern::parse(std::string_view line) {
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  if (line.empty() || line.starts_with('#')) {
    return std::nullopt;
  }
  line = trim_end(line);
  ignore_pattern made;
  if (line.starts_with('!')) {
    made.negated_ = true;
    line.remove_prefix(1);
  }
  if (line.ends_with('/')) {
    made.folders_only_ = true;
    line.remove_suffix(1);
  }
  if (line.empty()) {
    return std::nullopt;
  }
  made.name_only_ = line.find('/') == std::string_view::npos;
  if (line.starts_with('/')) {
    line.remove_prefix(1);
  }
  made.never_ = !made.compile(line);
  return made;
}

bool ignore_pattern::compile(std::string_view text) {
  const std::string_view whole = text;
  while (!text.empty()) {
    const char first = text.front();
    if (first == '*') {
      const std::size_t stars = std::min(text.find_first_not_of('*'), text.size());
      const std::size_t at = whole.size() - text.size();
      const bool begins = at == 0 || whole[at - 1] == '/';
      text.remove_prefix(stars);
      if (stars > 1 && begins && !name_only_ && text.empty()) {
        pieces_.push_back({piece::kind::anything});
      } else if (stars > 1 && begins && text.starts_with('/')) {
        text.remove_prefix(1);
        pieces_.push_back({piece::kind::folders});
      } else {
        pieces_.push_back({piece::kind::run});
      }
    } else if (first == '[') {
      text.remove_prefix(1);
      if (!add_set(text)) {
        return false;
      }
    } else if (first == '?') {
      text.remove_prefix(1);
      pieces_.push_back({piece::kind::any});
    } else {
      const bool escapes = first == '\\';
      if (escapes && text.size() == 1) {
        return false;
      }
      pieces_.push_back({piece::kind::literal, escapes ? text[1] : first});
      text.remove_prefix(escapes ? 2 : 1);
    }
  }
  return true;
}

/// `text` is what stands behind the bracket; taken up to and with the one that closes it.
bool ignore_pattern::add_set(std::string_view& text) {
  piece made{piece::kind::set};
  const bool inverted = text.starts_with('!') || text.starts_with('^');
  text.remove_prefix(inverted ? 1 : 0);
  // A bracket that comes first is a member.
  for (bool first = true; first || !text.starts_with(']'); first = false) {
    if (text.starts_with("[:")) {
      // As git does: where nothing closes the class's name, the bracket is a member.
      const std::size_t close = text.find(']', 2);
      if (close == std::string_view::npos) {
        return false;
      }
      if (close > 2 && text[close - 1] == ':') {
        if (!add_class(text, made.bytes)) {
          return false;
        }
        continue;
      }
    }
    const auto low = take_member(text);
    if (!low) {
      return false;
    }
    auto high = low;
    if (text.size() > 1 && text[0] == '-' && text[1] != ']') {
      text.remove_prefix(1);
      high = take_member(text);
      if (!high) {
        return false;
      }
    }
    // A range that runs backwards still holds its beginning, as in git.
    made.bytes.set(*low);
    for (unsigned byte = *low; byte <= *high; ++byte) {
      made.bytes.set(byte);
    }
  }
  text.remove_prefix(1);
  if (inverted) {
    made.bytes.flip();
  }
  made.bytes.reset(byte_of('/'));
  pieces_.push_back(made);
  return true;
}

bool ignore_pattern::matches(std::string_view path, bool is_folder) const {
  if (never_ || (folders_only_ && !is_folder)) {
    return false;
  }
  return matches_text(name_only_ ? path.substr(path.rfind('/') + 1) : path);
}

// All ways at once, position by position, so that no pattern takes longer than its length times the text's.
bool ignore_pattern::matches_text(std::string_view text) const {
  // Most patterns end here.
  if (!pieces_.empty() && pieces_[0].what == piece::kind::literal && !text.starts_with(pieces_[0].byte)) {
    return false;
  }
  std::string reached(text.size() + 1, '\0');
  reached[0] = 1;
  for (const piece& each : pieces_) {
    bool before = false;
    bool alive = false;
    char previous = 0;
    for (std::size_t at = 0; at <= text.size(); ++at) {
      const char here = reached[at];
      const char last = at > 0 ? text[at - 1] : '/';
      char now = 0;
      switch (each.what) {
        case piece::kind::literal: now = previous != 0 && last == each.byte; break;
        case piece::kind::any: now = previous != 0 && last != '/'; break;
        case piece::kind::set: now = previous != 0 && each.bytes.test(byte_of(last)); break;
        case piece::kind::run: now = here != 0 || (at > 0 && reached[at - 1] != 0 && last != '/'); break;
        case piece::kind::folders: now = here != 0 || (before && last == '/'); break;
        case piece::kind::anything: now = here != 0 || before; break;
      }
      before = before || here != 0;
      previous = here;
      reached[at] = now;
      alive = alive || now != 0;
    }
    if (!alive) {
      return false;
    }
  }
  return reached[text.size()] != 0;
}

}  // namespace kelvin
