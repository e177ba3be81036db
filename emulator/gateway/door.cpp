#include "emulator/gateway/door.hpp"

#include "emulator/frontdoor/alb/to_event.hpp"
#include "emulator/frontdoor/alb/to_response.hpp"
#include "emulator/frontdoor/function_url/to_event.hpp"
#include "emulator/frontdoor/function_url/to_response.hpp"
#include "emulator/frontdoor/http_api/to_event.hpp"
#include "emulator/frontdoor/http_api/to_response.hpp"
#include "emulator/frontdoor/rest_api/to_event.hpp"
#include "emulator/frontdoor/rest_api/to_response.hpp"
#include "runtime-api/base/limits.hpp"

#include <utility>

namespace kelvin {
namespace {

using namespace std::chrono_literals;
using web::web_context;
using web::web_request;
using web::web_response;

class http_api_door final : public door {
 public:
  std::size_t body_limit_bytes() const noexcept override { return limits::api_request_bytes; }
  std::optional<header_limit> limit_of_header() const noexcept override {
    return header_limit{limits::api_header_bytes, true};
  }
  std::optional<std::chrono::milliseconds> default_timeout() const noexcept override { return 30s; }

  payload to_event(const web_request& request, const web_context& context, payload_version version) const override {
    return frontdoor::http_api::to_event(request, context, version);
  }
  web_response to_response(invocation_outcome&& outcome, const web_request& request, const web_context& context,
                           payload_version version, const request_id& invocation) const override {
    return frontdoor::http_api::to_response(std::move(outcome), request, context, invocation, version);
  }
  web_response refuse(refusal why, const web_context& context, std::string_view www_authenticate) const override {
    return frontdoor::http_api::error_answer(own(why), context, www_authenticate);
  }

 private:
  using own_error = frontdoor::http_api::own_error;
  static own_error own(refusal why) noexcept {
    switch (why) {
      case refusal::no_route: return own_error::not_found;
      case refusal::request_too_large: return own_error::request_too_large;
      case refusal::header_too_large: return own_error::header_too_large;
      case refusal::timed_out: return own_error::service_unavailable;
      case refusal::unauthorized: return own_error::unauthorized;
      case refusal::insufficient_scope:
      case refusal::denied:
      case refusal::explicitly_denied:
      case refusal::unsigned_request:
      case refusal::api_key_missing: return own_error::forbidden;
      case refusal::authorizer_failed:
      case refusal::bad_stream: break;
    }
    return own_error::internal;
  }
};

class rest_api_door final : public door {
 public:
  std::size_t body_limit_bytes() const noexcept override { return limits::api_request_bytes; }
  std::optional<header_limit> limit_of_header() const noexcept override {
    return header_limit{limits::api_header_bytes, false};
  }
  std::optional<std::chrono::milliseconds> default_timeout() const noexcept override { return 29s; }

  payload to_event(const web_request& request, const web_context& context, payload_version) const override {
    return frontdoor::rest_api::to_event(request, context);
  }
  web_response to_response(invocation_outcome&& outcome, const web_request& request, const web_context& context,
                           payload_version, const request_id& invocation) const override {
    return frontdoor::rest_api::to_response(std::move(outcome), request, context, invocation);
  }
  bool expects_prelude(std::string_view) const noexcept override { return true; }
  web_response to_stream_head(web::stream_prelude* prelude, std::string_view, const web_request& request,
                              const web_context& context) const override {
    return frontdoor::rest_api::to_stream_head(std::move(*prelude), request, context);
  }
  web_response mock_answer(const mock_integration& mock, const web_context& context) const override {
    return frontdoor::rest_api::mock_answer(mock, context);
  }
  web_response refuse(refusal why, const web_context& context, std::string_view) const override {
    return frontdoor::rest_api::error_answer(own(why), context);
  }

 private:
  using own_error = frontdoor::rest_api::own_error;
  static own_error own(refusal why) noexcept {
    switch (why) {
      case refusal::no_route:
      case refusal::unsigned_request: return own_error::missing_token;
      case refusal::request_too_large: return own_error::request_too_large;
      case refusal::header_too_large: return own_error::header_too_large;
      case refusal::timed_out: return own_error::timed_out;
      case refusal::unauthorized: return own_error::unauthorized;
      case refusal::insufficient_scope:
      case refusal::denied: return own_error::denied;
      case refusal::explicitly_denied: return own_error::denied_explicitly;
      case refusal::api_key_missing: return own_error::api_key;
      case refusal::authorizer_failed: return own_error::authorizer_failed;
      case refusal::bad_stream: break;
    }
    return own_error::malformed_answer;
  }
};

class function_url_door final : public door {
 public:
  std::size_t body_limit_bytes() const noexcept override { return limits::event_bytes; }

  payload to_event(const web_request& request, const web_context& context, payload_version) const override {
    return frontdoor::function_url::to_event(request, context);
  }
  web_response to_response(invocation_outcome&& outcome, const web_request& request, const web_context& context,
                           payload_version, const request_id& invocation) const override {
    return frontdoor::function_url::to_response(std::move(outcome), request, context, invocation);
  }
  web_response to_stream_head(web::stream_prelude* prelude, std::string_view content_type, const web_request& request,
                              const web_context& context) const override {
    return prelude != nullptr ? frontdoor::function_url::to_stream_head(std::move(*prelude), request, context)
                              : frontdoor::function_url::to_stream_head(content_type, request, context);
  }
  web_response refuse(refusal why, const web_context& context, std::string_view) const override {
    return frontdoor::function_url::error_answer(own(why), context);
  }

 private:
  using own_error = frontdoor::function_url::own_error;
  static own_error own(refusal why) noexcept {
    switch (why) {
      case refusal::no_route: return own_error::unknown;
      case refusal::request_too_large: return own_error::request_too_large;
      case refusal::header_too_large: return own_error::header_too_large;
      case refusal::unauthorized:
      case refusal::insufficient_scope:
      case refusal::denied:
      case refusal::explicitly_denied:
      case refusal::unsigned_request:
      case refusal::api_key_missing: return own_error::forbidden;
      case refusal::timed_out:
      case refusal::authorizer_failed:
      case refusal::bad_stream: break;
    }
    return own_error::bad_gateway;
  }
};

class load_balancer_door final : public door {
 public:
  std::size_t body_limit_bytes() const noexcept override { return limits::load_balancer_bytes; }

  payload to_event(const web_request& request, const web_context& context, payload_version) const override {
    return frontdoor::alb::to_event(request, context);
  }
  web_response to_response(invocation_outcome&& outcome, const web_request& request, const web_context& context,
                           payload_version, const request_id& invocation) const override {
    return frontdoor::alb::to_response(std::move(outcome), request, context, invocation);
  }
  web_response refuse(refusal why, const web_context& context, std::string_view) const override {
    using frontdoor::alb::own_error;
    return frontdoor::alb::error_answer(
        why == refusal::request_too_large ? own_error::request_too_large : own_error::bad_gateway, context);
  }
};

}  // namespace

bool door::expects_prelude(std::string_view content_type) const noexcept {
  return content_type == web::prelude_content_type;
}

web::web_response door::to_stream_head(web::stream_prelude*, std::string_view, const web_request&,
                                       const web_context& context) const {
  return refuse(refusal::bad_stream, context, {});
}

web::web_response door::mock_answer(const mock_integration&, const web_context& context) const {
  return refuse(refusal::no_route, context, {});
}

const door& door_of(api_kind kind) noexcept {
  static const http_api_door http;
  static const rest_api_door rest;
  static const load_balancer_door load_balancer;
  static const function_url_door function_url;
  switch (kind) {
    case api_kind::http: return http;
    case api_kind::rest: return rest;
    case api_kind::alb: return load_balancer;
    case api_kind::function_url: break;
  }
  return function_url;
}

}  // namespace kelvin
