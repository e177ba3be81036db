#include "emulator/template/property_table.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace kelvin::templates {
namespace {

/// One type: names by spaces.
struct type_table {
  std::string_view type;
  std::string_view served;
  std::string_view ignored;
  std::string_view unsupported;
};

constexpr std::array<type_table, 24> tables = {{
    {"AWS::Serverless::Function",
     "FunctionName CodeUri Handler Runtime PackageType MemorySize Timeout Architectures Environment Layers "
     "EphemeralStorage ReservedConcurrentExecutions EventInvokeConfig DeadLetterQueue FunctionUrlConfig LoggingConfig "
     "Events",
     "Description Role Policies PermissionsBoundary RolePath AssumeRolePolicyDocument VpcConfig KmsKeyArn Tags Tracing "
     "AutoPublishAlias AutoPublishAliasAllProperties AutoPublishCodeSha256 DeploymentPreference VersionDescription "
     "CodeSigningConfigArn RuntimeManagementConfig RecursiveLoop PropagateTags SourceKMSKeyArn "
     "VersionDeletionPolicy PublishToLatestPublished",
     "InlineCode ImageUri ImageConfig SnapStart ProvisionedConcurrencyConfig FileSystemConfigs TenancyConfig "
     "DurableConfig CapacityProviderConfig FunctionScalingConfig"},
    {"AWS::Lambda::Function",
     "FunctionName Code Handler Runtime PackageType MemorySize Timeout Architectures Environment Layers "
     "EphemeralStorage ReservedConcurrentExecutions DeadLetterConfig LoggingConfig",
     "Description Role VpcConfig KmsKeyArn Tags TracingConfig CodeSigningConfigArn RuntimeManagementConfig "
     "RecursiveLoop PublishToLatestPublished",
     "ImageConfig SnapStart FileSystemConfigs TenancyConfig DurableConfig CapacityProviderConfig "
     "FunctionScalingConfig"},
    {"AWS::Serverless::HttpApi", "StageName StageVariables CorsConfiguration Auth DefinitionBody DefinitionUri",
     "Name Description AccessLogSettings DefaultRouteSettings RouteSettings Domain Tags FailOnWarnings "
     "DisableExecuteApiEndpoint PropagateTags",
     ""},
    {"AWS::Serverless::Api", "StageName Variables BinaryMediaTypes Cors Auth DefinitionBody DefinitionUri",
     "Name Description AccessLogSetting EndpointConfiguration TracingEnabled Tags FailOnWarnings MethodSettings "
     "OpenApiVersion AlwaysDeploy CanarySetting ApiKeySourceType DisableExecuteApiEndpoint Domain PropagateTags "
     "MergeDefinitions Policy SecurityPolicy EndpointAccessMode",
     "GatewayResponses Models MinimumCompressionSize CacheClusterEnabled CacheClusterSize Mode"},
    {"AWS::ApiGatewayV2::Api", "ProtocolType CorsConfiguration Target RouteKey Body",
     "Name Description DisableExecuteApiEndpoint Tags Version FailOnWarnings BasePath CredentialsArn IpAddressType "
     "DisableSchemaValidation ApiKeySelectionExpression",
     "BodyS3Location RouteSelectionExpression"},
    {"AWS::ApiGatewayV2::Route", "ApiId RouteKey Target AuthorizationType AuthorizerId AuthorizationScopes",
     "OperationName",
     "ApiKeyRequired RequestParameters RequestModels ModelSelectionExpression RouteResponseSelectionExpression"},
    {"AWS::ApiGatewayV2::Integration", "ApiId IntegrationType IntegrationUri PayloadFormatVersion TimeoutInMillis",
     "IntegrationMethod Description CredentialsArn ConnectionType",
     "RequestParameters ResponseParameters IntegrationSubtype RequestTemplates TlsConfig ConnectionId"},
    {"AWS::ApiGatewayV2::Stage", "ApiId StageName StageVariables",
     "AutoDeploy Description AccessLogSettings DefaultRouteSettings RouteSettings Tags DeploymentId AccessPolicyId",
     ""},
    {"AWS::ApiGatewayV2::Authorizer",
     "ApiId AuthorizerType IdentitySource JwtConfiguration AuthorizerUri AuthorizerPayloadFormatVersion "
     "EnableSimpleResponses AuthorizerResultTtlInSeconds Name",
     "AuthorizerCredentialsArn", "IdentityValidationExpression"},
    {"AWS::ApiGateway::RestApi", "BinaryMediaTypes Body",
     "Name Description EndpointConfiguration Tags FailOnWarnings Policy ApiKeySourceType Parameters CloneFrom "
     "DisableExecuteApiEndpoint SecurityPolicy EndpointAccessMode",
     "BodyS3Location MinimumCompressionSize Mode"},
    {"AWS::ApiGateway::Resource", "RestApiId ParentId PathPart", "", ""},
    {"AWS::ApiGateway::Method",
     "RestApiId ResourceId HttpMethod AuthorizationType AuthorizerId ApiKeyRequired Integration",
     "MethodResponses OperationName AuthorizationScopes", "RequestModels RequestValidatorId RequestParameters"},
    {"AWS::ApiGateway::Stage", "RestApiId StageName Variables",
     "DeploymentId Description AccessLogSetting MethodSettings Tags TracingEnabled CanarySetting "
     "DocumentationVersion",
     "CacheClusterEnabled CacheClusterSize ClientCertificateId"},
    {"AWS::ApiGateway::Authorizer",
     "RestApiId Type AuthorizerUri IdentitySource IdentityValidationExpression AuthorizerResultTtlInSeconds Name",
     "AuthType AuthorizerCredentials ProviderARNs", ""},
    {"AWS::Lambda::Url", "TargetFunctionArn AuthType InvokeMode Cors", "Qualifier", ""},
    {"AWS::Lambda::EventInvokeConfig", "FunctionName MaximumEventAgeInSeconds MaximumRetryAttempts DestinationConfig",
     "Qualifier", ""},
    {"AWS::Serverless::LayerVersion", "ContentUri LayerName",
     "Description CompatibleRuntimes CompatibleArchitectures LicenseInfo RetentionPolicy PublishLambdaVersion", ""},
    {"AWS::Lambda::LayerVersion", "Content LayerName",
     "Description CompatibleRuntimes CompatibleArchitectures LicenseInfo", ""},
    {"Event:HttpApi", "Path Method ApiId PayloadFormatVersion TimeoutInMillis Auth", "RouteSettings", ""},
    {"Event:Api", "Path Method RestApiId Auth TimeoutInMillis ResponseTransferMode", "",
     "RequestModel RequestParameters"},
    {"Auth:HttpApi", "DefaultAuthorizer Authorizers EnableIamAuthorizer", "", ""},
    {"Auth:Api", "DefaultAuthorizer Authorizers AddDefaultAuthorizerToCorsPreflight ApiKeyRequired",
     "InvokeRole AddApiKeyRequiredToCorsPreflight UsagePlan", "ResourcePolicy"},
    {"Auth:Event", "Authorizer AuthorizationScopes ApiKeyRequired", "InvokeRole OverrideApiAuth", "ResourcePolicy"},
    {"FunctionUrlConfig", "AuthType InvokeMode Cors", "", ""},
}};

constexpr std::array<std::string_view, 12> served_types = {"AWS::Lambda::EventSourceMapping",
                                                           "AWS::ElasticLoadBalancingV2::TargetGroup",
                                                           "AWS::ElasticLoadBalancingV2::LoadBalancer",
                                                           "AWS::ElasticLoadBalancingV2::Listener",
                                                           "AWS::ElasticLoadBalancingV2::ListenerRule",
                                                           "AWS::ApiGateway::Deployment",
                                                           "AWS::ApiGatewayV2::Deployment",
                                                           "AWS::Lambda::Alias",
                                                           "AWS::Lambda::Version",
                                                           "AWS::Lambda::Permission",
                                                           "AWS::SSM::Parameter",
                                                           "AWS::ApiGateway::Account"};

/// Resources that serve an account, or only hold names that functions get.
constexpr std::array<std::string_view, 26> silent = {"AWS::IAM::",
                                                     "AWS::Logs::",
                                                     "AWS::CDK::",
                                                     "AWS::CloudWatch::",
                                                     "AWS::CodeDeploy::",
                                                     "AWS::KMS::",
                                                     "AWS::EC2::",
                                                     "AWS::Route53::",
                                                     "AWS::CertificateManager::",
                                                     "AWS::WAFv2::",
                                                     "AWS::XRay::",
                                                     "AWS::ApplicationInsights::",
                                                     "AWS::ResourceGroups::",
                                                     "AWS::Signer::",
                                                     "AWS::ServiceDiscovery::",
                                                     "AWS::Budgets::",
                                                     "AWS::ApiGateway::UsagePlan",
                                                     "AWS::ApiGateway::ApiKey",
                                                     "AWS::ApiGateway::DomainName",
                                                     "AWS::ApiGateway::BasePathMapping",
                                                     "AWS::ApiGatewayV2::DomainName",
                                                     "AWS::ApiGatewayV2::ApiMapping",
                                                     "AWS::ApplicationAutoScaling::",
                                                     "AWS::Serverless::Connector",
                                                     "AWS::SSM::",
                                                     "AWS::Lambda::LayerVersionPermission"};

bool holds_word(std::string_view words, std::string_view word) {
  for (auto at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) {
      return true;
    }
  }
  return false;
}

const type_table* table_of(std::string_view type) {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const auto& table) { return table.type == type; });
  return found == tables.end() ? nullptr : &*found;
}

}  // namespace

use use_of_type(std::string_view type) {
  if (table_of(type) != nullptr || std::find(served_types.begin(), served_types.end(), type) != served_types.end()) {
    return use::served;
  }
  const bool is_silent = std::any_of(silent.begin(), silent.end(), [&](auto start) { return type.starts_with(start); });
  return is_silent ? use::ignored : use::unsupported;
}

void check_properties(std::string_view type, const node& properties, diagnostics& notes) {
  const type_table* table = table_of(type);
  if (table == nullptr) {
    return;
  }
  const std::string shown = type.starts_with("AWS::")    ? std::string(type.substr(type.rfind(':') + 1))
                            : type.starts_with("Event:") ? "an event of type " + std::string(type.substr(6))
                            : type.starts_with("Auth:")  ? "Auth"
                                                         : std::string(type);
  for (const member& each : properties.members) {
    if (holds_word(table->unsupported, each.name)) {
      notes.unsupported(each.at, "property " + each.name + " of " + shown);
    } else if (!holds_word(table->served, each.name) && !holds_word(table->ignored, each.name)) {
      notes.warn(each.at, "unknown property " + each.name + " of " + shown + ", which has no effect here");
    }
  }
}

}  // namespace kelvin::templates
