#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::tidy {

/// One file of the checkout. `lines` are without their newline; `code` is the same number of lines
/// with comments and the contents of literals blanked, filled for C++ files only.
struct source_file {
  std::string path;  ///< relative to the checkout, with '/'
  std::uintmax_t size_bytes = 0;
  std::vector<std::string> lines;
  std::vector<std::string> code;

  bool below(std::string_view folder) const { return path.starts_with(folder); }
  bool has_extension(std::string_view extension) const { return path.ends_with(extension); }
  bool is_cpp() const { return has_extension(".cpp") || has_extension(".hpp"); }
};

/// Every file of the checkout, sorted by path, without what builds and tools leave behind. Files that
/// are not text keep `lines` empty.
const std::vector<source_file>& source_tree();

/// C++ with comments and the contents of string and character literals replaced by spaces; newlines stay.
std::string blank_comments_and_literals(std::string_view text);

/// Splits at '\n'; a last line without one counts.
std::vector<std::string> split_lines(std::string_view text);

/// `path:line: message`, one per line: what a failing rule prints.
class findings {
 public:
  void add(const source_file& file, std::size_t line_index, std::string_view message);
  void add(std::string_view where, std::string_view message);
  bool empty() const { return text_.empty(); }
  const std::string& text() const { return text_; }

 private:
  std::string text_ = {};
};

}  // namespace kelvin::tidy
