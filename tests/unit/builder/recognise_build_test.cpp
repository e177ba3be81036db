#include "emulator/builder/recognise_build.hpp"

#include "emulator/builder/project_search.hpp"
#include "tests/support/failure_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace kelvin::test {
namespace {

using texts = std::vector<std::string>;

/// Files by path; folders are what they lie in.
class fake_project final : public project_files {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> links;
  std::set<std::string> commands;

  bool is_file(const std::string& path) const override { return files.contains(path); }
  bool is_folder(const std::string& path) const override {
    const auto next = files.lower_bound(path + "/");
    return next != files.end() && next->first.starts_with(path + "/");
  }
  std::vector<std::string> names_in(const std::string& folder) const override {
    std::vector<std::string> names;
    for (const auto& [path, text] : files) {
      if (parent_folder(path) == folder) {
        names.push_back(last_name(path));
      }
    }
    return names;
  }
  std::optional<std::string> text_of(const std::string& path) const override {
    const auto found = files.find(path);
    return found != files.end() ? std::optional(found->second) : std::nullopt;
  }
  std::string real_path(const std::string& path) const override {
    const auto found = links.find(path);
    return found != links.end() ? found->second : path;
  }
  bool has_command(const std::string& name) const override { return commands.contains(name); }
};

recognised_build recognise(const fake_project& project, const std::string& artifact) {
  build_question asked;
  asked.artifact = artifact;
  return recognise_build(asked, project);
}

void check_none(const recognised_build& made, const std::string& why) {
  CHECK(made.kind == build_kind::none);
  CHECK(made.command.empty());
  CHECK(made.sources.empty());
  CHECK(contains(made.sentence, why));
  CHECK(contains(made.sentence, "nothing is built"));
  CHECK(contains(made.sentence, "--build CMD"));
}

build_question method(std::string name) {
  return {"/p/.aws-sam/build/Pets", std::move(name), "Pets", "/p/pets", "/p"};
}

}  // namespace

TEST_CASE("recognise build: CMake's build folder above the artifact, its sources as its cache says") {
  fake_project project;
  project.files = {{"/src/CMakeLists.txt", ""},
                   {"/out/build/CMakeCache.txt", "//c\nCMAKE_HOME_DIRECTORY:INTERNAL=/src\nA:B=c\n"},
                   {"/out/build/pets/Makefile", "generated"},
                   {"/out/build/pets/bootstrap", ""}};
  for (const std::string artifact :
       {"/out/build/pets/bootstrap", "/out/build/pets", "/out/build/pets/", "/out/build"}) {
    const auto made = recognise(project, artifact);
    CHECK(made.kind == build_kind::cmake);
    CHECK(made.command == "cmake --build /out/build");
    CHECK(made.folder == "/src");
    CHECK(made.sources == texts{"/src"});
    CHECK(made.outputs == texts{"/out/build"});
    CHECK(contains(made.sentence, "cmake --build /out/build"));
  }
}

TEST_CASE("recognise build: CMake configured in place, and a zip of aws-lambda-cpp") {
  fake_project project;
  project.files = {{"/src/CMakeLists.txt", "aws_lambda_package_target(pets)"},
                   {"/src/CMakeCache.txt", "CMAKE_HOME_DIRECTORY:INTERNAL=/src"},
                   {"/src/bootstrap", ""},
                   {"/b c/CMakeCache.txt", "CMAKE_HOME_DIRECTORY:INTERNAL=/src"},
                   {"/b c/pets.zip", ""}};
  const auto in_place = recognise(project, "/src/bootstrap");
  CHECK(in_place.command == "cmake --build /src");
  CHECK(in_place.outputs.front() == "/src/bootstrap");
  CHECK(std::find(in_place.outputs.begin(), in_place.outputs.end(), "/src") == in_place.outputs.end());
  CHECK(recognise(project, "/b c/pets.zip").command == "cmake --build '/b c' --target aws-lambda-package-pets");
  project.files["/src/CMakeLists.txt"] = "add_custom_target(zip ALL)";
  CHECK(recognise(project, "/b c/pets.zip").command == "cmake --build '/b c'");
}

TEST_CASE("recognise build: CMakeLists.txt alone says what is missing") {
  fake_project project;
  project.files = {{"/src/CMakeLists.txt", ""}, {"/src/bin/bootstrap", ""}};
  check_none(recognise(project, "/src/bin/bootstrap"), "/src/CMakeLists.txt");
}

TEST_CASE("recognise build: cargo, with profile, target and binary as the artifact's place says") {
  fake_project project;
  project.files = {{"/c/Cargo.toml", "[package]\nname = \"pets\"\n"}};
  const std::map<std::string, std::string> commands = {
      {"/c/target/debug/pets", "cargo build --bin pets"},
      {"/c/target/release/pets", "cargo build --release --bin pets"},
      {"/c/target/release", "cargo build --release"},
      {"/c/target/small/pets", "cargo build --profile small --bin pets"},
      {"/c/target/x86_64-unknown-linux-musl/release/pets",
       "cargo build --target x86_64-unknown-linux-musl --release --bin pets"},
      {"/c/target/release/examples/tiny", "cargo build --release --example tiny"},
      {"/c/bootstrap", "cargo build"},
  };
  for (const auto& [artifact, command] : commands) {
    const auto made = recognise(project, artifact);
    CHECK(made.kind == build_kind::cargo);
    CHECK(made.command == command);
    CHECK(made.folder == "/c");
    CHECK(made.sources == texts{"/c"});
    CHECK(made.outputs == texts{"/c/target", artifact});
    CHECK(contains(made.sentence, command));
  }
  CHECK(contains(recognise(project, "/c/bootstrap").sentence, "does not lie in /c/target"));
  project.links["/c/bootstrap"] = "/c/target/release/pets";
  CHECK(recognise(project, "/c/bootstrap").command == "cargo build --release --bin pets");
}

TEST_CASE("recognise build: cargo lambda where it is installed, said where it is not") {
  fake_project project;
  project.files = {{"/c/Cargo.toml", ""}, {"/c/target/lambda/pets/bootstrap", ""}};
  check_none(recognise(project, "/c/target/lambda/pets"), "cargo-lambda is not installed");
  project.commands = {"cargo-lambda"};
  for (const std::string artifact : {"/c/target/lambda/pets", "/c/target/lambda/pets/bootstrap"}) {
    const auto made = recognise(project, artifact);
    CHECK(made.kind == build_kind::cargo_lambda);
    CHECK(made.command == "cargo lambda build --bin pets");
  }
  CHECK(recognise(project, "/c/target/lambda/new").command == "cargo lambda build --bin new");
  CHECK(recognise(project, "/c/target/lambda/pets/bootstrap.zip").command ==
        "cargo lambda build --bin pets --output-format zip");
  CHECK(recognise(project, "/c/target/lambda/extensions/log").command == "cargo lambda build");
}

TEST_CASE("recognise build: a crate of a workspace is built from its workspace's sources") {
  fake_project project;
  project.files = {{"/w/Cargo.toml", "# all\n[workspace]\nmembers = [\"a\"]\n"}, {"/w/a/Cargo.toml", "[package]"}};
  const auto made = recognise(project, "/w/a/bootstrap");
  CHECK(made.folder == "/w/a");
  CHECK(made.sources == texts{"/w"});
  CHECK(made.outputs == texts{"/w/target", "/w/a/bootstrap"});
}

TEST_CASE("recognise build: go builds the package nearest to the artifact") {
  fake_project project;
  project.files = {{"/g/go.mod", ""}, {"/g/cmd/pets/main.go", ""}, {"/g/cmd/pets/bootstrap", ""}, {"/g/x_test.go", ""}};
  for (const std::string artifact : {"/g/cmd/pets", "/g/cmd/pets/bootstrap"}) {
    const auto made = recognise(project, artifact);
    CHECK(made.kind == build_kind::go);
    CHECK(made.command == "go build -o /g/cmd/pets/bootstrap .");
    CHECK(made.folder == "/g/cmd/pets");
    CHECK(made.sources == texts{"/g"});
    CHECK(made.outputs == texts{"/g/cmd/pets/bootstrap"});
  }
  check_none(recognise(project, "/g/dist/pets"), "which package");
  check_none(recognise(project, "/g/pets.zip"), "no .zip");
  project.files["/g/main.go"] = "";
  CHECK(recognise(project, "/g/a b/it's").command == "go build -o '/g/a b/it'\\''s' .");
}

TEST_CASE("recognise build: make, and npm with a build script") {
  fake_project project;
  project.files = {{"/m/GNUmakefile", ""},
                   {"/m/out/bootstrap", ""},
                   {"/n/package.json", R"({"scripts":{"build":"esbuild"}})"},
                   {"/n/dist/bootstrap", ""}};
  const auto make = recognise(project, "/m/out/bootstrap");
  CHECK(make.kind == build_kind::make);
  CHECK(make.command == "make");
  CHECK(make.folder == "/m");
  CHECK(make.sources == texts{"/m"});
  CHECK(make.outputs == texts{"/m/out/bootstrap"});
  CHECK(contains(make.sentence, "GNUmakefile"));
  const auto npm = recognise(project, "/n/dist");
  CHECK(npm.kind == build_kind::npm);
  CHECK(npm.command == "npm run build");
  CHECK(npm.outputs == texts{"/n/dist", "/n/node_modules"});
  for (const char* text : {"", "[]", "{", R"({"scripts":{}})", R"({"scripts":[]})", R"({"scripts":{"build":1}})"}) {
    CAPTURE(text);
    project.files["/n/package.json"] = text;
    check_none(recognise(project, "/n/dist"), "no CMake build folder");
  }
}

TEST_CASE("recognise build: a function that lies among its sources has its bootstrap alone for an output") {
  fake_project project;
  project.files = {{"/m/Makefile", ""}, {"/m/bootstrap", ""}, {"/m/main.c", ""}};
  CHECK(recognise(project, "/m").outputs == texts{"/m/bootstrap"});
}

TEST_CASE("recognise build: the nearest project, and none beyond the repository or too far above") {
  fake_project project;
  project.files = {{"/r/Makefile", ""}, {"/r/a/go.mod", ""}, {"/r/a/main.go", ""}, {"/r/a/.git/HEAD", ""}};
  CHECK(recognise(project, "/r/a/bootstrap").kind == build_kind::go);
  project.files.erase("/r/a/go.mod");
  check_none(recognise(project, "/r/a/bootstrap"), "no CMake build folder");
  CHECK(recognise(project, "/r/b/bootstrap").kind == build_kind::make);
  CHECK(recognise(project, "/r/1/2/3/4/5/6/7/8/bootstrap").kind == build_kind::make);
  CHECK(recognise(project, "/r/1/2/3/4/5/6/7/8/9/bootstrap").kind == build_kind::none);
  project.files = {{"/r/a/.git", "gitdir: elsewhere"}, {"/r/Makefile", ""}};
  CHECK(recognise(project, "/r/a/bootstrap").kind == build_kind::none);
}

TEST_CASE("recognise build: BuildMethod makefile") {
  fake_project project;
  project.files = {{"/p/pets/Makefile", ""}};
  const auto made = recognise_build(method("makefile"), project);
  CHECK(made.kind == build_kind::make);
  CHECK(made.command == "mkdir -p /p/.aws-sam/build/Pets && make build-Pets");
  CHECK(made.folder == "/p/pets");
  CHECK(made.artifact == "/p/.aws-sam/build/Pets");
  CHECK(made.variables ==
        std::vector<std::pair<std::string, std::string>>{{"ARTIFACTS_DIR", "/p/.aws-sam/build/Pets"}});
  CHECK(made.outputs == texts{"/p/.aws-sam"});
  CHECK(contains(made.sentence, "BuildMethod makefile"));
}

TEST_CASE("recognise build: BuildMethods of Rust, Go and sam build") {
  fake_project project;
  project.files = {{"/p/pets/Cargo.toml", "[workspace]\n[package] # x\n  name = 'pets'\n"}};
  check_none(recognise_build(method("rust-cargolambda"), project), "cargo-lambda is not installed");
  project.commands = {"cargo-lambda"};
  const auto rust = recognise_build(method("rust-cargolambda"), project);
  CHECK(rust.kind == build_kind::cargo_lambda);
  CHECK(contains(rust.command, "cargo lambda build --release"));
  CHECK(contains(rust.command, "--bin pets"));
  CHECK(contains(rust.command, "mv -f /p/.aws-sam/build/Pets/bootstrap.tmp /p/.aws-sam/build/Pets/bootstrap"));
  CHECK(rust.outputs == texts{"/p/.aws-sam", "/p/pets/target"});
  project.files["/p/pets/Cargo.toml"] = "[workspace]";
  check_none(recognise_build(method("rust-cargolambda"), project), "names no package");
  const auto go = recognise_build(method("go1.x"), project);
  CHECK(go.kind == build_kind::go);
  CHECK(go.command == "go build -o /p/.aws-sam/build/Pets/bootstrap .");
  for (const char* name : {"nodejs20.x", "dotnet8", "esbuild"}) {
    project.commands.clear();
    check_none(recognise_build(method(name), project), name);
    project.commands = {"sam"};
    const auto made = recognise_build(method(name), project);
    CHECK(made.kind == build_kind::sam);
    CHECK(made.command == "sam build Pets");
    CHECK(made.folder == "/p");
    CHECK(made.sources == texts{"/p/pets"});
  }
  build_question elsewhere = method("makefile");
  elsewhere.code_folder = "/p/none";
  check_none(recognise_build(elsewhere, project), "/p/none");
}

TEST_CASE("recognise build: what --build names") {
  const auto made = given_build("ninja -C out", "/p", "/p/out/bootstrap");
  CHECK(made.kind == build_kind::given);
  CHECK(made.command == "ninja -C out");
  CHECK(made.folder == "/p");
  CHECK(made.sources == texts{"/p"});
  CHECK(made.outputs == texts{"/p/out/bootstrap"});
  CHECK(contains(made.sentence, "ninja -C out"));
}

TEST_CASE("recognise build: words for a shell") {
  CHECK(shell_word("/a/b-c_1.2") == "/a/b-c_1.2");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_word("$(x)`'") == "'$(x)`'\\'''");
  CHECK(shell_word("~") == "'~'");
}

TEST_CASE("recognise build: values of a Cargo.toml") {
  const std::string text =
      "name = \"none\"\n[package]\n# name = \"x\"\nname=\"a\" # b\r\n[[bin]]\nname = \"c\"\n[lib]\nname\n";
  CHECK(cargo_value(text, "package", "name") == "a");
  CHECK(cargo_value(text, "lib", "name").empty());
  CHECK(cargo_value("[package]\nname = \"a", "package", "name").empty());
  CHECK(cargo_value("[package]\nname.workspace = true", "package", "name").empty());
  CHECK(has_cargo_section(text, "lib"));
  CHECK_FALSE(has_cargo_section(text, "workspace"));
}

}  // namespace kelvin::test
