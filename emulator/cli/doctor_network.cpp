#include "emulator/cli/doctor.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace kelvin {
namespace {

constexpr unsigned unprivileged_default = 1024;
/// Each environment has a port of its own, which rests for a minute after its end.
constexpr long comfortable_ports = 2000;

/// Binds and listens; 0 or errno.
int try_listen(int family, std::uint16_t port) {
  const int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0)
    return errno;
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  v6.sin6_addr = in6addr_loopback;
  const int bound = family == AF_INET ? bind(descriptor, reinterpret_cast<const sockaddr*>(&v4), sizeof v4)
                                      : bind(descriptor, reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
  const int error = bound == 0 && listen(descriptor, 1) == 0 ? 0 : errno;
  close(descriptor);
  return error;
}

void check_loopback(findings& found, bool has_v6) {
  if (const int error = try_listen(AF_INET, 0); error != 0) {
    found.fail(std::string("loopback 127.0.0.1: ") + std::strerror(error), "bring it up: ip link set lo up");
  } else {
    found.ok("loopback 127.0.0.1");
  }
  if (has_v6) {
    found.ok("loopback [::1]");
  } else {
    found.warn("loopback [::1]: not there; callers that take localhost for ::1 first try in vain",
               "use http://127.0.0.1:PORT, or enable IPv6 on lo");
  }
}

void check_port(findings& found, std::uint16_t port, bool has_v6) {
  if (port == 0)
    return;
  const std::string text = "port " + std::to_string(port);
  int error = try_listen(AF_INET, port);
  if (error == 0 && has_v6)
    error = try_listen(AF_INET6, port);
  if (error == 0) {
    found.ok(text + " is free");
    return;
  }
  if (error == EACCES) {
    found.warn(text + " needs root", "choose a port from 1024 on: --listen 127.0.0.1:9000");
    return;
  }
  const auto holder = port_holder(port);
  found.warn(text + ": " + std::strerror(error) +
                 (holder.empty() ? "; who holds it is not visible to this user" : "; held by process " + holder),
             "stop that program, or choose another port: --listen 127.0.0.1:0 takes any free one");
}

void check_port_ranges(findings& found) {
  const auto start = first_line("/proc/sys/net/ipv4/ip_unprivileged_port_start");
  const std::string from = start.empty() ? std::to_string(unprivileged_default) : start;
  found.ok("ports from " + from + " on need no privilege");
  std::istringstream range(first_line("/proc/sys/net/ipv4/ip_local_port_range"));
  long first = 0, last = -1;
  if (!(range >> first >> last))
    return;
  const std::string text = "free ports for environments: " + std::to_string(last - first + 1);
  if (last - first + 1 < comfortable_ports) {
    found.warn(text, "widen it: sysctl net.ipv4.ip_local_port_range='32768 60999'");
  } else {
    found.ok(text);
  }
}

/// The socket inodes that listen on a port, in the format of /proc/net/tcp and tcp6.
void collect_listeners(const char* path, std::uint16_t port, std::set<std::string>& inodes) {
  constexpr const char* listening = "0A";
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string skipped, local, state, inode;
    fields >> skipped >> local >> skipped >> state;
    for (int field = 0; field < 5; ++field)
      fields >> skipped;
    fields >> inode;
    const auto colon = local.rfind(':');
    if (state != listening || colon == std::string::npos)
      continue;
    if (std::strtoul(local.c_str() + colon + 1, nullptr, 16) == port)
      inodes.insert("socket:[" + inode + "]");
  }
}

}  // namespace

std::string port_holder(std::uint16_t port) {
  namespace fs = std::filesystem;
  std::set<std::string> inodes;
  collect_listeners("/proc/net/tcp", port, inodes);
  collect_listeners("/proc/net/tcp6", port, inodes);
  std::error_code error;
  for (fs::directory_iterator process("/proc", error), end; !inodes.empty() && !error && process != end;
       process.increment(error)) {
    const std::string name = process->path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos)
      continue;
    std::error_code hidden;
    for (fs::directory_iterator file(process->path() / "fd", hidden); !hidden && file != end; file.increment(hidden)) {
      std::error_code gone;
      const auto points_to = fs::read_symlink(file->path(), gone);
      if (gone || !inodes.contains(points_to.string()))
        continue;
      return name + " (" + first_line("/proc/" + name + "/comm") + ")";
    }
  }
  return {};
}

void check_network(findings& found, std::uint16_t port) {
  const bool has_v6 = try_listen(AF_INET6, 0) == 0;
  check_loopback(found, has_v6);
  check_port(found, port, has_v6);
  check_port_ranges(found);
}

}  // namespace kelvin
