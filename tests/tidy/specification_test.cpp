#include "tests/tidy/source_tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <set>

namespace kelvin::tidy {
namespace {

const source_file* find_file(std::string_view path) {
  const auto& files = source_tree();
  const auto found = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == path; });
  return found == files.end() ? nullptr : &*found;
}

/// Whether `file` holds a test of that name: a doctest case or subcase, or a Python function.
bool holds_test(const source_file& file, const std::string& name) {
  const std::string wanted = file.has_extension(".py") ? "def " + name + "(" : "\"" + name + "\"";
  return std::any_of(file.lines.begin(), file.lines.end(),
                     [&](const std::string& line) { return line.find(wanted) != std::string::npos; });
}

TEST_CASE("every promise of the specification names a test that exists") {
  static const std::regex promise(R"(\*\*(P-[A-Z]+-[0-9]+)\*\*)");
  static const std::regex reference(R"(`(tests/[^`:]+)::([^`]+)`)");
  const source_file* specification = find_file("docs/specification.md");
  REQUIRE(specification != nullptr);
  findings found;
  std::set<std::string> seen;
  for (std::size_t index = 0; index < specification->lines.size(); ++index) {
    const std::string& line = specification->lines[index];
    std::smatch match;
    if (!std::regex_search(line, match, promise)) {
      continue;
    }
    if (!seen.insert(match[1].str()).second) {
      found.add(*specification, index, match[1].str() + " is there twice");
    }
    auto named = std::sregex_iterator(line.begin(), line.end(), reference);
    if (named == std::sregex_iterator()) {
      found.add(*specification, index, match[1].str() + " names no test (`tests/<file>::<test>`)");
    }
    for (; named != std::sregex_iterator(); ++named) {
      const source_file* file = find_file((*named)[1].str());
      if (file == nullptr) {
        found.add(*specification, index, (*named)[1].str() + " does not exist");
      } else if (!holds_test(*file, (*named)[2].str())) {
        found.add(*specification, index, (*named)[1].str() + " has no test named: " + (*named)[2].str());
      }
    }
  }
  CHECK(seen.size() > 0);
  CHECK_MESSAGE(found.empty(), found.text());
}

}  // namespace
}  // namespace kelvin::tidy
