#include "emulator/cli/doctor.hpp"

#include "emulator/cli/command_line.hpp"
#include "tests/support/captured_output.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/scoped_variable.hpp"
#include "tests/support/temporary_folder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace kelvin;
using namespace kelvin::test;

namespace {

struct listening_socket {
  int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  std::uint16_t port = 0;
  listening_socket() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(descriptor, 1) == 0);
    socklen_t size = sizeof address;
    REQUIRE(getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
  }
  listening_socket(const listening_socket&) = delete;
  listening_socket& operator=(const listening_socket&) = delete;
  ~listening_socket() { close(descriptor); }
};

const finding* find(const findings& found, const std::string& begin) {
  for (const auto& each : found.all()) {
    if (each.text.starts_with(begin))
      return &each;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("who holds a port") {
  std::uint16_t port = 0;
  {
    const listening_socket holder;
    port = holder.port;
    CHECK(port_holder(port).starts_with(std::to_string(getpid()) + " ("));
  }
  CHECK(port_holder(port).empty());
}

TEST_CASE("a port that is held is a warning that names its holder") {
  const listening_socket holder;
  findings found;
  check_network(found, holder.port);
  const auto* port = find(found, "port " + std::to_string(holder.port));
  REQUIRE(port != nullptr);
  CHECK(port->level == finding::level::warn);
  CHECK(contains(port->text, "held by process " + std::to_string(getpid())));
  CHECK(contains(port->advice, "--listen"));
}

TEST_CASE("the machine's findings") {
  findings found;
  check_machine(found);
  for (const char* begin : {"kernel ", "memory: ", "file descriptors: ", "scratch folder ", "/proc/PID/task/"}) {
    CHECK_MESSAGE(find(found, begin) != nullptr, begin);
  }
}

TEST_CASE("a scratch folder that cannot be made is named, with what to do") {
  const scoped_variable temporary("TMPDIR", "/no/such/folder");
  findings found;
  check_machine(found);
  const auto* scratch = find(found, "cannot make the scratch folder /no/such/folder");
  REQUIRE(scratch != nullptr);
  CHECK(scratch->level == finding::level::warn);
  CHECK(contains(scratch->text, "set TMPDIR"));
}

TEST_CASE("isolation is tried, not guessed, and leaves this process as it was") {
  const auto before = std::filesystem::read_symlink("/proc/self/ns/user");
  findings found;
  check_isolation(found);
  CHECK(found.all().size() == 1);
  CHECK(found.all()[0].text.find("user") != std::string::npos);
  CHECK(std::filesystem::read_symlink("/proc/self/ns/user") == before);
  for (const auto& each : found.all()) {
    CHECK(each.level != finding::level::fail);
    CHECK((each.level == finding::level::ok) == each.advice.empty());
  }
}

TEST_CASE("limits are tried, not guessed, and nothing is left of the trial") {
  const auto stands_in = read_file("/proc/self/cgroup");
  findings found;
  check_limits(found);
  for (const char* begin : {"CPU share (--cpu lambda): ", "memory size (--memory): ",
                            "processes and threads of a function: ", "freezing (--freeze): "}) {
    const auto* each = find(found, begin);
    REQUIRE_MESSAGE(each != nullptr, begin);
    CHECK(each->level != finding::level::fail);
    CHECK((each->level == finding::level::ok) == each->advice.empty());
  }
  CHECK(read_file("/proc/self/cgroup") == stands_in);
}

TEST_CASE("doctor prints one line per finding and exits with 0 here") {
  const auto shown = capture_output([] { return run_command_line(std::vector<std::string>{"doctor"}); });
  CHECK(shown.code == 0);
  CHECK(shown.out.starts_with("ok    kernel "));
  CHECK(contains(shown.out, "\nok    loopback 127.0.0.1\n"));
}
