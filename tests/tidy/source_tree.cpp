#include "tests/tidy/source_tree.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kelvin::tidy {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 9> left_behind = {"build",       ".git",          "target",
                                                         "__pycache__", ".pytest_cache", ".cache",
                                                         ".venv",       "node_modules",  "compile_commands.json"};

bool is_text(std::string_view bytes) {
  return bytes.find('\0') == std::string_view::npos;
}

source_file load(const fs::path& path, std::string relative) {
  source_file file;
  file.path = std::move(relative);
  file.size_bytes = fs::file_size(path);
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  const std::string text = bytes.str();
  if (is_text(text)) {
    file.lines = split_lines(text);
    if (file.is_cpp()) {
      file.code = split_lines(blank_comments_and_literals(text));
    }
  }
  return file;
}

std::vector<source_file> load_all() {
  const fs::path top = KELVIN_SOURCE_FOLDER;
  std::vector<source_file> files;
  for (auto entry = fs::recursive_directory_iterator(top); entry != fs::recursive_directory_iterator(); ++entry) {
    const std::string name = entry->path().filename().string();
    if (std::find(left_behind.begin(), left_behind.end(), name) != left_behind.end()) {
      entry.disable_recursion_pending();
      continue;
    }
    if (entry->is_regular_file() && !entry->is_symlink()) {
      files.push_back(load(entry->path(), entry->path().lexically_relative(top).generic_string()));
    }
  }
  std::sort(files.begin(), files.end(), [](const auto& left, const auto& right) { return left.path < right.path; });
  return files;
}

/// Index just behind the literal that starts at `begin`: a quote, or the R of a raw string.
std::size_t end_of_literal(std::string_view text, std::size_t begin) {
  if (text[begin] == 'R') {
    const std::size_t open = text.find('(', begin);
    const std::string close = ")" + std::string(text.substr(begin + 2, open - begin - 2)) + "\"";
    const std::size_t end = text.find(close, open);
    return end == std::string_view::npos ? text.size() : end + close.size();
  }
  for (std::size_t index = begin + 1; index < text.size(); ++index) {
    if (text[index] == '\\') {
      ++index;
    } else if (text[index] == text[begin] || text[index] == '\n') {
      return index + 1;
    }
  }
  return text.size();
}

bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

/// Index just behind the comment or literal that starts at `begin`, or `begin` if none starts there.
std::size_t end_of_blank(std::string_view text, std::size_t begin) {
  const std::string_view rest = text.substr(begin);
  const bool inside_word = begin > 0 && is_word(text[begin - 1]);
  if (rest.starts_with("//")) {
    return std::min(text.find('\n', begin), text.size());
  }
  if (rest.starts_with("/*")) {
    const std::size_t end = text.find("*/", begin + 2);
    return end == std::string_view::npos ? text.size() : end + 2;
  }
  // An apostrophe inside a word separates digits, and an R inside a word starts no raw string.
  if (rest.starts_with('"') || (!inside_word && (rest.starts_with('\'') || rest.starts_with("R\"")))) {
    return end_of_literal(text, begin);
  }
  return begin;
}

/// An include's quoted path is no literal: the layer rules read it.
bool starts_include(std::string_view text, std::size_t begin) {
  return text.substr(begin).starts_with("#include") && (begin == 0 || text[begin - 1] == '\n');
}

}  // namespace

const std::vector<source_file>& source_tree() {
  static const std::vector<source_file> files = load_all();
  return files;
}

std::string blank_comments_and_literals(std::string_view text) {
  std::string code(text);
  std::size_t index = 0;
  while (index < text.size()) {
    if (starts_include(text, index)) {
      index = std::min(text.find('\n', index), text.size());
      continue;
    }
    const std::size_t end = end_of_blank(text, index);
    if (end == index) {
      ++index;
      continue;
    }
    for (; index < end; ++index) {
      if (code[index] != '\n') {
        code[index] = ' ';
      }
    }
  }
  return code;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

void findings::add(const source_file& file, std::size_t line_index, std::string_view message) {
  add(file.path + ":" + std::to_string(line_index + 1), message);
}

void findings::add(std::string_view where, std::string_view message) {
  text_.append("\n").append(where).append(": ").append(message);
}

}  // namespace kelvin::tidy
