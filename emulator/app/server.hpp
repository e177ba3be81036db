#pragma once

#include "emulator/app/control_endpoints.hpp"
#include "emulator/app/front_door.hpp"
#include "emulator/app/isolation_choice.hpp"
#include "emulator/app/jwks_fetcher.hpp"
#include "emulator/app/load_functions.hpp"
#include "emulator/app/log_tail_invoker.hpp"
#include "emulator/app/memory_policy.hpp"
#include "emulator/app/settings.hpp"
#include "emulator/event_source/asynchronous/asynchronous_queue.hpp"
#include "emulator/function/function_registry.hpp"
#include "emulator/function/scratch_folder.hpp"
#include "emulator/gateway/gateway.hpp"
#include "emulator/observability/fan_out.hpp"
#include "emulator/observability/log_sink.hpp"
#include "emulator/observability/log_writer.hpp"
#include "emulator/observability/metrics.hpp"
#include "emulator/observability/status_board.hpp"
#include "emulator/sandbox/posix_sandbox_factory.hpp"
#include "emulator/sandbox/spawner.hpp"
#include "emulator/scheduler/scheduler.hpp"
#include "runtime-api/base/system_clock.hpp"
#include "runtime-api/base/task_group.hpp"
#include "runtime-api/http/listener.hpp"
#include "runtime-api/service/runtime_api_ports.hpp"

#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace kelvin {

/// Everything that serves, put together: built once per run, in the order in which the members
/// stand, and torn down the other way round.
class server {
 public:
  /// Loads the functions and builds all parts; nothing listens yet.
  /// Errors: as load_functions, credentials, isolation_choice::decide, and the spawner's.
  static result<std::unique_ptr<server>> build(const settings& chosen, const described_targets& targets,
                                               spawner started, scratch_folder& scratch, isolation_choice isolation);

  boost::asio::io_context& context() noexcept { return context_; }
  task_group& tasks() noexcept { return tasks_; }
  posix_sandbox_factory& sandboxes() noexcept { return *sandboxes_; }
  kelvin::clock& clock() noexcept { return clock_; }
  const function_registry& registry() const noexcept { return registry_; }
  const gateway& apis() const noexcept { return *gateway_; }
  /// Empty unless functions are watched.
  status_board& statuses() noexcept { return statuses_; }
  const std::string& url() const noexcept { return url_; }
  std::uint16_t port() const noexcept { return port_; }

  /// Opens the callers' port. Errors: address_in_use (says who might hold it and what to do),
  /// permission_denied, invalid_argument.
  result<void> listen();
  /// Puts a new version in the place of a function (scheduler::replace); once it serves, callers see its configuration.
  bool replace(function_configuration next, replacement_observer on_settled);
  /// Starts the process of the function that is debugged, so that one can attach before the first invocation.
  void start_debugged();
  void replace_apis(std::vector<api_configuration> apis) { gateway_->replace(std::move(apis)); }
  void tell(notice_level level, std::string_view text) { events_.report(notice{level, text}); }

  /// Accepts no more, lets what runs come to its end (at most `limit`), ends every environment.
  awaitable<void> stop(duration limit);
  /// Writes what is left of the log; at most a short while.
  void flush_log() { log_.flush_blocking(); }

 private:
  server(const settings& chosen, spawner started, function_registry registry, std::vector<api_configuration> apis);
  void tell_debugged();
  /// Says what escaped and what it cost.
  void tell_exception(const std::exception_ptr& escaped, std::string_view consequence);
  result<std::unique_ptr<http::listener>> open_listener(const std::string& address, std::uint16_t port);

  settings chosen_;
  boost::asio::io_context context_{1};
  system_clock clock_{context_};
  log_writer log_;
  log_sink lines_;
  metrics metrics_;
  status_board statuses_;
  log_tail_collector tails_;
  memory_policy memory_;
  fan_out events_;
  task_group tasks_;
  function_registry registry_;
  service::runtime_api_ports ports_;
  std::unique_ptr<posix_sandbox_factory> sandboxes_;
  std::unique_ptr<scheduler> scheduler_;
  std::unique_ptr<log_tail_invoker> invoker_;
  std::unique_ptr<asynchronous_queue> asynchronous_;
  std::unique_ptr<invoke_api> invoke_api_;
  std::unique_ptr<control_endpoints> control_;
  std::unique_ptr<jwks_fetcher> key_sets_;
  std::unique_ptr<frontdoor::authorizers> authorizers_;
  std::unique_ptr<gateway> gateway_;
  std::unique_ptr<front_door> front_door_;
  std::vector<std::unique_ptr<http::listener>> listeners_;
  std::string url_;
  std::uint16_t port_ = 0;
};

}  // namespace kelvin
