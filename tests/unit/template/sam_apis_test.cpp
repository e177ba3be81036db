#include "tests/unit/template/describe.hpp"

#include <doctest/doctest.h>

namespace kelvin::templates::test {
namespace {

/// One function with the events, each `Name: {...}` in its own line.
std::string with_events(const std::string& events, const std::string& behind = "", const std::string& before = "") {
  return one_function("      Events:\n" + events, before, behind);
}

const std::string http_route = "        E: {Type: HttpApi, Properties: {Path: /a, Method: get}}\n";
const std::string rest_route = "        E: {Type: Api, Properties: {Path: /a, Method: get}}\n";

TEST_CASE("HttpApi events without an API make the implicit one") {
  reading with;
  const auto made =
      with.describe(with_events(http_route + "        D: {Type: HttpApi}\n"
                                             "        P: {Type: HttpApi, Properties: {Path: '/b/{proxy+}', Method: "
                                             "ANY, PayloadFormatVersion: '1.0', TimeoutInMillis: 900}}\n"));
  const auto& api = only_api(made);
  CHECK(api.id == "ServerlessHttpApi");
  CHECK(api.kind == api_kind::http);
  REQUIRE(api.stages.size() == 1);
  CHECK(api.stages[0].name == "$default");
  const auto& get = route_of(api, "GET", "/a");
  CHECK(get.function_name == "F");
  CHECK(get.payload == payload_version::v2);
  CHECK(get.origin == "dir/t.yaml:8");
  CHECK_FALSE(get.timeout);
  CHECK(route_of(api, "ANY", "$default").function_name == "F");
  const auto& proxy = route_of(api, "ANY", "/b/{proxy+}");
  CHECK(proxy.payload == payload_version::v1);
  CHECK(proxy.timeout == std::chrono::milliseconds(900));
}

TEST_CASE("Api events without an API make the implicit one with the stage Prod") {
  reading with;
  const auto made =
      with.describe(with_events(rest_route + "        S: {Type: Api, Properties: {Path: /s, Method: '*', "
                                             "ResponseTransferMode: STREAM, Auth: {ApiKeyRequired: true}}}\n"));
  const auto& api = only_api(made);
  CHECK(api.id == "ServerlessRestApi");
  CHECK(api.kind == api_kind::rest);
  CHECK(api.stages.at(0).name == "Prod");
  CHECK(route_of(api, "GET", "/a").payload == payload_version::v1);
  CHECK(route_of(api, "ANY", "/s").streams);
  CHECK(route_of(api, "ANY", "/s").api_key_required);
}

TEST_CASE("a route twice on one API is an error that names both places") {
  reading with;
  const auto text =
      with.refuse(with_events(http_route + "        G: {Type: HttpApi, Properties: {Path: /a, Method: GET}}\n"));
  CHECK(contains(text, "dir/t.yaml:9"));
  CHECK(contains(text, "dir/t.yaml:8"));
  CHECK(contains(text, "GET /a"));
  CHECK(contains(with.refuse(with_events("        A: {Type: HttpApi, Properties: {Path: '/{x}', Method: get}}\n"
                                         "        B: {Type: HttpApi, Properties: {Path: '/{y}', Method: get}}\n")),
                 "GET /{y}"));
  CHECK(with.describe(with_events(http_route + "        B: {Type: HttpApi, Properties: {Path: /a, Method: any}}\n"))
            .apis[0]
            .routes.size() == 2);
}

TEST_CASE("what is no route is an error") {
  reading with;
  CHECK(contains(with.refuse(with_events("        E: {Type: HttpApi, Properties: {Path: /a}}\n")),
                 "both Path and Method"));
  CHECK(contains(with.refuse(with_events("        E: {Type: Api}\n")), "both Path and Method"));
  CHECK(contains(with.refuse(with_events("        E: {Type: Api, Properties: {Path: a, Method: get}}\n")),
                 "begins with /"));
  CHECK(contains(with.refuse(with_events("        E: {Type: Api, Properties: {Path: '/{p+}/x', Method: get}}\n")),
                 "before its end"));
  CHECK(contains(with.refuse(with_events("        E: {Properties: {}}\n")), "has no Type"));
}

TEST_CASE("AWS::Serverless::HttpApi: stage, variables, CORS, and the order of APIs") {
  reading with;
  const auto made =
      with.describe(with_events("        E: {Type: HttpApi, Properties: {Path: /a, Method: get, ApiId: !Ref Shop}}\n" +
                                    rest_route.substr(0, 8) + "R" + rest_route.substr(9),
                                "  Shop:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      StageName: v1\n   "
                                "   StageVariables: {color: red}\n"
                                "      CorsConfiguration:\n        AllowOrigins: ['https://a.b']\n        "
                                "AllowMethods: [GET]\n        AllowHeaders: [x-a]\n"
                                "        ExposeHeaders: [x-b]\n        MaxAge: 600\n        AllowCredentials: true\n"));
  REQUIRE(made.apis.size() == 2);
  const auto& api = made.apis[0];
  CHECK(api.id == "Shop");
  CHECK(api.stages.at(0).name == "v1");
  CHECK(api.stages[0].variables == std::vector<name_value>{{"color", "red"}});
  REQUIRE(api.cors);
  CHECK(api.cors->allow_origins == std::vector<std::string>{"https://a.b"});
  CHECK(api.cors->allow_methods == std::vector<std::string>{"GET"});
  CHECK(api.cors->expose_headers == std::vector<std::string>{"x-b"});
  CHECK(api.cors->max_age == std::chrono::seconds(600));
  CHECK(api.cors->allow_credentials);
  CHECK(made.apis[1].id == "ServerlessRestApi");
}

TEST_CASE("CorsConfiguration true allows every origin, and Globals reach the implicit API") {
  reading with;
  const auto made = with.describe(
      with_events(http_route, "", "Globals: {HttpApi: {CorsConfiguration: true, StageVariables: {a: b}}}\n"));
  const auto& api = only_api(made);
  REQUIRE(api.cors);
  CHECK(api.cors->allow_origins == std::vector<std::string>{"*"});
  CHECK(api.stages.at(0).variables.size() == 1);
}

TEST_CASE("authorizers of an HTTP API") {
  reading with;
  const auto made = with.describe(with_events(
      "        A: {Type: HttpApi, Properties: {Path: /a, Method: get, ApiId: !Ref Shop}}\n"
      "        B: {Type: HttpApi, Properties: {Path: /b, Method: get, ApiId: !Ref Shop, Auth: {Authorizer: NONE}}}\n"
      "        C: {Type: HttpApi, Properties: {Path: /c, Method: get, ApiId: !Ref Shop, Auth: {Authorizer: Own}}}\n"
      "        D: {Type: HttpApi, Properties: {Path: /d, Method: get, ApiId: !Ref Shop, Auth: {AuthorizationScopes: "
      "[x]}}}\n"
      "        G: {Type: HttpApi, Properties: {Path: /g, Method: get, ApiId: !Ref Shop, Auth: {Authorizer: "
      "AWS_IAM}}}\n",
      "  Shop:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      Auth:\n        DefaultAuthorizer: Jwt\n     "
      "   Authorizers:\n"
      "          Jwt:\n            AuthorizationScopes: [read]\n            IdentitySource: $request.header.Auth\n"
      "            JwtConfiguration: {issuer: 'https://i', audience: [a, b]}\n"
      "          Own:\n            FunctionArn: !GetAtt F.Arn\n            AuthorizerPayloadFormatVersion: 2.0\n       "
      "     EnableSimpleResponses: true\n"
      "            Identity: {Headers: [X-A], QueryStrings: [q], Context: [routeKey], StageVariables: [v], "
      "ReauthorizeEvery: 30}\n"));
  const auto& api = only_api(made);
  REQUIRE(api.authorizers.size() == 3);
  const auto& jwt = api.authorizers[0];
  CHECK(jwt.kind == authorizer_kind::jwt);
  CHECK(jwt.issuer == "https://i");
  CHECK(jwt.audiences == std::vector<std::string>{"a", "b"});
  CHECK(jwt.identity_sources == std::vector<std::string>{"$request.header.Auth"});
  const auto& own = api.authorizers[1];
  CHECK(own.kind == authorizer_kind::lambda_request);
  CHECK(own.function_name == "F");
  CHECK(own.simple_responses);
  CHECK(own.payload == payload_version::v2);
  CHECK(own.result_ttl == std::chrono::seconds(30));
  CHECK(own.identity_sources == std::vector<std::string>{"$request.header.X-A", "$request.querystring.q",
                                                         "$stageVariables.v", "$context.routeKey"});
  CHECK(api.authorizers[2].kind == authorizer_kind::iam);
  CHECK(route_of(api, "GET", "/a").authorizer == "Jwt");
  CHECK(route_of(api, "GET", "/a").scopes == std::vector<std::string>{"read"});
  CHECK(route_of(api, "GET", "/b").authorizer.empty());
  CHECK(route_of(api, "GET", "/b").scopes.empty());
  CHECK(route_of(api, "GET", "/c").authorizer == "Own");
  CHECK(route_of(api, "GET", "/d").scopes == std::vector<std::string>{"x"});
  CHECK(route_of(api, "GET", "/g").authorizer == "AWS_IAM");
}

TEST_CASE("a route whose authorizer is not here is left out, never open") {
  reading with;
  const auto made = with.describe(with_events(
      "        A: {Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref Shop}}\n"
      "        B: {Type: Api, Properties: {Path: /b, Method: get, RestApiId: !Ref Shop, Auth: {Authorizer: NONE}}}\n",
      "  Shop:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: v1\n      Auth:\n        "
      "DefaultAuthorizer: Pool\n"
      "        Authorizers: {Pool: {UserPoolArn: x}}\n"));
  const auto& api = only_api(made);
  REQUIRE(api.routes.size() == 1);
  CHECK(api.routes[0].path == "/b");
  CHECK(warned(made, "Cognito", "not supported in this version"));
  CHECK(warned(made, "GET /a", "left out", "Pool"));
  CHECK(contains(with.refuse(with_events(
                     "        A: {Type: HttpApi, Properties: {Path: /a, Method: get, Auth: {Authorizer: Absent}}}\n")),
                 "names the authorizer Absent"));
}

TEST_CASE("AWS::Serverless::Api: binary media types, authorizers, variables") {
  reading with;
  const auto made = with.describe(with_events(
      "        A: {Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref Shop}}\n"
      "        B: {Type: Api, Properties: {Path: /b, Method: get, RestApiId: !Ref Shop, Auth: {Authorizer: Req}}}\n",
      "  Shop:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: v1\n      Variables: {a: b}\n"
      "      BinaryMediaTypes: [image~1png, '*~1*']\n      Auth:\n        DefaultAuthorizer: Tok\n        "
      "Authorizers:\n"
      "          Tok: {FunctionArn: !GetAtt F.Arn, Identity: {Header: X-T, ValidationExpression: '^x'}}\n"
      "          Req: {FunctionArn: !GetAtt F.Arn, FunctionPayloadType: REQUEST, Identity: {Headers: [X-R], "
      "ReauthorizeEvery: 0}}\n"));
  const auto& api = only_api(made);
  CHECK(api.binary_media_types == std::vector<std::string>{"image/png", "*/*"});
  CHECK(api.stages.at(0).variables == std::vector<name_value>{{"a", "b"}});
  REQUIRE(api.authorizers.size() == 2);
  CHECK(api.authorizers[0].kind == authorizer_kind::lambda_token);
  CHECK(api.authorizers[0].identity_sources == std::vector<std::string>{"$request.header.X-T"});
  CHECK(api.authorizers[0].identity_validation_expression == "^x");
  CHECK(api.authorizers[0].result_ttl == std::chrono::seconds(300));
  CHECK(api.authorizers[1].kind == authorizer_kind::lambda_request);
  CHECK(api.authorizers[1].payload == payload_version::v1);
  CHECK(api.authorizers[1].result_ttl == std::chrono::seconds(0));
  CHECK(route_of(api, "GET", "/a").authorizer == "Tok");
}

TEST_CASE("Cors of a REST API stands for OPTIONS methods") {
  reading with;
  auto made = with.describe(with_events(rest_route + "        P: {Type: Api, Properties: {Path: /a, Method: post}}\n",
                                        "", "Globals: {Api: {Cors: \"'*'\"}}\n"));
  const auto& options = route_of(only_api(made), "OPTIONS", "/a");
  REQUIRE(options.mock);
  CHECK(options.mock->status == 200);
  CHECK(options.mock->fields == std::vector<name_value>{{"Access-Control-Allow-Origin", "*"},
                                                        {"Access-Control-Allow-Methods", "GET,OPTIONS,POST"}});
  made =
      with.describe(with_events(rest_route + "        O: {Type: Api, Properties: {Path: /own, Method: options}}\n", "",
                                "Globals: {Api: {Cors: {AllowOrigin: \"'https://x'\", AllowHeaders: \"'a,b'\", "
                                "AllowMethods: \"'GET'\", MaxAge: \"'60'\", AllowCredentials: true}}}\n"));
  CHECK(route_of(only_api(made), "OPTIONS", "/a").mock->fields ==
        std::vector<name_value>{{"Access-Control-Allow-Origin", "https://x"},
                                {"Access-Control-Allow-Headers", "a,b"},
                                {"Access-Control-Allow-Methods", "GET"},
                                {"Access-Control-Max-Age", "60"},
                                {"Access-Control-Allow-Credentials", "true"}});
  CHECK_FALSE(route_of(only_api(made), "OPTIONS", "/own").mock);
}

TEST_CASE("events under a condition, and a JWT issuer that only AWS knows") {
  reading with;
  const auto made = with.describe(one_function(
      "      Events: !If\n        - Never\n        - {E: {Type: HttpApi}}\n"
      "        - {G: {Type: HttpApi, Properties: {Path: /g, Method: get, ApiId: !Ref Api}}, H: !If [Never, {Type: "
      "HttpApi}, !Ref AWS::NoValue]}\n",
      "Conditions: {Never: !Equals [a, b]}\n",
      "  Pool: {Type: 'AWS::Cognito::UserPool'}\n  Api:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n"
      "      Auth: {Authorizers: {Jwt: {JwtConfiguration: {issuer: !Sub 'https://x/${Pool}', audience: [a]}}}}\n"));
  REQUIRE(only_api(made).routes.size() == 1);
  CHECK(only_api(made).routes[0].path == "/g");
  CHECK(warned(made, "Jwt", "no issuer that is known here", "--parameter"));
}

TEST_CASE("function URLs") {
  reading with;
  auto made =
      with.describe(one_function("      FunctionName: named\n      FunctionUrlConfig: {AuthType: AWS_IAM, InvokeMode: "
                                 "RESPONSE_STREAM, Cors: {AllowOrigins: ['*']}}\n"));
  const auto& url = only_api(made);
  CHECK(url.kind == api_kind::function_url);
  CHECK(url.id == "named");
  CHECK(url.routes.at(0).path == "$default");
  CHECK(url.routes[0].streams);
  CHECK(url.routes[0].authorizer == "AWS_IAM");
  CHECK(url.authorizers.at(0).kind == authorizer_kind::iam);
  CHECK(url.cors->allow_origins.size() == 1);
  made = with.describe(one_function(
      "", "",
      "  U:\n    Type: AWS::Lambda::Url\n    Properties: {TargetFunctionArn: !GetAtt F.Arn, AuthType: NONE}\n"));
  CHECK(only_api(made).routes.at(0).authorizer.empty());
  CHECK(contains(with.refuse(one_function("      FunctionUrlConfig: {}\n")), "AuthType"));
  CHECK(contains(with.refuse(one_function(
                     "      FunctionUrlConfig: {AuthType: NONE}\n", "",
                     "  U: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: !Ref F, AuthType: NONE}}\n")),
                 "two function URLs"));
}

}  // namespace
}  // namespace kelvin::templates::test
