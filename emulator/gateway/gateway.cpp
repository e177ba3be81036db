#include "emulator/gateway/gateway.hpp"

#include "emulator/gateway/gateway_call.hpp"
#include "emulator/gateway/implied_api.hpp"
#include "emulator/web/cors.hpp"
#include "emulator/web/ids.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/base/trace_id.hpp"
#include "runtime-api/http/host_check.hpp"
#include "runtime-api/http/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kelvin {
namespace {

constexpr std::string_view default_stage = "$default";

const api_stage* find_stage(const api_configuration& api, std::string_view name) noexcept {
  const auto found =
      std::find_if(api.stages.begin(), api.stages.end(), [&](const api_stage& each) { return each.name == name; });
  return found == api.stages.end() ? nullptr : &*found;
}

/// The stage that the address itself chooses; nullopt: the path's first segment may.
std::optional<std::string_view> chosen_stage(const api_configuration& api, address& where) {
  if (where.what == address::kind::default_api) {
    // Like the invoke URL of the API's one stage: callers of an API with `$default` can still name another.
    return find_stage(api, default_stage) != nullptr ? std::nullopt
                                                     : std::optional<std::string_view>(api.stages[0].name);
  }
  // Every API can be called with its stage in the path, `$default` too.
  for (const std::string_view spelled : {std::string_view("/$default"), std::string_view("/%24default")}) {
    const bool is_segment =
        where.path == spelled || (where.path.starts_with(spelled) && where.path[spelled.size()] == '/');
    if (is_segment && find_stage(api, default_stage) != nullptr) {
      where.path.remove_prefix(spelled.size());
      return default_stage;
    }
  }
  return std::nullopt;
}

/// Whether line and fields, counted as they came but for the folding of blanks, are over the limit.
bool is_over(const std::optional<header_limit>& limit, const http::request_head& head) noexcept {
  if (!limit) {
    return false;
  }
  constexpr std::size_t around_line = 13;  // two blanks, `HTTP/1.1`, the line's end
  constexpr std::size_t around_field = 4;  // `: `, the line's end
  std::size_t bytes =
      limit->counts_request_line ? head.method_text.size() + head.target.size() + around_line : std::size_t{0};
  for (std::size_t index = 0; index < head.fields.size(); ++index) {
    const http::field each = head.fields.at(index);
    bytes += each.name.size() + each.value.size() + around_field;
  }
  return bytes > limit->bytes;
}

/// A body that ends early, or is framed by no rule of HTTP: no door of AWS's gets to see such a request.
awaitable<void> refuse_broken_body(http::exchange& exchange, const failure& why) {
  const std::string text = why.detail + "\n";
  http::response answer;
  answer.status = why.code == errc::timed_out ? 408 : 400;
  http::append_field(answer.fields, "Content-Type", "text/plain; charset=utf-8");
  answer.body = text;
  co_await exchange.respond(std::move(answer));
}

}  // namespace

gateway::gateway(gateway_services services, std::vector<api_configuration> apis)
    : services_(services), deadlines_(services.clock) {
  replace(std::move(apis));
}

void gateway::replace(std::vector<api_configuration> apis) {
  served_.clear();
  default_ = nullptr;
  described_count_ = apis.size();
  for (const function_configuration& each : services_.functions.functions()) {
    const bool described = std::any_of(apis.begin(), apis.end(), [&](const api_configuration& api) {
      return api.kind == api_kind::function_url && api.id == each.name;
    });
    if (!described) {
      apis.push_back(implied_function_url(each.name, false));
    }
  }
  for (api_configuration& each : apis) {
    served_.push_back(std::make_shared<const served_api>(std::move(each)));
  }
  const auto end_of_described = served_.begin() + static_cast<std::ptrdiff_t>(described_count_);
  const auto first_api = std::find_if(served_.begin(), end_of_described, [](const auto& each) {
    return each->configuration.kind != api_kind::function_url;
  });
  if (first_api != end_of_described) {
    default_ = *first_api;
  } else if (described_count_ != 0) {
    default_ = served_.front();
  }
}

gateway::~gateway() = default;

std::vector<const api_configuration*> gateway::described() const {
  std::vector<const api_configuration*> found;
  for (std::size_t index = 0; index < described_count_; ++index) {
    found.push_back(&served_[index]->configuration);
  }
  return found;
}

std::shared_ptr<const gateway::served_api> gateway::find(const address& where) const noexcept {
  if (where.what == address::kind::default_api) {
    return default_;
  }
  const bool is_url = where.what == address::kind::function_url;
  const auto found = std::find_if(served_.begin(), served_.end(), [&](const auto& each) {
    // Host names have no case.
    return (each->configuration.kind == api_kind::function_url) == is_url &&
           http::equal_ignoring_case(each->configuration.id, where.name);
  });
  return found == served_.end() ? nullptr : *found;
}

awaitable<bool> gateway::handle(http::exchange& exchange) {
  const http::request_head& head = exchange.head();
  const address where = find_address(head.fields.find("Host").value_or(std::string_view()), head.path());
  const std::shared_ptr<const served_api> api = find(where);
  if (api == nullptr) {
    co_return false;
  }
  co_await serve(exchange, *api, where);
  co_return true;
}

/// Fills in what the doors are told about the request.
void gateway::describe(call& of, const address& where) const {
  const http::request_head& head = of.exchange.head();
  web::web_request& request = of.request;
  request.method = head.method_text;
  request.raw_path = where.path.empty() ? std::string_view("/") : where.path;
  request.raw_query = head.query();
  request.fields = &head.fields;
  request.http_1_0 = head.http_1_0;
  request.source_ip = of.exchange.peer_address();
  request.port = port_;
  if (const auto host = http::split_host(head.fields.find("Host").value_or(std::string_view()))) {
    request.domain_name = host->host;
  }
  request.received = services_.clock.wall_now();
  const std::string_view callers = head.fields.find("X-Amzn-Trace-Id").value_or(std::string_view());
  const bool has_root = callers.find("Root=") != std::string_view::npos;
  request.trace_id = has_root ? std::string(callers) : make_root_trace_id(request.received);

  web::web_context& context = of.context;
  context.account_id = services_.functions.account().account_id;
  context.region = services_.functions.account().region;
  context.api_id = of.api.configuration.id;
  context.api = &of.api.configuration;
  context.extended_request_id = web::make_gateway_id();
  switch (of.api.configuration.kind) {
    case api_kind::http: context.request_id = context.extended_request_id; break;
    case api_kind::rest: context.request_id = request_id::generate().text(); break;
    case api_kind::function_url:
    case api_kind::alb: context.request_id = of.invocation.text(); break;
  }
}

awaitable<void> gateway::serve(http::exchange& exchange, const served_api& api, address where) {
  call now(exchange, api);
  const std::optional<std::string_view> stage = chosen_stage(api.configuration, where);
  describe(now, where);

  if (const auto& cors = api.configuration.cors) {
    if (const auto asked = web::read_preflight(now.request.method, exchange.head().fields)) {
      web::web_response preflight = web::preflight_answer(*cors, *asked);
      http::response made = to_http(preflight);
      co_await exchange.respond(std::move(made));
      co_return;
    }
  }
  web::route_match match = api.routes.find(now.request.method, now.request.raw_path, stage);
  now.route = match.route;
  now.context.stage_path = match.stage_path;
  now.context.path_parameters = std::move(match.path_parameters);
  if (match.stage != nullptr) {
    now.context.stage = match.stage->name;
    now.context.stage_variables = &match.stage->variables;
    const bool stage_in_path = match.stage->name != default_stage &&
                               (api.configuration.kind == api_kind::http || api.configuration.kind == api_kind::rest);
    // AWS's caller names the stage in the path; here it may have been chosen by the address.
    now.full_path =
        stage_in_path ? "/" + match.stage->name + std::string(match.stage_path) : std::string(match.stage_path);
    now.request.raw_path = now.full_path;
  }
  if (now.route != nullptr) {
    now.context.method = now.route->method;
    now.context.resource = now.route->path;
  }
  co_await serve_route(now);
}

awaitable<void> gateway::serve_route(call& of) {
  // Also where it is not needed: a caller who is still sending reads the answer only behind its body.
  auto body = co_await of.exchange.read_body(of.api.behind->body_limit_bytes());
  if (is_over(of.api.behind->limit_of_header(), of.exchange.head())) {
    co_await refuse(of, refusal::header_too_large);
    co_return;
  }
  if (of.route == nullptr) {
    co_await refuse(of, refusal::no_route);
    co_return;
  }
  if (!body) {
    if (body.error().code == errc::body_too_large) {
      co_await refuse(of, refusal::request_too_large);
    } else {
      co_await refuse_broken_body(of.exchange, body.error());
    }
    co_return;
  }
  of.body = std::move(*body);
  of.request.body = of.body.view();
  if (of.route->mock) {
    co_await respond(of, of.api.behind->mock_answer(*of.route->mock, of.context));
    co_return;
  }
  if (of.route->api_key_required || !of.route->authorizer.empty()) {
    const bool admitted = co_await authorize(of);
    if (!admitted) {
      co_return;
    }
  }
  invocation_request request;
  request.request_id = of.invocation;
  request.function_name = of.route->function_name;
  request.invoked_function_arn = function_arn(services_.functions.account(), of.route->function_name);
  request.trace_id = make_invocation_trace_id(of.request.trace_id);
  request.event = of.api.behind->to_event(of.request, of.context, of.route->payload);
  of.body.clear();
  if (request.event.size() > limits::event_bytes) {
    co_await refuse(of, refusal::request_too_large);
    co_return;
  }
  if (of.route->streams) {
    co_await stream(of, std::move(request));
  } else {
    co_await answer(of, std::move(request));
  }
}

std::optional<std::chrono::milliseconds> gateway::timeout_of(const call& of) const {
  const function_configuration* function = services_.functions.find(of.route->function_name);
  if (function != nullptr && function->debugged) {
    return std::nullopt;
  }
  const auto of_the_door = of.api.behind->default_timeout();
  if (services_.options.timeout && of_the_door) {
    return services_.options.timeout;
  }
  return of.route->timeout ? of.route->timeout : of_the_door;
}

awaitable<void> gateway::answer(call& of, invocation_request request) {
  const auto timeout = timeout_of(of);
  caller_patience patience;
  bool timed_out = false;
  std::unique_ptr<deadline_queue::deadline> deadline;
  if (timeout) {
    deadline = deadlines_.add(services_.clock.now() + *timeout, [&] { timed_out = patience.end(); });
    request.patience = &patience;
  }
  invocation_outcome outcome = co_await services_.invocations.invoke(std::move(request));
  deadline.reset();
  if (timed_out) {
    co_await refuse(of, refusal::timed_out);
    co_return;
  }
  web::web_response made =
      of.api.behind->to_response(std::move(outcome), of.request, of.context, of.route->payload, of.invocation);
  // As respond(), without a coroutine more.
  apply_cors(of, made);
  http::response ready = to_http(made);
  co_await of.exchange.respond(std::move(ready));
}

}  // namespace kelvin
