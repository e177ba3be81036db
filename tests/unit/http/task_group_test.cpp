#include "runtime-api/base/task_group.hpp"

#include "runtime-api/base/one_shot.hpp"
#include "tests/support/http_transcript.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>

using namespace kelvin;
using kelvin::task_group;
using event = one_shot<std::monostate>;

namespace {

awaitable<void> wait_for(event& awaited) {
  co_await awaited.wait();
}
awaitable<void> fail_with(std::string text) {
  throw std::runtime_error(text);
  co_return;
}
awaitable<void> note_empty(task_group& group, int& noted) {
  co_await group.wait_empty();
  ++noted;
}

}  // namespace

TEST_CASE("task_group counts its tasks and tells when none is left") {
  boost::asio::io_context context;
  task_group group(context, nullptr);
  task_group watchers(context, nullptr);
  event first;
  event second;
  int noted = 0;
  watchers.spawn(note_empty(group, noted));
  test::run_ready(context);
  CHECK(noted == 1);
  group.spawn(wait_for(first));
  group.spawn(wait_for(second));
  watchers.spawn(note_empty(group, noted));
  watchers.spawn(note_empty(group, noted));
  test::run_ready(context);
  CHECK(group.size() == 2);
  first.set({});
  test::run_ready(context);
  CHECK(group.size() == 1);
  CHECK(noted == 1);
  second.set({});
  test::run_ready(context);
  CHECK(group.size() == 0);
  CHECK(noted == 3);
  CHECK(watchers.size() == 0);
}

TEST_CASE("task_group passes on what escapes a task") {
  boost::asio::io_context context;
  std::string escaped;
  task_group group(context, [&](std::exception_ptr exception) {
    try {
      std::rethrow_exception(exception);
    } catch (const std::exception& caught) {
      escaped = caught.what();
    }
  });
  group.spawn(fail_with("escaped"));
  CHECK(group.size() == 1);
  CHECK(escaped.empty());
  test::run_ready(context);
  CHECK(escaped == "escaped");
  CHECK(group.size() == 0);
}

TEST_CASE("task_group may go before its tasks, and before the loop ends them") {
  bool called = false;
  event awaited;
  boost::asio::io_context context;
  {
    task_group group(context, [&](std::exception_ptr) { called = true; });
    group.spawn(wait_for(awaited));
    group.spawn(fail_with("nobody listens"));
  }
  test::run_ready(context);
  CHECK(!called);
  awaited.set({});
  test::run_ready(context);
}
