#include "runtime-api/service/runtime_api_ports.hpp"

#include "runtime-api/base/limits.hpp"
#include "tests/support/manual_clock.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <iterator>
#include <set>

namespace {

using namespace kelvin;
using kelvin::service::runtime_api_ports;
using kelvin::test::manual_clock;
using namespace std::chrono_literals;

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
}

struct ports_fixture {
  ports_fixture() {
    // An io_context opens descriptors of its own with its first socket.
    static_cast<void>(http::listening_socket::open(context, "127.0.0.1", 0));
  }

  boost::asio::io_context context{1};
  manual_clock time;
  runtime_api_ports ports{context, time};
};

TEST_CASE_FIXTURE(ports_fixture, "a socket listens before it is asked for, and only one") {
  const auto before = open_descriptors();
  time.advance(1s);
  CHECK(open_descriptors() == before + 1);
  const auto taken = ports.take();
  REQUIRE(taken.has_value());
  CHECK(open_descriptors() == before + 1);
  const auto second = ports.take();
  REQUIRE(second.has_value());
  CHECK(second->port() != taken->port());
  CHECK(open_descriptors() == before + 2);
}

TEST_CASE_FIXTURE(ports_fixture, "the next socket waits for the end of an init, but not for long") {
  time.advance(1s);
  const auto before = open_descriptors();
  const auto taken = ports.take();
  time.advance(99ms);
  CHECK(open_descriptors() == before);
  time.advance(1ms);
  CHECK(open_descriptors() == before + 1);
  const auto another = ports.take();
  ports.make_ready();
  time.advance(1ms);
  CHECK(open_descriptors() == before + 2);
  ports.make_ready();
  CHECK(time.armed() == 0);
}

TEST_CASE_FIXTURE(ports_fixture, "a released port is not given out while it rests") {
  std::set<std::uint16_t> released;
  for (int count = 0; count < 50; ++count) {
    const auto taken = ports.take();
    REQUIRE(taken.has_value());
    CHECK_FALSE(released.contains(taken->port()));
    released.insert(taken->port());
    ports.release(taken->port());
  }
}

}  // namespace
