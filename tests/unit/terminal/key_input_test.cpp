#include "emulator/terminal/key_input.hpp"

#include "tests/support/run_coroutine.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

using namespace kelvin;

namespace {

struct terminal_fixture {
  terminal_fixture() {
    user = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(user >= 0);
    REQUIRE(::grantpt(user) == 0);
    REQUIRE(::unlockpt(user) == 0);
    terminal = ::open(::ptsname(user), O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(terminal >= 0);
    keys = key_input::open(context, terminal, [this](std::string_view bytes) { got.append(bytes); });
    REQUIRE(keys);
  }
  ~terminal_fixture() {
    keys.reset();
    ::close(terminal);
    ::close(user);
  }

  tcflag_t modes() const {
    termios now{};
    REQUIRE(::tcgetattr(terminal, &now) == 0);
    return now.c_lflag;
  }
  void press(const std::string& text) const { REQUIRE(::write(user, text.data(), text.size()) > 0); }
  bool gets(const std::string& text) {
    return test::run_until(context, [&] { return got == text; });
  }

  boost::asio::io_context context{1};
  int user = -1;
  int terminal = -1;
  std::string got;
  std::unique_ptr<key_input> keys;
};

}  // namespace

TEST_CASE_FIXTURE(terminal_fixture, "Keys come one by one while they are read, and the modes come back") {
  const tcflag_t before = modes();
  REQUIRE((before & ICANON) != 0);
  keys->begin();
  CHECK(modes() == (before & ~static_cast<tcflag_t>(ICANON | ECHO)));
  press("a");
  CHECK(gets("a"));
  press("bc");
  CHECK(gets("abc"));
  keys->end();
  CHECK(modes() == before);
  CHECK((::fcntl(terminal, F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE_FIXTURE(terminal_fixture, "Paused it leaves keys to others, and reads on when it begins again") {
  const tcflag_t before = modes();
  keys->begin();
  keys->pause();
  press("a");
  context.poll();
  CHECK(got == "");
  char byte = 0;
  CHECK(::read(terminal, &byte, 1) == 1);
  CHECK(byte == 'a');
  keys->begin();
  press("b");
  CHECK(gets("b"));
  keys.reset();
  CHECK(modes() == before);
}

TEST_CASE_FIXTURE(terminal_fixture, "A terminal that is gone is read no more") {
  keys->begin();
  ::close(user);
  user = -1;
  context.run();  // it would not return if it waited on
  CHECK(got == "");
  user = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

TEST_CASE("What is no terminal has no keys") {
  boost::asio::io_context context{1};
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  CHECK(key_input::open(context, ends[0], [](std::string_view) {}) == nullptr);
  CHECK(key_input::open(context, -1, [](std::string_view) {}) == nullptr);
  ::close(ends[0]);
  ::close(ends[1]);
}
