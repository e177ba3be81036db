#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// One line of a .gitignore file. Paths are relative to the folder of that file, without a slash at their ends. Source:
/// gitignore(5).
class ignore_pattern {
 public:
  /// Nullopt for a line that holds none: empty, a comment.
  static std::optional<ignore_pattern> parse(std::string_view line);

  /// Whether it is about that path itself; what a folder's pattern means for what lies in it is the caller's.
  bool matches(std::string_view path, bool is_folder) const;
  /// `!pattern`: what it matches is not ignored.
  bool negated() const noexcept { return negated_; }

 private:
  struct piece {
    enum class kind {
      literal,   ///< `byte`
      any,       ///< one byte but a slash
      set,       ///< one byte of `bytes`
      run,       ///< bytes but slashes, or none
      folders,   ///< nothing, or whole folders with the slash behind them
      anything,  ///< all that is left, slashes included
    };
    kind what;
    char byte = 0;
    std::bitset<256> bytes{};
  };

  bool compile(std::string_view text);
  bool add_set(std::string_view& text);
  bool matches_text(std::string_view text) const;

  std::vector<piece> pieces_;
  bool negated_ = false;
  bool folders_only_ = false;
  bool name_only_ = false;  ///< has no slash: is about the last name of a path, at any depth
  bool never_ = false;      ///< not a valid pattern, which matches nothing
};

}  // namespace kelvin
