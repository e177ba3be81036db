#pragma once

#include "emulator/function/debugging.hpp"
#include "emulator/function/event_invoke_configuration.hpp"
#include "emulator/function/isolation_level.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/base/log_format.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kelvin {

/// One function, ready to run: its code is where `bootstrap` says.
struct function_configuration {
  std::string name;
  std::string logical_id;  ///< in its template, by which callers may name it too; empty: no template describes it
  std::string handler = "bootstrap";
  unsigned memory_mib = limits::memory_mib_min;
  unsigned ephemeral_storage_mib = limits::ephemeral_storage_mib_min;  ///< size of /tmp
  bool memory_chosen = false;  ///< false: nobody chose a size, 128 is only reported
  std::chrono::seconds timeout{3};
  std::map<std::string, std::string> variables;  ///< user's environment variables, reserved names refused
  std::optional<unsigned> reserved_concurrency;
  unsigned environments = 16;  ///< at most so many execution environments at once on this machine

  std::string target;                       ///< what the user named, for messages
  std::string code_folder;                  ///< absolute; stands for /var/task
  std::optional<std::string> layer_folder;  ///< absolute; stands for /opt
  std::string bootstrap;                    ///< absolute path of what is exec'd; empty if none was found
  /// Absolute path of a copy to run in the bootstrap's place, which lasts as long as this does; null: it runs itself.
  std::shared_ptr<const std::string> bootstrap_snapshot;
  /// Keeps what was unpacked for it, code or layers, as long as anything runs from there; null: it stays anyway.
  std::shared_ptr<const void> unpacked;
  std::string bootstrap_problem;  ///< if `bootstrap` is empty: AWS's text for it

  event_invoke_configuration event_invoke;  ///< of asynchronous invocations
  logging_configuration logging;

  std::optional<debugging> debugged;  ///< its process runs under a debugger, and no timeout or limit ends anything

  /// How long an invocation may take, as its runtime is told: under a debugger that is never enforced.
  std::chrono::seconds deadline() const noexcept { return debugged ? debugged_deadline : timeout; }
};

/// How much CPU functions get while they have an invocation.
enum class cpu_level {
  host,    ///< as much as there is
  lambda,  ///< their memory's share, as on AWS
};

/// Account-wide facts that functions see.
struct account_configuration {
  std::string region = "us-east-1";
  std::string account_id = "123456789012";
  struct credentials_values {
    std::string access_key_id;
    std::string secret_access_key;
    std::string session_token;
  } credentials;
  unsigned max_concurrency = limits::account_concurrency;
  unsigned environments_total = 32;
  std::chrono::seconds idle_timeout{600};
  isolation_level isolation = isolation_level::host;  ///< of every function that is not debugged
  cpu_level cpu = cpu_level::host;                    ///< of every function on this machine
  bool freeze = false;                                ///< idle environments are frozen
  std::string endpoint_url;                           ///< for AWS_ENDPOINT_URL_LAMBDA; empty: leave it out
};

/// How far this function is kept apart: a debugged one is not, for its debugger must see what it sees.
inline isolation_level isolation_of(const function_configuration& function, const account_configuration& account) {
  return function.debugged ? isolation_level::host : account.isolation;
}

/// `arn:aws:lambda:<region>:<account>:function:<name>` without qualifier.
std::string function_arn(const account_configuration& account, const std::string& function_name);

}  // namespace kelvin
