#include "emulator/template/sam_apis.hpp"

#include "emulator/template/open_api.hpp"
#include "emulator/template/property_table.hpp"
#include "emulator/template/read_resources.hpp"

#include <array>
#include <utility>

namespace kelvin::templates {
namespace {

constexpr const char* implicit_http = "ServerlessHttpApi";
constexpr const char* implicit_rest = "ServerlessRestApi";

/// Cors of AWS::Serverless::Api: header fields of the answers to OPTIONS.
std::vector<name_value> preflight_fields(const model& in, const node& cors) {
  std::vector<name_value> fields;
  if (cors.is_scalar()) {
    return {{"Access-Control-Allow-Origin", unquoted(cors.text)}};
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> names = {{
      {"AllowOrigin", "Access-Control-Allow-Origin"},
      {"AllowHeaders", "Access-Control-Allow-Headers"},
      {"AllowMethods", "Access-Control-Allow-Methods"},
      {"MaxAge", "Access-Control-Max-Age"},
  }};
  for (const auto& [property, field] : names) {
    if (const auto text = text_in(in, cors.find(property), property)) {
      fields.push_back({std::string(field), unquoted(*text)});
    }
  }
  if (truth_in(in, cors.find("AllowCredentials"), "AllowCredentials", false)) {
    fields.push_back({"Access-Control-Allow-Credentials", "true"});
  }
  return fields;
}

std::vector<std::string> media_types(const model& in, const node& value) {
  std::vector<std::string> all = texts_in(in, &value, "BinaryMediaTypes");
  for (std::string& each : all) {
    for (auto at = each.find("~1"); at != std::string::npos; at = each.find("~1")) {
      each.replace(at, 2, "/");
    }
  }
  return all;
}

/// What explicit and implicit APIs have in common; `properties` are resolved.
void apply_properties(api_draft& draft, const node& properties) {
  const model& in = draft.in();
  const bool is_http = draft.kind() == api_kind::http;
  const auto stage = text_in(in, properties.find("StageName"), "StageName");
  draft.add_stage(stage.value_or(is_http ? "$default" : "Prod"),
                  variables_in(in, properties.find(is_http ? "StageVariables" : "Variables")));
  if (const node* auth = properties.find("Auth")) {
    read_sam_auth(draft, *auth);
  }
  if (const node* cors = properties.find(is_http ? "CorsConfiguration" : "Cors"); cors != nullptr && !is_false(cors)) {
    if (is_http) {
      draft.api().cors = cors_in(in, *cors);
    } else {
      draft.preflight = preflight_fields(in, *cors);
    }
  }
  if (const node* types = properties.find("BinaryMediaTypes")) {
    draft.api().binary_media_types = media_types(in, *types);
  }
}

void read_sam_api(const model& in, const resource& of, api_drafts& drafts) {
  const bool is_http = of.type == "AWS::Serverless::HttpApi";
  check_properties(of.type, of.properties, in.notes);
  api_draft& draft =
      drafts.try_emplace(of.id, in, of.id, is_http ? api_kind::http : api_kind::rest, of.at).first->second;
  node own = of.properties;
  std::erase_if(own.members, [](const member& each) { return each.name.starts_with("Definition"); });
  const auto properties = in.values.resolve(own);
  apply_properties(draft, properties ? *properties : node());
  draft.definition = read_definition(in, of.properties.find("DefinitionBody"), of.properties.find("DefinitionUri"));
  if (draft.definition.is_map()) {
    add_open_api(draft, draft.definition);
  }
}

api_draft& implicit_api(const model& in, bool is_http, api_drafts& drafts, place at) {
  const std::string id = is_http ? implicit_http : implicit_rest;
  if (const auto known = drafts.find(id); known != drafts.end()) {
    return known->second;
  }
  api_draft& draft = drafts.try_emplace(id, in, id, is_http ? api_kind::http : api_kind::rest, at).first->second;
  const char* type = is_http ? "AWS::Serverless::HttpApi" : "AWS::Serverless::Api";
  const node global = globals_of(in.document, type);
  check_properties(type, global, in.notes);
  const auto properties = in.values.resolve(global);
  apply_properties(draft, properties ? *properties : node());
  return draft;
}

void apply_event_auth(api_draft& draft, const node* auth, api_route& route) {
  const model& in = draft.in();
  route.authorizer = draft.default_authorizer;
  route.api_key_required = draft.api_key_required;
  if (auth != nullptr) {
    check_properties("Auth:Event", *auth, in.notes);
    route.authorizer = text_in(in, auth->find("Authorizer"), "Authorizer").value_or(route.authorizer);
    route.api_key_required = truth_in(in, auth->find("ApiKeyRequired"), "ApiKeyRequired", route.api_key_required);
    if (route.authorizer == iam_authorizer) {
      draft.add_iam_authorizer(auth->at);
    }
  }
  if (route.authorizer == "NONE") {
    route.authorizer.clear();
  }
  const node* own = auth == nullptr ? nullptr : auth->find("AuthorizationScopes");
  const auto preset = draft.scopes.find(route.authorizer);
  if (own != nullptr) {
    route.scopes = texts_in(in, own, "AuthorizationScopes");
  } else if (preset != draft.scopes.end() && !route.authorizer.empty()) {
    route.scopes = preset->second;
  }
}

/// The API that an event names; nullptr, and something said, if it is none of this template.
api_draft* api_of_event(const model& in, const node& properties, bool is_http, api_drafts& drafts, place at) {
  const char* name = is_http ? "ApiId" : "RestApiId";
  const node* id = properties.find(name);
  if (id == nullptr) {
    return &implicit_api(in, is_http, drafts, at);
  }
  const auto found = id->is_scalar() ? drafts.find(id->text) : drafts.end();
  if (found == drafts.end() || (found->second.kind() == api_kind::http) != is_http) {
    in.notes.warn(id->at, std::string(name) + " " + id->text + " is no API of this template, so its route is left out");
    return nullptr;
  }
  return &found->second;
}

void read_api_event(const model& in, const function_description& function, const member& event, bool is_http,
                    api_drafts& drafts) {
  const node* given = event.value.find("Properties");
  const node properties = given == nullptr ? node() : *given;
  check_properties(is_http ? "Event:HttpApi" : "Event:Api", properties, in.notes);
  api_draft* draft = api_of_event(in, properties, is_http, drafts, event.at);
  if (draft == nullptr) {
    return;
  }
  const auto path = text_in(in, properties.find("Path"), "Path");
  const auto method = text_in(in, properties.find("Method"), "Method");
  const bool is_catch_all = is_http && !path && !method;
  if (!is_catch_all && (!path || !method)) {
    in.notes.fail(event.at, errc::invalid_argument,
                  "the event " + event.name + " of " + function.logical_id + " needs both Path and Method" +
                      (is_http ? ", or neither for $default" : ""));
    return;
  }
  api_route route;
  route.path = path.value_or("$default");
  route.method = upper(method.value_or("ANY"));
  route.method = route.method == "*" || route.method == "X-AMAZON-APIGATEWAY-ANY-METHOD" ? "ANY" : route.method;
  route.function_name = function.name;
  const auto version = text_in(in, properties.find("PayloadFormatVersion"), "PayloadFormatVersion");
  route.payload = version && version->starts_with('1') ? payload_version::v1 : payload_version::v2;
  route.timeout = timeout_in(in, properties.find("TimeoutInMillis"));
  const auto transfer = text_in(in, properties.find("ResponseTransferMode"), "ResponseTransferMode");
  route.streams = transfer && *transfer == "STREAM";
  apply_event_auth(*draft, properties.find("Auth"), route);
  draft->add_route(std::move(route), event.at);
}

}  // namespace

void read_sam_apis(const model& in, api_drafts& drafts) {
  for (const resource& each : in.resources) {
    if (each.type == "AWS::Serverless::HttpApi" || each.type == "AWS::Serverless::Api") {
      read_sam_api(in, each, drafts);
    }
  }
}

void read_api_events(const model& in, api_drafts& drafts) {
  for (const function_description& function : in.into.functions) {
    const node events = in.values.property(*find_resource(in.resources, function.logical_id), "Events");
    for (const member& event : events.members) {
      const node* type = event.value.find("Type");
      const bool is_http = type != nullptr && type->text == "HttpApi";
      if (is_http || (type != nullptr && type->text == "Api")) {
        read_api_event(in, function, event, is_http, drafts);
      }
    }
  }
}

}  // namespace kelvin::templates
