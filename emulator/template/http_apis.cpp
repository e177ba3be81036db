#include "emulator/template/integration.hpp"
#include "emulator/template/open_api.hpp"
#include "emulator/template/plain_apis.hpp"
#include "emulator/template/property_table.hpp"

#include <utility>

namespace kelvin::templates {
namespace {

void read_api(const model& in, const resource& of, api_drafts& drafts) {
  const node protocol = in.values.property(of, "ProtocolType");
  if (protocol.text == "WEBSOCKET") {
    in.notes.unsupported(of.at, "the WebSocket API " + of.id);
    return;
  }
  check_properties(of.type, of.properties, in.notes);
  api_draft& draft = drafts.try_emplace(of.id, in, of.id, api_kind::http, of.at).first->second;
  const node cors = in.values.property(of, "CorsConfiguration");
  if (cors.is_map()) {
    draft.api().cors = cors_in(in, cors);
  }
  draft.definition = in.values.property(of, "Body");
  if (draft.definition.is_map()) {
    add_open_api(draft, draft.definition);
  }
  const node target = in.values.property(of, "Target");
  if (!target.is_scalar()) {
    return;
  }
  // Quick create: one route and the stage $default.
  const std::string key = in.values.property(of, "RouteKey").text;
  const auto blank = key.find(' ');
  api_route route;
  route.method = blank == std::string::npos ? "ANY" : key.substr(0, blank);
  route.path = blank == std::string::npos ? "$default" : key.substr(blank + 1);
  const node version = make_scalar("2.0", target.at);
  if (apply_integration(draft, {"AWS_PROXY", &target, &version}, route, target.at)) {
    draft.add_route(std::move(route), target.at);
    draft.add_stage("$default", {});
  }
}

/// The API that a resource belongs to; nullptr if it is none of this template, or a WebSocket API.
api_draft* api_of(const model& in, const resource& of, api_drafts& drafts) {
  const auto found = drafts.find(in.values.property(of, "ApiId").text);
  return found == drafts.end() || found->second.kind() != api_kind::http ? nullptr : &found->second;
}

void read_authorizer(const model& in, const resource& of, api_draft& draft) {
  const node type = in.values.property(of, "AuthorizerType");
  const node uri = in.values.property(of, "AuthorizerUri");
  const node sources = in.values.property(of, "IdentitySource");
  const node ttl = in.values.property(of, "AuthorizerResultTtlInSeconds");
  const node version = in.values.property(of, "AuthorizerPayloadFormatVersion");
  const node simple = in.values.property(of, "EnableSimpleResponses");
  const node jwt = in.values.property(of, "JwtConfiguration");
  authorizer_facts facts;
  facts.name = of.id;
  facts.type = type.text;
  facts.uri = uri.text;
  facts.identity_sources = texts_in(in, &sources, "IdentitySource");
  facts.ttl = &ttl;
  facts.payload_version = &version;
  facts.simple_responses = &simple;
  facts.issuer = jwt.find("Issuer");
  facts.audience = jwt.find("Audience");
  add_authorizer(draft, facts, of.at);
}

void apply_authorization(const model& in, const resource& of, api_draft& draft, api_route& route) {
  const std::string type = in.values.property(of, "AuthorizationType").text;
  if (type == "AWS_IAM") {
    draft.add_iam_authorizer(of.at);
    route.authorizer = iam_authorizer;
  } else if (type == "JWT" || type == "CUSTOM") {
    route.authorizer = in.values.property(of, "AuthorizerId").text;
    const node scopes = in.values.property(of, "AuthorizationScopes");
    route.scopes = texts_in(in, &scopes, "AuthorizationScopes");
  }
}

void read_route(const model& in, const resource& of, api_draft& draft) {
  const std::string key = in.values.property(of, "RouteKey").text;
  const auto blank = key.find(' ');
  api_route route;
  route.method = blank == std::string::npos ? "ANY" : key.substr(0, blank);
  route.path = blank == std::string::npos ? key : key.substr(blank + 1);
  const std::string target = in.values.property(of, "Target").text;
  const resource* integration = find_resource(in.resources, std::string_view(target).substr(target.rfind('/') + 1));
  if (integration == nullptr || integration->type != "AWS::ApiGatewayV2::Integration") {
    in.notes.warn(of.at, "the route " + key + " has no integration of this template, so it is left out");
    return;
  }
  const node uri = in.values.property(*integration, "IntegrationUri");
  const node version = in.values.property(*integration, "PayloadFormatVersion");
  const node timeout = in.values.property(*integration, "TimeoutInMillis");
  integration_facts facts;
  facts.type = in.values.property(*integration, "IntegrationType").text;
  facts.uri = &uri;
  facts.payload_version = &version;
  facts.timeout = &timeout;
  if (!apply_integration(draft, facts, route, integration->at)) {
    return;
  }
  apply_authorization(in, of, draft, route);
  draft.add_route(std::move(route), of.at);
}

template <class Read>
void for_each_of(const model& in, std::string_view type, api_drafts& drafts, Read read) {
  for (const resource& each : in.resources) {
    if (each.type != type) {
      continue;
    }
    if (api_draft* draft = api_of(in, each, drafts)) {
      check_properties(type, each.properties, in.notes);
      read(each, *draft);
    }
  }
}

}  // namespace

void read_http_apis(const model& in, api_drafts& drafts) {
  for (const resource& each : in.resources) {
    if (each.type == "AWS::ApiGatewayV2::Api") {
      read_api(in, each, drafts);
    }
  }
  for_each_of(in, "AWS::ApiGatewayV2::Stage", drafts, [&](const resource& of, api_draft& draft) {
    const node variables = in.values.property(of, "StageVariables");
    draft.add_stage(in.values.property(of, "StageName").text, variables_in(in, &variables));
  });
  for_each_of(in, "AWS::ApiGatewayV2::Authorizer", drafts,
              [&](const resource& of, api_draft& draft) { read_authorizer(in, of, draft); });
  for_each_of(in, "AWS::ApiGatewayV2::Integration", drafts, [](const resource&, api_draft&) {});
  for_each_of(in, "AWS::ApiGatewayV2::Route", drafts,
              [&](const resource& of, api_draft& draft) { read_route(in, of, draft); });
}

}  // namespace kelvin::templates
