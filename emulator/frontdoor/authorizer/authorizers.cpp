#include "emulator/frontdoor/authorizer/authorizers.hpp"

#include "emulator/frontdoor/authorizer/authorizer_event.hpp"
#include "emulator/frontdoor/authorizer/caller_signature.hpp"
#include "emulator/frontdoor/authorizer/identity_expression.hpp"
#include "emulator/frontdoor/authorizer/identity_source.hpp"
#include "emulator/frontdoor/authorizer/token_check.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/base/one_shot.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace kelvin::frontdoor {
namespace {

const authorizer_configuration* find_authorizer(const api_configuration& api, const std::string& name) {
  const auto found = std::find_if(api.authorizers.begin(), api.authorizers.end(),
                                  [&](const authorizer_configuration& each) { return each.name == name; });
  return found == api.authorizers.end() ? nullptr : &*found;
}

std::string cache_key_of(const authorizer_configuration& authorizer, const web::web_context& context,
                         const std::vector<std::string>& identity) {
  std::vector<std::string> texts = {context.api_id, context.stage, authorizer.name};
  texts.insert(texts.end(), identity.begin(), identity.end());
  return cache_key(texts);
}

authorizer_decision decide(const authorizer_answer& answer, const authorizer_configuration& authorizer,
                           const std::string& arn, std::chrono::milliseconds latency) {
  policy_effect effect = policy_effect::denied_implicitly;
  if (const auto* policy = std::get_if<access_policy>(&answer.verdict))
    effect = evaluate(*policy, arn);
  else if (std::get<bool>(answer.verdict))
    effect = policy_effect::allowed;
  if (effect == policy_effect::denied_implicitly)
    return authorizer_refusal{refusal_kind::forbidden_implicit, {}, {}};
  if (effect == policy_effect::denied_explicitly)
    return authorizer_refusal{refusal_kind::forbidden_explicit, {}, {}};
  web::authorization allowed;
  allowed.kind = authorizer.kind;
  allowed.document = answer.context;
  allowed.principal_id = answer.principal_id;
  allowed.integration_latency = latency;
  return allowed;
}

authorizer_refusal invalid_token(const api_route& route, std::string_view description, std::string message = {}) {
  return {refusal_kind::unauthorized, challenge_of_invalid_token(route.scopes, description), std::move(message)};
}

/// The invocation or its deadline, whichever comes first.
struct race {
  one_shot<std::optional<invocation_outcome>> outcome;
  bool over = false;

  void end(std::optional<invocation_outcome> with) {
    if (!std::exchange(over, true))
      outcome.set(std::move(with));
  }
};

awaitable<void> run(invoker& invocations, invocation_request request, std::shared_ptr<race> in) {
  auto outcome = co_await invocations.invoke(std::move(request));
  in->end(std::move(outcome));
}

}  // namespace

authorizers::authorizers(authorizer_services services, authorizer_options options)
    : services_(std::move(services)),
      checks_iam_(options.checks_iam),
      keys_(services_.key_sets, services_.clock, std::move(options.key_sets)),
      answers_(limits::authorizer_results) {}

void authorizers::forget() {
  answers_ = answer_cache(limits::authorizer_results);
}

awaitable<authorizer_decision> authorizers::authorize(const api_route& route, const web::web_request& request,
                                                      const web::web_context& context, event_maker make_event) {
  const authorizer_configuration* authorizer = find_authorizer(*context.api, route.authorizer);
  if (authorizer == nullptr)
    co_return tell_failure("route " + route.method + " " + route.path + " of " + context.api_id +
                           " names the authorizer " + route.authorizer + ", which the API does not have");
  const question about{*authorizer, route, request, context};
  switch (authorizer->kind) {
    case authorizer_kind::jwt: co_return co_await ask_issuer(about);
    case authorizer_kind::iam: co_return check_signature(about);
    case authorizer_kind::lambda_request:
    case authorizer_kind::lambda_token: break;
  }
  co_return co_await ask_function(about, std::move(make_event));
}

awaitable<authorizer_decision> authorizers::ask_issuer(question about) {
  const auto& [authorizer, route, request, context] = about;
  const auto values = identity_values(authorizer.identity_sources, request, context);
  const std::string_view text = values && !values->empty() ? token_of(values->front()) : std::string_view();
  if (text.empty())
    co_return authorizer_refusal{refusal_kind::unauthorized, challenge_without_token(), {}};
  const auto token = parse_token(text);
  if (!token)
    co_return invalid_token(route, token.error().detail);
  // Before any key is asked for: of a token that is refused anyway nothing is fetched.
  if (const auto problem = claims_problem(*token, authorizer, services_.clock.wall_now()))
    co_return invalid_token(route, *problem);
  const auto key = co_await keys_.find(authorizer.issuer, token->key_id);
  if (!key) {
    std::string message = "authorizer " + authorizer.name + ": " + key.error().detail;
    services_.tell(notice_level::warning, message);
    co_return invalid_token(route, "OIDC discovery endpoint communication error", std::move(message));
  }
  const std::optional<signing_key>& found = *key;
  if (!found)
    co_return invalid_token(route, "the token does not have a valid key id",
                            "issuer " + authorizer.issuer + " has no key with the token's kid that kelvin can use");
  if ((found->hash && *found->hash != token->hash) ||
      !verify_rsa_signature(found->key, token->hash, token->signed_text, token->signature))
    co_return invalid_token(route, "the token does not have a valid signature");
  web::authorization allowed;
  allowed.kind = authorizer_kind::jwt;
  allowed.document = token->claims;
  if (!route.scopes.empty()) {
    allowed.scopes = granted_scopes(*token, route.scopes);
    if (allowed.scopes->empty())
      co_return authorizer_refusal{refusal_kind::insufficient_scope, challenge_of_insufficient_scope(route.scopes), {}};
  }
  co_return allowed;
}

awaitable<authorizer_decision> authorizers::ask_function(question about, event_maker make_event) {
  const auto& [authorizer, route, request, context] = about;
  const auto identity = identity_values(authorizer.identity_sources, request, context);
  if (!identity)
    co_return authorizer_refusal{refusal_kind::unauthorized, {}, "an identity source is missing"};
  if (authorizer.kind == authorizer_kind::lambda_token && !authorizer.identity_validation_expression.empty()) {
    const std::string token = identity->empty() ? std::string() : identity->front();
    const auto fits = matches_expression(authorizer.identity_validation_expression, token);
    if (!fits)
      co_return tell_failure("authorizer " + authorizer.name + ": " + fits.error().detail);
    if (!*fits)
      co_return authorizer_refusal{refusal_kind::unauthorized, {}, "the token is not as the authorizer wants it"};
  }
  const std::string arn = method_arn(request, context);
  const bool keeps = authorizer.result_ttl > std::chrono::seconds(0) && !identity->empty();
  const std::string key = keeps ? cache_key_of(authorizer, context, *identity) : std::string();
  if (const auto kept = keeps ? answers_.find(key, services_.clock.now()) : nullptr)
    co_return decide(*kept, authorizer, arn, std::chrono::milliseconds(0));

  const steady_time began = services_.clock.now();
  authorizer_reading reading = co_await invoke(about, *identity, arn, std::move(make_event));
  if (auto* failed = std::get_if<authorizer_failed>(&reading))
    co_return tell_failure(std::move(failed->message));
  if (std::holds_alternative<authorizer_said_unauthorized>(reading))
    co_return authorizer_refusal{refusal_kind::unauthorized, {}, "the authorizer said Unauthorized"};
  const steady_time now = services_.clock.now();
  const auto answer = std::make_shared<const authorizer_answer>(std::get<authorizer_answer>(std::move(reading)));
  if (keeps)
    answers_.put(key, answer, now + authorizer.result_ttl);
  co_return decide(*answer, authorizer, arn, std::chrono::duration_cast<std::chrono::milliseconds>(now - began));
}

awaitable<authorizer_reading> authorizers::invoke(question about, std::vector<std::string> identity, std::string arn,
                                                  event_maker make_event) {
  const auto& [authorizer, route, request, context] = about;
  if (services_.functions.find(authorizer.function_name) == nullptr)
    co_return authorizer_failed{"authorizer " + authorizer.name + ": there is no function " + authorizer.function_name +
                                "; add it, or name another one"};
  const payload_version version = context.api->kind == api_kind::http ? authorizer.payload : payload_version::v1;
  const payload base = authorizer.kind == authorizer_kind::lambda_token ? payload() : make_event(version);
  invocation_request invocation;
  invocation.function_name = authorizer.function_name;
  invocation.invoked_function_arn = function_arn(services_.functions.account(), authorizer.function_name);
  invocation.trace_id = request.trace_id;
  invocation.event = to_authorizer_event(authorizer, context.api->kind, arn, identity, base.view());
  const std::optional<invocation_outcome> outcome = co_await invoke_in_time(std::move(invocation));
  if (!outcome)
    co_return authorizer_failed{"authorizer " + authorizer.name + ", function " + authorizer.function_name +
                                ": no answer within 10 s, which is API Gateway's limit"};
  co_return read_authorizer_answer(authorizer, context.api->kind, *outcome);
}

awaitable<std::optional<invocation_outcome>> authorizers::invoke_in_time(invocation_request request) {
  const auto running = std::make_shared<race>();
  const auto deadline = services_.clock.make_alarm([running] { running->end(std::nullopt); });
  const function_configuration* function = services_.functions.find(request.function_name);
  if (function == nullptr || !function->debugged)
    deadline->set(services_.clock.now() + limits::authorizer_invocation);
  services_.tasks.spawn(run(services_.invocations, std::move(request), running));
  co_return co_await running->outcome.wait();
}

authorizer_decision authorizers::check_signature(question about) {
  const auto caller = read_signature(about.request);
  if (!checks_iam_ && !std::exchange(told_iam_, true))
    services_.tell(notice_level::warning,
                   "--iam off: routes and function URLs with AWS_IAM are open to all, signed or not");
  if (!caller && checks_iam_)
    return authorizer_refusal{refusal_kind::not_signed,
                              {},
                              "AWS_IAM: the request is not signed with Signature Version 4, or not as it must be; sign "
                              "it with any key, or let everybody in with --iam off"};
  web::authorization allowed;
  allowed.kind = authorizer_kind::iam;
  allowed.document = iam_document(caller, about.context.account_id);
  return allowed;
}

authorizer_refusal authorizers::tell_failure(std::string message) {
  services_.tell(notice_level::warning, message);
  return {refusal_kind::failed, {}, std::move(message)};
}

}  // namespace kelvin::frontdoor
