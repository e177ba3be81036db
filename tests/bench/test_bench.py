"""The bench itself works: the relay relays, the load generator counts, bench.py runs through.

KELVIN_BINARY names the kelvin to run it with, KELVIN_BENCH_PROGRAMS the folder of the bench_… programs.
"""

import concurrent.futures
import http.client
import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
BUILD = HERE.parents[1] / "build" / "dev"
PROGRAMS = Path(os.environ.get("KELVIN_BENCH_PROGRAMS", BUILD / "tests" / "bench"))
KELVIN = Path(os.environ.get("KELVIN_BINARY", BUILD / "kelvin"))

sys.path.insert(0, str(HERE))
import report  # noqa: E402
import servers  # noqa: E402


def invoke(port, body, path="/2015-03-31/functions/echo/invocations"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, body)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def load(port, *options):
    command = [PROGRAMS / "bench_load", "--port", port, *options]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def relay():
    with servers.relay(PROGRAMS, PROGRAMS / "bench_handler", 2) as server:
        yield server


class Misbehaving(http.server.BaseHTTPRequestHandler):
    """Answers every request as the server's `behaviour` says."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        behaviour = self.server.behaviour
        if behaviour == "close":
            self.close_connection = True
            return
        answer = b"{}" if behaviour == "other body" else body
        self.send_response(500 if behaviour == "status" else 200)
        if behaviour == "function error":
            self.send_header("X-Amz-Function-Error", "Unhandled")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def misbehaving():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("body", [b"{}", '{"ü":"€"}'.encode(), b'"' + b"x" * 5_000_000 + b'"'],
                         ids=["small", "utf-8", "5 MB"])
def test_relay_hands_the_body_over_and_back(relay, body):
    status, headers, answer = invoke(relay.port, body)
    assert status == 200
    assert answer == body
    assert headers["X-Amz-Executed-Version"] == "$LATEST"
    assert "X-Amz-Function-Error" not in headers


def test_relay_answers_each_of_many_callers_with_its_own_body(relay):
    bodies = [json.dumps({"caller": number, "padding": "x" * (number * 997)}).encode() for number in range(64)]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: invoke(relay.port, body)[2], bodies))
    assert answers == bodies


def test_relay_knows_invocations_only(relay):
    assert invoke(relay.port, b"{}", "/elsewhere")[0] == 404


def test_load_counts_right_answers(relay):
    result = load(relay.port, "--count", 500, "--warmup", 10, "--connections", 4)
    assert (result["count"], result["errors"]) == (500, 0)
    assert 0 < result["min_us"] <= result["p50_us"] <= result["p90_us"] <= result["p99_us"] <= result["max_us"]
    assert result["requests_per_second"] == pytest.approx(500 / result["seconds"], rel=0.01)


def test_load_stops_after_its_duration(relay):
    result = load(relay.port, "--duration-ms", 50)
    assert result["count"] > 0
    assert result["seconds"] >= 0.05


@pytest.mark.parametrize("behaviour, text", [
    ("status", "status 500"),
    ("function error", "function error"),
    ("other body", "the answer is not the request's body"),
    ("close", "connection closed"),
])
def test_load_counts_errors(misbehaving, behaviour, text):
    misbehaving.behaviour = behaviour
    result = load(misbehaving.server_port, "--count", 20, "--connections", 2)
    assert (result["count"], result["errors"], result["first_error"]) == (0, 20, text)


@pytest.mark.parametrize("options", [[], ["--count", "1"], ["--port", "1", "--count", "x"],
                                     ["--port", "1", "--count", "1", "--duration-ms", "1"]])
def test_load_refuses_a_senseless_command_line(options):
    done = subprocess.run([PROGRAMS / "bench_load", *options], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert done.stderr.startswith("bench_load: ")


def test_bare_start_measures_the_floor():
    series = servers.run_program([PROGRAMS / "bench_bare_start", "--floor", PROGRAMS / "bench_floor", "--rounds", 4])
    assert len(series["bare_next"]) == 4
    assert series["kelvin_first"] == []
    for to_next, to_start, own in zip(series["bare_next"], series["bare_to_start"], series["bare_own"]):
        assert 0 < to_start
        assert 0 < own
        assert to_start + own < to_next


def test_a_server_that_ends_early_is_reported(tmp_path):
    program = tmp_path / "kelvin"
    program.write_text("#!/bin/sh\nexit 7\n")
    program.chmod(0o755)
    with pytest.raises(servers.NotMeasured, match="exit code 7"):
        with servers.kelvin(program, {"echo": "/nowhere"}):
            pass


def test_verdicts():
    slow = report.compared("row", "µs", [10, 10, 10], [15, 15, 15], ("<=", 1.4))
    assert (slow.ratio, slow.verdict()) == (1.5, "over")
    assert report.compared("row", "1/s", [100], [80], (">=", 0.75)).verdict() == "within"
    assert report.compared("row", "1/s", [100], [70], (">=", 0.75)).verdict() == "over"
    assert report.single("row", "ms", [1, 2, 9], ("<=", 2)).verdict() == "within"
    assert report.single("row", "ms", 3.0).verdict() == ""
    assert report.unmeasured("row", "why").verdict() == "not measured"


def test_a_missing_binary_is_a_usage_error(tmp_path):
    done = subprocess.run([HERE / "bench.py", "--kelvin", tmp_path / "none"], capture_output=True, text=True,
                          timeout=20)
    assert done.returncode == 2
    assert "does not exist; build it" in done.stderr


def test_bench_runs_through(tmp_path):
    result = tmp_path / "latest.json"
    done = subprocess.run([HERE / "bench.py", "--quick", "--kelvin", KELVIN, "--programs", PROGRAMS, "--json", result],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(result.read_text())["rows"]
    assert not [row for row in rows if row["verdict"] == "not measured"]
    errors = {row["row"]: row["kelvin"] for row in rows if row["row"].endswith("errors")}
    assert len(errors) == 6
    assert not any(errors.values()), errors
    for start in ("start to ready line", "stripped binary", "idle memory, resident",
                  "warm 1 KB, 1 client, pinned, p50", "throughput, 64 clients, 8 environments",
                  "cold start, host: beyond bare", "5 MB echo, 1 client, p50",
                  "stream: first byte behind the function's write",
                  "function URL that streams: first byte behind the function's write",
                  "door http, 1 KB, pinned, p50", "watch: artifact in place to its first answer, less its init"):
        row = next(row for row in rows if row["row"] == start)
        assert row["budget"] is not None
        assert row["verdict"] in ("within", "over")
        assert start in done.stdout
