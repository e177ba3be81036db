#pragma once

#include "emulator/frontdoor/authorizer/answer_cache.hpp"
#include "emulator/frontdoor/authorizer/authorizer_answer.hpp"
#include "emulator/frontdoor/authorizer/jwks_source.hpp"
#include "emulator/frontdoor/authorizer/key_store.hpp"
#include "emulator/function/function_registry.hpp"
#include "emulator/invoke/invoker.hpp"
#include "emulator/web/web_request.hpp"
#include "runtime-api/base/lifecycle_event.hpp"
#include "runtime-api/base/task_group.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kelvin::frontdoor {

/// Why a caller is not let through. Each door has its own words for it.
enum class refusal_kind {
  unauthorized,        ///< no identity, or none that is valid
  insufficient_scope,  ///< jwt: a valid token without any of the route's scopes
  forbidden_implicit,  ///< Lambda: nothing allows it
  forbidden_explicit,  ///< Lambda: a Deny of its policy
  not_signed,          ///< iam: no signature, or one of the wrong form
  failed,              ///< the authorizer could not be asked, or its answer is none
};

struct authorizer_refusal {
  refusal_kind kind = refusal_kind::unauthorized;
  std::string www_authenticate;  ///< jwt: the field's value; else empty
  std::string message;           ///< what was wrong, for the log; may be empty
};

using authorizer_decision = std::variant<web::authorization, authorizer_refusal>;

/// Makes the door's event for the request in hand: what a Lambda authorizer gets is made of it.
using event_maker = std::function<payload(payload_version)>;

struct authorizer_options {
  std::map<std::string, std::string> key_sets;  ///< URL or file of a JSON Web Key Set, by issuer
  bool checks_iam = true;                       ///< false: a route with AWS_IAM is open to all
};

/// What authorizers need; all of it must outlive them.
struct authorizer_services {
  const function_registry& functions;
  invoker& invocations;
  kelvin::clock& clock;
  task_group& tasks;
  jwks_source& key_sets;
  std::function<void(notice_level, const std::string&)> tell;  ///< for the log
};

/// Decides who may use a route, by its authorizer (contract: http-front-doors, 2.6 and 3). Keeps what Lambda
/// authorizers said for as long as they want it kept, and issuers' keys. One thread.
class authorizers {
 public:
  authorizers(authorizer_services services, authorizer_options options);

  /// Always returns: every wait inside has a deadline. `make_event` is called at most once, before the first wait for
  /// a function. All arguments must last until then. Precondition: the route names an authorizer.
  awaitable<authorizer_decision> authorize(const api_route& route, const web::web_request& request,
                                           const web::web_context& context, event_maker make_event);

  /// Forgets what Lambda authorizers said: they may be others from now on.
  void forget();

 private:
  /// One request and the authorizer it meets.
  struct question {
    const authorizer_configuration& authorizer;
    const api_route& route;
    const web::web_request& request;
    const web::web_context& context;
  };

  awaitable<authorizer_decision> ask_issuer(question about);
  awaitable<authorizer_decision> ask_function(question about, event_maker make_event);
  awaitable<authorizer_reading> invoke(question about, std::vector<std::string> identity, std::string arn,
                                       event_maker make_event);
  awaitable<std::optional<invocation_outcome>> invoke_in_time(invocation_request request);
  authorizer_decision check_signature(question about);
  authorizer_refusal tell_failure(std::string message);

  authorizer_services services_;
  bool checks_iam_;
  bool told_iam_ = false;
  key_store keys_;
  answer_cache answers_;
};

}  // namespace kelvin::frontdoor
