"""Inits that fail: run once in the init phase and once more inside of the first invocation (recorded on AWS)."""

import json
import threading

import pytest

from kelvin_process import Kelvin, handler
from log_format import expect_well_formed, kinds, platform_lines
from test_answers import expect_function_error, expect_success, platform_error

STATUS_1 = "Runtime exited with error: exit status 1"
NO_REASON = "Runtime exited without providing a reason"
FAILED_TWICE = ["INIT_REPORT", "INIT_REPORT", "START", "END", "REPORT"]


def expect_failed_twice(kelvin, error_type=None):
    kelvin.wait_for_log("^REPORT ")
    expect_well_formed(kelvin.log)
    assert kinds(kelvin.log) == FAILED_TWICE, kelvin.log
    inits = [match for kind, match in platform_lines(kelvin.log) if kind == "INIT_REPORT"]
    assert [init["phase"] for init in inits] == ["init", "invoke"]
    assert all(init["status"] == "error" for init in inits)
    if error_type:
        assert all(init["type"] == error_type for init in inits)
    report = platform_lines(kelvin.log)[-1][1]
    assert report["init"] is None and report["status"] == "error"


def test_init_error(function, client):
    kelvin = function("--env", "INIT=error")
    answer = kelvin.invoke("f", {"do": "echo", "value": 1})
    if client == "cpp":
        # The posted error wins over the exit that follows it.
        expect_function_error(answer, b'{"errorMessage":"init refused","errorType":"Runtime.ConformanceInit"}')
        expect_failed_twice(kelvin)
    else:
        expect_function_error(answer, platform_error(answer, "Runtime.ExitError", STATUS_1))
        expect_failed_twice(kelvin, "Runtime.ExitError")


def test_init_crash(function, client):
    kelvin = function("--env", "INIT=crash")
    answer = kelvin.invoke("f", {"do": "echo", "value": 1})
    how = "exit status 2" if client == "go" else "signal: aborted"
    expect_function_error(answer, platform_error(answer, "Runtime.ExitError", f"Runtime exited with error: {how}"))
    expect_failed_twice(kelvin, "Runtime.ExitError")


def test_init_exit_0(function):
    kelvin = function("--env", "INIT=exit0")
    answer = kelvin.invoke("f", {"do": "echo", "value": 1})
    expect_function_error(answer, platform_error(answer, "Runtime.ExitError", NO_REASON))
    expect_failed_twice(kelvin, "Runtime.ExitError")


def test_failing_init_fails_each_invocation(function):
    with function("--env", "INIT=exit0").client() as api:
        for _ in range(3):
            answer = api.invoke("f", {"do": "echo", "value": 1})
            expect_function_error(answer, platform_error(answer, "Runtime.ExitError", NO_REASON))


def test_slow_init_counts_as_init(function):
    kelvin = function("--env", "INIT=slow:700", "--timeout", "1")
    answer = kelvin.invoke("f", {"do": "sleep", "ms": 600})
    expect_success(answer)
    kelvin.wait_for_log("^REPORT ")
    report = platform_lines(kelvin.log)[-1][1]
    assert float(report["init"]) >= 700
    assert float(report["duration"]) >= 600


@pytest.fixture
def hanging(kelvin, client):
    """Two kelvins whose inits run over 10 s, served at the same time to wait only once."""
    return (kelvin(f"f={handler(client)}", "--env", "INIT=hang", "--timeout", "1"),
            kelvin(f"f={handler(client)}", "--env", "INIT=slow:10300", "--timeout", "13"))


def test_init_over_ten_seconds(hanging):
    answers = {}

    def call(kelvin: Kelvin):
        answers[kelvin] = kelvin.invoke("f", {"do": "echo", "value": "at last"})

    threads = [threading.Thread(target=call, args=(each,)) for each in hanging]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for_ever, slow = hanging
    # Never done: the second init, inside of the invocation, ends with the function's timeout.
    answer = answers[for_ever]
    expect_function_error(answer, platform_error(answer, "Sandbox.Timedout", "Task timed out after 1.00 seconds"))
    for_ever.wait_for_log("^REPORT ")
    lines = platform_lines(for_ever.log)
    assert lines[0][0] == "INIT_REPORT" and lines[0][1]["phase"] == "init" and lines[0][1]["status"] == "timeout"
    assert 9900 <= float(lines[0][1]["duration"]) <= 10500
    assert lines[-1][1]["status"] == "timeout" and lines[-1][1]["duration"] == "1000.00"
    # Done in 10.3 s: killed at 10 s, then init again inside of the invocation, counted in its Duration.
    expect_success(answers[slow])
    assert json.loads(answers[slow].body) == "at last"
    slow.wait_for_log("^REPORT ")
    lines = platform_lines(slow.log)
    assert [kind for kind, _ in lines] == ["INIT_REPORT", "START", "END", "REPORT"]
    assert lines[-1][1]["init"] is None and float(lines[-1][1]["duration"]) >= 10300
