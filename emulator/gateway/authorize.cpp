// Who gets through to a function.

#include "emulator/gateway/gateway_call.hpp"

#include <utility>
#include <variant>

namespace kelvin {
namespace {

refusal of_kind(frontdoor::refusal_kind kind) noexcept {
  using frontdoor::refusal_kind;
  switch (kind) {
    case refusal_kind::unauthorized: return refusal::unauthorized;
    case refusal_kind::insufficient_scope: return refusal::insufficient_scope;
    case refusal_kind::forbidden_implicit: return refusal::denied;
    case refusal_kind::forbidden_explicit: return refusal::explicitly_denied;
    case refusal_kind::not_signed: return refusal::unsigned_request;
    case refusal_kind::failed: break;
  }
  return refusal::authorizer_failed;
}

}  // namespace

/// False: it was answered already.
awaitable<bool> gateway::authorize(call& of) {
  if (of.route->api_key_required && of.exchange.head().fields.find("x-api-key").value_or(std::string_view()).empty()) {
    co_await refuse(of, refusal::api_key_missing);
    co_return false;
  }
  if (of.route->authorizer.empty()) {
    co_return true;
  }
  // An authorizer sees no body.
  web::web_request bodiless = of.request;
  bodiless.body = {};
  frontdoor::event_maker make_event = [&](payload_version version) {
    return of.api.behind->to_event(bodiless, of.context, version);
  };
  frontdoor::authorizer_decision decided =
      co_await services_.authorizers.authorize(*of.route, of.request, of.context, std::move(make_event));
  if (auto* const refused = std::get_if<frontdoor::authorizer_refusal>(&decided)) {
    co_await refuse(of, of_kind(refused->kind), refused->www_authenticate);
    co_return false;
  }
  of.authorized = std::move(std::get<web::authorization>(decided));
  of.context.authorized = &of.authorized;
  co_return true;
}

}  // namespace kelvin
