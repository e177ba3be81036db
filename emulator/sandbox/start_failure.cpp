#include "emulator/sandbox/start_failure.hpp"

#include "emulator/sandbox/isolated_root.hpp"

#include <cctype>
#include <cerrno>
#include <cstring>

namespace kelvin {
namespace {

/// Whether execve's error is about the file, not about the machine or the arguments.
bool concerns_file(int error) noexcept {
  switch (error) {
    case EACCES:
    case EINVAL:
    case EISDIR:
    case ELIBBAD:
    case ELOOP:
    case ENAMETOOLONG:
    case ENOENT:
    case ENOEXEC:
    case ENOTDIR:
    case EPERM:
    case ETXTBSY: return true;
    default: return false;
  }
}

std::string_view call_of(start_step step) noexcept {
  switch (step) {
    case start_step::fork: return "fork";
    case start_step::parent_death_signal: return "prctl(PR_SET_PDEATHSIG)";
    case start_step::process_group: return "setpgid";
    case start_step::standard_streams: return "dup2";
    case start_step::descriptor_limit: return "setrlimit(RLIMIT_NOFILE)";
    case start_step::stop_at_begin: return "ptrace(PTRACE_TRACEME)";
    default: return "reading the start message";
  }
}

}  // namespace

std::string describe_error(int error) {
  const char* known = ::strerrordesc_np(error);
  std::string text = known != nullptr ? known : "errno " + std::to_string(error);
  text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

failure call_failure(std::string_view call, int error) {
  std::string detail = std::string(call) + ": " + describe_error(error);
  switch (error) {
    case EMFILE:
      return fail(errc::limit_reached, detail + "; kelvin's own limit of open files is met, raise it with `ulimit -n`");
    case ENFILE: return fail(errc::limit_reached, detail + "; the machine's limit of open files is met (fs.file-max)");
    case EAGAIN:
      return fail(errc::limit_reached,
                  detail + "; a limit of processes is met (`ulimit -u`, or pids.max of the container)");
    case ENOMEM: return fail(errc::limit_reached, detail + "; the machine is short of memory");
    default: return fail(errc::system_failure, std::move(detail));
  }
}

failure start_failure(const keeper_report& report, std::string_view program, std::string_view working_directory) {
  switch (report.step) {
    case start_step::execute:
      return fail(concerns_file(report.error) ? errc::not_executable : errc::system_failure,
                  "fork/exec " + std::string(program) + ": " + describe_error(report.error));
    case start_step::working_directory:
      return fail(errc::system_failure,
                  "chdir " + std::string(working_directory) + ": " + describe_error(report.error));
    default: break;
  }
  if (describe_isolation_step(report.step) != nullptr) {
    return isolation_failure(report);
  }
  return call_failure(call_of(report.step), report.error);
}

failure isolation_failure(const keeper_report& report) {
  const char* step = describe_isolation_step(report.step);
  std::string detail = std::string("isolation level lambda: ") + (step != nullptr ? step : "the set-up") + ": ";
  if (report.subject[0] != '\0') {
    detail += std::string(report.subject) + ": ";
  }
  return fail(errc::system_failure, detail + describe_error(report.error));
}

failure keeper_timed_out(std::string_view program) {
  return fail(errc::system_failure, "starting " + std::string(program) +
                                        ": the process kelvin-keeper did not answer in time; is it stopped, or does "
                                        "the file system of the program hang?");
}

failure keepers_lost(std::string_view program) {
  return fail(errc::system_failure, "starting " + std::string(program) + ": the process kelvin-keeper was killed " +
                                        std::to_string(start_attempts) +
                                        " times in a row; look for what kills processes on this machine");
}

std::optional<failure> find_nul(const start_request& request) {
  const auto holds_nul = [](std::string_view text) { return text.find('\0') != std::string_view::npos; };
  const bool bad_isolation = request.isolation != nullptr &&
                             (holds_nul(request.isolation->code_folder) || holds_nul(request.isolation->layer_folder) ||
                              holds_nul(request.isolation->program_snapshot));
  if (bad_isolation || holds_nul(request.program) || holds_nul(request.working_directory)) {
    return fail(errc::invalid_argument, "the path of the program or of its working directory holds a NUL byte");
  }
  for (const std::string& argument : request.arguments) {
    if (holds_nul(argument)) {
      return fail(errc::invalid_argument, "an argument of " + std::string(request.program) + " holds a NUL byte");
    }
  }
  for (const std::string& variable : request.variables) {
    if (holds_nul(variable)) {
      return fail(errc::invalid_argument, "the environment variable " + variable.substr(0, variable.find('=')) +
                                              " holds a NUL byte, which no process can be given");
    }
  }
  return std::nullopt;
}

}  // namespace kelvin
