"""Authorizers and CORS of APIs that a template describes, from a caller's side."""

import json
from pathlib import Path

import pytest

from json_web_token import Issuer
from kelvin_process import handler
from web_client import request

CODE = {"CodeUri": "CODE", "Handler": "bootstrap", "Runtime": "provided.al2023", "Timeout": 5}


def function(events=None):
    return {"Type": "AWS::Serverless::Function", "Properties": {**CODE, **({"Events": events} if events else {})}}


def event(kind, path, auth=None, method="ANY"):
    api = {"HttpApi": "ApiId", "Api": "RestApiId"}[kind]
    properties = {"Path": path, "Method": method, api: {"Ref": {"HttpApi": "Pets", "Api": "Things"}[kind]}}
    return {"Type": kind, "Properties": {**properties, **({"Auth": auth} if auth else {})}}


HTTP_API = {
    "CorsConfiguration": {"AllowOrigins": ["https://example.com"], "AllowMethods": ["GET", "POST"],
                          "AllowHeaders": ["authorization"], "MaxAge": 600},
    "Auth": {"Authorizers": {
        "Tokens": {"IdentitySource": "$request.header.Authorization",
                   "JwtConfiguration": {"issuer": "https://issuer.example/", "audience": ["pets"]}},
        "Simple": {"FunctionArn": {"Fn::GetAtt": ["Guard", "Arn"]}, "AuthorizerPayloadFormatVersion": "2.0",
                   "EnableSimpleResponses": True, "Identity": {"Headers": ["X-Authorize"], "ReauthorizeEvery": 0}},
        "Policy": {"FunctionArn": {"Fn::GetAtt": ["Guard", "Arn"]}, "AuthorizerPayloadFormatVersion": "1.0",
                   "Identity": {"Headers": ["X-Authorize"]}}}}}
REST_API = {
    "StageName": "prod",
    "Auth": {"Authorizers": {
        "Token": {"FunctionArn": {"Fn::GetAtt": ["Guard", "Arn"]}, "Identity": {"ReauthorizeEvery": 0}},
        "Request": {"FunctionPayloadType": "REQUEST", "FunctionArn": {"Fn::GetAtt": ["Guard", "Arn"]},
                    "Identity": {"Headers": ["X-Authorize"], "ReauthorizeEvery": 0}}}}}
RESOURCES = {
    "Pets": {"Type": "AWS::Serverless::HttpApi", "Properties": HTTP_API},
    "Things": {"Type": "AWS::Serverless::Api", "Properties": REST_API},
    "Guard": function(),
    "Web": function({
        "Open": event("HttpApi", "/open"),
        "Jwt": event("HttpApi", "/jwt", {"Authorizer": "Tokens"}),
        "Scoped": event("HttpApi", "/scoped", {"Authorizer": "Tokens", "AuthorizationScopes": ["read", "write"]}),
        "Simple": event("HttpApi", "/simple", {"Authorizer": "Simple"}),
        "Policy": event("HttpApi", "/policy", {"Authorizer": "Policy"}),
        "Iam": event("HttpApi", "/iam", {"Authorizer": "AWS_IAM"}),
        "Token": event("Api", "/token", {"Authorizer": "Token"}),
        "Request": event("Api", "/request", {"Authorizer": "Request"}),
        "Key": event("Api", "/key", {"ApiKeyRequired": True})}),
}


@pytest.fixture(scope="module")
def issuer():
    return Issuer()


@pytest.fixture
def api(kelvin, tmp_path, issuer):
    """A kelvin that serves the template; options are added."""
    keys = tmp_path / "keys.json"
    keys.write_text(issuer.key_set())
    code = str(Path(handler("web")).parent)
    text = json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": RESOURCES})
    (tmp_path / "template.json").write_text(text.replace('"CODE"', json.dumps(code)))

    def start(*options):
        return kelvin(str(tmp_path / "template.json"), "--jwks", f"{issuer.name}={keys}", *options)
    return start


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_jwt(api, issuer):
    api = api()
    answer = request(api.port, "GET", "/jwt", headers=bearer(issuer.token(aud="pets", admin=True)))
    assert answer.status == 200, answer
    claims = answer.json["requestContext"]["authorizer"]["jwt"]["claims"]
    assert (claims["sub"], claims["aud"], claims["admin"]) == ("somebody", "pets", "true")
    assert request(api.port, "GET", "/jwt", headers={"Authorization": issuer.token("RS512", aud="pets")}).status == 200

    for headers in ({}, bearer("nonsense"), bearer(issuer.token(aud="others")), bearer(issuer.token(aud="pets", exp=1)),
                    bearer(issuer.token(aud="pets", iss="https://other.example/")),
                    bearer(issuer.token("HS256", aud="pets")), bearer(issuer.token("none", aud="pets")),
                    bearer(issuer.token(aud="pets", key_id="key-2")), bearer(Issuer().token(aud="pets"))):
        answer = request(api.port, "GET", "/jwt", headers=headers)
        assert (answer.status, answer.body) == (401, b'{"message":"Unauthorized"}'), headers
        assert answer.field("www-authenticate").startswith("Bearer")
    assert "START" in api.log and api.log.count("START") == 2, "refused callers reach no function"


def test_jwt_scopes(api, issuer):
    api = api()
    answer = request(api.port, "GET", "/scoped", headers=bearer(issuer.token(aud="pets", scope="write other")))
    assert answer.json["requestContext"]["authorizer"]["jwt"]["scopes"] == ["write"]
    answer = request(api.port, "GET", "/scoped", headers=bearer(issuer.token(aud="pets", scope="other")))
    assert (answer.status, answer.body) == (403, b'{"message":"Forbidden"}')


def authorize(**command):
    return {"X-Authorize": json.dumps(command)}


def test_a_lambda_authorizer_with_simple_answers(api):
    api = api()
    answer = request(api.port, "GET", "/simple?a=1", headers=authorize(show=True))
    assert answer.status == 200, answer
    seen = json.loads(answer.json["requestContext"]["authorizer"]["lambda"]["event"])
    assert (seen["version"], seen["type"], seen["rawQueryString"]) == ("2.0", "REQUEST", "a=1")
    assert seen["routeArn"] == "arn:aws:execute-api:us-east-1:123456789012:Pets/$default/GET/simple"
    assert seen["identitySource"] == [authorize(show=True)["X-Authorize"]]

    assert request(api.port, "GET", "/simple").status == 401
    denied = request(api.port, "GET", "/simple", headers=authorize(raw='{"isAuthorized":false}'))
    assert (denied.status, denied.body) == (403, b'{"message":"Forbidden"}')
    for command in ({"error": "no"}, {"raw": "{}"}, {"raw": "nothing"}, {"exit": 1}):
        failed = request(api.port, "GET", "/simple", headers=authorize(**command))
        assert (failed.status, failed.body) == (500, b'{"message":"Internal Server Error"}'), command


def test_a_lambda_authorizer_with_policies(api):
    api = api()
    answer = request(api.port, "GET", "/policy", headers=authorize(allow="Allow", context={"n": 1}))
    assert answer.status == 200, answer
    assert answer.json["requestContext"]["authorizer"]["lambda"]["n"] == 1
    assert request(api.port, "GET", "/policy", headers=authorize(allow="Deny")).status == 403
    other = authorize(allow="Allow", resource="arn:aws:execute-api:us-east-1:123456789012:Pets/$default/POST/*")
    assert request(api.port, "GET", "/policy", headers=other).status == 403


def test_rest_authorizers(api):
    api = api()
    base = "/_aws/execute-api/Things/prod"
    answer = request(api.port, "GET", f"{base}/token",
                     headers={"Authorization": json.dumps({"allow": "Allow", "context": {"n": 1}})})
    assert answer.status == 200, answer
    found = answer.json["requestContext"]["authorizer"]
    assert (found["principalId"], found["n"]) == ("somebody", "1")
    answer = request(api.port, "GET", f"{base}/token", headers={"Authorization": '{"allow": "Deny"}'})
    assert (answer.status, list(answer.json)) == (403, ["Message"])
    assert answer.json["Message"].endswith("with an explicit deny")
    answer = request(api.port, "GET", f"{base}/token")
    assert (answer.status, answer.body) == (401, b'{"message":"Unauthorized"}')
    answer = request(api.port, "GET", f"{base}/token", headers={"Authorization": '{"exit": 1}'})
    assert (answer.status, answer.body) == (500, b'{"message":null}')

    assert request(api.port, "GET", f"{base}/request", headers=authorize(allow="Allow")).status == 200
    other = authorize(allow="Allow", resource="arn:aws:execute-api:us-east-1:123456789012:Things/prod/POST/x")
    answer = request(api.port, "GET", f"{base}/request", headers=other)
    assert (answer.status, answer.json["Message"]) == (403, "User is not authorized to access this resource")


def test_signatures_are_asked_for_or_loudly_not(api):
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/execute-api/aws4_request, "
                               "SignedHeaders=host;x-amz-date, Signature=" + "0" * 64, "X-Amz-Date": "20260101T000000Z"}
    checked = api()
    assert request(checked.port, "GET", "/iam").status == 403
    answer = request(checked.port, "GET", "/iam", headers=signed)
    assert answer.json["requestContext"]["authorizer"]["iam"]["accessKey"] == "AKIDEXAMPLE"
    open_to_all = api("--iam", "off")
    assert request(open_to_all.port, "GET", "/iam").status == 200
    open_to_all.wait_for_log("--iam off")


def test_api_keys_are_asked_for(api):
    api = api()
    path = "/_aws/execute-api/Things/prod/key"
    answer = request(api.port, "GET", path)
    assert (answer.status, answer.body) == (403, b'{"message":"Forbidden"}')
    assert request(api.port, "GET", path, headers={"x-api-key": "any"}).status == 200


def test_cors(api):
    api = api()
    asked = {"Origin": "https://example.com", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "authorization"}
    answer = request(api.port, "OPTIONS", "/jwt", headers=asked)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.field("access-control-allow-origin") == "https://example.com"
    assert answer.field("access-control-max-age") == "600"
    assert request(api.port, "OPTIONS", "/jwt", headers={**asked, "Origin": "https://other.example"}).field(
        "access-control-allow-origin") is None
    raw = '{"statusCode":200,"headers":{"access-control-allow-origin":"*","x-a":"1"}}'
    answer = request(api.port, "GET", "/open",
                     headers={"Origin": "https://example.com", "X-Do": json.dumps({"raw": raw})})
    assert (answer.field("access-control-allow-origin"), answer.field("x-a")) == ("https://example.com", "1")
    answer = request(api.port, "GET", "/open", headers={"X-Do": json.dumps({"raw": raw})})
    assert answer.field("access-control-allow-origin") is None
    # Refusals, too, are for the page to read.
    answer = request(api.port, "GET", "/jwt", headers={"Origin": "https://example.com"})
    assert (answer.status, answer.field("access-control-allow-origin")) == (401, "https://example.com")
