#include "emulator/app/server.hpp"

#include "emulator/app/debugged_function.hpp"
#include "emulator/app/limit_notices.hpp"
#include "emulator/event_source/asynchronous/check_destinations.hpp"
#include "emulator/function/credentials.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

namespace kelvin {
namespace {

/// curl keeps the limit itself and says what it waited for; past this it is killed.
constexpr auto key_set_slack = std::chrono::milliseconds(500);

/// Connections, pipes and Runtime API ports all need descriptors; AWS's 1,024 are for functions.
void raise_descriptor_limit() {
  rlimit present{};
  if (::getrlimit(RLIMIT_NOFILE, &present) == 0 && present.rlim_cur < present.rlim_max) {
    present.rlim_cur = present.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &present);
  }
}

result<account_configuration> make_account(const settings& chosen) {
  account_configuration account;
  account.region = chosen.region;
  account.account_id = chosen.account_id;
  account.max_concurrency = chosen.max_concurrency;
  account.environments_total =
      chosen.environments_total.value_or(16 * std::max(1u, std::thread::hardware_concurrency()));
  account.idle_timeout = chosen.idle_timeout;
  account.cpu = chosen.cpu;
  account.freeze = chosen.freeze;
  switch (chosen.credentials) {
    case credentials_source::dummy: account.credentials = dummy_credentials(); return account;
    case credentials_source::environment:
    case credentials_source::profile: {
      auto found = chosen.credentials == credentials_source::environment ? environment_credentials()
                                                                         : profile_credentials(chosen.profile);
      if (!found) {
        return found.error();
      }
      account.credentials = std::move(*found);
      return account;
    }
  }
  return account;
}

/// Where there is only one function and nothing stands before it, --api does.
template <class Functions>
std::vector<api_configuration> with_implied(std::vector<api_configuration> apis, const Functions& functions,
                                            const settings& chosen) {
  if (apis.empty() && functions.size() == 1) {
    apis.push_back(implied_api(chosen.api, functions.front().name));
  }
  return apis;
}

}  // namespace

result<std::unique_ptr<server>> server::build(const settings& chosen, const described_targets& targets, spawner started,
                                              scratch_folder& scratch, isolation_choice isolation) {
  raise_descriptor_limit();
  auto account = make_account(chosen);
  if (!account) {
    return account.error();
  }
  const auto unpacked = std::make_shared<scratch_folder>(scratch);
  auto loaded = load_functions(chosen, targets, *unpacked);
  if (!loaded) {
    return loaded.error();
  }
  for (function_configuration& each : loaded->functions) {
    each.unpacked = unpacked;
  }
  const auto level = isolation.decide();
  if (!level) {
    return level.error();
  }
  account->isolation = level->level;
  std::vector<api_configuration> apis = with_implied(std::move(loaded->apis), loaded->functions, chosen);
  function_registry registry(std::move(*account), std::move(loaded->functions));
  if (const auto good = check_destinations(registry); !good) {
    return good.error();
  }
  if (const auto good = check_debugging(chosen, registry.functions()); !good) {
    return good.error();
  }
  const std::vector<std::string> limited = limit_notices(chosen, targets.memory_chosen, started.groups(), level->level);
  std::unique_ptr<server> made(new server(chosen, std::move(started), std::move(registry), std::move(apis)));
  for (const std::string& each : loaded->warnings) {
    made->tell(notice_level::warning, each);
  }
  for (const std::string& each : limited) {
    made->tell(notice_level::warning, each);
  }
  made->tell_debugged();
  if (!level->why_not_lambda.empty()) {
    made->tell(notice_level::warning, level->why_not_lambda);
  }
  return made;
}

server::server(const settings& chosen, spawner started, function_registry registry, std::vector<api_configuration> apis)
    : chosen_(chosen),
      log_(context_),
      lines_(log_, {.several_functions = registry.functions().size() > 1,
                    .level = chosen.log_level,
                    .logging = chosen.logging()}),
      tails_(chosen.logging()),
      memory_(clock_),
      events_({&lines_, &metrics_, &tails_, &memory_}),
      tasks_(context_, [this](std::exception_ptr escaped) { tell_exception(escaped, "a task of kelvin ended early"); }),
      registry_(std::move(registry)),
      ports_(context_, clock_),
      sandboxes_(std::make_unique<posix_sandbox_factory>(context_, std::move(started))) {
  sandboxes_->expect(registry_.account().isolation == isolation_level::lambda);
  log_.on_congested([this](bool congested) { sandboxes_->set_output_paused(congested); });
  const environment_services services{context_, tasks_, clock_, ports_, *sandboxes_, events_, registry_.account()};
  scheduler_ = std::make_unique<scheduler>(services, registry_);
  invoker_ = std::make_unique<log_tail_invoker>(*scheduler_, tails_);
  callers_ = std::make_unique<remembering_invoker>(*invoker_);
  asynchronous_services asynchronous{*callers_, clock_, events_, registry_,
                                     [this](awaitable<void> task) { tasks_.spawn(std::move(task)); }};
  asynchronous_ = std::make_unique<asynchronous_queue>(std::move(asynchronous), chosen.async_retry_delays);
  invoke_api_ = std::make_unique<invoke_api>(registry_, *callers_, *asynchronous_, tasks_);
  control_ = std::make_unique<control_endpoints>(registry_, *scheduler_, metrics_, statuses_);
  key_sets_ = std::make_unique<jwks_fetcher>(context_, clock_, [this](command_specification command) {
    return collect_output(context_, clock_, *sandboxes_, std::move(command), limits::key_set_fetch + key_set_slack,
                          limits::key_set_bytes);
  });
  frontdoor::authorizer_services authorizing{
      registry_, *invoker_,  clock_,
      tasks_,    *key_sets_, [this](notice_level level, const std::string& text) { tell(level, text); }};
  authorizers_ = std::make_unique<frontdoor::authorizers>(
      std::move(authorizing), frontdoor::authorizer_options{chosen.key_sets, chosen.checks_iam});
  gateway_ = std::make_unique<gateway>(gateway_services{registry_, *callers_, clock_, tasks_, *authorizers_,
                                                        gateway_options{.timeout = chosen.api_timeout}},
                                       std::move(apis));
}

void server::tell_exception(const std::exception_ptr& escaped, std::string_view consequence) {
  try {
    std::rethrow_exception(escaped);
  } catch (const std::exception& caught) {
    tell(notice_level::error, std::string("a bug in kelvin: ").append(caught.what()).append("; ").append(consequence));
  }
}

void server::tell_debugged() {
  for (const function_configuration& each : registry_.functions()) {
    if (each.debugged) {
      tell(notice_level::info, "function " + each.name +
                                   " is debugged: it runs at isolation level host, one environment alone, and no "
                                   "timeout or limit ends anything of it");
    }
  }
}

void server::start_debugged() {
  const std::list<function_configuration> functions = registry_.functions();
  for (const function_configuration& each : functions) {
    if (each.debugged) {
      replace(each, failed_init::keeps_last_good, [](std::optional<duration>) {});
    }
  }
}

bool server::replace(function_configuration next, failed_init on_failure, replacement_observer on_settled) {
  auto settled = [this, described = next, on_failure,
                  on_settled = std::move(on_settled)](std::optional<duration> init) mutable {
    if (init || on_failure == failed_init::serves) {
      registry_.replace(std::move(described));
    }
    on_settled(init);
  };
  return scheduler_->replace(std::move(next), on_failure, std::move(settled));
}

void server::add(function_configuration added) {
  scheduler_->add(registry_.add(std::move(added)));
  lines_.set_several_functions(registry_.functions().size() > 1);
}

bool server::remove(std::string_view name) {
  if (!registry_.remove(name)) {
    return false;
  }
  lines_.set_several_functions(registry_.functions().size() > 1);
  return scheduler_->remove(name);
}

void server::replace_apis(std::vector<api_configuration> apis) {
  gateway_->replace(with_implied(std::move(apis), registry_.functions(), chosen_));
  authorizers_->forget();
}

awaitable<void> server::stop(duration limit) {
  for (const auto& each : listeners_) {
    each->stop_accepting();
  }
  asynchronous_->stop();
  co_await scheduler_->drain(limit);
  co_await scheduler_->shut_down();
  asynchronous_->drop_all();
  listeners_.clear();
}

}  // namespace kelvin
