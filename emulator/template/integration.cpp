#include "emulator/template/integration.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace kelvin::templates {
namespace {

constexpr unsigned ttl_max = 3600;
constexpr unsigned ttl_rest = 300;

unsigned status_of(std::string_view text) {
  unsigned status = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), status);
  return read.ec == std::errc() && status >= 200 && status < 600 ? status : 200;
}

/// `method.response.header.X: "'value'"`.
void add_fields(const node* parameters, mock_integration& mock) {
  constexpr std::string_view prefix = "method.response.header.";
  if (parameters == nullptr) {
    return;
  }
  for (const member& each : parameters->members) {
    if (each.name.starts_with(prefix) && each.value.is_scalar()) {
      mock.fields.push_back({each.name.substr(prefix.size()), unquoted(each.value.text)});
    }
  }
}

mock_integration mock_of(const node* responses) {
  mock_integration mock;
  if (responses == nullptr) {
    return mock;
  }
  if (responses->is_list() && !responses->items.empty()) {
    const node& first = responses->items.front();
    const node* status = first.find("StatusCode");
    mock.status = status_of(status == nullptr ? "" : status->text);
    add_fields(first.find("ResponseParameters"), mock);
  } else if (!responses->members.empty()) {
    const node* preset = responses->find("default");
    const node& first = preset != nullptr ? *preset : responses->members.front().value;
    const node* status = first.find("statusCode");
    mock.status = status_of(status == nullptr ? "" : status->text);
    add_fields(first.find("responseParameters"), mock);
  }
  return mock;
}

/// Stage variables in a URI are those of the API's first stage here.
std::string with_stage_variables(std::string text, const api_configuration& api) {
  constexpr std::string_view prefix = "${stageVariables.";
  const auto begin = text.find(prefix);
  const auto end = begin == std::string::npos ? begin : text.find('}', begin);
  if (end == std::string::npos || api.stages.empty()) {
    return text;
  }
  const std::string name = text.substr(begin + prefix.size(), end - begin - prefix.size());
  for (const name_value& each : api.stages.front().variables) {
    if (each.name == name) {
      return text.replace(begin, end + 1 - begin, each.value);
    }
  }
  return text;
}

payload_version version_of(const model& in, const node* value) {
  const auto text = text_in(in, value, "the payload format version");
  return text && text->starts_with('2') ? payload_version::v2 : payload_version::v1;
}

}  // namespace

bool apply_integration(const api_draft& draft, const integration_facts& facts, api_route& route, place at) {
  const model& in = draft.in();
  const std::string type = lower(facts.type);
  const std::string named = route.method + " " + route.path;
  if (type == "mock") {
    route.mock = mock_of(facts.responses);
    return true;
  }
  if (type != "aws_proxy") {
    in.notes.unsupported(at, "an integration of type " + facts.type + ", at " + named + ", which is left out");
    return false;
  }
  const std::string uri =
      facts.uri != nullptr && facts.uri->is_scalar() ? with_stage_variables(facts.uri->text, draft.api()) : "";
  const function_description* function = in.function_of(uri);
  if (function == nullptr) {
    in.notes.warn(at, named + " leads to no function of this template that can be run here, so it is left out");
    return false;
  }
  route.function_name = function->name;
  route.payload = version_of(in, facts.payload_version);
  route.timeout = timeout_in(in, facts.timeout);
  const auto transfer = text_in(in, facts.transfer_mode, "the response transfer mode");
  route.streams =
      (transfer && upper(*transfer) == "STREAM") || uri.find("/response-streaming-invocations") != std::string::npos;
  return true;
}

void add_authorizer(api_draft& draft, const authorizer_facts& facts, place at) {
  const model& in = draft.in();
  authorizer_configuration made;
  made.name = facts.name;
  for (const std::string& each : facts.identity_sources) {
    for (std::size_t begin = 0; begin < each.size();) {
      const auto end = std::min(each.find(',', begin), each.size());
      const auto first = each.find_first_not_of(' ', begin);
      if (first < end) {
        made.identity_sources.push_back(identity_source_of(std::string_view(each).substr(first, end - first)));
      }
      begin = end + 1;
    }
  }
  const std::string type = lower(facts.type);
  const bool is_rest = draft.kind() == api_kind::rest;
  if (type == "jwt" && !is_rest) {
    made.kind = authorizer_kind::jwt;
    made.issuer = text_in(in, facts.issuer, "the issuer").value_or("");
    made.audiences = texts_in(in, facts.audience, "the audience");
    if (made.identity_sources.empty()) {
      made.identity_sources = {"$request.header.Authorization"};
    }
    return draft.add_authorizer(std::move(made), at);
  }
  if (type != "request" && !(is_rest && type == "token")) {
    in.notes.unsupported(at, "the authorizer " + facts.name + " of type " + facts.type);
    return draft.add_missing_authorizer(facts.name);
  }
  made.kind = type == "token" ? authorizer_kind::lambda_token : authorizer_kind::lambda_request;
  made.function_name = facts.uri;
  made.payload = is_rest ? payload_version::v1 : version_of(in, facts.payload_version);
  made.simple_responses = truth_in(in, facts.simple_responses, "simple responses", false);
  made.identity_validation_expression = facts.validation;
  made.result_ttl = std::chrono::seconds(
      number_in(in, facts.ttl, "the authorizer's TTL", 0, ttl_max).value_or(is_rest ? ttl_rest : 0));
  draft.add_authorizer(std::move(made), at);
}

}  // namespace kelvin::templates
