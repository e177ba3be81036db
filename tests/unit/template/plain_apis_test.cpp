#include "tests/unit/template/describe.hpp"

#include <doctest/doctest.h>

namespace kelvin::templates::test {
namespace {

const std::string uri =
    "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations'";

const std::string definition =
    "openapi: 3.0.1\n"
    "paths:\n"
    "  /pets/{id}:\n"
    "    parameters: []\n"
    "    get:\n"
    "      security: [{Tok: [read]}]\n"
    "      x-amazon-apigateway-integration: {type: aws_proxy, payloadFormatVersion: '2.0', timeoutInMillis: 5000, "
    "uri: " +
    uri +
    "}\n"
    "    x-amazon-apigateway-any-method:\n"
    "      x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/shared'}\n"
    "    options:\n"
    "      x-amazon-apigateway-integration:\n"
    "        type: mock\n"
    "        responses: {default: {statusCode: '204', responseParameters: {method.response.header.X-A: \"'a'\"}}}\n"
    "  /proxy: {get: {x-amazon-apigateway-integration: {type: http_proxy, uri: 'https://x'}}}\n"
    "  /event: {get: {}}\n"
    "  /$default: {x-amazon-apigateway-any-method: {x-amazon-apigateway-integration: {type: AWS_PROXY, uri: " +
    uri +
    "}}}\n"
    "components:\n"
    "  x-amazon-apigateway-integrations: {shared: {type: aws_proxy, uri: " +
    uri +
    "}}\n"
    "  securitySchemes:\n"
    "    Tok:\n"
    "      type: oauth2\n"
    "      x-amazon-apigateway-authorizer: {type: jwt, identitySource: $request.header.A, jwtConfiguration: {issuer: "
    "i, audience: [a]}}\n"
    "x-amazon-apigateway-cors: {allowOrigins: ['*'], maxAge: 5}\n";

void check_definition(const project& made) {
  const auto& api = only_api(made);
  CHECK(api.routes.size() == 4);
  const auto& get = route_of(api, "GET", "/pets/{id}");
  CHECK(get.function_name == "F");
  CHECK(get.payload == payload_version::v2);
  CHECK(get.timeout == std::chrono::milliseconds(5000));
  CHECK(get.authorizer == "Tok");
  CHECK(get.scopes == std::vector<std::string>{"read"});
  CHECK(route_of(api, "ANY", "/pets/{id}").payload == payload_version::v1);
  CHECK(route_of(api, "ANY", "$default").function_name == "F");
  const auto& options = route_of(api, "OPTIONS", "/pets/{id}");
  REQUIRE(options.mock);
  CHECK(options.mock->status == 204);
  CHECK(options.mock->fields == std::vector<name_value>{{"X-A", "a"}});
  CHECK(api.authorizers.at(0).issuer == "i");
  CHECK(api.authorizers[0].identity_sources == std::vector<std::string>{"$request.header.A"});
  REQUIRE(api.cors);
  CHECK(api.cors->max_age == std::chrono::seconds(5));
  CHECK(warned(made, "http_proxy", "not supported"));
  CHECK(warned(made, "GET /event has no x-amazon-apigateway-integration"));
}

TEST_CASE("a definition in the template, in a file, and included") {
  reading with;
  with.included["dir/api.yaml"] = definition;
  const std::string api = "  Shop:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n";
  check_definition(with.describe(one_function("", "", api + "      DefinitionUri: api.yaml\n")));
  check_definition(with.describe(one_function(
      "", "",
      api + "      DefinitionBody: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: api.yaml}}}\n")));
  std::string body;
  for (std::size_t at = 0; at < definition.size();) {
    const auto end = definition.find('\n', at) + 1;
    body += "        " + definition.substr(at, end - at);
    at = end;
  }
  const auto made = with.describe(one_function("", "", api + "      DefinitionBody:\n" + body));
  check_definition(made);
  CHECK(route_of(only_api(made), "GET", "/pets/{id}").origin == "dir/t.yaml:15");
}

TEST_CASE("places in a definition's own file name that file") {
  reading with;
  with.included["dir/api.yaml"] = definition;
  const std::string api = "  Shop:\n    Type: AWS::Serverless::HttpApi\n    Properties: {DefinitionUri: api.yaml}\n";
  const auto made = with.describe(one_function("", "", api));
  CHECK(route_of(only_api(made), "GET", "/pets/{id}").origin == "dir/api.yaml:5");
  CHECK(warned(made, "dir/api.yaml:14"));
  with.included["dir/api.yaml"] = "paths: [";
  CHECK(contains(with.refuse(one_function("", "", api)), "dir/api.yaml:"));
  with.included.clear();
  CHECK(contains(with.refuse(one_function("", "", api), errc::not_found), "cannot read dir/api.yaml"));
}

TEST_CASE("an event completes an operation, and may not repeat one that is complete") {
  reading with;
  with.included["dir/api.yaml"] = definition;
  const std::string api = "  Shop:\n    Type: AWS::Serverless::HttpApi\n    Properties: {DefinitionUri: api.yaml}\n";
  const auto event = [](const std::string& path) {
    return "      Events:\n        E: {Type: HttpApi, Properties: {Path: '" + path +
           "', Method: get, ApiId: !Ref Shop}}\n";
  };
  const auto made = with.describe(one_function(event("/event"), "", api));
  CHECK(route_of(only_api(made), "GET", "/event").function_name == "F");
  CHECK(std::none_of(made.warnings.begin(), made.warnings.end(),
                     [](const auto& each) { return each.find("GET /event") != std::string::npos; }));
  CHECK(contains(with.refuse(one_function(event("/pets/{id}"), "", api)), "dir/api.yaml:5"));
}

TEST_CASE("an HTTP API of CloudFormation's resources") {
  reading with;
  const std::string api =
      "  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: HTTP, CorsConfiguration: {AllowOrigins: "
      "['*']}}}\n"
      "  St: {Type: 'AWS::ApiGatewayV2::Stage', Properties: {ApiId: !Ref Api, StageName: v1, StageVariables: {a: b}}}\n"
      "  In: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, "
      "IntegrationUri: !GetAtt F.Arn, PayloadFormatVersion: '2.0', TimeoutInMillis: 1000}}\n"
      "  Au: {Type: 'AWS::ApiGatewayV2::Authorizer', Properties: {ApiId: !Ref Api, AuthorizerType: REQUEST, Name: n, "
      "IdentitySource: [$request.header.X], AuthorizerUri: " +
      uri +
      ", AuthorizerPayloadFormatVersion: '2.0', "
      "EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 7}}\n"
      "  Ro: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, RouteKey: 'GET /a', Target: !Sub "
      "'integrations/${In}', "
      "AuthorizationType: CUSTOM, AuthorizerId: !Ref Au}}\n"
      "  De: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, RouteKey: $default, AuthorizationType: "
      "AWS_IAM, "
      "Target: !Join ['/', [integrations, !Ref In]]}}\n";
  const auto made = with.describe(one_function("", "", api));
  const auto& of = only_api(made);
  CHECK(made.warnings.empty());
  CHECK(of.id == "Api");
  CHECK(of.stages.at(0).name == "v1");
  CHECK(of.cors);
  const auto& route = route_of(of, "GET", "/a");
  CHECK(route.function_name == "F");
  CHECK(route.payload == payload_version::v2);
  CHECK(route.timeout == std::chrono::seconds(1));
  CHECK(route.authorizer == "Au");
  CHECK(route_of(of, "ANY", "$default").authorizer == "AWS_IAM");
  REQUIRE(of.authorizers.size() == 2);
  CHECK(of.authorizers[0].result_ttl == std::chrono::seconds(7));
  CHECK(of.authorizers[0].simple_responses);
  CHECK(
      contains(with.refuse(one_function("", "",
                                        api + "  Tw: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, "
                                              "RouteKey: 'GET /a', Target: !Sub 'integrations/${In}'}}\n")),
               "GET /a"));
}

TEST_CASE("quick create, and WebSocket APIs by name") {
  reading with;
  const auto made = with.describe(one_function(
      "", "",
      "  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: HTTP, Target: !GetAtt F.Arn}}\n"
      "  Ws: {Type: 'AWS::ApiGatewayV2::Api', Properties: {ProtocolType: WEBSOCKET, RouteSelectionExpression: x}}\n"
      "  Wr: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Ws, RouteKey: $connect}}\n"));
  const auto& route = route_of(only_api(made), "ANY", "$default");
  CHECK(route.function_name == "F");
  CHECK(route.payload == payload_version::v2);
  REQUIRE(made.warnings.size() == 1);
  CHECK(warned(made, "t.yaml:8", "WebSocket API Ws"));
}

TEST_CASE("a REST API of CloudFormation's resources, as CDK writes it") {
  reading with;
  const std::string api =
      "  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: n, BinaryMediaTypes: ['image/*']}}\n"
      "  Dep: {Type: 'AWS::ApiGateway::Deployment', Properties: {RestApiId: !Ref Api}}\n"
      "  St: {Type: 'AWS::ApiGateway::Stage', Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Dep, StageName: "
      "prod}}\n"
      "  Pets: {Type: 'AWS::ApiGateway::Resource', Properties: {RestApiId: !Ref Api, ParentId: !GetAtt "
      "Api.RootResourceId, PathPart: pets}}\n"
      "  Id: {Type: 'AWS::ApiGateway::Resource', Properties: {RestApiId: !Ref Api, ParentId: !Ref Pets, PathPart: "
      "'{id}'}}\n"
      "  Au: {Type: 'AWS::ApiGateway::Authorizer', Properties: {RestApiId: !Ref Api, Name: n, Type: TOKEN, "
      "AuthorizerUri: " +
      uri +
      ", "
      "IdentitySource: method.request.header.Authorization, IdentityValidationExpression: x}}\n"
      "  Get: {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref Api, ResourceId: !Ref Id, HttpMethod: "
      "GET, "
      "AuthorizationType: CUSTOM, AuthorizerId: !Ref Au, Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, "
      "Uri: " +
      uri +
      "}}}\n"
      "  Root: {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt "
      "Api.RootResourceId, HttpMethod: ANY, "
      "AuthorizationType: NONE, ApiKeyRequired: true, Integration: {Type: AWS_PROXY, ResponseTransferMode: STREAM, "
      "Uri: " +
      uri +
      "}}}\n"
      "  Opt: {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref Api, ResourceId: !Ref Pets, HttpMethod: "
      "OPTIONS, "
      "AuthorizationType: NONE, Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: '204', "
      "ResponseParameters: "
      "{method.response.header.Access-Control-Allow-Origin: \"'*'\"}}]}}}\n";
  const auto made = with.describe(one_function("", "", api));
  CHECK(made.warnings.empty());
  const auto& of = only_api(made);
  CHECK(of.kind == api_kind::rest);
  CHECK(of.stages.at(0).name == "prod");
  CHECK(of.binary_media_types == std::vector<std::string>{"image/*"});
  const auto& get = route_of(of, "GET", "/pets/{id}");
  CHECK(get.function_name == "F");
  CHECK(get.authorizer == "Au");
  CHECK(of.authorizers.at(0).kind == authorizer_kind::lambda_token);
  CHECK(of.authorizers[0].identity_sources == std::vector<std::string>{"$request.header.Authorization"});
  CHECK(of.authorizers[0].identity_validation_expression == "x");
  CHECK(of.authorizers[0].result_ttl == std::chrono::seconds(300));
  CHECK(route_of(of, "ANY", "/").streams);
  CHECK(route_of(of, "ANY", "/").api_key_required);
  CHECK(route_of(of, "OPTIONS", "/pets").mock->fields.at(0).value == "*");
}

TEST_CASE("parents in a circle are an error") {
  reading with;
  const auto text = with.refuse(one_function(
      "", "",
      "  Api: {Type: 'AWS::ApiGateway::RestApi'}\n"
      "  R: {Type: 'AWS::ApiGateway::Resource', Properties: {RestApiId: !Ref Api, ParentId: R, PathPart: a}}\n"
      "  M: {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref Api, ResourceId: !Ref R, HttpMethod: GET, "
      "Integration: {Type: AWS_PROXY, Uri: " +
          uri + "}}}\n"));
  CHECK(contains(text, "circle"));
}

TEST_CASE("a function named by a stage variable, and one that is not here") {
  reading with;
  const auto made =
      with.describe(one_function("", "",
                                 "  Shop:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: v1\n      "
                                 "Variables: {fn: F}\n      DefinitionBody:\n"
                                 "        paths:\n"
                                 "          /a: {get: {x-amazon-apigateway-integration: {type: aws_proxy, uri: "
                                 "'arn:aws:apigateway:r:lambda:path/2021-11-15/functions/"
                                 "arn:aws:lambda:r:1:function:${stageVariables.fn}/response-streaming-invocations'}}}\n"
                                 "          /b: {get: {x-amazon-apigateway-integration: {type: aws_proxy, uri: "
                                 "'arn:aws:lambda:r:1:function:other/invocations'}}}\n"));
  CHECK(route_of(only_api(made), "GET", "/a").function_name == "F");
  CHECK(route_of(only_api(made), "GET", "/a").streams);
  CHECK(warned(made, "GET /b", "no function of this template"));
}

TEST_CASE("security of a REST definition: API keys, AWS_IAM, custom authorizers") {
  reading with;
  const auto made = with.describe(one_function(
      "", "",
      "  Shop:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: v1\n      DefinitionBody:\n"
      "        securityDefinitions:\n          key: {type: apiKey, name: x-api-key, in: header}\n"
      "          sig: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}\n"
      "          own: {type: apiKey, name: X-Own, in: header, x-amazon-apigateway-authorizer: {type: token, "
      "authorizerUri: " +
          uri +
          ", authorizerResultTtlInSeconds: 0}}\n"
          "        x-amazon-apigateway-binary-media-types: ['a/b']\n"
          "        paths:\n"
          "          /key: {get: {security: [{key: []}], x-amazon-apigateway-integration: {type: aws_proxy, uri: " +
          uri +
          "}}}\n"
          "          /sig: {get: {security: [{sig: []}], x-amazon-apigateway-integration: {type: aws_proxy, uri: " +
          uri +
          "}}}\n"
          "          /own: {get: {security: [{own: []}], x-amazon-apigateway-integration: {type: aws_proxy, uri: " +
          uri + "}}}\n"));
  const auto& api = only_api(made);
  CHECK(route_of(api, "GET", "/key").api_key_required);
  CHECK(route_of(api, "GET", "/key").authorizer.empty());
  CHECK(route_of(api, "GET", "/sig").authorizer == "AWS_IAM");
  CHECK(route_of(api, "GET", "/own").authorizer == "own");
  CHECK(api.authorizers.at(0).identity_sources == std::vector<std::string>{"$request.header.X-Own"});
  CHECK(api.authorizers[0].result_ttl == std::chrono::seconds(0));
  CHECK(api.binary_media_types == std::vector<std::string>{"a/b"});
}

TEST_CASE("a load balancer whose listener forwards to a function") {
  reading with;
  const std::string balancer =
      "  Lb: {Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer'}\n"
      "  Tg: {Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {TargetType: lambda, Targets: [{Id: "
      "!GetAtt F.Arn}], "
      "TargetGroupAttributes: [{Key: lambda.multi_value_headers.enabled, Value: true}]}}\n"
      "  Li: {Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: {LoadBalancerArn: !Ref Lb, Port: 80, "
      "DefaultActions: [{Type: forward, TargetGroupArn: !Ref Tg}]}}\n";
  auto made = with.describe(one_function("", "", balancer));
  const auto& api = only_api(made);
  CHECK(api.kind == api_kind::alb);
  CHECK(api.id == "Lb");
  CHECK(api.multi_value_headers);
  CHECK(api.routes.at(0).function_name == "F");
  CHECK(made.warnings.empty());
  made = with.describe(one_function(
      "", "",
      balancer + "  Ru: {Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: {Actions: [{Type: forward, "
                 "TargetGroupArn: !Ref Tg}]}}\n"));
  CHECK(warned(made, "listener rule Ru", "not supported"));
}

}  // namespace
}  // namespace kelvin::templates::test
