#include "emulator/function/unzip.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/function/zip_builder.hpp"

#include <unistd.h>

using namespace kelvin;
using namespace kelvin::test;

namespace {

struct fixture {
  temporary_folder folder;
  std::string archive = folder / "code.zip";
  std::string out = folder.make_folder("out");
  zip_builder zip{archive};

  result<void> run(std::uint64_t limit_bytes = limits::zip_unpacked_bytes) {
    zip.close();
    return unzip(archive, out, limit_bytes);
  }
  mode_t mode_of(const std::string& name) const {
    struct stat status;
    REQUIRE(lstat((out + "/" + name).c_str(), &status) == 0);
    return status.st_mode;
  }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "files come with their content and mode") {
  const std::string large(300'000, 'x');
  zip.add("bootstrap", "#!/bin/sh\n", 0755).add("lib/deep/data", large, 0640).add("empty", "", 0600);
  zip.add("folder/", "", S_IFDIR | 0755);
  zip.add("stored", "plain", 0644, {.method = 0});
  REQUIRE(succeeds(run()));
  CHECK(read_file(out + "/bootstrap") == "#!/bin/sh\n");
  CHECK(read_file(out + "/lib/deep/data") == large);
  CHECK(read_file(out + "/stored") == "plain");
  CHECK((mode_of("bootstrap") & 07777) == 0755);
  CHECK((mode_of("lib/deep/data") & 07777) == 0640);
  CHECK(S_ISDIR(mode_of("folder")));
  CHECK(std::filesystem::file_size(out + "/empty") == 0);
}

TEST_CASE_FIXTURE(fixture, "set-user-id bits are dropped, and the owner can read") {
  zip.add("program", "x", 06711).add("closed", "x", 0000);
  REQUIRE(succeeds(run()));
  CHECK((mode_of("program") & 07777) == 0711);
  CHECK((mode_of("closed") & 07777) == 0400);
}

TEST_CASE_FIXTURE(fixture, "a zip made where there are no modes gives plain files") {
  zip.add("bootstrap", "x", 0755, {.made_on = 0});
  REQUIRE(succeeds(run()));
  CHECK((mode_of("bootstrap") & 07777) == 0644);
}

TEST_CASE_FIXTURE(fixture, "symbolic links are links") {
  zip.add("lib/current", "version-1", S_IFLNK | 0777).add("lib/version-1", "one");
  REQUIRE(succeeds(run()));
  CHECK(S_ISLNK(mode_of("lib/current")));
  CHECK(read_file(out + "/lib/current") == "one");
}

TEST_CASE_FIXTURE(fixture, "nothing is written through a link of the archive") {
  const auto outside = folder.make_folder("outside");
  SUBCASE("a file behind a link") {
    zip.add("way", outside, S_IFLNK | 0777).add("way/file", "caught");
    CHECK(run().has_error());
  }
  SUBCASE("a link behind a link") {
    zip.add("way", outside, S_IFLNK | 0777).add("way/file", "/etc", S_IFLNK | 0777);
    CHECK(run().has_error());
  }
  SUBCASE("a file in the place of a link") {
    folder.write("outside/file", "untouched");
    zip.add("file", outside + "/file", S_IFLNK | 0777).add("file", "new");
    CHECK(succeeds(run()));
    CHECK(read_file(outside + "/file") == "untouched");
  }
  CHECK(std::filesystem::symlink_status(outside + "/file").type() != std::filesystem::file_type::symlink);
  CHECK(read_file(outside + "/file") != "caught");
}

TEST_CASE("an entry that leads out of the folder is refused") {
  for (const char* name : {"../evil", "/evil", "a/../../evil", "..", "a/.."}) {
    CAPTURE(name);
    fixture made;
    made.zip.add(name, "x");
    const auto text = failure_text(made.run(), errc::invalid_argument);
    CHECK(contains(text, "leads out of its folder"));
    CHECK(contains(text, name));
    CHECK_FALSE(std::filesystem::exists(made.folder / "evil"));
  }
}

TEST_CASE_FIXTURE(fixture, "what unpacks to more than the limit is stopped") {
  zip.add("zeros", std::string(2'000'000, '\0'));
  const auto text = failure_text(run(1024 * 1024), errc::limit_reached);
  CHECK(contains(text, "code.zip unpacks to more than 1 MB"));
  CHECK(std::filesystem::file_size(out + "/zeros") <= 1024 * 1024);
}

TEST_CASE_FIXTURE(fixture, "an encrypted entry is refused") {
  zip.add("bootstrap", "x", 0755, {.flags = 1});
  CHECK(contains(failure_text(run(), errc::invalid_argument), "is encrypted (bootstrap)"));
}

TEST_CASE_FIXTURE(fixture, "a device, pipe or socket is refused") {
  zip.add("pipe", "", S_IFIFO | 0644);
  CHECK(contains(failure_text(run(), errc::invalid_argument), "pipe is a device, pipe or socket"));
}

TEST_CASE_FIXTURE(fixture, "a packing method that Lambda does not take is named") {
  zip.add("bootstrap", "x");
  zip.close();
  auto bytes = read_file(archive);
  constexpr std::size_t method_in_local = 8, method_in_directory = 10;
  bytes[method_in_local] = 98;
  bytes[bytes.find("PK\x01\x02") + method_in_directory] = 98;
  folder.write("code.zip", bytes);
  CHECK(contains(failure_text(unzip(archive, out), errc::unsupported), "bootstrap is packed with method 98"));
}

TEST_CASE_FIXTURE(fixture, "damaged archives are told apart from other files") {
  zip.add("bootstrap", std::string(100, 'a'), 0644, {.method = 0}).add("more", "x").close();
  const auto bytes = read_file(archive);
  SUBCASE("not a zip") {
    folder.write("code.zip", "just text");
    CHECK(contains(failure_text(unzip(archive, out), errc::invalid_argument), "is not a zip archive"));
  }
  SUBCASE("no bytes at all") {
    folder.write("code.zip", "");
    CHECK(contains(failure_text(unzip(archive, out), errc::invalid_argument), "is not a zip archive"));
  }
  SUBCASE("cut off") {
    folder.write("code.zip", std::string_view(bytes).substr(0, bytes.size() - 30));
    CHECK(contains(failure_text(unzip(archive, out), errc::invalid_argument), "its end is missing"));
  }
  SUBCASE("a changed byte") {
    auto changed = bytes;
    changed[changed.find("aaaa") + 2] = 'b';
    folder.write("code.zip", changed);
    CHECK(contains(failure_text(unzip(archive, out), errc::invalid_argument), "the checksum of bootstrap is wrong"));
  }
  SUBCASE("a directory that ends early") {
    auto changed = bytes;
    changed[changed.rfind("PK\x01\x02")] = 'Q';
    folder.write("code.zip", changed);
    CHECK(contains(failure_text(unzip(archive, out), errc::invalid_argument), "is damaged"));
  }
  SUBCASE("missing") {
    CHECK(contains(failure_text(unzip(folder / "none.zip", out), errc::not_found), "none.zip: No such file"));
  }
}

TEST_CASE_FIXTURE(fixture, "every single changed byte is survived") {
  zip.add("bootstrap", "#!/bin/sh\necho hello\n", 0755).add("a/link", "../bootstrap", S_IFLNK | 0777);
  zip.close();
  const auto bytes = read_file(archive);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    folder.write("changed.zip", changed);
    const auto into = folder.make_folder("into");
    const auto outcome = unzip(folder / "changed.zip", into, 1'000'000);
    CHECK((outcome || !outcome.error().detail.empty()));
    std::filesystem::remove_all(into);
  }
}

TEST_CASE_FIXTURE(fixture, "an archive is known by its name or its first bytes") {
  zip.add("bootstrap", "x").close();
  CHECK(is_zip(archive));
  std::filesystem::rename(archive, folder / "package");
  CHECK(is_zip(folder / "package"));
  CHECK(is_zip(folder / "absent.ZIP"));
  CHECK_FALSE(is_zip(folder.write("program", "#!/bin/sh\n")));
}
