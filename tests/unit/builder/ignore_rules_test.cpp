#include "emulator/builder/ignore_rules.hpp"

#include "tests/support/random_seed.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace kelvin::test {
namespace {

bool ignored(std::string_view rules, std::string_view path, bool is_folder = false) {
  ignore_rules made;
  made.add("", rules);
  return made.ignored(path, is_folder);
}

/// Files (and `folder/`s) of a tree, and what git says of them.
class git_tree {
 public:
  git_tree() { run("git init -q ."); }

  const temporary_folder& folder() const { return folder_; }

  /// The paths among `paths` that git ignores.
  std::set<std::string> ignored(const std::vector<std::string>& paths) {
    std::string text;
    for (const std::string& path : paths) {
      text += path + '\0';
    }
    folder_.write(".git/asked", text);
    // 1: none is ignored.
    run("git check-ignore -z --stdin < .git/asked > .git/answer || [ $? = 1 ]");
    std::set<std::string> found;
    std::istringstream answer(read_file(folder_ / ".git/answer"));
    for (std::string path; std::getline(answer, path, '\0');) {
      found.insert(path);
    }
    return found;
  }

 private:
  void run(const std::string& script) const {
    const std::string command = "cd " + folder_.path() +
                                " && export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null && "
                                "unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE && " +
                                script;
    REQUIRE(std::system(command.c_str()) == 0);
  }

  temporary_folder folder_;
};

class random_rules {
 public:
  explicit random_rules(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  std::string text() {
    std::string made;
    for (std::size_t lines = 1 + below(5); lines > 0; --lines) {
      made += line() + (below(8) == 0 ? "\r\n" : "\n");
    }
    return made;
  }

 private:
  std::string line() {
    static const std::vector<std::string> names = {
        "a",   "b",    "ab",    "*",    "a*",     "*b",      "?",           "[ab]", "[!a]",   "\\a",  "**",
        "a?",  "*a*",  "[a-c]", "[]b]", "[^b]c",  "a\\ b",   "[[:alpha:]]", "[",    "[a",     "c",    "[b-]*",
        "*.o", "a*b*", "\\*",   "\\!a", "[\\]a]", "[[:x:]]", "#a",          "\\#a", "b[c-a]", "*[!b]"};
    if (below(15) == 0) {
      return std::vector<std::string>{"", "# a", "  ", "/", "!", "!/", "a\\", "**", "/**", "**/", "//a"}[below(11)];
    }
    std::string made = below(4) == 0 ? "!" : "";
    made += below(4) == 0 ? "/" : "";
    for (std::size_t parts = 1 + (below(2) == 0 ? below(3) : 0); parts > 0; --parts) {
      made += names[below(names.size())] + (parts > 1 ? "/" : "");
    }
    made += below(4) == 0 ? "/" : "";
    return made + (below(8) == 0 ? "  " : "");
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("ignore rules: names at any depth, paths from their folder") {
  CHECK(ignored("a", "a"));
  CHECK(ignored("a", "x/a"));
  CHECK(ignored("/a", "a"));
  CHECK_FALSE(ignored("/a", "x/a"));
  CHECK(ignored("x/a", "x/a"));
  CHECK_FALSE(ignored("x/a", "y/x/a"));
  CHECK_FALSE(ignored("a", "ab"));
  CHECK_FALSE(ignored("", "a"));
  CHECK_FALSE(ignored("*", ""));
}

TEST_CASE("ignore rules: folders, and all that lies in them") {
  CHECK(ignored("a/", "a", true));
  CHECK_FALSE(ignored("a/", "a"));
  CHECK(ignored("a/", "a/b/c"));
  CHECK(ignored("a", "x/a/b"));
  CHECK(ignored("a/*", "a/b/c"));
  CHECK_FALSE(ignored("a/*", "a", true));
}

TEST_CASE("ignore rules: wildcards stop at slashes, two stars do not") {
  CHECK(ignored("*.o", "x/y.o"));
  CHECK_FALSE(ignored("/*.o", "x/y.o"));
  CHECK(ignored("a?c", "abc"));
  CHECK_FALSE(ignored("/a?c", "a/c"));
  CHECK(ignored("x/**/a", "x/a"));
  CHECK(ignored("x/**/a", "x/y/z/a"));
  CHECK(ignored("**/x/a", "y/x/a"));
  CHECK(ignored("**/x/a", "x/a"));
  CHECK(ignored("x/**", "x/y/z"));
  CHECK_FALSE(ignored("x/**", "x", true));
  CHECK_FALSE(ignored("/a**b", "a/b"));
  CHECK(ignored("/a**b", "axyb"));
  CHECK(ignored("a**", "abc"));
}

TEST_CASE("ignore rules: sets") {
  CHECK(ignored("[a-c]x", "bx"));
  CHECK_FALSE(ignored("[a-c]x", "dx"));
  CHECK(ignored("[!a-c]x", "dx"));
  CHECK_FALSE(ignored("[^a-c]x", "ax"));
  CHECK(ignored("[]a]", "]"));
  CHECK(ignored("[a-]", "-"));
  CHECK(ignored("[\\]]", "]"));
  CHECK(ignored("[[:digit:]]", "7"));
  CHECK_FALSE(ignored("[[:digit:]]", "x"));
  CHECK_FALSE(ignored("[[:none:]]", "n"));
  CHECK_FALSE(ignored("[ab", "a"));
  CHECK_FALSE(ignored("a[!x]b", "a/b"));
  CHECK(ignored("[\xc3][\xa4]", "\xc3\xa4"));
}

TEST_CASE("ignore rules: negation, comments, escapes, spaces, line ends") {
  CHECK_FALSE(ignored("*.o\n!keep.o", "keep.o"));
  CHECK(ignored("!keep.o\n*.o", "keep.o"));
  CHECK(ignored("x/\n!x/keep", "x/keep"));
  CHECK_FALSE(ignored("x/*\n!x/keep", "x/keep"));
  CHECK_FALSE(ignored("#a", "#a"));
  CHECK(ignored("\\#a", "#a"));
  CHECK(ignored("\\!a", "!a"));
  CHECK(ignored("a  ", "a"));
  CHECK(ignored("a\\  ", "a "));
  CHECK_FALSE(ignored("a\\  ", "a"));
  CHECK(ignored("a\t", "a\t"));
  CHECK(ignored("a\r\nb\r\n", "a"));
  CHECK(
      ignored("\xef\xbb\xbf"
              "a",
              "a"));
  CHECK_FALSE(ignored("a\\", "a"));
  CHECK_FALSE(ignored("/\n!\n!/\n  \n", "a"));
}

TEST_CASE("ignore rules: deeper files count more") {
  ignore_rules rules;
  rules.add("", "*.o\n/x/y/z\n");
  rules.add("x", "!keep.o\n/only\n");
  CHECK(rules.ignored("keep.o", false));
  CHECK_FALSE(rules.ignored("x/keep.o", false));
  CHECK_FALSE(rules.ignored("x/y/keep.o", false));
  CHECK(rules.ignored("x/y/other.o", false));
  CHECK(rules.ignored("x/only", false));
  CHECK_FALSE(rules.ignored("x/y/only", false));
  CHECK_FALSE(rules.ignored("xx/only", false));
  rules.add("x", "keep.o");
  CHECK(rules.ignored("x/keep.o", false));
}

TEST_CASE("ignore rules: no pattern takes long") {
  std::string pattern;
  for (int part = 0; part < 200; ++part) {
    pattern += "**/*a*";
    pattern += part < 199 ? "/" : "b";
  }
  std::string path = "a";
  for (int part = 0; part < 300; ++part) {
    path += "/aaaa";
  }
  CHECK_FALSE(ignored(pattern, path));
}

TEST_CASE("ignore rules: what git says of random rules") {
  const unsigned seed = random_seed();
  INFO("KELVIN_TEST_SEED=", seed);
  random_rules random(seed);
  git_tree tree;
  std::vector<std::pair<std::string, bool>> paths;
  const std::vector<std::string> files = {"b", "ab", "a b", "x.o", "#a", "!a", "*", "]", "-", "bc", "abab", "cc"};
  for (const std::string folder : {"", "a/", "c/", "a/a/", "a/c/", "a/a/ab/", "c/aa/"}) {
    if (!folder.empty()) {
      paths.emplace_back(folder.substr(0, folder.size() - 1), true);
    }
    for (const std::string& file : files) {
      if (folder != "a/a/" || file != "ab") {
        tree.folder().write(folder + file, "");
        paths.emplace_back(folder + file, false);
      }
    }
  }
  std::vector<std::string> asked;
  for (const auto& [path, is_folder] : paths) {
    asked.push_back(path);
  }
  for (int round = 0; round < 150; ++round) {
    ignore_rules rules;
    for (const std::string folder : {"", "a", "a/a"}) {
      const std::string text = random.text();
      tree.folder().write(folder + "/.gitignore", text);
      rules.add(folder, text);
    }
    const std::set<std::string> expected = tree.ignored(asked);
    for (const auto& [path, is_folder] : paths) {
      const bool agrees = rules.ignored(path, is_folder) == expected.contains(path);
      CHECK_MESSAGE(agrees, path, ": git says ", expected.contains(path), " of\n--- .gitignore\n",
                    read_file(tree.folder() / ".gitignore"), "--- a/.gitignore\n",
                    read_file(tree.folder() / "a/.gitignore"), "--- a/a/.gitignore\n",
                    read_file(tree.folder() / "a/a/.gitignore"));
    }
  }
}

}  // namespace kelvin::test
