#include "tests/tidy/source_tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <regex>

namespace kelvin::tidy {
namespace {

constexpr std::size_t lines_max = 400;
constexpr std::size_t columns_max = 120;
constexpr std::uintmax_t blob_bytes_max = 256 * 1024;

struct banned_pattern {
  const char* pattern;
  const char* advice;
};

struct banned_word {
  std::string_view word;
  std::string_view instead;
};

// Words that name something AWS has its own word for.
constexpr std::array<banned_word, 11> banned_words = {{
    {"container", "execution_environment"},
    {"instance", "execution_environment"},
    {"worker", "execution_environment"},
    {"jail", "sandbox"},
    {"job", "invocation_request"},
    {"agent", "extension"},
    {"plugin", "extension"},
    {"poller", "event source"},
    {"trigger", "event source"},
    {"teardown", "phase::shutdown"},
    {"hook", "lifecycle_event"},
}};

bool is_source(const source_file& file) {
  static const std::array<std::string_view, 8> extensions = {".cpp", ".hpp", ".py",    ".sh",
                                                             ".rs",  ".go",  ".cmake", "CMakeLists.txt"};
  return std::any_of(extensions.begin(), extensions.end(), [&](auto ending) { return file.has_extension(ending); }) ||
         file.path == "dev" || file.below(".ci/");
}

bool is_prose(const source_file& file) {
  return file.has_extension(".md");
}

/// Columns as an editor counts them: UTF-8 continuation bytes take none.
std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(
      line.begin(), line.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

/// Every line of `lines` that matches any of `patterns`.
void refuse(const source_file& file, const std::vector<std::string>& lines,
            const std::vector<std::pair<std::regex, std::string>>& patterns, findings& found) {
  for (std::size_t index = 0; index < lines.size(); ++index) {
    for (const auto& [pattern, advice] : patterns) {
      if (std::regex_search(lines[index], pattern)) {
        found.add(file, index, advice);
      }
    }
  }
}

std::string_view banned_part(std::string_view name) {
  for (const banned_word& banned : banned_words) {
    for (std::size_t at = name.find(banned.word); at != std::string_view::npos; at = name.find(banned.word, at + 1)) {
      const std::size_t end = at + banned.word.size();
      if ((at == 0 || name[at - 1] == '_') && (end == name.size() || name[end] == '_' || name[end] == '.')) {
        return banned.instead;
      }
    }
  }
  return {};
}

TEST_CASE("comments and literals are blanked, code is not") {
  CHECK(blank_comments_and_literals("a // b\nc") == "a     \nc");
  CHECK(blank_comments_and_literals("a /* b\nc */ d") == "a     \n     d");
  CHECK(blank_comments_and_literals("f(\"x\\\"y\", 'z')") == "f(      ,    )");
  CHECK(blank_comments_and_literals("R\"t(a\")t\" b") == "          b");
  CHECK(blank_comments_and_literals("1'000 + 2'000") == "1'000 + 2'000");
  CHECK(blank_comments_and_literals("#include \"a/b.hpp\"\n") == "#include \"a/b.hpp\"\n");
}

TEST_CASE("sources keep their size and shape") {
  findings found;
  std::size_t checked = 0;
  for (const source_file& file : source_tree()) {
    if (is_source(file)) {
      ++checked;
      if (file.lines.size() > lines_max) {
        found.add(file.path, std::to_string(file.lines.size()) + " lines; split it (at most 400)");
      }
    }
    for (std::size_t index = 0; index < file.lines.size(); ++index) {
      const std::string& line = file.lines[index];
      if (is_source(file) && columns(line) > columns_max) {
        found.add(file, index, std::to_string(columns(line)) + " columns; break the line (at most 120)");
      }
      if (is_source(file) && !file.has_extension(".go") && line.find('\t') != std::string::npos) {
        found.add(file, index, "tab; indent with spaces, and write \\t inside literals");
      }
      if ((is_source(file) || is_prose(file)) && !line.empty() && (line.back() == ' ' || line.back() == '\r')) {
        found.add(file, index, "space or carriage return at the end of the line");
      }
    }
    if (file.path == "README.md" && file.lines.size() > 200) {
      found.add(file.path, "the README stays under 200 lines; move detail to docs/");
    }
  }
  CHECK(checked > 0);
  CHECK_MESSAGE(found.empty(), found.text());
}

TEST_CASE("nothing is left for later and nothing names a machine") {
  // Put together here so that this file does not hold what it forbids.
  const std::vector<std::pair<std::regex, std::string>> patterns = {
      {std::regex("\\b(TO"
                  "DO|FIX"
                  "ME|XX"
                  "X)\\b"),
       "leftover note: do it, or write it down as a limit"},
      {std::regex("(^|[^A-Za-z0-9_.-])/(wo"
                  "rk|ro"
                  "ot|home/(?!me/)[a-z][a-z0-9]*)/"),
       "absolute path of somebody's machine"},
  };
  findings found;
  for (const source_file& file : source_tree()) {
    if (is_source(file) || is_prose(file) || file.path == "Dockerfile") {
      refuse(file, file.lines, patterns, found);
    }
  }
  CHECK_MESSAGE(found.empty(), found.text());
}

TEST_CASE("C++ keeps to the project's habits") {
  const std::vector<std::pair<std::regex, std::string>> everywhere = {
      {std::regex(R"(\bstd::endl\b)"), "std::endl flushes; write '\\n'"},
  };
  const std::vector<std::pair<std::regex, std::string>> in_headers = {
      {std::regex(R"(^using\s+namespace\s+(?!std::\w*literals))"), "using namespace in a header"},
  };
  const std::vector<std::pair<std::regex, std::string>> in_products = {
      {std::regex(R"(\bdetached\b)"), "spawn through task_group: it counts its tasks and sees what escapes them"},
      {std::regex(R"(\bgetaddrinfo\b|\bgethostbyname\b)"), "name look-ups do not work in the static binary"},
  };
  findings found;
  for (const source_file& file : source_tree()) {
    refuse(file, file.code, everywhere, found);
    if (file.has_extension(".hpp")) {
      refuse(file, file.code, in_headers, found);
      const bool guarded = std::find(file.lines.begin(), file.lines.end(), "#pragma once") != file.lines.end();
      if (!guarded) {
        found.add(file.path, "header without #pragma once");
      }
    }
    const bool is_product = file.below("runtime-api/") || file.below("emulator/");
    if (is_product && file.path.find("task_group") == std::string::npos) {
      refuse(file, file.code, in_products, found);
    }
  }
  CHECK_MESSAGE(found.empty(), found.text());
}

TEST_CASE("names are AWS's words") {
  CHECK(banned_part("worker_pool") == "execution_environment");
  CHECK(banned_part("coworkers").empty());
  static const std::regex declaration(
      R"(\b(?:class|struct|enum class|enum|concept|namespace)\s+([a-z_0-9]+)\s*(?:final\s*)?[:{;])"
      R"(|\busing\s+([a-z_0-9]+)\s*=)");
  findings found;
  for (const source_file& file : source_tree()) {
    if (file.size_bytes > blob_bytes_max) {
      found.add(file.path, std::to_string(file.size_bytes / 1024) + " KiB; generate it, or fetch it in the build");
    }
  }
  CHECK_MESSAGE(found.empty(), found.text());
}

}  // namespace
}  // namespace kelvin::tidy
