#include "emulator/app/ready_line.hpp"

#include "emulator/app/route_listing.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace kelvin {
namespace {

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

result<void> write_ready_file(const std::string& path, const std::string& line) {
  // Written beside and renamed, so that a reader never sees half a line.
  const std::string unfinished = path + std::string(unfinished_suffix);
  const int descriptor = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const bool written = descriptor >= 0 && write_all(descriptor, line);
  const int write_errno = errno;
  if (descriptor >= 0) {
    ::close(descriptor);
  }
  if (!written || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    const int reason = written ? errno : write_errno;
    ::unlink(unfinished.c_str());
    return fail(errc::system_failure,
                "--ready-file " + path + " could not be written: " + std::strerror(reason) + ". Name a writable place");
  }
  return {};
}

}  // namespace

std::string ready_line(const std::string& url, std::uint16_t port, const function_registry& registry,
                       const gateway& apis) {
  nlohmann::ordered_json functions = nlohmann::ordered_json::object();
  for (const function_configuration& each : registry.functions()) {
    functions[each.name] = {{"url", url + "/2015-03-31/functions/" + each.name + "/invocations"},
                            {"function_url", url + "/lambda-url/" + each.name + "/"}};
  }
  nlohmann::ordered_json line;
  line["url"] = url;
  line["port"] = port;
  line["functions"] = std::move(functions);
  line["apis"] = nlohmann::ordered_json::object();
  for (const api_configuration* each : apis.described()) {
    if (each->kind != api_kind::function_url) {
      line["apis"][each->id] = {{"kind", display_name(each->kind)},
                                {"url", stage_url(url, *each, each->stages.front())}};
    }
  }
  line["isolation"] = name_of(registry.account().isolation);
  return line.dump() + "\n";
}

result<void> announce_ready(const std::string& line, const settings& chosen) {
  if (chosen.ready_descriptor) {
    const bool written = write_all(*chosen.ready_descriptor, line);
    const int reason = errno;
    if (!written) {
      return fail(errc::system_failure, "--ready-fd " + std::to_string(*chosen.ready_descriptor) +
                                            " could not be written: " + std::strerror(reason) +
                                            ". Pass a descriptor that is open for writing");
    }
    if (*chosen.ready_descriptor > 2) {
      ::close(*chosen.ready_descriptor);
    }
  }
  if (!chosen.ready_file.empty()) {
    return write_ready_file(chosen.ready_file, line);
  }
  return {};
}

}  // namespace kelvin
