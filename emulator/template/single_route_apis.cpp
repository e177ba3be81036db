#include "emulator/template/plain_apis.hpp"
#include "emulator/template/property_table.hpp"

#include <algorithm>
#include <utility>

namespace kelvin::templates {
namespace {

api_configuration single_route(const model& in, std::string id, api_kind kind, const std::string& function_name,
                               place at) {
  api_configuration made;
  made.id = std::move(id);
  made.kind = kind;
  made.origin = in.notes.text_of(at);
  made.stages.push_back({"$default", {}});
  api_route route;
  route.method = "ANY";
  route.path = "$default";
  route.function_name = function_name;
  route.origin = made.origin;
  made.routes.push_back(std::move(route));
  return made;
}

/// `given`: FunctionUrlConfig, or the properties of AWS::Lambda::Url.
void add_function_url(const model& in, const function_description& function, const node& given, place at) {
  api_configuration made = single_route(in, function.name, api_kind::function_url, function.name, at);
  api_route& route = made.routes.front();
  const auto mode = text_in(in, given.find("InvokeMode"), "InvokeMode");
  route.streams = mode && *mode == "RESPONSE_STREAM";
  const auto auth = text_in(in, given.find("AuthType"), "AuthType");
  if (!auth || (*auth != "NONE" && *auth != "AWS_IAM")) {
    in.notes.fail(at, errc::invalid_argument,
                  "the function URL of " + function.logical_id + " needs AuthType NONE or AWS_IAM");
  } else if (*auth == "AWS_IAM") {
    authorizer_configuration iam;
    iam.name = iam_authorizer;
    iam.kind = authorizer_kind::iam;
    iam.origin = made.origin;
    made.authorizers.push_back(std::move(iam));
    route.authorizer = iam_authorizer;
  }
  if (const node* cors = given.find("Cors")) {
    made.cors = cors_in(in, *cors);
  }
  const auto same = [&](const auto& each) { return each.kind == api_kind::function_url && each.id == made.id; };
  if (std::any_of(in.into.apis.begin(), in.into.apis.end(), same)) {
    in.notes.fail(at, errc::invalid_argument, "the function " + function.logical_id + " has two function URLs");
    return;
  }
  in.into.apis.push_back(std::move(made));
}

/// The function and settings of a target group; null if it has none of this template.
struct function_targets {
  const function_description* function = nullptr;
  bool multi_value_headers = false;
};

function_targets targets_of(const model& in, const std::string& group_arn) {
  function_targets made;
  for (const resource& each : in.resources) {
    if (each.type != "AWS::ElasticLoadBalancingV2::TargetGroup" ||
        group_arn.find("targetgroup/" + each.id) == std::string::npos ||
        in.values.property(each, "TargetType").text != "lambda") {
      continue;
    }
    const node targets = in.values.property(each, "Targets");
    const node* id = targets.items.empty() ? nullptr : targets.items.front().find("Id");
    made.function = id == nullptr ? nullptr : in.function_of(id->text);
    const node attributes = in.values.property(each, "TargetGroupAttributes");
    for (const node& attribute : attributes.items) {
      const node* key = attribute.find("Key");
      if (key != nullptr && key->text == "lambda.multi_value_headers.enabled") {
        made.multi_value_headers = is_true(attribute.find("Value"));
      }
    }
  }
  return made;
}

const node* forwarded_group(const node& actions) {
  for (const node& action : actions.items) {
    const node* type = action.find("Type");
    if (type == nullptr || type->text != "forward") {
      continue;
    }
    if (const node* group = action.find("TargetGroupArn")) {
      return group;
    }
    const node* groups = action.find("ForwardConfig", "TargetGroups");
    return groups == nullptr || groups->items.size() != 1 ? nullptr : groups->items.front().find("TargetGroupArn");
  }
  return nullptr;
}

}  // namespace

void add_function_urls(const model& in) {
  for (const function_description& each : in.into.functions) {
    const resource& of = *find_resource(in.resources, each.logical_id);
    if (const node given = in.values.property(of, "FunctionUrlConfig"); given.is_map()) {
      check_properties("FunctionUrlConfig", given, in.notes);
      add_function_url(in, each, given, given.at);
    }
  }
  for (const resource& of : in.resources) {
    if (of.type != "AWS::Lambda::Url") {
      continue;
    }
    check_properties(of.type, of.properties, in.notes);
    const function_description* function = in.function_of(in.values.property(of, "TargetFunctionArn").text);
    const auto given = in.values.resolve(of.properties);
    if (function == nullptr || !given) {
      in.notes.warn(of.at, "the function URL " + of.id + " is of no function of this template, so it is left out");
      continue;
    }
    add_function_url(in, *function, *given, of.at);
  }
}

void add_load_balancers(const model& in) {
  for (const resource& of : in.resources) {
    if (of.type == "AWS::ElasticLoadBalancingV2::ListenerRule") {
      const node actions = in.values.property(of, "Actions");
      const node* group = forwarded_group(actions);
      if (group != nullptr && targets_of(in, group->text).function != nullptr) {
        in.notes.unsupported(of.at, "the listener rule " + of.id + " (of a listener, the default action is served)");
      }
    }
    if (of.type != "AWS::ElasticLoadBalancingV2::Listener") {
      continue;
    }
    const node actions = in.values.property(of, "DefaultActions");
    const node* group = forwarded_group(actions);
    const function_targets targets = group == nullptr ? function_targets() : targets_of(in, group->text);
    if (targets.function == nullptr) {
      continue;
    }
    const std::string arn = in.values.property(of, "LoadBalancerArn").text;
    const std::string id = arn.substr(arn.rfind('/') + 1);
    const auto same = [&](const api_configuration& each) { return each.id == id && each.kind == api_kind::alb; };
    if (std::any_of(in.into.apis.begin(), in.into.apis.end(), same)) {
      in.notes.unsupported(of.at, "a second listener of the load balancer " + id + ", " + of.id);
      continue;
    }
    api_configuration made = single_route(in, id, api_kind::alb, targets.function->name, of.at);
    made.multi_value_headers = targets.multi_value_headers;
    in.into.apis.push_back(std::move(made));
  }
}

}  // namespace kelvin::templates
