#include "emulator/app/build_plan.hpp"
#include "emulator/app/source_age.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace kelvin::test {
namespace {

namespace fs = std::filesystem;

std::vector<planned_build> plan(const settings& chosen) {
  const auto targets = describe_targets(chosen);
  REQUIRE(succeeds(targets));
  return plan_builds(chosen, *targets, nullptr, machine_files());
}

settings watching(std::vector<target_argument> targets) {
  settings chosen;
  chosen.watches = true;
  chosen.targets = std::move(targets);
  return chosen;
}

bool holds(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

void set_age(const std::string& path, std::chrono::seconds age) {
  fs::last_write_time(path, fs::file_time_type::clock::now() - age);
}

constexpr const char* sam_template = R"(
Transform: AWS::Serverless-2016-10-31
Resources:
  Made:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: makefile}
    Properties: {FunctionName: made, Runtime: provided.al2023, Handler: bootstrap, CodeUri: made}
  Plain:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: plain, Runtime: provided.al2023, Handler: bootstrap, CodeUri: plain}
)";

}  // namespace

TEST_CASE("build plan: functions that one command builds share a build, others have their own") {
  const temporary_folder folder;
  folder.write("build/CMakeCache.txt", "CMAKE_HOME_DIRECTORY:INTERNAL=" + folder.path() + "\n");
  folder.write("other/Makefile", "all:\n");
  const auto builds = plan(watching({{"a", folder / "build/a"},
                                     {"b", folder / "build/b"},
                                     {"c", folder / "build/c"},
                                     {"d", folder / "build/d"},
                                     {"e", folder / "other/bootstrap"}}));
  REQUIRE(builds.size() == 2);
  CHECK(builds[0].how.kind == build_kind::cmake);
  CHECK(builds[0].name == "a, b, c and 1 more");
  REQUIRE(builds[0].functions.size() == 4);
  CHECK(builds[0].functions[3].artifact == folder / "build/d");
  CHECK(builds[1].how.kind == build_kind::make);
  CHECK(builds[1].name == "e");
}

TEST_CASE("build plan: what one build makes is no source of another") {
  const temporary_folder folder;
  folder.write("go.mod", "module m\n");
  folder.write("a/main.go", "package main\n");
  folder.write("b/main.go", "package main\n");
  const auto builds = plan(watching({{"a", folder / "a/bootstrap"}, {"b", folder / "b"}}));
  REQUIRE(builds.size() == 2);
  for (const planned_build& each : builds) {
    CHECK(each.how.kind == build_kind::go);
    CHECK(each.how.sources == std::vector<std::string>{folder.path()});
    CHECK(holds(each.how.outputs, folder / "a/bootstrap"));
    CHECK(holds(each.how.outputs, folder / "b/bootstrap"));
  }
  CHECK(builds[1].functions[0].artifact == folder / "b/bootstrap");
}

TEST_CASE("build plan: --build is one command for all, and what lies beside its artifacts are sources") {
  const temporary_folder folder;
  folder.write("a/main.c", "");
  settings chosen = watching({{"a", folder / "a"}, {"b", folder / "b/bootstrap"}});
  chosen.build_command = "make everything";
  const auto builds = plan(chosen);
  REQUIRE(builds.size() == 1);
  CHECK(builds[0].how.command == "make everything");
  CHECK(builds[0].how.folder == fs::current_path());
  CHECK(builds[0].name == "a, b");
  CHECK(holds(builds[0].how.outputs, folder / "a/bootstrap"));
  CHECK_FALSE(holds(builds[0].how.outputs, folder / "a"));
  chosen.builds = false;
  CHECK(plan(chosen).empty());
}

TEST_CASE("build plan: what nobody knows to build has a sentence of its own") {
  const temporary_folder folder;
  folder.write_script("code/bootstrap");
  const auto builds = plan(watching({{"a", folder / "code"}, {"b", folder / "code"}}));
  REQUIRE(builds.size() == 2);
  CHECK(builds[0].how.kind == build_kind::none);
  CHECK(contains(builds[1].how.sentence, "--build CMD"));
}

TEST_CASE("build plan: a template's functions run from where their BuildMethod puts them, once they are built") {
  const temporary_folder folder;
  const std::string file = folder.write("template.yaml", sam_template);
  folder.write("made/Makefile", "build-Made:\n");
  folder.make_folder("plain");
  settings chosen = watching({{"", file}});
  const auto built = plan(chosen);
  REQUIRE(built.size() == 2);
  CHECK(built[0].name == "made");
  CHECK(contains(built[0].how.command, "make build-Made"));
  CHECK(built[0].how.folder == folder / "made");
  CHECK(built[0].functions[0].artifact == folder / ".aws-sam/build/Made/bootstrap");
  CHECK(built[1].how.kind == build_kind::none);
  CHECK(built[1].functions[0].artifact == folder / "plain/bootstrap");
  const auto targets = describe_targets(chosen);
  REQUIRE(succeeds(targets));
  CHECK(targets->all[0].described->functions[0].code->path == folder / ".aws-sam/build/Made");

  SUBCASE("a template that sam build made") {
    folder.write(".aws-sam/build/template.yaml", sam_template);
    const auto again = plan(watching({{"", folder / ".aws-sam/build/template.yaml"}}));
    REQUIRE(again.size() == 2);
    CHECK(again[0].how.folder == folder / "made");
    CHECK(again[0].functions[0].artifact == folder / ".aws-sam/build/made/bootstrap");
  }
  SUBCASE("with --build the code is where the template says") {
    chosen.build_command = "make";
    const auto by_command = plan(chosen);
    REQUIRE(by_command.size() == 1);
    CHECK(by_command[0].how.folder == folder.path());
    CHECK(by_command[0].functions[0].artifact == folder / "made/bootstrap");
  }
  SUBCASE("kelvin run builds nothing") {
    chosen.watches = false;
    CHECK(describe_targets(chosen)->all[0].described->functions[0].code->path == folder / "made");
  }
}

TEST_CASE("source age: a source that is newer than the oldest artifact") {
  const temporary_folder folder;
  const auto files = machine_files();
  const std::string source = folder.write("src/main.c", "");
  const std::string old = folder.write("out/a", "");
  const std::string young = folder.write("out/b", "");
  folder.write(".gitignore", "*.log\n");
  folder.write("src/a.log", "");
  set_age(folder / ".gitignore", std::chrono::hours(9));
  set_age(source, std::chrono::hours(3));
  set_age(old, std::chrono::hours(2));
  const std::vector<std::string> folders{folder.path()}, outputs{folder / "out"};
  CHECK_FALSE(has_newer_source(folders, outputs, {old, young}, files));
  set_age(source, std::chrono::hours(1));
  CHECK(has_newer_source(folders, outputs, {old, young}, files));
  CHECK_FALSE(has_newer_source(folders, outputs, {young}, files));
  CHECK(has_newer_source(folders, outputs, {young, folder / "out/c"}, files));
  CHECK(has_newer_source(folders, outputs, {young}, files, 1));
}

}  // namespace kelvin::test
