#include "tests/tidy/module_table.hpp"
#include "tests/tidy/source_tree.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <sstream>

namespace kelvin::tidy {
namespace {

bool is_product(const source_file& file) {
  return file.is_cpp() && (file.below("runtime-api/") || file.below("emulator/"));
}

/// The path of an #include line, without quotes or brackets; empty for any other line.
std::string included(const std::string& line) {
  static const std::regex pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::smatch match;
  return std::regex_search(line, match, pattern) ? match[1].str() : std::string();
}

template <class Check>
void for_each_include(Check check) {
  for (const source_file& file : source_tree()) {
    for (std::size_t index = 0; index < file.code.size(); ++index) {
      if (const std::string path = included(file.code[index]); !path.empty()) {
        check(file, index, path);
      }
    }
  }
}

TEST_CASE("the module table knows what may use what") {
  CHECK(may_use("http", "base"));
  CHECK(may_use("environment", "protocol"));
  CHECK(may_use("cli", "frontdoor/invoke_api"));
  CHECK_FALSE(may_use("http", "protocol"));
  CHECK_FALSE(may_use("base", "http"));
  CHECK_FALSE(may_use("sandbox", "http"));
  CHECK_FALSE(may_use("frontdoor/invoke_api", "scheduler"));
  CHECK_FALSE(may_use("frontdoor/invoke_api", "frontdoor/http_api"));
  CHECK_FALSE(may_use("scheduler", "observability"));
  CHECK(module_of("emulator/frontdoor/invoke_api/a.cpp") == "frontdoor/invoke_api");
  CHECK_FALSE(module_of("tests/tidy/layer_test.cpp").has_value());
}

TEST_CASE("every include follows the module table") {
  findings found;
  std::size_t checked = 0;
  for_each_include([&](const source_file& file, std::size_t line, const std::string& path) {
    if (!is_product(file)) {
      return;
    }
    ++checked;
    const auto user = module_of(file.path);
    const auto used = module_of(path);
    if (!user) {
      found.add(file, line, "this folder is not in the module table of docs/architecture.md; add a row for it");
    } else if (!used && (path.starts_with("runtime-api/") || path.starts_with("emulator/"))) {
      found.add(file, line, "includes " + path + ", which is in no module of the table");
    } else if (used && !may_use(*user, *used)) {
      found.add(file, line, "module " + *user + " may not use module " + *used + " (docs/architecture.md, modules)");
    }
  });
  CHECK(checked > 0);
  CHECK_MESSAGE(found.empty(), found.text());
}

TEST_CASE("CMake links what the module table names") {
  static const std::regex call(R"(kelvin_module\(\s*(\w+)\s+\S+([^)]*)\))");
  findings found;
  std::size_t checked = 0;
  for (const source_file& file : source_tree()) {
    if (file.path != "runtime-api/CMakeLists.txt" && file.path != "emulator/CMakeLists.txt") {
      continue;
    }
    std::string text;
    for (const std::string& line : file.lines) {
      text += line + "\n";
    }
    for (auto match = std::sregex_iterator(text.begin(), text.end(), call); match != std::sregex_iterator(); ++match) {
      std::istringstream words((*match)[2].str());
      bool inside_uses = false;
      for (std::string word; words >> word;) {
        inside_uses = word == "USES" || (inside_uses && word != "LIBRARIES");
        if (inside_uses && word != "USES") {
          ++checked;
          if (!may_use((*match)[1].str(), word)) {
            found.add(file.path, "kelvin_module(" + (*match)[1].str() + ") links " + word + " against the table");
          }
        }
      }
    }
  }
  CHECK(checked > 0);
  CHECK_MESSAGE(found.empty(), found.text());
}

TEST_CASE("third-party headers stay where they belong") {
  findings found;
  std::vector<std::string> spdlog_users;
  for_each_include([&](const source_file& file, std::size_t line, const std::string& path) {
    if (path == "boost/asio.hpp" || path == "boost/beast.hpp") {
      found.add(file, line, "umbrella include: name the specific header (it costs eight seconds a file)");
    }
    if (!is_product(file)) {
      return;
    }
    if (path.starts_with("boost/beast") && !file.below("runtime-api/http/")) {
      found.add(file, line, "Boost.Beast is used in runtime-api/http only; use its interfaces");
    }
    const bool forward_only = path == "nlohmann/json_fwd.hpp";
    if (path.starts_with("nlohmann/") && !forward_only && !file.has_extension(".cpp")) {
      found.add(file, line, "nlohmann is for .cpp files; a header takes nlohmann/json_fwd.hpp");
    }
    if (path.starts_with("spdlog/")) {
      if (!file.has_extension(".cpp")) {
        found.add(file, line, "spdlog is included in one .cpp only");
      } else if (spdlog_users.empty() || spdlog_users.back() != file.path) {
        spdlog_users.push_back(file.path);
      }
    }
  });
  for (std::size_t index = 1; index < spdlog_users.size(); ++index) {
    found.add(spdlog_users[index], "spdlog already has its one user, " + spdlog_users[0]);
  }
  CHECK_MESSAGE(found.empty(), found.text());
}

}  // namespace
}  // namespace kelvin::tidy
