#include "emulator/template/integration.hpp"
#include "emulator/template/open_api.hpp"
#include "emulator/template/plain_apis.hpp"
#include "emulator/template/property_table.hpp"

#include <utility>

namespace kelvin::templates {
namespace {

void read_api(const model& in, const resource& of, api_drafts& drafts) {
  check_properties(of.type, of.properties, in.notes);
  api_draft& draft = drafts.try_emplace(of.id, in, of.id, api_kind::rest, of.at).first->second;
  const node types = in.values.property(of, "BinaryMediaTypes");
  draft.api().binary_media_types = texts_in(in, &types, "BinaryMediaTypes");
  draft.definition = in.values.property(of, "Body");
  if (draft.definition.is_map()) {
    add_open_api(draft, draft.definition);
  }
}

api_draft* api_of(const model& in, const resource& of, api_drafts& drafts) {
  const auto found = drafts.find(in.values.property(of, "RestApiId").text);
  return found == drafts.end() || found->second.kind() != api_kind::rest ? nullptr : &found->second;
}

/// The path of a resource, from its parents' parts. Empty, and an error, if they go in a circle.
std::string path_of(const model& in, const resource& of) {
  constexpr unsigned parents_max = 30;
  std::string path;
  const resource* each = &of;
  for (unsigned steps = 0; each != nullptr && each->type == "AWS::ApiGateway::Resource"; ++steps) {
    if (steps == parents_max) {
      in.notes.fail(of.at, errc::invalid_argument, "the parents of " + of.id + " go in a circle, or too deep");
      return {};
    }
    path = "/" + in.values.property(*each, "PathPart").text + path;
    each = find_resource(in.resources, in.values.property(*each, "ParentId").text);
  }
  return path;
}

void read_authorizer(const model& in, const resource& of, api_draft& draft) {
  const node sources = in.values.property(of, "IdentitySource");
  const node ttl = in.values.property(of, "AuthorizerResultTtlInSeconds");
  authorizer_facts facts;
  facts.name = of.id;
  facts.type = in.values.property(of, "Type").text;
  facts.uri = in.values.property(of, "AuthorizerUri").text;
  facts.identity_sources = texts_in(in, &sources, "IdentitySource");
  facts.validation = in.values.property(of, "IdentityValidationExpression").text;
  facts.ttl = &ttl;
  add_authorizer(draft, facts, of.at);
}

void apply_authorization(const model& in, const resource& of, api_draft& draft, api_route& route) {
  const std::string type = in.values.property(of, "AuthorizationType").text;
  const node key = in.values.property(of, "ApiKeyRequired");
  route.api_key_required = truth_in(in, &key, "ApiKeyRequired", false);
  if (type == "AWS_IAM") {
    draft.add_iam_authorizer(of.at);
    route.authorizer = iam_authorizer;
  } else if (type == "CUSTOM" || type == "COGNITO_USER_POOLS") {
    route.authorizer = in.values.property(of, "AuthorizerId").text;
  }
}

void read_method(const model& in, const resource& of, api_draft& draft) {
  const std::string parent = in.values.property(of, "ResourceId").text;
  const resource* at = find_resource(in.resources, parent);
  api_route route;
  route.method = in.values.property(of, "HttpMethod").text;
  route.path = at == nullptr ? "/" : path_of(in, *at);
  if (at == nullptr && parent != draft.api().id + "/root") {
    in.notes.warn(of.at, "the method " + of.id + " is at no resource of this template, so it is left out");
    return;
  }
  const node integration = in.values.property(of, "Integration");
  integration_facts facts;
  const node* type = integration.find("Type");
  facts.type = type != nullptr ? type->text : "";
  facts.uri = integration.find("Uri");
  facts.timeout = integration.find("TimeoutInMillis");
  facts.transfer_mode = integration.find("ResponseTransferMode");
  facts.responses = integration.find("IntegrationResponses");
  if (route.path.empty() || !apply_integration(draft, facts, route, of.at)) {
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

void read_rest_apis(const model& in, api_drafts& drafts) {
  for (const resource& each : in.resources) {
    if (each.type == "AWS::ApiGateway::RestApi") {
      read_api(in, each, drafts);
    }
  }
  for_each_of(in, "AWS::ApiGateway::Stage", drafts, [&](const resource& of, api_draft& draft) {
    const node variables = in.values.property(of, "Variables");
    draft.add_stage(in.values.property(of, "StageName").text, variables_in(in, &variables));
  });
  for_each_of(in, "AWS::ApiGateway::Deployment", drafts, [&](const resource& of, api_draft& draft) {
    if (const node name = in.values.property(of, "StageName"); !name.text.empty()) {
      draft.add_stage(name.text, {});
    }
  });
  for_each_of(in, "AWS::ApiGateway::Authorizer", drafts,
              [&](const resource& of, api_draft& draft) { read_authorizer(in, of, draft); });
  for_each_of(in, "AWS::ApiGateway::Method", drafts,
              [&](const resource& of, api_draft& draft) { read_method(in, of, draft); });
}

}  // namespace kelvin::templates
