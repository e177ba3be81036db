"""The callers' port as API Gateway, a load balancer and function URLs: addresses, limits, failures, trust."""

import json
import socket

import pytest

from kelvin_process import handler, run_kelvin
from lambda_client import ConnectionLost
from web_client import do, request

E500 = b'{"message":"Internal Server Error"}'
E502 = b'{"message": "Internal server error"}'


@pytest.fixture
def web():
    return handler("web")


@pytest.fixture
def f(kelvin, web):
    """Starts a kelvin with one function, `f`, behind the door that `--api` names."""
    def start(api="http", *options):
        return kelvin(f"f={web}", "--api", api, "--timeout", "10", *options)
    return start


def test_one_function_is_an_http_api_at_the_root(kelvin, web):
    f = kelvin(f"f={web}")
    answer = request(f.port, "GET", "/pets/7?a=1&a=2&b=x")
    event = answer.json
    assert (answer.status, event["version"], event["routeKey"]) == (200, "2.0", "$default")
    assert (event["rawPath"], event["rawQueryString"]) == ("/pets/7", "a=1&a=2&b=x")
    assert event["queryStringParameters"] == {"a": "1,2", "b": "x"}
    context = event["requestContext"]
    assert (context["apiId"], context["stage"], context["domainName"]) == ("f", "$default", "127.0.0.1")
    assert (context["http"]["sourceIp"], context["http"]["method"]) == ("127.0.0.1", "GET")
    assert (event["headers"]["x-forwarded-port"], event["headers"]["x-forwarded-proto"]) == (str(f.port), "http")
    assert event["headers"]["x-amzn-trace-id"].startswith("Root=1-")
    assert f.ready["apis"] == {"f": {"kind": "HTTP API", "url": f"{f.url}/_aws/execute-api/f/$default/"}}
    assert f.ready["functions"]["f"]["function_url"] == f"{f.url}/lambda-url/f/"


MARKS = {
    "http": lambda event: event["version"] == "2.0" and "httpMethod" not in event,
    "http-1.0": lambda event: event["version"] == "1.0" and event["httpMethod"] == "POST",
    "rest": lambda event: "version" not in event and event["requestContext"]["stage"] == "Prod",
    "alb": lambda event: "targetGroupArn" in event["requestContext"]["elb"] and "headers" in event,
    "alb-multi": lambda event: "elb" in event["requestContext"] and "headers" not in event,
    "url": lambda event: event["version"] == "2.0" and event["requestContext"]["accountId"] == "anonymous",
    "url-stream": lambda event: event["version"] == "2.0" and event["requestContext"]["accountId"] == "anonymous",
}


@pytest.mark.parametrize("api", MARKS)
def test_api_chooses_the_door_at_the_root(f, api):
    answer = request(f(api).port, "POST", "/a/b", b"text", {"Content-Type": "text/plain"})
    assert answer.status == 200
    event = answer.json if api != "url-stream" else json.loads(answer.json["body"])
    assert MARKS[api](event), event
    assert (event["body"], event["isBase64Encoded"]) == ("text", False)


def test_another_api_is_refused_by_name():
    ended = run_kelvin("run", "--api", "graphql")
    assert ended.returncode == 2
    assert "http, http-1.0, rest, alb, alb-multi, url or url-stream" in ended.stderr


def test_apis_and_function_urls_have_addresses_of_their_own(f):
    f = f()
    by_path = request(f.port, "GET", "/_aws/execute-api/f/$default/x?q=1").json
    assert (by_path["rawPath"], by_path["rawQueryString"]) == ("/x", "q=1")
    assert request(f.port, "GET", "/_aws/execute-api/f/%24default/x").json["rawPath"] == "/x"
    by_host = request(f.port, "GET", "/x", headers={"Host": f"f.execute-api.localhost:{f.port}"}).json
    assert (by_host["rawPath"], by_host["requestContext"]["domainName"]) == ("/x", "f.execute-api.localhost")

    url = request(f.port, "GET", "/lambda-url/f/x//y").json
    assert (url["rawPath"], url["requestContext"]["accountId"]) == ("/x//y", "anonymous")
    assert request(f.port, "GET", "/lambda-url/f").json["rawPath"] == "/"
    by_host = request(f.port, "GET", "/2015-03-31/functions", headers={"Host": "f.lambda-url.localhost"}).json
    assert by_host["rawPath"] == "/2015-03-31/functions", "a Host of its own has no paths of the Lambda service"


def test_what_nobody_serves_is_said(kelvin, web):
    f = kelvin(f"f={web}", f"g={web}")
    for path, hint in (("/", "/lambda-url/NAME/"), ("/lambda-url/h/", "no function of this name"),
                       ("/_aws/execute-api/h/x", "no API of this name")):
        answer = request(f.port, "GET", path)
        assert answer.status == 404
        assert hint in answer.json["message"]
    assert f.ready["apis"] == {}
    assert request(f.port, "GET", "/lambda-url/g/").json["requestContext"]["apiId"] == "g"


# What each door answers where the function has no proper answer: error, malformed answer, integration timeout,
# throttle.
FAILURES = {
    "http": (500, E500, 200, b"Hello", 503, b'{"message":"Service Unavailable"}', 503),
    "http-1.0": (500, E500, 500, E500, 503, b'{"message":"Service Unavailable"}', 503),
    "rest": (502, E502, 502, E502, 504, b'{"message": "Endpoint request timed out"}', 500),
    "url": (502, b"Internal Server Error", 200, b"Hello", None, None, 429),
    "alb": (502, None, 502, None, None, None, 502),
}


@pytest.mark.parametrize("api", FAILURES)
def test_failures_are_answered_as_by_that_door(f, api):
    error, error_body, malformed, malformed_body, late, late_body, _ = FAILURES[api]
    f = f(api, "--api-timeout", "1")
    answer = request(f.port, "GET", "/", headers=do(error="no"))
    assert (answer.status, answer.body) == (error, answer.body if error_body is None else error_body)
    answer = request(f.port, "GET", "/", headers=do(exit=3))
    assert answer.status == error
    answer = request(f.port, "GET", "/", headers=do(raw="Hello"))
    assert (answer.status, answer.body) == (malformed, answer.body if malformed_body is None else malformed_body)
    if late is not None:
        answer = request(f.port, "GET", "/", headers=do(sleep_ms=3000))
        assert (answer.status, answer.body) == (late, late_body)
    assert request(f.port, "GET", "/").status == 200


@pytest.mark.parametrize("api", FAILURES)
def test_throttling_is_answered_as_by_that_door(f, api):
    assert request(f(api, "--reserved-concurrency", "0").port, "GET", "/").status == FAILURES[api][-1]


def test_the_function_goes_on_when_the_api_no_longer_waits(f):
    f = f("http", "--api-timeout", "1")
    assert request(f.port, "GET", "/", headers=do(sleep_ms=2500)).status == 503
    f.wait_for_log("^REPORT ", deadline_seconds=20)
    assert "Status: " not in f.wait_for_log("^REPORT ")[0]


LIMITS = {"http": 10 << 20, "rest": 10 << 20, "alb": 1 << 20, "url": 6 << 20}


@pytest.mark.parametrize("api", LIMITS)
def test_bodies_over_the_limit(f, api):
    f = f(api)
    answer = request(f.port, "POST", "/", b"x" * (LIMITS[api] + 1), {"Content-Type": "text/plain"})
    assert answer.status == 413, answer
    small = do(raw='{"statusCode":201,"headers":{}}')
    answer = request(f.port, "POST", "/", b"x" * (900 << 10), {"Content-Type": "text/plain", **small})
    assert answer.status == 201


@pytest.mark.parametrize("api", ["http", "rest"])
def test_an_event_over_6_mb_is_not_sent(f, api):
    f = f(api)
    assert request(f.port, "POST", "/", b"x" * (7 << 20), {"Content-Type": "text/plain"}).status == 413
    assert "START" not in f.log


def test_head_and_statuses_without_a_body(f):
    f = f()
    answer = request(f.port, "HEAD", "/")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.field("Content-Length")) > 0
    for status in (204, 304):
        answer = request(f.port, "GET", "/", headers=do(raw=f'{{"statusCode":{status},"body":"x"}}'))
        assert (answer.status, answer.body) == (status, b"")


def test_a_functions_fields_do_not_break_the_connection(f):
    f = f()
    answer = request(f.port, "GET", "/", headers=do(
        raw='{"statusCode":200,"headers":{"content-length":"3","transfer-encoding":"chunked","connection":"close",'
            '"x-a":"b\\r\\nSet-Cookie: no=1","bad name":"x"},"body":"whole"}'))
    assert (answer.status, answer.body, answer.field("Content-Length")) == (200, b"whole", "5")
    assert answer.all("Set-Cookie") == [] and answer.all("Transfer-Encoding") == []


def test_another_sites_page_may_call_an_api_but_not_the_lambda_service(f):
    f = f()
    origin = {"Origin": "https://example.com", "Sec-Fetch-Site": "cross-site"}
    assert request(f.port, "GET", "/", headers=origin).status == 200
    assert request(f.port, "GET", "/lambda-url/f/", headers=origin).status == 200
    for path in ("/2015-03-31/functions", "/_kelvin/functions"):
        assert request(f.port, "GET", path, headers=origin).status == 403


def test_a_foreign_host_is_refused(f):
    f = f()
    assert request(f.port, "GET", "/", headers={"Host": "example.com"}).status == 403
    assert request(f.port, "GET", "/lambda-url/f/", headers={"Host": "f.lambda-url.example.com"}).status == 403


def test_a_header_over_the_limit_is_refused(f):
    assert request(f().port, "GET", "/", headers={"X-Long": "x" * 20_000}).status == 431
    in_fields, in_line = ("/", {"X-Long": "x" * 10_240}), ("/" + "x" * 10_240, {})
    for api, refused in (("http", (in_fields, in_line)), ("rest", (in_fields,)), ("url", ()), ("alb", ())):
        port = f(api).port
        for each in (in_fields, in_line):
            assert request(port, "GET", each[0], headers=each[1]).status == (431 if each in refused else 200), api


def raw(port, text):
    """The status of the answer to these bytes; None: the connection was closed without one."""
    with socket.create_connection(("127.0.0.1", port), 20) as made:
        made.sendall(text.encode("latin-1"))
        made.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := made.recv(65536):
            answer += piece
        lines = answer.decode("latin-1").split("\r\n")
        return [int(line.split(" ")[1]) for line in lines if line.startswith("HTTP/1.1 ")]


@pytest.mark.parametrize("head", [
    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    "Content-Length: 5\r\nContent-Length: 6\r\n",
    "X-A: 1\r\n folded\r\n",
    "X-A: 1\nContent-Length: 5\r\n",
    "X-A : 1\r\n",
    "Transfer-Encoding: xchunked\r\n",
], ids=["length and chunked", "two encodings", "two lengths", "obs-fold", "bare LF", "blank before colon",
        "unknown encoding"])
def test_smuggling_is_refused(f, head):
    f = f()
    hidden = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
    found = raw(f.port, f"POST / HTTP/1.1\r\nHost: localhost\r\n{head}\r\n0\r\n\r\n{hidden}")
    assert found in ([400], [501]), found
    assert "START" not in f.log


@pytest.mark.parametrize("body", ["zz\r\n", "5\r\nhel", "-1\r\nx\r\n0\r\n\r\n", "ffffffffffffffffff\r\nx\r\n"])
def test_a_body_that_is_framed_wrong_is_refused(f, body):
    f = f()
    assert raw(f.port, f"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{body}") == [400]
    assert "START" not in f.log


@pytest.mark.parametrize("path", ["/%", "/%zz", "/a%2", "/%00", "/%ff%fe", "/a?%&=%zz&%ff=1"])
def test_percent_escapes_that_are_none_reach_the_function_or_are_refused(f, path):
    for api in ("http", "rest", "url", "alb"):
        answer = request(f(api).port, "GET", path)
        assert answer.status in (200, 400), (api, answer)
