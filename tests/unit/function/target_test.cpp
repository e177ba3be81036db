#include "emulator/function/target.hpp"

#include "emulator/function/scratch_folder.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/function/zip_builder.hpp"

#include <unistd.h>

using namespace kelvin;
using namespace kelvin::test;

namespace {

constexpr const char* script = "#!/bin/sh\n";

struct fixture {
  temporary_folder folder;
  scratch_folder scratch{folder.path()};
  load_options options;

  fixture() {
    options.scratch = &scratch;
    options.working_folder = folder.path();
  }

  loaded_functions load(std::vector<target> targets) {
    auto loaded = load_targets(std::move(targets), options);
    REQUIRE(succeeds(loaded));
    return std::move(*loaded);
  }
  std::string refuse(std::vector<target> targets, errc expected) {
    return failure_text(load_targets(std::move(targets), options), expected);
  }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a folder with a bootstrap") {
  const auto bootstrap = folder.write_script("pets/bootstrap");
  for (const char* tail : {"pets", "pets/", "pets/.", "./pets//"}) {
    CAPTURE(tail);
    const auto loaded = load({{"", folder / tail}});
    REQUIRE(loaded.functions.size() == 1);
    const auto& function = loaded.functions[0];
    CHECK(function.name == "pets");
    CHECK(function.target == folder / tail);
    CHECK(function.code_folder == folder / "pets");
    CHECK(function.bootstrap == bootstrap);
    CHECK(function.bootstrap_problem.empty());
    CHECK_FALSE(function.layer_folder);
    CHECK(loaded.warnings.empty());
  }
}

TEST_CASE_FIXTURE(fixture, "any executable file is run as it is") {
  const auto program = folder.write_script("pets/build/handler");
  const auto loaded = load({{"", program}, {"named", program}});
  CHECK(loaded.functions[0].name == "build");
  CHECK(loaded.functions[0].bootstrap == program);
  CHECK(loaded.functions[0].code_folder == folder / "pets/build");
  CHECK(loaded.functions[1].name == "named");
}

TEST_CASE_FIXTURE(fixture, "paths become absolute") {
  folder.write_script("pets/bootstrap");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder / "pets");
  const auto loaded = load_targets({{"file", "bootstrap"}, {"", "."}}, options);
  options.working_folder = ".";
  const auto by_default = load_targets({}, options);
  std::filesystem::current_path(before);
  REQUIRE(succeeds(loaded));
  CHECK(loaded->functions[0].bootstrap == folder / "pets/bootstrap");
  CHECK(loaded->functions[0].code_folder == folder / "pets");
  CHECK(loaded->functions[1].name == "pets");
  CHECK(loaded->functions[1].bootstrap == folder / "pets/bootstrap");
  REQUIRE(succeeds(by_default));
  CHECK(by_default->functions[0].name == "pets");
  CHECK(by_default->functions[0].target == "./bootstrap");
}

TEST_CASE_FIXTURE(fixture, "a zip is unpacked and keeps its modes") {
  zip_builder(folder / "my pets.zip").add("bootstrap", script, 0755).add("data", "x");
  const auto loaded = load({{"", folder / "my pets.zip"}});
  const auto& function = loaded.functions[0];
  CHECK(function.name == "my-pets");
  CHECK(function.code_folder.starts_with(scratch.path()));
  CHECK(access(function.bootstrap.c_str(), X_OK) == 0);
  REQUIRE(loaded.warnings.size() == 1);
  CHECK(contains(loaded.warnings[0], "is called my-pets"));
  CHECK(contains(loaded.warnings[0], "NAME="));
}

TEST_CASE_FIXTURE(fixture, "a zip whose bootstrap others could not run on AWS is warned about") {
  zip_builder(folder / "pets.zip").add("bootstrap", script, 0700);
  const auto loaded = load({{"", folder / "pets.zip"}});
  REQUIRE(loaded.warnings.size() == 1);
  CHECK(contains(loaded.warnings[0], "chmod 755 bootstrap"));
}

TEST_CASE_FIXTURE(fixture, "options become the configuration") {
  folder.write_script("pets/bootstrap");
  const auto plain = load({{"", folder / "pets"}}).functions[0];
  CHECK(plain.memory_mib == 128);
  CHECK_FALSE(plain.memory_chosen);
  CHECK(plain.environments >= 16);
  CHECK(plain.handler == "bootstrap");
  options.memory_mib = 512;
  options.timeout = std::chrono::seconds(7);
  options.handler = "main.handler";
  options.variables = {{"NAME", "value"}};
  options.reserved_concurrency = 2;
  options.environments = 3;
  const auto given = load({{"", folder / "pets"}}).functions[0];
  CHECK(given.memory_mib == 512);
  CHECK(given.memory_chosen);
  CHECK(given.timeout == std::chrono::seconds(7));
  CHECK(given.handler == "main.handler");
  CHECK(given.variables == options.variables);
  CHECK(given.reserved_concurrency == 2u);
  CHECK(given.environments == 3);
  options.variables = {{"AWS_REGION", "x"}};
  CHECK(contains(refuse({{"", folder / "pets"}}, errc::invalid_argument), "AWS_REGION is reserved"));
}

TEST_CASE_FIXTURE(fixture, "the code's bootstrap comes before the layer's") {
  folder.write_script("layer/bootstrap");
  folder.make_folder("without");
  folder.write_script("with/bootstrap");
  options.layers = {folder / "layer"};
  const auto loaded = load({{"", folder / "without"}, {"", folder / "with"}});
  CHECK(loaded.functions[0].bootstrap == folder / "layer/bootstrap");
  CHECK(loaded.functions[0].code_folder == folder / "without");
  CHECK(loaded.functions[0].layer_folder == folder / "layer");
  CHECK(loaded.functions[1].bootstrap == folder / "with/bootstrap");
}

TEST_CASE_FIXTURE(fixture, "a bootstrap that is nowhere") {
  folder.make_folder("pets");
  CHECK(contains(refuse({{"", folder / "pets"}}, errc::not_found),
                 "pets holds no file named `bootstrap` (Lambda looks for /var/task/bootstrap, then /opt/bootstrap)"));
  folder.write_script("pets/build/bootstrap");
  CHECK(contains(refuse({{"", folder / "pets"}}, errc::not_found), "did you mean " + folder / "pets/build?"));
  options.layers = {folder.make_folder("layer")};
  CHECK(contains(refuse({{"", folder / "pets"}}, errc::not_found), "nor do the layers"));
  zip_builder(folder / "deep.zip").add("deep/bootstrap", script, 0755);
  CHECK(contains(refuse({{"", folder / "deep.zip"}}, errc::not_found), "zip the folder's content, not the folder"));

  function_configuration function;
  function.code_folder = folder / "pets";
  find_bootstrap(function);
  CHECK(function.bootstrap.empty());
  CHECK(function.bootstrap_problem == "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
}

TEST_CASE_FIXTURE(fixture, "targets that cannot be run are told apart") {
  CHECK(contains(refuse({{"", folder / "none"}}, errc::not_found), "none does not exist"));
  folder.make_folder("a/bootstrap");
  CHECK(contains(refuse({{"", folder / "a"}}, errc::not_executable), "a: bootstrap is a folder"));
  folder.write("b/bootstrap", script, 0644);
  CHECK(contains(refuse({{"", folder / "b"}}, errc::not_executable), "chmod +x " + folder / "b/bootstrap"));
  CHECK(contains(refuse({{"", folder / "b/bootstrap"}}, errc::not_executable), "chmod +x"));
  zip_builder(folder / "c.zip").add("bootstrap", script, 0644);
  CHECK(contains(refuse({{"", folder / "c.zip"}}, errc::not_executable), "its mode in the zip is 0644"));
  folder.write("d.zip", "text");
  CHECK(contains(refuse({{"", folder / "d.zip"}}, errc::invalid_argument), "is not a zip archive"));
  folder.make_folder("e");
  REQUIRE(symlink("nowhere", (folder / "e/bootstrap").c_str()) == 0);
  CHECK(contains(refuse({{"", folder / "e"}}, errc::not_found), "symbolic link to a file that does not exist"));
}

TEST_CASE_FIXTURE(fixture, "a template is no function") {
  for (const char* name : {"template.yaml", "template.yml", "template.json"}) {
    CAPTURE(name);
    const auto path = folder.write(name, "Resources: {}");
    CHECK(contains(refuse({{"named", path}}, errc::invalid_argument), "leave NAME= out"));
    CHECK(is_template(path));
    CHECK(template_in(folder.path(), false) == path);
    std::filesystem::remove(path);
  }
  CHECK_FALSE(is_template(folder / "bootstrap"));
  CHECK(template_in(folder.path(), true).empty());
}

TEST_CASE_FIXTURE(fixture, "what sam built comes before its source") {
  const auto source = folder.write("template.yaml", "Resources: {}");
  const auto built = folder.write(".aws-sam/build/template.yaml", "Resources: {}");
  CHECK(template_in(folder.path(), true) == built);
  CHECK(template_in(folder.path(), false) == source);
}

TEST_CASE_FIXTURE(fixture, "without a target the folder's bootstrap is taken") {
  CHECK(
      contains(refuse({}, errc::not_found), "holds neither template.yaml, template.yml, template.json nor bootstrap"));
  folder.write_script("bootstrap");
  CHECK(load({}).functions[0].bootstrap == folder / "bootstrap");
}

TEST_CASE_FIXTURE(fixture, "names are given, derived, and never shared") {
  folder.write_script("pets/bootstrap");
  folder.write_script("other/pets/bootstrap");
  CHECK(contains(refuse({{"a b", folder / "pets"}}, errc::invalid_argument), "`a b` cannot be a function's name"));
  CHECK(contains(refuse({{std::string(65, 'x'), folder / "pets"}}, errc::invalid_argument), "1 to 64 letters"));
  const auto text = refuse({{"", folder / "pets"}, {"", folder / "other/pets"}}, errc::invalid_argument);
  CHECK(contains(text, "two functions are called pets: " + folder / "pets and " + folder / "other/pets"));
  CHECK(contains(text, "NAME=" + folder / "other/pets"));
  CHECK(load({{"", folder / "pets"}, {"more", folder / "other/pets"}}).functions[1].name == "more");
}

TEST_CASE_FIXTURE(fixture, "extensions in code and layers are named") {
  folder.write_script("pets/bootstrap");
  folder.write_script("pets/extensions/agent");
  folder.write_script("layer/extensions/other");
  options.layers = {folder / "layer"};
  const auto loaded = load({{"", folder / "pets"}});
  REQUIRE(loaded.warnings.size() == 2);
  CHECK(contains(loaded.warnings[0], "layer " + folder / "layer holds extensions (other): they are NOT run"));
  CHECK(contains(loaded.warnings[1], "target " + folder / "pets holds extensions (agent): they are NOT run"));
}
