#include "emulator/builder/source_filter.hpp"

#include "emulator/builder/build_limits.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <filesystem>

namespace kelvin::test {
namespace {

struct source_filter_fixture {
  temporary_folder folder;
  disk_project_files files{{"PATH=" + folder.path()}};
};

}  // namespace

TEST_CASE("source filter: .gitignore files of every folder, those above the project included") {
  source_filter_fixture here;
  here.folder.make_folder(".git");
  here.folder.write(".gitignore", "*.log\n/project/made/\n");
  here.folder.write("project/sub/.gitignore", "!keep.log\n");
  source_filter filter(here.files, here.folder / "project", {});
  CHECK(filter.wanted(here.folder / "project/main.cpp", false));
  CHECK(filter.wanted(here.folder / "project/sub", true));
  CHECK_FALSE(filter.wanted(here.folder / "project/x.log", false));
  CHECK_FALSE(filter.wanted(here.folder / "project/keep.log", false));
  CHECK(filter.wanted(here.folder / "project/sub/keep.log", false));
  CHECK_FALSE(filter.wanted(here.folder / "project/made", true));
  CHECK_FALSE(filter.wanted(here.folder / "project/made/deep/file.h", false));
  CHECK_FALSE(filter.wanted(here.folder / "other/main.cpp", false));
  CHECK(filter.wanted(here.folder / "project", true));
}

TEST_CASE("source filter: what builds make, .git and what editors leave are no sources") {
  source_filter_fixture here;
  source_filter filter(here.files, here.folder.path(), {here.folder / "target", here.folder / "bootstrap"});
  for (const std::string path :
       {"target/debug/x.rs", "target", "bootstrap", ".git/index", "node_modules/a/b.js", "main.o", "sub/.main.cpp.swp",
        "main.cpp~", ".#main.cpp", "#main.cpp#", "4913", "a/b/lib.a", "cmd/f-go-tmp-umask"}) {
    CAPTURE(path);
    CHECK_FALSE(filter.wanted(here.folder / path, false));
  }
  for (const std::string path :
       {"targets/a.rs", "sub/bootstrap", ".github/x.yml", "main.c", ".gitignore", "Makefile"}) {
    CAPTURE(path);
    CHECK(filter.wanted(here.folder / path, false));
  }
}

TEST_CASE("source filter: .gitignore files are read anew when it is told to forget them") {
  source_filter_fixture here;
  source_filter filter(here.files, here.folder.path(), {});
  CHECK(filter.wanted(here.folder / "made.h", false));
  here.folder.write(".gitignore", "made.h\n!*.o\n");
  CHECK(filter.wanted(here.folder / "made.h", false));
  filter.forget();
  CHECK_FALSE(filter.wanted(here.folder / "made.h", false));
  CHECK(filter.wanted(here.folder / "main.o", false));
}

TEST_CASE("project files: the machine's own") {
  source_filter_fixture here;
  here.folder.write_script("compiler");
  here.folder.write("most", std::string(limits::project_file_bytes, 'x'));
  here.folder.write("more", std::string(limits::project_file_bytes + 1, 'x'));
  std::filesystem::create_symlink(here.folder / "most", here.folder / "link");
  REQUIRE(::mkfifo((here.folder / "pipe").c_str(), 0600) == 0);
  CHECK(here.files.is_file(here.folder / "link"));
  CHECK(here.files.is_folder(here.folder.path()));
  CHECK_FALSE(here.files.is_folder(here.folder / "none"));
  CHECK(here.files.names_in(here.folder.path()) ==
        std::vector<std::string>{"compiler", "link", "more", "most", "pipe"});
  CHECK(here.files.names_in(here.folder / "none").empty());
  CHECK(here.files.text_of(here.folder / "most").value_or("").size() == limits::project_file_bytes);
  CHECK_FALSE(here.files.text_of(here.folder / "more").has_value());
  CHECK_FALSE(here.files.text_of(here.folder / "pipe").has_value());
  CHECK_FALSE(here.files.text_of(here.folder.path()).has_value());
  CHECK(here.files.real_path(here.folder / "link") == here.folder / "most");
  CHECK(here.files.real_path(here.folder / "none/x") == here.folder / "none/x");
  CHECK(here.files.has_command("compiler"));
  CHECK_FALSE(here.files.has_command("most"));
}

TEST_CASE("project files: parts of paths") {
  CHECK(parent_folder("/a/b") == "/a");
  CHECK(parent_folder("/a") == "/");
  CHECK(parent_folder("/").empty());
  CHECK(parent_folder("a").empty());
  CHECK(last_name("/a/b") == "b");
  CHECK(path_within("/a", "/a/b") == "b");
  CHECK(path_within("/", "/a") == "a");
  CHECK(path_within("/a", "/a") == "");
  CHECK_FALSE(path_within("/a", "/ab").has_value());
}

}  // namespace kelvin::test
