#include "emulator/template/open_api.hpp"

#include "emulator/template/integration.hpp"
#include "emulator/template/read_document.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kelvin::templates {
namespace {

constexpr std::string_view any_method = "x-amazon-apigateway-any-method";
constexpr std::string_view integration_member = "x-amazon-apigateway-integration";

constexpr std::array<std::string_view, 8> methods = {"get",     "put",  "post",  "delete",
                                                     "options", "head", "patch", any_method};

std::optional<node> read_file(const model& in, const node& location) {
  const std::string path = in.path_of(location.text);
  const auto text = in.files(path);
  if (!text) {
    in.notes.fail(location.at, text.error().code, text.error().detail);
    return std::nullopt;
  }
  auto document = read_document(*text, path, in.notes.add_file(path));
  if (!document) {
    in.notes.fail(location.at, document.error().code, document.error().detail);
    return std::nullopt;
  }
  return in.values.resolve(*document);
}

/// `#/components/x/y` inside the document; the node itself where it is no reference.
const node* followed(const node& definition, const node* value) {
  const node* reference = value == nullptr ? nullptr : value->find("$ref");
  if (reference == nullptr || !reference->text.starts_with("#/")) {
    return value;
  }
  const node* at = &definition;
  std::string_view path = std::string_view(reference->text).substr(2);
  while (at != nullptr && !path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    at = at->find(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return at;
}

void add_scheme(api_draft& draft, const member& scheme) {
  const model& in = draft.in();
  const node* own = scheme.value.find("x-amazon-apigateway-authorizer");
  const node* header = scheme.value.find("name");
  if (own == nullptr) {
    const node* sigv4 = scheme.value.find("x-amazon-apigateway-authtype");
    const bool is_key = header != nullptr && lower(header->text) == "x-api-key";
    if (sigv4 == nullptr && !is_key) {
      in.notes.warn(scheme.at, "the security scheme " + scheme.name + " has no x-amazon-apigateway-authorizer");
      draft.add_missing_authorizer(scheme.name);
    }
    return;
  }
  authorizer_facts facts;
  facts.name = scheme.name;
  facts.type = text_in(in, own->find("type"), "type").value_or("");
  facts.uri = text_in(in, own->find("authorizerUri"), "authorizerUri").value_or("");
  if (const node* source = own->find("identitySource")) {
    facts.identity_sources = texts_in(in, source, "identitySource");
  } else if (header != nullptr && lower(facts.type) == "token") {
    facts.identity_sources = {"method.request.header." + header->text};
  }
  facts.validation =
      text_in(in, own->find("identityValidationExpression"), "identityValidationExpression").value_or("");
  facts.ttl = own->find("authorizerResultTtlInSeconds");
  facts.payload_version = own->find("authorizerPayloadFormatVersion");
  facts.simple_responses = own->find("enableSimpleResponses");
  facts.issuer = own->find("jwtConfiguration", "issuer");
  facts.audience = own->find("jwtConfiguration", "audience");
  add_authorizer(draft, facts, scheme.at);
}

const node* schemes_of(const node& definition) {
  const node* newer = definition.find("components", "securitySchemes");
  return newer != nullptr ? newer : definition.find("securityDefinitions");
}

void apply_security(api_draft& draft, const node& definition, const node& operation, api_route& route) {
  const node* auth = operation.find("x-amazon-apigateway-auth", "type");
  if (auth != nullptr && auth->text == "AWS_IAM") {
    draft.add_iam_authorizer(auth->at);
    route.authorizer = iam_authorizer;
    return;
  }
  const node* own = operation.find("security");
  const node* security = own != nullptr ? own : definition.find("security");
  if (security == nullptr) {
    route.authorizer = route.method == "OPTIONS" ? "" : draft.default_authorizer;
    return;
  }
  const node* schemes = schemes_of(definition);
  for (const node& alternative : security->items) {
    for (const member& each : alternative.members) {
      const node* scheme = schemes == nullptr ? nullptr : schemes->find(each.name);
      const bool is_authorizer = scheme == nullptr || scheme->find("x-amazon-apigateway-authorizer") != nullptr;
      if (!is_authorizer && scheme->find("x-amazon-apigateway-authtype") != nullptr) {
        draft.add_iam_authorizer(scheme->at);
        route.authorizer = iam_authorizer;
      } else if (!is_authorizer && scheme->find("name") != nullptr &&
                 lower(scheme->find("name")->text) == "x-api-key") {
        route.api_key_required = true;
      } else {
        route.authorizer = each.name;
        route.scopes = texts_in(draft.in(), &each.value, "scopes");
      }
    }
  }
}

void add_operation(api_draft& draft, const node& definition, const std::string& path, const member& operation) {
  const model& in = draft.in();
  const node* integration = followed(definition, operation.value.find(integration_member));
  if (integration == nullptr) {
    return;
  }
  api_route route;
  route.path = path == "/$default" ? "$default" : path;
  route.method = operation.name == any_method ? "ANY" : upper(operation.name);
  integration_facts facts;
  facts.type = text_in(in, integration->find("type"), "type").value_or("");
  facts.uri = integration->find("uri");
  facts.payload_version = integration->find("payloadFormatVersion");
  facts.timeout = integration->find("timeoutInMillis");
  facts.transfer_mode = integration->find("responseTransferMode");
  facts.responses = integration->find("responses");
  if (!apply_integration(draft, facts, route, integration->at)) {
    return;
  }
  apply_security(draft, definition, operation.value, route);
  draft.add_route(std::move(route), operation.at);
}

bool is_operation(const std::string& name) {
  return std::find(methods.begin(), methods.end(), lower(name)) != methods.end();
}

}  // namespace

node read_definition(const model& in, const node* body, const node* uri) {
  if (body != nullptr) {
    const node* include = body->find("Fn::Transform");
    const node* location = include == nullptr ? nullptr : include->find("Parameters", "Location");
    if (location != nullptr) {
      const auto path = in.values.resolve(*location);
      if (path && path->is_scalar() && !path->unresolved && !path->text.starts_with("s3://")) {
        return read_file(in, *path).value_or(node());
      }
      in.notes.warn(location->at, "the included definition lies on AWS, so its routes are left out");
      return {};
    }
    return in.values.resolve(*body).value_or(node());
  }
  const auto path = uri == nullptr ? std::nullopt : in.values.resolve(*uri);
  if (!path) {
    return {};
  }
  if (path->is_scalar() && !path->unresolved && !path->text.starts_with("s3://")) {
    return read_file(in, *path).value_or(node());
  }
  in.notes.warn(uri->at, "DefinitionUri lies on AWS, so its routes are left out");
  return {};
}

void add_open_api(api_draft& draft, const node& definition) {
  const model& in = draft.in();
  if (const node* schemes = schemes_of(definition)) {
    for (const member& each : schemes->members) {
      add_scheme(draft, each);
    }
  }
  const node* cors = definition.find("x-amazon-apigateway-cors");
  if (cors != nullptr && draft.kind() == api_kind::http && !draft.api().cors) {
    draft.api().cors = cors_in(in, *cors);
  }
  if (const node* types = definition.find("x-amazon-apigateway-binary-media-types")) {
    for (std::string& each : texts_in(in, types, "x-amazon-apigateway-binary-media-types")) {
      draft.api().binary_media_types.push_back(std::move(each));
    }
  }
  const node* paths = definition.find("paths");
  if (paths == nullptr) {
    return;
  }
  for (const member& path : paths->members) {
    for (const member& operation : path.value.members) {
      if (is_operation(operation.name)) {
        add_operation(draft, definition, path.name, operation);
      }
    }
  }
}

void check_open_api(const api_draft& draft, const node& definition) {
  const node* paths = definition.find("paths");
  if (paths == nullptr) {
    return;
  }
  for (const member& path : paths->members) {
    for (const member& operation : path.value.members) {
      const std::string method = operation.name == any_method ? "ANY" : upper(operation.name);
      if (is_operation(operation.name) && operation.value.find(integration_member) == nullptr &&
          !draft.has_route(method, path.name)) {
        draft.in().notes.warn(operation.at,
                              method + " " + path.name + " has no x-amazon-apigateway-integration, so it is left out");
      }
    }
  }
}

}  // namespace kelvin::templates
