"""Streamed answers through function URLs and REST APIs: chunk by chunk, at the caller's speed, or not at all."""

import http.client
import json

import pytest

from kelvin_process import expect_memory_below, handler
from process_tree import resident_kib
from web_client import connection, do, request, send

PRELUDE = json.dumps({"statusCode": 201, "headers": {"content-type": "text/plain", "x-a": "1"}, "cookies": ["k=v"]})


@pytest.fixture
def f(kelvin):
    return kelvin(f"f={handler('web')}", "--api", "url-stream", "--timeout", "60")


def test_the_prelude_is_applied_and_the_body_streamed(f):
    answer = request(f.port, "GET", "/", headers=do(stream={"prelude": PRELUDE, "pieces": ["a", "b", "c"]}))
    assert (answer.status, answer.body) == (201, b"abc")
    assert (answer.field("Content-Type"), answer.field("x-a")) == ("text/plain", "1")
    assert answer.all("Set-Cookie") == ["k=v"]
    assert answer.field("Transfer-Encoding") == "chunked"


def test_without_a_prelude_the_bytes_are_the_body(f):
    answer = request(f.port, "GET", "/", headers=do(stream={"type": "text/csv", "pieces": ["a,b", "\n"]}))
    assert (answer.status, answer.body, answer.field("Content-Type")) == (200, b"a,b\n", "text/csv")


def test_pieces_arrive_while_the_function_still_writes(f):
    with connection(f.port) as made:
        stream = {"prelude": PRELUDE, "pieces": ["first", "never read"], "pause_ms": 3000}
        send(made, "GET", "/", headers=do(stream=stream))
        # The head is there before the first piece is, and that long before the second.
        answer = made.getresponse()
        assert answer.status == 201
        assert answer.read1(5) == b"first"
        assert "REPORT" not in f.log


def test_a_slow_caller_slows_the_function_and_a_lost_one_stops_it(f):
    before = resident_kib(f.pid)
    with connection(f.port) as made:
        stream = {"prelude": PRELUDE, "pieces": ["x"], "times": 65536, "repeat": 3000}
        send(made, "GET", "/", headers=do(stream=stream))
        answer = made.getresponse()
        assert answer.read(65536) == b"x" * 65536
        # Nobody reads on: kelvin and the sockets hold a few megabytes of two hundred.
        expect_memory_below(f.pid, before + 16 * 1024)
    # What is in the sockets' buffers was written; the next write is the one that fails.
    failed = f.wait_for_log("^write failed in round ([0-9]+)", deadline_seconds=20)
    assert int(failed[0].split()[-1]) < 1000
    f.wait_for_log("^END ", deadline_seconds=20)
    assert request(f.port, "GET", "/", headers=do(raw='"on"')).body == b'"on"'


def test_a_stream_that_fails_is_cut(f):
    with pytest.raises(http.client.IncompleteRead):
        request(f.port, "GET", "/", headers=do(stream={"prelude": PRELUDE, "pieces": ["part"], "fail": True}))
    assert request(f.port, "GET", "/", headers=do(raw='"on"')).status == 200


@pytest.mark.parametrize("stream", [
    {"prelude": "{", "pieces": ["x"]}, {"pieces": ["no prelude"]}, {"prelude": '{"statusCode":"x"}'},
    {"pieces": ["x"], "times": 65536, "repeat": 4}, {"pieces": []},
], ids=["broken JSON", "none", "bad status", "too long", "empty"])
def test_a_prelude_that_is_none_is_a_failure(f, stream):
    assert request(f.port, "GET", "/", headers=do(stream=stream)).status in (500, 502)
    assert request(f.port, "GET", "/", headers=do(raw='"on"')).status == 200


def test_a_function_error_before_the_stream(f):
    answer = request(f.port, "GET", "/", headers=do(error="no"))
    assert answer.status == 502


def test_a_buffered_url_collects_a_streamed_answer(kelvin):
    f = kelvin(f"f={handler('web')}", "--api", "url")
    answer = request(f.port, "GET", "/", headers=do(stream={"prelude": PRELUDE, "pieces": ["a", "b"]}))
    assert (answer.status, answer.body, answer.field("x-a")) == (201, b"ab", "1")
    assert answer.field("Content-Length") == "2"
