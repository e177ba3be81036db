#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kelvin {

/// One thing that `kelvin doctor` looked at.
struct finding {
  enum class level { ok, warn, fail };
  finding::level level;
  std::string text;    ///< what was looked at and what was found
  std::string advice;  ///< what to do; empty if nothing
};

/// What was found so far.
class findings {
 public:
  void ok(std::string text) { all_.push_back({finding::level::ok, std::move(text), {}}); }
  void warn(std::string text, std::string advice) {
    all_.push_back({finding::level::warn, std::move(text), std::move(advice)});
  }
  void fail(std::string text, std::string advice) {
    all_.push_back({finding::level::fail, std::move(text), std::move(advice)});
  }
  const std::vector<finding>& all() const noexcept { return all_; }

 private:
  std::vector<finding> all_;
};

void check_machine(findings& found);  ///< kernel, architecture, cores, memory, descriptors, scratch folder, /proc
void check_network(findings& found, std::uint16_t port);  ///< loopback addresses, the callers' port, free ports
void check_isolation(findings& found);                    ///< namespaces
void check_limits(findings& found);  ///< by what CPU, memory, processes and /tmp are limited; by trying it

/// Who listens on a port of this machine: `PID (NAME)`, as far as /proc tells this user; empty if unknown.
std::string port_holder(std::uint16_t port);

/// The first line of a file, without its newline; empty if it cannot be read.
std::string first_line(const std::string& path);

}  // namespace kelvin
