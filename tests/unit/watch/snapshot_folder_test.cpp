#include "emulator/watch/snapshot_folder.hpp"

#include "emulator/watch/open_file.hpp"
#include "emulator/watch/watch_limits.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/watch/private_namespaces.hpp"

#include <doctest/doctest.h>

#include <boost/asio/post.hpp>

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace kelvin {
namespace {

namespace fs = std::filesystem;
using taken = result<std::shared_ptr<const snapshot>>;

struct snapshot_fixture {
  taken take(const std::string& source) { return test::run_coroutine(context, snapshots.take(source)); }
  std::size_t copies() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(kept), fs::directory_iterator()));
  }
  /// A script that takes several pieces to copy.
  std::string write_large(char fill) {
    return folder.write("bootstrap", "#!/bin/sh\n" + std::string(3 * limits::snapshot_piece_bytes, fill), 0755);
  }

  test::temporary_folder folder;
  std::string kept = folder.make_folder("kept");
  boost::asio::io_context context{1};
  snapshot_folder snapshots{kept};
};

TEST_CASE("a snapshot has the original's bytes and mode, runs, and goes with its owner") {
  snapshot_fixture run;
  const std::string script = run.folder.write("bootstrap", "#!/bin/sh\nexit 7\n", 0751);
  auto first = run.take(script);
  REQUIRE(test::succeeds(first));
  CHECK(test::read_file((*first)->path()) == test::read_file(script));
  struct stat status {};
  REQUIRE(::stat((*first)->path().c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0751);
  CHECK((*first)->source().size_bytes == 17);
  CHECK(WEXITSTATUS(std::system((*first)->path().c_str())) == 7);

  // The build replaces the original, in place too, while the snapshot is there.
  run.folder.write("bootstrap", "#!/bin/sh\nexit 8\n", 0700);
  auto second = run.take(script);
  REQUIRE(test::succeeds(second));
  CHECK((*second)->path() != (*first)->path());
  CHECK(WEXITSTATUS(std::system((*first)->path().c_str())) == 7);
  CHECK(WEXITSTATUS(std::system((*second)->path().c_str())) == 8);
  CHECK(run.copies() == 2);
  const std::string path = (*first)->path();
  *first = nullptr;
  CHECK_FALSE(fs::exists(path));
  CHECK(run.copies() == 1);
}

TEST_CASE("a program that runs from its snapshot does not keep its original from being written") {
  snapshot_fixture run;
  const std::string program = run.folder / "bootstrap";
  fs::copy_file("/bin/sleep", program);
  const auto copy = run.take(program);
  REQUIRE(test::succeeds(copy));
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::execl((*copy)->path().c_str(), "bootstrap", "60", nullptr);
    ::_exit(1);
  }
  const std::string runs = "/proc/" + std::to_string(child) + "/exe";
  std::error_code ignored;
  CHECK(test::run_until(run.context, [&] { return fs::read_symlink(runs, ignored) == (*copy)->path(); }));
  CHECK_FALSE(open_file((*copy)->path(), O_WRONLY));
  CHECK(open_file(program, O_WRONLY | O_TRUNC));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST_CASE("a large file is copied in turns, and a change of it meanwhile makes a new copy") {
  snapshot_fixture run;
  const std::string source = run.write_large('a');
  std::optional<taken> ended;
  boost::asio::co_spawn(run.context.get_executor(), run.snapshots.take(source),
                        [&](std::exception_ptr, taken copy) { ended = std::move(copy); });
  run.context.run_one();
  SUBCASE("one change") {
    const bool is_shared = ended.has_value();
    std::ofstream(source, std::ios::app) << "b";
    CHECK(test::run_until(run.context, [&] { return ended.has_value(); }));
    REQUIRE(test::succeeds(*ended));
    const std::string copied = test::read_file((**ended)->path());
    const std::string original = test::read_file(source);
    CHECK((is_shared ? copied + "b" : copied) == original);
    CHECK(run.copies() == 1);
  }
  SUBCASE("changes without end") {
    int turns = 0;
    while (!ended && ++turns < 1000) {
      std::ofstream(source, std::ios::app) << "b";
      run.context.run_one();
    }
    REQUIRE(ended.has_value());
    if (*ended) {
      CHECK((**ended)->is_shared());
    } else {
      CHECK(test::contains(test::failure_text(*ended, errc::invalid_state), "it changed 3 times"));
      CHECK(turns >= 3 * limits::snapshot_attempts);
      CHECK(run.copies() == 0);
    }
  }
  SUBCASE("it is cut off") {
    const bool is_shared = ended.has_value();
    fs::resize_file(source, 0);
    CHECK(test::run_until(run.context, [&] { return ended.has_value(); }));
    if (!is_shared) {
      CHECK(test::contains(test::failure_text(*ended, errc::invalid_state), "it is empty"));
      CHECK(run.copies() == 0);
    }
  }
}

TEST_CASE("no snapshot is taken of what is being written, is not whole, is no file or not there") {
  snapshot_fixture run;
  const std::string script = run.folder.write_script("bootstrap");
  {
    const open_file writing(script, O_WRONLY);
    CHECK(test::contains(test::failure_text(run.take(script), errc::invalid_state), "open for writing"));
  }
  CHECK(test::contains(test::failure_text(run.take(run.folder.write("cut", "#!/bin/s")), errc::invalid_state),
                       "cut short"));
  CHECK(test::contains(test::failure_text(run.take(run.kept), errc::invalid_argument), "not a regular file"));
  CHECK(test::contains(test::failure_text(run.take(run.folder / "none"), errc::not_found), "No such file"));
  CHECK(run.copies() == 0);

  snapshot_folder nowhere(run.folder / "none");
  const auto copy = test::run_coroutine(run.context, nowhere.take(script));
  CHECK(test::contains(test::failure_text(copy, errc::system_failure), run.folder / "none"));
}

TEST_CASE("a full disk is told with the bytes needed, and no part of a copy stays" *
          doctest::skip(!test::has_private_namespaces())) {
  snapshot_fixture run;
  const std::string source = run.write_large('a');
  const std::string said = test::in_private_namespaces([&]() -> std::string {
    if (::mount("tmpfs", run.kept.c_str(), "tmpfs", 0, "size=1m") != 0) {
      return "no tmpfs";
    }
    const auto copy = run.take(source);
    return (copy ? "taken" : copy.error().detail) + "; copies: " + std::to_string(run.copies());
  });
  CHECK(test::contains(said, "cannot take a snapshot of " + source + " in " + run.kept + ": the disk is full"));
  CHECK(test::contains(said, std::to_string(fs::file_size(source)) + " bytes are needed"));
  CHECK(test::contains(said, "set TMPDIR"));
  CHECK(said.ends_with("copies: 0"));
}

}  // namespace
}  // namespace kelvin
