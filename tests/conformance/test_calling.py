"""Functions that invoke functions, themselves too, through the SDK of their language: each ends in an answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kelvin_process import Kelvin, handler, need_level
from matrix_clients import LEVELS
from process_tree import wait_until
from sdk_clients import activity

# How often each asks before it passes a throttle on to the function's code; plain HTTP asks once.
ATTEMPTS = {"cpp": 1, "rust-sdk": 3, "go": 3, "python": 5, "node": 3, "java": 4}
LEAF = {"do": "echo", "value": {"a": [1, "ü"]}}


def call(function, event):
    return {"do": "call", "function": function, "event": event}


def answered(payload):
    return {"status": 200, "function_error": "none", "payload": payload}


def built():
    return [name for name in ATTEMPTS if handler(name)]


def serve(level, *options):
    """A kelvin with every client's handler as a function of the client's name."""
    need_level(level)
    return Kelvin(*(f"{name}={handler(name)}" for name in built()), "--isolation", level, "--timeout", "60", *options)


@pytest.fixture(scope="module", params=LEVELS)
def callers(request):
    kelvin = serve(request.param)
    yield kelvin
    kelvin.stop()


@pytest.fixture(scope="module", params=LEVELS)
def self_calls(request):
    """{client: (answer, throttles)} of functions that call themselves with a reserved concurrency of 1. An SDK pauses
    between its attempts, so all call at the same time."""
    kelvin = serve(request.param, "--reserved-concurrency", "1")
    with ThreadPoolExecutor() as callers:
        answers = dict(zip(built(), callers.map(lambda name: kelvin.invoke(name, call(name, LEAF)), built())))
    found = {name: (answer, activity(kelvin, name)["throttles"]) for name, answer in answers.items()}
    kelvin.stop()
    return found


def need(caller):
    if not handler(caller):
        pytest.skip(f"the handler of {caller} is not built")


@pytest.mark.parametrize("caller", ATTEMPTS)
def test_a_function_invokes_another(callers, caller):
    need(caller)
    assert callers.invoke(caller, call("cpp", LEAF)).json == answered(LEAF["value"])
    failed = callers.invoke(caller, call("cpp", {"do": "error", "message": "no"})).json
    assert failed == {"status": 200, "function_error": "Unhandled",
                      "payload": {"errorMessage": "no", "errorType": "ConformanceError"}}
    assert callers.invoke(caller, call("nobody", LEAF)).json == {"exception": "ResourceNotFoundException"}


def test_a_chain_through_every_language(callers):
    event, expected = LEAF, LEAF["value"]
    for name in built():
        event, expected = call(name, event), answered(expected)
    assert callers.invoke("cpp", event).json == expected


@pytest.mark.parametrize("caller", ATTEMPTS)
def test_recursion_takes_an_environment_for_each_depth(callers, caller):
    need(caller)
    event, expected = LEAF, LEAF["value"]
    depth = 12 if caller == "cpp" else 2
    for _ in range(depth):
        event, expected = call(caller, event), answered(expected)
    assert callers.invoke(caller, event).json == expected
    assert activity(callers, caller)["environments"] > depth


@pytest.mark.parametrize("caller", ATTEMPTS)
def test_a_function_without_concurrency_left_for_itself_is_throttled(self_calls, caller):
    need(caller)
    answer, throttles = self_calls[caller]
    assert (answer.status, answer.function_error) == (200, None)
    assert answer.json == {"exception": "TooManyRequestsException"}
    assert throttles == ATTEMPTS[caller]


def is_at_rest(kelvin):
    now = activity(kelvin, "f")
    return now["running"] == 0 and now["waiting"] == 0


def expect_timeout(answer):
    assert (answer.status, answer.function_error) == (200, "Unhandled")
    assert answer.json["errorType"] == "Sandbox.Timedout"


@pytest.mark.parametrize("level", LEVELS)
def test_a_function_that_waits_for_its_own_environment_times_out(kelvin, cpp, level):
    need_level(level)
    f = kelvin(f"f={cpp}", "--isolation", level, "--environments", "1", "--timeout", "2")
    expect_timeout(f.invoke("f", call("f", LEAF)))
    wait_until(lambda: is_at_rest(f), 12, "the waiting call to end, at the latest after the timeout and 10 s")
    assert f.invoke("f", LEAF).json == LEAF["value"]


@pytest.mark.parametrize("level", LEVELS)
def test_recursion_deeper_than_the_environments_ends(kelvin, cpp, level):
    need_level(level)
    f = kelvin(f"f={cpp}", "--isolation", level, "--environments", "3", "--timeout", "2")
    event = LEAF
    for _ in range(8):
        event = call("f", event)
    expect_timeout(f.invoke("f", event))
    # Three at a time run into their timeout; nothing is left of those that waited for them.
    wait_until(lambda: is_at_rest(f), 12, "every waiting call to end")
    assert f.invoke("f", LEAF).json == LEAF["value"]
