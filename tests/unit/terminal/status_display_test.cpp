#include "emulator/terminal/status_display.hpp"

#include "tests/support/manual_clock.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <unistd.h>

using namespace kelvin;
using namespace std::chrono_literals;

namespace {

/// A display whose log goes to a pipe.
struct display_fixture {
  display_fixture() {
    REQUIRE(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    log = std::make_unique<log_writer>(context, ends[1]);
    display = std::make_unique<status_display>(time, *log, board, status_style{}, [this] { return size; });
  }
  ~display_fixture() {
    display.reset();
    log.reset();
    ::close(ends[0]);
    ::close(ends[1]);
  }

  /// What one turn of the loop writes.
  std::string written() {
    context.restart();
    context.poll();
    std::string text(65536, '\0');
    const ssize_t count = ::read(ends[0], text.data(), text.size());
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
  }
  void change(const std::string& name, std::optional<steady_time> trial_began = std::nullopt) {
    board.change(name, [&](auto& status) { status.trial_began = trial_began; });
  }

  int ends[2] = {-1, -1};
  boost::asio::io_context context{1};
  test::manual_clock time;
  status_board board;
  screen_size size;
  std::unique_ptr<log_writer> log;
  std::unique_ptr<status_display> display;
};

}  // namespace

TEST_CASE_FIXTURE(display_fixture, "Lines are written below the log while the display is shown") {
  change("f");
  display->draw();
  CHECK(written() == "");
  display->show();
  CHECK(written() == "\x1b[0mf  ready");
  log->append("log\n");
  CHECK(written() == "\r\x1b[Jlog\n\x1b[0mf  ready");
  change("g");
  display->draw();
  CHECK(written() == "\r\x1b[J\x1b[0mf  ready\ng  ready");
  display->hide();
  CHECK(written() == "\r\x1b[1A\x1b[J");
  log->append("log\n");
  CHECK(written() == "log\n");
}

TEST_CASE_FIXTURE(display_fixture, "What has not changed is not written again") {
  change("f");
  display->show();
  CHECK(written() == "\x1b[0mf  ready");
  display->draw();
  CHECK(written() == "");
}

TEST_CASE_FIXTURE(display_fixture, "A timer is set only while time shows, and once a second then") {
  change("f");
  display->show();
  CHECK(time.armed() == 0);
  change("f", time.now());
  display->draw();
  written();
  CHECK(time.armed() == 1);
  time.advance(999ms);
  CHECK(written() == "");
  time.advance(1ms);
  CHECK(written() == "\r\x1b[J\x1b[0mf  starting 1 s");
  time.advance(1s);
  CHECK(written() == "\r\x1b[J\x1b[0mf  starting 2 s");
  display->hide();
  CHECK(time.armed() == 0);
  display->show();
  CHECK(time.armed() == 1);
  change("f");
  display->draw();
  CHECK(time.armed() == 0);
}

TEST_CASE_FIXTURE(display_fixture, "A screen that became narrower has wrapped what is taken away") {
  change("function");
  display->show();
  CHECK(written() == "\x1b[0mfunction  ready");
  size.columns = 10;
  display->draw();
  CHECK(written() == "\r\x1b[1A\x1b[J\x1b[0mfunction…");
}

TEST_CASE_FIXTURE(display_fixture, "What is abandoned stays, and is drawn anew") {
  change("f");
  display->show();
  written();
  display->abandon();
  CHECK(written() == "\x1b[0mf  ready");
  log->append("log\n");
  CHECK(written() == "\r\x1b[Jlog\n\x1b[0mf  ready");
  display->hide();
  display->abandon();
  CHECK(written() == "");
}

TEST_CASE_FIXTURE(display_fixture, "A display that goes takes its lines away") {
  change("f");
  display->show();
  written();
  display.reset();
  CHECK(written() == "\r\x1b[J");
}
