"""InvokeWithResponseStream through boto3, and its back-pressure over a raw connection."""

import json
import socket
import time
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from kelvin_process import handler
from process_tree import wait_until

PIECE = 20_000


def lambda_client(url):
    return boto3.client(
        "lambda",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(retries={"max_attempts": 0}),
    )


def invoke_stream(url, event, **more):
    answer = lambda_client(url).invoke_with_response_stream(FunctionName="f", Payload=json.dumps(event), **more)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    return list(answer["EventStream"])


def body_of(events):
    return b"".join(event["PayloadChunk"]["Payload"] for event in events if "PayloadChunk" in event)


def test_pieces_arrive_and_the_end_is_told(function):
    events = invoke_stream(function().url, {"do": "stream", "chunks": 5, "bytes": PIECE, "pause_ms": 30})
    assert len(events) > 2
    assert len(body_of(events)) >= 5 * PIECE
    assert "InvokeComplete" in events[-1]
    assert not events[-1]["InvokeComplete"].get("ErrorCode")
    assert sum("InvokeComplete" in event for event in events) == 1


def test_a_buffered_answer_comes_as_chunks(function):
    events = invoke_stream(function().url, {"do": "echo", "value": "hello"})
    assert body_of(events) == b'"hello"'
    assert events[-1] == {"InvokeComplete": {}}


def test_a_handler_error_is_in_the_last_message(function):
    events = invoke_stream(function().url, {"do": "error"})
    assert body_of(events) == b""
    last = events[-1]["InvokeComplete"]
    assert last["ErrorCode"] == "Unhandled"
    assert "errorMessage" in json.loads(last["ErrorDetails"])


def test_the_end_of_the_log_comes_with_the_last_message(function):
    events = invoke_stream(function().url, {"do": "echo", "value": 1}, LogType="Tail")
    assert events[-1]["InvokeComplete"]["LogResult"]


def test_a_stream_that_is_cut_by_the_timeout_ends_in_an_error(kelvin):
    running = kelvin(f"f={handler('cpp')}", "--timeout", "1")
    events = invoke_stream(running.url, {"do": "stream", "chunks": 100, "bytes": 10, "pause_ms": 100})
    assert body_of(events)
    assert "timed out" in events[-1]["InvokeComplete"]["ErrorDetails"]


def test_unknown_function_and_event_type_are_refused(kelvin):
    running = kelvin(f"f={handler('cpp')}")
    lambda_ = lambda_client(running.url)
    with pytest.raises(lambda_.exceptions.ResourceNotFoundException):
        lambda_.invoke_with_response_stream(FunctionName="nobody")


def stands_still(pid):
    """Whether a process does no I/O for a while. Nothing tells when every buffer between a function and its caller is
    full, so it is looked at."""
    counts = Path(f"/proc/{pid}/io")
    before = counts.read_text()
    time.sleep(0.2)
    return counts.read_text() == before


def test_a_caller_that_does_not_read_slows_the_function_and_memory_stays_bounded(kelvin):
    running = kelvin(f"f={handler('cpp')}", "--timeout", "60")
    event = json.dumps({"do": "stream", "chunks": 3000, "bytes": 65536, "pause_ms": 0}).encode()
    head = (
        "POST /2021-11-15/functions/f/response-streaming-invocations HTTP/1.1\r\n"
        f"Host: 127.0.0.1\r\nContent-Length: {len(event)}\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        caller.sendall(head + event)
        received = len(caller.recv(1000))
        wait_until(lambda: stands_still(running.pid), 20, "the function standing still")
        with open(f"/proc/{running.process.pid}/status") as status:
            resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
        assert resident < 64 * 1024
        while chunk := caller.recv(1 << 20):
            received += len(chunk)
            if received > 3000 * 65536:
                break
        assert received > 3000 * 65536
