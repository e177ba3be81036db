"""Answers that are streamed through function URLs and REST APIs, as Python's requests and curl read them."""

import json

import pytest
import requests

from gate import Gate
from http_callers import CLIENTS, TIMEOUT_SECONDS, through_curl
from http_template import function, rest_api, rest_event, write_template
from kelvin_process import handler

FIRST = b"first\n"
REST = "second grüße\n".encode() + b"\x00\xff\n"
COOKIES = ["a=1; Path=/", "b=2; Path=/; HttpOnly"]


@pytest.fixture(params=CLIENTS.values(), ids=CLIENTS)
def through(request):
    return request.param


def expect_stream(url, gate):
    with requests.get(url, params={"gate": gate.url}, stream=True, timeout=TIMEOUT_SECONDS) as answer:
        assert (answer.status_code, answer.headers["x-answer"]) == (201, "yes")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.raw.headers.getlist("set-cookie") == COOKIES
        pieces = answer.iter_content(chunk_size=None)
        # The function goes on only when this has arrived.
        assert next(pieces) == FIRST
        gate.open()
        assert b"".join(pieces) == REST


@pytest.fixture
def streamer():
    if handler("node") is None:
        pytest.skip("the handler of node is not built")
    return handler("node")


def test_pieces_reach_the_client_as_they_are_written(kelvin, streamer):
    f = kelvin(f"f={streamer}", "--api", "url-stream", "--handler", "http_handler.stream", "--timeout", "30")
    with Gate() as gate:
        expect_stream(f"{f.url}/", gate)


def test_pieces_of_a_rest_api_that_streams(kelvin, streamer, tmp_path):
    stream = rest_event("RestApi", "/pieces", "GET", ResponseTransferMode="STREAM")
    resources = {"F": function(streamer, "http_handler.stream", {"Pieces": stream}),
                 "RestApi": rest_api(StageName="live")}
    f = kelvin(write_template(tmp_path, resources))
    with Gate() as gate:
        expect_stream(f"{f.url}/_aws/execute-api/RestApi/live/pieces", gate)


def test_a_buffered_url_collects_the_pieces(kelvin, streamer, through):
    f = kelvin(f"f={streamer}", "--api", "url", "--handler", "http_handler.stream", "--timeout", "30")
    reply = through("GET", f"{f.url}/")
    assert (reply.status, reply.value("x-answer"), reply.values("set-cookie")) == (201, "yes", COOKIES)
    assert reply.body == FIRST + REST


@pytest.mark.parametrize("folder", ["http-rust", "http-go"])
def test_a_streaming_url_passes_an_answer_that_is_no_stream_as_it_is(kelvin, folder):
    if handler(folder) is None:
        pytest.skip(f"the handler of {folder} is not built")
    f = kelvin(f"f={handler(folder)}", "--api", "url-stream")
    reply = through_curl("GET", f"{f.url}/answer")
    assert reply.status == 200
    answer = json.loads(reply.body)
    assert (answer["statusCode"], answer["body"], answer["cookies"]) == (201, "grüße", COOKIES)
