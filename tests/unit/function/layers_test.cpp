#include "emulator/function/layers.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/function/zip_builder.hpp"

#include <unistd.h>

using namespace kelvin;
using namespace kelvin::test;

namespace {

struct fixture {
  temporary_folder folder;
  scratch_folder scratch{folder.path()};
  std::vector<std::string> warnings;

  std::string prepare(const std::vector<std::string>& layers) {
    const auto prepared = prepare_layers(layers, scratch, warnings);
    REQUIRE(succeeds(prepared));
    return prepared->value_or("none");
  }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "no layer, no folder") {
  CHECK(prepare({}) == "none");
  CHECK_FALSE(std::filesystem::exists(scratch.path()));
}

TEST_CASE_FIXTURE(fixture, "one folder is used where it is") {
  const auto layer = folder.make_folder("layer");
  CHECK(prepare({layer + "/../layer"}) == std::filesystem::canonical(layer));
  CHECK_FALSE(std::filesystem::exists(scratch.path()));
}

TEST_CASE_FIXTURE(fixture, "later layers come over earlier ones") {
  folder.write("one/bin/tool", "1", 0755);
  folder.write("one/lib/shared", "1");
  folder.write("one/turns", "file");
  folder.make_folder("one/gone");
  folder.write("two/lib/shared", "2", 0600);
  folder.write("two/turns/into", "folder");
  folder.write("two/gone", "file");
  zip_builder(folder / "three.zip").add("bin/run", "3", 0755).add("lib/link", "shared", S_IFLNK | 0777);
  const auto opt = prepare({folder / "one", folder / "two", folder / "three.zip"});
  CHECK(read_file(opt + "/bin/tool") == "1");
  CHECK(access((opt + "/bin/run").c_str(), X_OK) == 0);
  CHECK(read_file(opt + "/lib/shared") == "2");
  CHECK(read_file(opt + "/lib/link") == "2");
  CHECK(read_file(opt + "/turns/into") == "folder");
  CHECK(read_file(opt + "/gone") == "file");
  CHECK(read_file(folder / "one/lib/shared") == "1");
}

TEST_CASE_FIXTURE(fixture, "a layer is not written through another's link") {
  folder.write("outside/file", "untouched");
  folder.make_folder("one");
  REQUIRE(symlink((folder / "outside").c_str(), (folder / "one/way").c_str()) == 0);
  REQUIRE(symlink("loop", (folder / "one/loop").c_str()) == 0);
  folder.write("two/way/file", "new");
  const auto opt = prepare({folder / "one", folder / "two"});
  CHECK(read_file(opt + "/way/file") == "new");
  CHECK(read_file(folder / "outside/file") == "untouched");
  CHECK(std::filesystem::is_symlink(opt + "/loop"));
}

TEST_CASE_FIXTURE(fixture, "extensions are named, since they are not run") {
  folder.write_script("layer/extensions/beta");
  folder.write_script("layer/extensions/alpha");
  folder.make_folder("layer/extensions/folder");
  prepare({folder / "layer"});
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0] ==
        "layer " + folder / "layer" + " holds extensions (alpha, beta): they are NOT run in this version");
}

TEST_CASE_FIXTURE(fixture, "what is no layer is refused") {
  CHECK(contains(failure_text(prepare_layers({folder / "none"}, scratch, warnings), errc::not_found),
                 "none does not exist; it must be a folder or a .zip file"));
  CHECK(contains(failure_text(prepare_layers({folder.write("text", "x")}, scratch, warnings), errc::invalid_argument),
                 "neither a folder nor a .zip file"));
  CHECK(contains(failure_text(prepare_layers(std::vector<std::string>(6, folder.path()), scratch, warnings),
                              errc::invalid_argument),
                 "6 layers were given, Lambda takes at most 5"));
}
