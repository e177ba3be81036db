#include "emulator/template/resolver.hpp"
#include "emulator/template/resource.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kelvin::templates {
namespace {

/// What a type's Ref and its attribute Arn are.
struct type_row {
  std::string_view type;
  std::string_view name_property;
  std::string_view service;  ///< of its ARN; empty: it has none that kelvin knows
  std::string_view prefix;   ///< before the name in the ARN
  bool ref_is_arn = false;
  bool arn_with_account = true;
};

constexpr std::array<type_row, 22> types = {{
    {"AWS::Serverless::Function", "FunctionName", "lambda", "function:"},
    {"AWS::Lambda::Function", "FunctionName", "lambda", "function:"},
    {"AWS::Serverless::LayerVersion", "LayerName", "lambda", "layer:", true},
    {"AWS::Lambda::LayerVersion", "LayerName", "lambda", "layer:", true},
    {"AWS::SQS::Queue", "QueueName", "sqs", ""},
    {"AWS::SNS::Topic", "TopicName", "sns", "", true},
    {"AWS::S3::Bucket", "BucketName", "s3", "", false, false},
    {"AWS::DynamoDB::Table", "TableName", "dynamodb", "table/"},
    {"AWS::Serverless::SimpleTable", "TableName", "dynamodb", "table/"},
    {"AWS::Kinesis::Stream", "Name", "kinesis", "stream/"},
    {"AWS::Events::EventBus", "Name", "events", "event-bus/"},
    {"AWS::StepFunctions::StateMachine", "StateMachineName", "states", "stateMachine:", true},
    {"AWS::Serverless::StateMachine", "Name", "states", "stateMachine:", true},
    {"AWS::IAM::Role", "RoleName", "iam", "role/"},
    {"AWS::Logs::LogGroup", "LogGroupName", "logs", "log-group:"},
    {"AWS::SecretsManager::Secret", "Name", "secretsmanager", "secret:", true},
    {"AWS::SSM::Parameter", "Name", "ssm", "parameter/"},
    {"AWS::ElasticLoadBalancingV2::TargetGroup", "", "elasticloadbalancing", "targetgroup/", true},
    {"AWS::ElasticLoadBalancingV2::LoadBalancer", "", "elasticloadbalancing", "loadbalancer/app/", true},
    {"AWS::ElasticLoadBalancingV2::Listener", "", "elasticloadbalancing", "listener/app/", true},
    {"AWS::ApiGateway::Stage", "StageName", "", ""},
    {"AWS::ApiGatewayV2::Stage", "StageName", "", ""},
}};

const type_row* row_of(std::string_view type) {
  const auto found = std::find_if(types.begin(), types.end(), [&](const type_row& row) { return row.type == type; });
  return found == types.end() ? nullptr : &*found;
}

/// Types whose Ref is an identifier that AWS makes up; ours is the logical id.
bool is_named_by_id(std::string_view type) {
  return type.starts_with("AWS::ApiGateway::") || type.starts_with("AWS::ApiGatewayV2::") ||
         type == "AWS::Serverless::Api" || type == "AWS::Serverless::HttpApi" ||
         type == "AWS::Lambda::EventSourceMapping";
}

/// Attributes that are the identifier again.
bool is_id_attribute(std::string_view name) {
  constexpr std::array<std::string_view, 6> all = {"ApiId",        "RestApiId",     "ResourceId",
                                                   "AuthorizerId", "IntegrationId", "DeploymentId"};
  return std::find(all.begin(), all.end(), name) != all.end();
}

std::string lower(std::string text) {
  for (char& letter : text) {
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  }
  return text;
}

}  // namespace

const resource* find_resource(const std::vector<resource>& all, std::string_view id) noexcept {
  const auto found = std::find_if(all.begin(), all.end(), [&](const resource& each) { return each.id == id; });
  return found == all.end() ? nullptr : &*found;
}

std::string resolver::arn(std::string_view service, std::string_view rest, bool with_account) const {
  const bool global = service == "iam";
  return std::string("arn:aws:").append(service) + ":" + (with_account && !global ? facts_.region : "") + ":" +
         (with_account ? facts_.account_id : "") + ":" + std::string(rest);
}

node resolver::own_text(const resource& of, std::string_view property_name) {
  const std::string key = of.id + "." + std::string(property_name);
  if (const auto known = own_texts_.find(key); known != own_texts_.end()) {
    return known->second;
  }
  if (std::find(naming_.begin(), naming_.end(), key) != naming_.end()) {
    std::string chain;
    for (const std::string& each : naming_) {
      chain += each + " -> ";
    }
    notes_.fail(of.at, errc::invalid_argument, "values that depend on themselves: " + chain + key);
    return {};
  }
  naming_.push_back(key);
  node value = property(of, property_name);
  naming_.pop_back();
  return own_texts_.insert_or_assign(key, std::move(value)).first->second;
}

std::string resolver::physical_name(const resource& of) {
  const type_row* row = row_of(of.type);
  const node name = row == nullptr || row->name_property.empty() ? node() : own_text(of, row->name_property);
  if (name.is_scalar() && !name.unresolved && !name.text.empty()) {
    return name.text;
  }
  return of.type == "AWS::S3::Bucket" ? lower(of.id) : of.id;
}

std::optional<std::string> resolver::value_of(const resource& of, std::string_view attribute_name) {
  if (of.type == "AWS::Lambda::Alias" || of.type == "AWS::Lambda::Version") {
    // There is one version of a function here.
    const std::string name = own_text(of, "FunctionName").text;
    return name.find(":function:") != std::string::npos ? name : arn("lambda", "function:" + name);
  }
  if (of.type == "AWS::SSM::Parameter" && attribute_name == "Value") {
    const node value = own_text(of, "Value");
    return value.is_scalar() && !value.unresolved ? std::optional(value.text) : std::nullopt;
  }
  const type_row* row = row_of(of.type);
  if (row == nullptr || (row->service.empty() && !attribute_name.empty())) {
    if (is_named_by_id(of.type) && attribute_name == "RootResourceId") {
      return of.id + "/root";
    }
    const bool known = is_named_by_id(of.type) && (attribute_name.empty() || is_id_attribute(attribute_name));
    return known ? std::optional(of.id) : std::nullopt;
  }
  const std::string name = physical_name(of);
  const bool is_layer = of.type.ends_with("LayerVersion");
  const std::string own_arn =
      arn(row->service, std::string(row->prefix) + name + (is_layer ? ":1" : ""), row->arn_with_account);
  if (attribute_name.empty()) {
    if (of.type == "AWS::SQS::Queue") {
      return "https://sqs." + facts_.region + ".amazonaws.com/" + facts_.account_id + "/" + name;
    }
    return row->ref_is_arn ? own_arn : name;
  }
  if (attribute_name == "Arn" || attribute_name.ends_with("Arn")) {
    const bool of_stream = attribute_name == "StreamArn";
    return of_stream ? own_arn + "/stream/2000-01-01T00:00:00.000" : own_arn;
  }
  if (attribute_name == "QueueUrl") {
    return value_of(of, "");
  }
  return attribute_name.ends_with("Name") && attribute_name != "DNSName" ? std::optional(name) : std::nullopt;
}

}  // namespace kelvin::templates
