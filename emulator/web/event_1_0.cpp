#include "emulator/web/event_1_0.hpp"

#include "emulator/web/event_headers.hpp"
#include "emulator/web/percent_encoding.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <string>

namespace kelvin::web {
namespace {

using json = nlohmann::json;

/// A key of `identity`, and the key in the document of an authorization by signature.
struct identity_key {
  event_key name;
  const char* document_name;
};

void write_text(event_writer& event, event_key name, const json& document, const char* document_name) {
  const auto found = document.is_object() ? document.find(document_name) : document.end();
  if (found != document.end() && found->is_string()) {
    event.string(name, found->get_ref<const std::string&>());
  } else {
    event.null(name);
  }
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

void write_parameters(event_writer& event, event_key name, const std::vector<name_value>& parameters,
                      parameter_text text) {
  if (parameters.empty()) {
    event.null(name);
    return;
  }
  event.begin_object(name);
  for (const name_value& each : parameters) {
    event.named(each.name, text == parameter_text::decoded ? percent_decoded(each.value, plus_sign::kept) : each.value);
  }
  event.end_object();
}

void write_query(event_writer& event, const multi_value_map& query) {
  if (query.empty()) {
    event.null("queryStringParameters");
    event.null("multiValueQueryStringParameters");
    return;
  }
  event.last_values("queryStringParameters", query);
  event.all_values("multiValueQueryStringParameters", query);
}

void write_identity(event_writer& event, const web_request& request, const authorization* authorized,
                    absent_user_agent absent) {
  constexpr std::array keys{identity_key{"accessKey", "accessKey"}, identity_key{"accountId", "accountId"},
                            identity_key{"caller", "callerId"},     identity_key{"principalOrgId", "principalOrgId"},
                            identity_key{"user", "userId"},         identity_key{"userArn", "userArn"}};
  constexpr std::array<event_key, 4> unknown = {"cognitoAuthenticationProvider", "cognitoAuthenticationType",
                                                "cognitoIdentityId", "cognitoIdentityPoolId"};
  const bool is_signed = authorized != nullptr && authorized->kind == authorizer_kind::iam;
  const json document = is_signed ? json::parse(authorized->document, nullptr, false) : json();
  event.begin_object("identity");
  for (const identity_key& key : keys) {
    write_text(event, key.name, document, key.document_name);
  }
  for (const event_key name : unknown) {
    event.null(name);
  }
  event.string("sourceIp", request.source_ip);
  const auto user_agent = request.fields->find("User-Agent");
  if (user_agent || absent == absent_user_agent::empty) {
    event.string("userAgent", user_agent.value_or(""));
  } else {
    event.null("userAgent");
  }
  event.end_object();
}

void write_lambda_authorizer(event_writer& event, const authorization& authorized) {
  event.begin_object("authorizer");
  const json document = json::parse(authorized.document, nullptr, false);
  if (document.is_object()) {
    for (const auto& [name, value] : document.items()) {
      if (name != "principalId" && name != "integrationLatency" && !value.is_null()) {
        event.named(name, text_of(value));
      }
    }
  }
  if (!authorized.principal_id.empty()) {
    event.string("principalId", authorized.principal_id);
  }
  event.number("integrationLatency", authorized.integration_latency.count());
  event.end_object();
}

const std::vector<name_value>& stage_variables_of(const web_context& context) {
  static const std::vector<name_value> none;
  return context.stage_variables == nullptr ? none : *context.stage_variables;
}

}  // namespace kelvin::web
