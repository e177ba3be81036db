#include "emulator/observability/log_sink.hpp"

#include "emulator/observability/fan_out.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include <fcntl.h>
#include <unistd.h>

using namespace kelvin;

namespace {

const environment_label environment{"orders", "stream"};

/// A sink on a pipe; what() takes what was written.
class fixture {
 public:
  explicit fixture(log_sink_options options) {
    REQUIRE(::pipe2(ends_, O_CLOEXEC) == 0);
    writer_.emplace(context_, ends_[1]);
    sink.emplace(*writer_, options);
  }
  ~fixture() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }

  std::string what() {
    CHECK(writer_->flush_blocking());
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    char bytes[4096];
    const ssize_t count = ::read(ends_[0], bytes, sizeof bytes);
    return std::string(bytes, count > 0 ? static_cast<std::size_t>(count) : 0);
  }

 private:
  boost::asio::io_context context_{1};
  int ends_[2];
  std::optional<log_writer> writer_;

 public:
  std::optional<log_sink> sink;
};

void report_lines(lifecycle_sink& sink) {
  sink.report(platform_start{environment, {}, "$LATEST"});
  sink.report(function_output{environment, output_stream::standard_output, "hello"});
  sink.report(platform_fault{environment, {}, "first\nsecond"});
  sink.report(environment_ended{environment});
}

}  // namespace

TEST_CASE("one function's lines stand as AWS writes them") {
  fixture log({.several_functions = false, .colour = false});
  report_lines(*log.sink);
  CHECK(log.what() ==
        "START RequestId: " + std::string(request_id().text()) + " Version: $LATEST\nhello\nfirst\nsecond\n");
}

TEST_CASE("with several functions each line names its own") {
  fixture log({.several_functions = true, .colour = false});
  log.sink->report(function_output{environment, output_stream::standard_output, ""});
  log.sink->report(platform_fault{environment, {}, "first\n\nsecond"});
  log.sink->report(notice{notice_level::info, "of kelvin's own"});
  CHECK(log.what() == "[orders] \n[orders] first\n[orders] \n[orders] second\nkelvin: info: of kelvin's own\n");
}

TEST_CASE("notices below the level are left out, the function's lines never") {
  fixture log({.level = notice_level::warning, .colour = false});
  log.sink->report(notice{notice_level::debug, "d"});
  log.sink->report(notice{notice_level::info, "i"});
  log.sink->report(notice{notice_level::warning, "w {} %v"});
  log.sink->report(notice{notice_level::error, "e"});
  log.sink->report(function_output{environment, output_stream::standard_error, "x"});
  CHECK(log.what() == "kelvin: warning: w {} %v\nkelvin: error: e\nx\n");

  fixture all({.level = notice_level::debug, .colour = false});
  all.sink->report(notice{notice_level::debug, "d"});
  CHECK(all.what() == "kelvin: debug: d\n");
}

TEST_CASE("colour is for the level alone") {
  fixture log({.colour = true});
  log.sink->report(notice{notice_level::warning, "w"});
  log.sink->report(function_output{environment, output_stream::standard_error, "x"});
  CHECK(log.what() == "kelvin: \x1b[33mwarning\x1b[0m: w\nx\n");
}

TEST_CASE("a pipe is not coloured") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  CHECK_FALSE(wants_colour(ends[1]));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("a terminal is coloured unless NO_COLOR is set") {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) {
    MESSAGE("no pseudo terminal to be had here");
    return;
  }
  ::unsetenv("NO_COLOR");
  CHECK(wants_colour(terminal));
  ::setenv("NO_COLOR", "1", 1);
  CHECK_FALSE(wants_colour(terminal));
  ::unsetenv("NO_COLOR");
  ::close(terminal);
}

TEST_CASE("a fan-out passes every event to all, in order") {
  struct recorder final : lifecycle_sink {
    explicit recorder(std::string& given, char given_name) : log(given), name(given_name) {}
    void report(const lifecycle_event& event) override {
      log.push_back(name);
      log.append(std::get<notice>(event).text);
    }
    std::string& log;
    char name;
  };
  std::string log;
  recorder one(log, '1');
  recorder two(log, '2');
  recorder three(log, '3');
  fan_out all({&one, &two});
  all.report(notice{notice_level::info, "a"});
  all.add(three);
  all.report(notice{notice_level::info, "b"});
  CHECK(log == "1a2a1b2b3b");
}

TEST_CASE("in JSON format every line but the function's own is an object") {
  fixture log({.several_functions = true,
               .level = notice_level::warning,
               .colour = true,
               .logging = {.format = log_format::json, .system_level = log_level::warn},
               .now = [] { return wall_time(std::chrono::seconds(0)); }});
  report_lines(*log.sink);
  log.sink->report(notice{notice_level::info, "below the level"});
  log.sink->report(notice{notice_level::error, "e"});
  CHECK(
      log.what() ==
      "hello\n"
      R"({"time":"1970-01-01T00:00:00.000Z","type":"platform.fault","record":"first\nsecond","functionName":"orders"})"
      "\n"
      R"({"time":"1970-01-01T00:00:00.000Z","type":"kelvin.notice","record":{"level":"error","message":"e"}})"
      "\n");
}
