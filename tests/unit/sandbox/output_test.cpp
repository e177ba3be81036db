#include "sandbox_fixture.hpp"

#include <algorithm>
#include <string>

namespace kelvin::test {

using lines = std::vector<std::string>;

TEST_CASE("output: lines of both streams, the unfinished last one at the end") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("echo one; echo >&2 bad; echo two; printf 'no newline'");
  REQUIRE(fixture.run_until_exit());
  CHECK(fixture.observer.lines_at_exit == 3);
  CHECK(fixture.observer.output == lines{"one", "two", "no newline"});
  fixture.run(box->stop());
  CHECK(fixture.observer.output == lines{"one", "two", "no newline"});
  CHECK(fixture.observer.error == lines{"bad"});
  CHECK(fixture.observer.exits == 1);
}

TEST_CASE("output: an unfinished line of a running process is delivered by stop") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("printf 'ready\\nhalf'; exec sleep 1000");
  REQUIRE(fixture.run_until([&] { return fixture.observer.output.size() == 1; }));
  fixture.run(box->stop());
  CHECK(fixture.observer.output == lines{"ready", "half"});
}

TEST_CASE("output: bytes pass as they are, long lines come in pieces") {
  sandbox_fixture fixture;
  const auto box =
      fixture.start_shell("printf '\\377\\376\\000x\\r\\n'; head -c 600000 /dev/zero | tr '\\000' y; echo; echo after");
  REQUIRE(fixture.run_until_exit());
  fixture.run(box->stop());
  const lines& output = fixture.observer.output;
  REQUIRE(output.size() == 5);
  CHECK(output[0] == std::string("\xff\xfe\0x\r", 5));
  CHECK(output[1] == std::string(limits::log_line_bytes, 'y'));
  CHECK(output[2] == std::string(limits::log_line_bytes, 'y'));
  CHECK(output[3] == std::string(600000 - 2 * limits::log_line_bytes, 'y'));
  CHECK(output[4] == "after");
}

TEST_CASE("output: 50 MB arrive whole") {
  sandbox_fixture fixture;
  std::size_t bytes = 0;
  fixture.observer.on_line = [&] {
    bytes += fixture.observer.output.back().size() + 1;
    fixture.observer.output.clear();
  };
  const auto box = fixture.start_shell("yes 'a line of the flood' | head -c 52428800");
  REQUIRE(fixture.run_until_exit());
  fixture.run(box->stop());
  // The cut of the last line has no newline.
  CHECK(bytes == 52428800 + (52428800 % 20 != 0 ? 1 : 0));
}

TEST_CASE("output: draining between the loop's reads keeps the order of 10,000 lines") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("i=0; while [ $i -lt 10000 ]; do echo $i; i=$((i+1)); done");
  REQUIRE(fixture.run_until([&] {
    box->drain_output();
    return fixture.observer.exit.has_value();
  }));
  fixture.run(box->stop());
  REQUIRE(fixture.observer.output.size() == 10000);
  for (std::size_t index = 0; index < 10000; ++index) {
    REQUIRE(fixture.observer.output[index] == std::to_string(index));
  }
}

TEST_CASE("output: what was written before an outside event is there after draining, without the loop") {
  sandbox_fixture fixture;
  const temporary_folder folder;
  const auto box = fixture.start_shell("echo said; : > " + (folder / "done") + "; exec sleep 1000");
  REQUIRE(wait_until([&] { return std::filesystem::exists(folder / "done"); }));
  box->drain_output();
  CHECK(fixture.observer.output == lines{"said"});
}

TEST_CASE("output: paused pipes are read by draining only, and go on afterwards") {
  sandbox_fixture fixture;
  const temporary_folder folder;
  const std::string go = folder / "go";
  const auto box = fixture.start_shell("echo first; until [ -e " + go + " ]; do sleep 0.01; done; echo second; : > " +
                                       (folder / "done") + "; exec sleep 1000");
  REQUIRE(fixture.run_until([&] { return fixture.observer.output.size() == 1; }));
  fixture.factory->set_output_paused(true);
  folder.write("go", "");
  REQUIRE(fixture.run_until([&] { return std::filesystem::exists(folder / "done"); }));
  fixture.context.poll();
  CHECK(fixture.observer.output == lines{"first"});

  SUBCASE("resumed") {
    fixture.factory->set_output_paused(false);
    CHECK(fixture.run_until([&] { return fixture.observer.output.size() == 2; }));
  }
  SUBCASE("drained") {
    box->drain_output();
    CHECK(fixture.observer.output == lines{"first", "second"});
  }
  SUBCASE("stopped") {
    fixture.run(box->stop());
    CHECK(fixture.observer.output == lines{"first", "second"});
  }
}

TEST_CASE("output: a writer of a paused flood blocks and loses nothing") {
  sandbox_fixture fixture;
  fixture.factory->set_output_paused(true);
  const auto box = fixture.start_shell("yes 0123456789 | head -n 100000; echo end");
  REQUIRE(fixture.run_until([&] { return fixture.context.poll() == 0; }));
  CHECK(fixture.observer.output.empty());
  CHECK_FALSE(fixture.observer.exit.has_value());
  fixture.factory->set_output_paused(false);
  REQUIRE(fixture.run_until_exit());
  fixture.run(box->stop());
  CHECK(fixture.observer.output.size() == 100001);
  CHECK(fixture.observer.output.back() == "end");
}

}  // namespace kelvin::test
