#include "emulator/template/property_table.hpp"
#include "emulator/template/sam_apis.hpp"

namespace kelvin::templates {
namespace {

constexpr unsigned ttl_max = 3600;
constexpr unsigned ttl_rest = 300;

/// Identity of a Lambda authorizer: which parts of a request its answer hangs on.
std::vector<std::string> identity_sources(const model& in, const node* identity) {
  std::vector<std::string> all;
  if (identity == nullptr) {
    return all;
  }
  const auto add = [&](std::string_view list, const std::string& prefix) {
    for (const std::string& each : texts_in(in, identity->find(list), list)) {
      all.push_back(prefix + each);
    }
  };
  add("Headers", "$request.header.");
  add("QueryStrings", "$request.querystring.");
  add("StageVariables", "$stageVariables.");
  add("Context", "$context.");
  return all;
}

std::chrono::seconds reauthorize_every(const model& in, const node* identity, unsigned preset) {
  const node* value = identity == nullptr ? nullptr : identity->find("ReauthorizeEvery");
  return std::chrono::seconds(number_in(in, value, "ReauthorizeEvery", 0, ttl_max).value_or(preset));
}

void read_jwt(api_draft& draft, const member& declared, const node& configuration) {
  const model& in = draft.in();
  authorizer_configuration made;
  made.name = declared.name;
  made.kind = authorizer_kind::jwt;
  made.issuer = text_in(in, configuration.find("issuer"), "issuer").value_or("");
  made.audiences = texts_in(in, configuration.find("audience"), "audience");
  made.identity_sources = {
      text_in(in, declared.value.find("IdentitySource"), "IdentitySource").value_or("$request.header.Authorization")};
  draft.scopes[made.name] = texts_in(in, declared.value.find("AuthorizationScopes"), "AuthorizationScopes");
  if (made.issuer.empty()) {
    in.notes.warn(declared.at,
                  "the authorizer " + made.name +
                      " has no issuer that is known here; make it a parameter, and give that by --parameter");
    return draft.add_missing_authorizer(made.name);
  }
  draft.add_authorizer(std::move(made), declared.at);
}

void read_http_lambda(api_draft& draft, const member& declared) {
  const model& in = draft.in();
  const node* identity = declared.value.find("Identity");
  authorizer_configuration made;
  made.name = declared.name;
  made.kind = authorizer_kind::lambda_request;
  made.function_name = text_in(in, declared.value.find("FunctionArn"), "FunctionArn").value_or("");
  made.identity_sources = identity_sources(in, identity);
  const auto version =
      text_in(in, declared.value.find("AuthorizerPayloadFormatVersion"), "AuthorizerPayloadFormatVersion");
  made.payload = version && version->starts_with('1') ? payload_version::v1 : payload_version::v2;
  made.simple_responses = truth_in(in, declared.value.find("EnableSimpleResponses"), "EnableSimpleResponses", false);
  made.result_ttl = reauthorize_every(in, identity, made.identity_sources.empty() ? 0 : ttl_rest);
  draft.add_authorizer(std::move(made), declared.at);
}

void read_rest_lambda(api_draft& draft, const member& declared) {
  const model& in = draft.in();
  const node* identity = declared.value.find("Identity");
  authorizer_configuration made;
  made.name = declared.name;
  made.payload = payload_version::v1;
  made.function_name = text_in(in, declared.value.find("FunctionArn"), "FunctionArn").value_or("");
  const auto type = text_in(in, declared.value.find("FunctionPayloadType"), "FunctionPayloadType");
  made.result_ttl = reauthorize_every(in, identity, ttl_rest);
  if (type && *type == "REQUEST") {
    made.kind = authorizer_kind::lambda_request;
    made.identity_sources = identity_sources(in, identity);
  } else {
    made.kind = authorizer_kind::lambda_token;
    const node* header = identity == nullptr ? nullptr : identity->find("Header");
    const node* pattern = identity == nullptr ? nullptr : identity->find("ValidationExpression");
    made.identity_sources = {"$request.header." + text_in(in, header, "Header").value_or("Authorization")};
    made.identity_validation_expression = text_in(in, pattern, "ValidationExpression").value_or("");
  }
  draft.add_authorizer(std::move(made), declared.at);
}

void read_authorizer(api_draft& draft, const member& declared) {
  const node* jwt = declared.value.find("JwtConfiguration");
  if (draft.kind() == api_kind::http && jwt != nullptr) {
    return read_jwt(draft, declared, *jwt);
  }
  if (declared.value.find("FunctionArn") == nullptr) {
    draft.in().notes.unsupported(declared.at, "the authorizer " + declared.name +
                                                  (declared.value.find("UserPoolArn") != nullptr
                                                       ? ", of an Amazon Cognito user pool"
                                                       : ", which names neither a function nor a JWT issuer"));
    return draft.add_missing_authorizer(declared.name);
  }
  draft.kind() == api_kind::http ? read_http_lambda(draft, declared) : read_rest_lambda(draft, declared);
}

}  // namespace

void read_sam_auth(api_draft& draft, const node& auth) {
  const model& in = draft.in();
  if (!auth.is_map()) {
    return;
  }
  check_properties(draft.kind() == api_kind::http ? "Auth:HttpApi" : "Auth:Api", auth, in.notes);
  if (const node* authorizers = auth.find("Authorizers")) {
    for (const member& each : authorizers->members) {
      read_authorizer(draft, each);
    }
  }
  const node* preset = auth.find("DefaultAuthorizer");
  draft.default_authorizer = text_in(in, preset, "DefaultAuthorizer").value_or("");
  if (draft.default_authorizer == "NONE") {
    draft.default_authorizer.clear();
  }
  if (draft.default_authorizer == iam_authorizer || is_true(auth.find("EnableIamAuthorizer"))) {
    draft.add_iam_authorizer(preset != nullptr ? preset->at : auth.at);
  }
  draft.api_key_required = truth_in(in, auth.find("ApiKeyRequired"), "ApiKeyRequired", false);
  draft.guards_preflight =
      truth_in(in, auth.find("AddDefaultAuthorizerToCorsPreflight"), "AddDefaultAuthorizerToCorsPreflight", true);
}

}  // namespace kelvin::templates
