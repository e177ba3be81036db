#pragma once

#include "emulator/event_source/asynchronous/retry_plan.hpp"
#include "emulator/function/function_configuration.hpp"
#include "emulator/gateway/implied_api.hpp"
#include "runtime-api/base/lifecycle_event.hpp"
#include "runtime-api/base/log_format.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kelvin {

/// One TARGET of the command line: `NAME=PATH` or `PATH`.
struct target_argument {
  std::string name;  ///< empty: the folder's name
  std::string path;
};

enum class credentials_source { dummy, environment, profile };

/// Everything a run of kelvin can be told, with its defaults (design: commands and options). Filled
/// by the command line, checked there, used by the application.
struct settings {
  std::vector<target_argument> targets;

  // Functions that a template describes.
  std::map<std::string, std::string> parameters;  ///< --parameter
  std::vector<std::string> variable_files;        ///< --env-file, those of them that are JSON

  // Functions that no template describes.
  std::optional<unsigned> memory_mib;            ///< --memory; not given: 128, only reported
  std::optional<unsigned> tmp_size_mib;          ///< --tmp-size; not given: 512
  std::chrono::seconds timeout{3};               ///< --timeout
  bool timeout_chosen = false;                   ///< an explicit --timeout
  std::string handler = "bootstrap";             ///< --handler
  bool handler_chosen = false;                   ///< an explicit --handler
  std::map<std::string, std::string> variables;  ///< --env-file, then --env over it; of all functions
  // What those were made of, for who reads the files again.
  std::vector<std::string> environment_files;        ///< --env-file, those of them that are lines of NAME=value
  std::map<std::string, std::string> own_variables;  ///< --env alone
  std::vector<std::string> layers;                   ///< --layer, in order
  std::optional<unsigned> reserved_concurrency;      ///< --reserved-concurrency
  std::optional<unsigned> environments;              ///< --environments; not given: 4 × cores, at least 16

  // Their asynchronous invocations.
  event_invoke_configuration event_invoke;  ///< --async-max-retries, --async-max-age, --on-success, …
  retry_delays async_retry_delays;          ///< --async-retry-delays

  // The account and the machine.
  unsigned max_concurrency = limits::account_concurrency;  ///< --max-concurrency
  std::optional<unsigned> environments_total;              ///< --environments-total; not given: 16 × cores
  std::chrono::seconds idle_timeout{600};                  ///< --idle-timeout
  std::optional<isolation_level> isolation;                ///< --isolation; not given: lambda where possible, else host
  cpu_level cpu = cpu_level::host;                         ///< --cpu
  bool freeze = false;                                     ///< --freeze
  std::string region = "us-east-1";                        ///< --region
  std::string account_id = "123456789012";                 ///< --account-id
  credentials_source credentials = credentials_source::dummy;  ///< --credentials
  std::string profile;                                         ///< with profile:NAME
  bool endpoint = true;                                        ///< false with --no-endpoint

  // Authorizers.
  std::map<std::string, std::string> key_sets;  ///< --jwks: URL or file by issuer
  bool checks_iam = true;                       ///< false with --iam off

  // Debugging.
  std::string debug;                   ///< --debug: a function's name or logical id; empty: none is debugged
  std::optional<debugger> debug_with;  ///< --debug-with; not given: what suits the function
  std::uint16_t debug_port = 2345;     ///< --debug-port

  // The callers' port.
  std::string listen_host = "127.0.0.1";  ///< --listen HOST:PORT; `localhost` and the default listen on ::1 too
  std::uint16_t listen_port = 9000;
  bool listen_chosen = false;                       ///< an explicit --listen
  std::vector<std::string> allowed_hosts;           ///< --allow-host
  api_choice api = api_choice::http;                ///< --api; for one function that no template describes
  std::optional<std::chrono::seconds> api_timeout;  ///< --api-timeout; not given: each API's own
  std::string ready_file;                           ///< --ready-file
  std::optional<int> ready_descriptor;              ///< --ready-fd

  // `kelvin watch` alone.
  bool watches = false;        ///< it is `kelvin watch`
  std::string build_command;   ///< --build; empty: as each function's project is recognised
  bool builds = true;          ///< false with --no-build
  bool keep_last_good = true;  ///< false with --no-keep-last-good

  kelvin::log_format log_format = kelvin::log_format::text;  ///< --log-format
  std::optional<kelvin::log_level> application_log_level;    ///< --application-log-level, with JSON format only
  std::optional<kelvin::log_level> system_log_level;         ///< --system-log-level, with JSON format only
  notice_level log_level = notice_level::info;               ///< --log-level

  /// LoggingConfig of every function.
  logging_configuration logging() const noexcept {
    return {log_format, application_log_level.value_or(kelvin::log_level::info),
            system_log_level.value_or(kelvin::log_level::info)};
  }
};

}  // namespace kelvin
