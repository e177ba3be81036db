"""Libraries that read the events of the doors for plain HTTP, and clients that read the answers: each library behind
each door, through curl and through Python's requests."""

import base64
import json
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import unquote

import pytest

from http_callers import CLIENTS, through_curl
from http_template import function, http_api, http_event, rest_api, rest_event, write_template
from kelvin_process import Kelvin, handler

TEXT = "grüße".encode()
BINARY = b"\x00\xff\x80binary"


@dataclass(frozen=True)
class Library:
    """What reads the event: the handler's folder and options."""

    name: str
    folder: str
    options: tuple = ()
    asks_for_door: bool = False

    def options_for(self, door):
        return (*self.options, *(("--env", f"DOOR={door.resolver}") if self.asks_for_door else ()))


LIBRARIES = {
    library.name: library
    for library in (
        Library("lambda_http", "http-rust"),
        Library("go-api-proxy", "http-go"),
        Library("powertools", "python", ("--handler", "http_handler.handle"), asks_for_door=True),
        Library("node", "node", ("--handler", "http_handler.handle")),
    )
}


@dataclass(frozen=True)
class Door:
    """`api`: the value of --api. `resolver`: what Powertools calls it. `kind`: the payload that libraries see in it."""

    api: str
    resolver: str
    kind: str
    repeats: tuple = ("a", "b")
    cookies: tuple = ("a=1; Path=/", "b=2; Path=/; HttpOnly")
    binary: bool = True
    decodes_query: bool = True


DOORS = {
    door.api: door
    for door in (
        Door("http", "2.0", "2.0"),
        Door("http-1.0", "1.0", "1.0"),
        # Without binaryMediaTypes a REST API passes text alone.
        Door("rest", "1.0", "1.0", binary=False),
        # Single values: the last of the request, and one cookie.
        Door("alb", "alb", "alb", repeats=("b",), cookies=(), decodes_query=False),
        Door("alb-multi", "alb", "alb", decodes_query=False),
        Door("url", "url", "2.0"),
    )
}


@pytest.fixture(scope="module")
def serve():
    """serve(library, door): the URL of that library's function behind that door. Each is started once."""
    with ExitStack() as running:
        started = {}

        def url_of(library, door):
            if handler(library.folder) is None:
                pytest.skip(f"the handler of {library.name} is not built")
            if (library, door) not in started:
                kelvin = Kelvin(f"f={handler(library.folder)}", "--api", door.api, "--timeout", "30",
                                *library.options_for(door))
                running.callback(kelvin.stop)
                started[library, door] = kelvin.url
            return started[library, door]

        yield url_of


@pytest.fixture(params=LIBRARIES.values(), ids=LIBRARIES)
def library(request):
    return request.param


@pytest.fixture(params=DOORS.values(), ids=DOORS)
def door(request):
    return request.param


@pytest.fixture(params=CLIENTS.values(), ids=CLIENTS)
def through(request):
    return request.param


def read(reply):
    assert reply.status == 200, reply
    return json.loads(reply.body)


def one_by_one(values):
    """HTTP APIs and function URLs join repeats by commas, which some libraries take apart again."""
    return [part.strip() for value in values for part in value.split(",")]


def test_the_library_reads_the_request(serve, library, door):
    fields = [("X-Multi", "a"), ("X-Multi", "b"), ("X-One", "1"), ("Cookie", "k=v; z=1"),
              ("Content-Type", "text/plain")]
    url = serve(library, door)
    seen = read(through_curl("POST", f"{url}/shop/a%20b/7?n=1&n=2&q=x%20y&empty=", fields, TEXT))
    assert seen["kind"] == (door.resolver if library.asks_for_door else door.kind)
    assert (seen["method"], base64.b64decode(seen["body"])) == ("POST", TEXT)
    assert unquote(seen["path"]) == "/shop/a b/7"
    # A function URL's event has the cookies twice, in the list and in the header; the Go adapter adds them up.
    twice = library.name == "go-api-proxy" and door.api == "url"
    assert seen["cookies"] == ["k=v", "z=1"] * (2 if twice else 1)
    headers = {name.lower(): values for name, values in seen["headers"].items()}
    assert headers["x-one"] == ["1"]
    assert headers["content-type"] == ["text/plain"]
    assert headers["user-agent"][0].startswith("curl/")
    assert headers["x-forwarded-for"] == ["127.0.0.1"]
    # lambda_http lets the single value of payload 1.0 win over the list.
    last_alone = library.name == "lambda_http" and door.kind == "1.0"
    assert one_by_one(headers["x-multi"]) == (["b"] if last_alone else list(door.repeats))
    query = seen["query"]
    assert one_by_one(query["n"]) == (["2"] if door.api == "alb" else ["1", "2"])
    assert query["empty"] == [""]
    # A load balancer passes the query as it is; lambda_http decodes it by itself.
    assert query["q"] == (["x y"] if door.decodes_query or library.name == "lambda_http" else ["x%20y"])


def test_a_request_without_anything_is_read(serve, library, door, through):
    seen = read(through("GET", serve(library, door) + "/"))
    assert (seen["method"], seen["path"], seen["body"], seen["query"], seen["cookies"]) == ("GET", "/", "", {}, [])
    assert not seen["path_parameters"] and not seen["stage_variables"]
    assert set((seen["authorizer"] or {}).values()) <= {None}


def test_the_answer_reaches_the_client(serve, library, door, through):
    reply = through("GET", serve(library, door) + "/answer")
    assert (reply.status, reply.body) == (201, TEXT)
    assert reply.value("content-length") == str(len(TEXT))
    if (library.name, door.api) == ("go-api-proxy", "alb"):
        # The adapter writes multiValueHeaders alone, which a load balancer without that setting does not read.
        assert reply.values("x-answer") == reply.values("set-cookie") == []
        return
    assert reply.value("content-type") == "text/plain; charset=utf-8"
    assert reply.value("x-answer") == "yes"
    if door.cookies:
        assert reply.values("set-cookie") == list(door.cookies)
    else:
        assert reply.value("set-cookie") in ("a=1; Path=/", "b=2; Path=/; HttpOnly")


def test_binary_bodies_go_both_ways(serve, library, door, through):
    fields = [("Content-Type", "application/octet-stream")]
    reply = through("POST", serve(library, door) + "/bytes", fields, BINARY if door.binary else b"text")
    assert (reply.status, reply.value("content-type")) == (200, "application/octet-stream")
    if door.binary:
        assert reply.body == BINARY
    else:
        # The Go adapter marks as base64 only what is no UTF-8.
        assert reply.body == (b"text" if library.name == "go-api-proxy" else base64.b64encode(b"text"))


AUTHORIZED = {"allow": "Allow", "context": {"who": "me"}}


def declared(library):
    """Resources: the library's function behind an HTTP API with payload 2.0 and 1.0 and behind a REST API, each with
    stage variables and an authorizer for /guarded/…"""
    guard = {"FunctionArn": {"Fn::GetAtt": ["Guard", "Arn"]}, "Identity": {"Headers": ["X-Authorize"]}}
    http_guard = {**guard, "AuthorizerPayloadFormatVersion": "2.0", "EnableSimpleResponses": False}
    rest_guard = {**guard, "FunctionPayloadType": "REQUEST"}
    guarded = {"Auth": {"Authorizer": "Guard"}}
    functions = {}
    for name, resolver, payload in (("V2", "2.0", {"PayloadFormatVersion": "2.0"}),
                                    ("V1", "1.0", {"PayloadFormatVersion": "1.0"}), ("Rest", "1.0", None)):
        event, extra = (rest_event, {}) if payload is None else (http_event, payload)
        api = "RestApi" if payload is None else "HttpApi"
        functions[name] = function(
            handler(library.folder), library.options[1] if library.options else "bootstrap",
            {"Pets": event(api, f"/{name.lower()}/pets/{{id}}", **extra),
             "Bytes": event(api, f"/{name.lower()}/{{proxy+}}", **extra),
             "Guarded": event(api, f"/{name.lower()}/guarded/{{id}}", **extra, **guarded)},
            {"DOOR": resolver})
    return {
        **functions,
        "Guard": function(handler("web")),
        "HttpApi": http_api(StageName="live", StageVariables={"colour": "blue"},
                            Auth={"Authorizers": {"Guard": http_guard}}),
        "RestApi": rest_api(StageName="live", Variables={"colour": "blue"}, BinaryMediaTypes=["*~1*"],
                            Auth={"Authorizers": {"Guard": rest_guard}}),
    }


@pytest.fixture(scope="module")
def serve_declared(tmp_path_factory):
    """serve_declared(library): {"V2": URL, "V1": URL, "Rest": URL} of its functions behind APIs of a template."""
    with ExitStack() as running:
        started = {}

        def urls_of(library):
            if handler(library.folder) is None:
                pytest.skip(f"the handler of {library.name} is not built")
            if library not in started:
                kelvin = Kelvin(write_template(tmp_path_factory.mktemp("template"), declared(library)))
                running.callback(kelvin.stop)
                http, rest = (f"{kelvin.url}/_aws/execute-api/{api}/live" for api in ("HttpApi", "RestApi"))
                started[library] = {"V2": f"{http}/v2", "V1": f"{http}/v1", "Rest": f"{rest}/rest"}
            return started[library]

        yield urls_of


@pytest.fixture(params=["V2", "V1", "Rest"])
def declared_url(request, serve_declared, library):
    return serve_declared(library)[request.param]


def test_the_library_reads_path_parameters_and_stage_variables(declared_url):
    seen = read(through_curl("GET", f"{declared_url}/pets/7"))
    assert seen["path_parameters"] == {"id": "7"}
    assert seen["stage_variables"] == {"colour": "blue"}


def test_the_library_reads_what_the_authorizer_said(declared_url):
    seen = read(through_curl("GET", f"{declared_url}/guarded/7", [("X-Authorize", json.dumps(AUTHORIZED))]))
    said = seen["authorizer"]
    assert (said.get("lambda") or said)["who"] == "me"
    assert through_curl("GET", f"{declared_url}/guarded/7").status == 401


def test_binary_media_types_let_bytes_through(declared_url, through):
    fields = [("Content-Type", "image/png"), ("Accept", "image/png")]
    reply = through("POST", f"{declared_url}/bytes", fields, BINARY)
    assert (reply.status, reply.body) == (200, BINARY)
