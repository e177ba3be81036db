"""Runtimes that break the rules (tests/handlers/rogue): the answer AWS gives, and a next invocation that works."""

import pytest

from kelvin_process import expect_memory_below
from process_tree import wait_until

OK = '202 Accepted {"status":"OK"}'
INVALID_ID = '400 Bad Request {"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}'


def refused(start, target):
    return (f'403 Forbidden {{"errorMessage":"State transition from {start} to {target} failed for runtime. '
            'Error: State transition is not allowed","errorType":"InvalidStateTransition"}')


SENT = "RuntimeResponseSentState"
MODE_ERROR = '{"errorMessage":"Invalid function response mode","errorType":"InvalidFunctionResponseMode"}'

# mode, body of the caller's answer, what the Runtime API answered to each post (in order)
GOOD_ANSWERS = [
    ("second_response", b'"first"', [OK, refused(SENT, "InvocationResponse")]),
    ("error_after_response", b'"first"', [OK, refused(SENT, "InvocationErrorResponse")]),
    ("wrong_id", b'"right id"', [INVALID_ID, OK]),
    ("init_error_late", b'"answered"', [refused("Running", "InitError"), OK]),
    ("next_without_answer", b'"same event"', [OK]),
    ("next_then_leaves", b'"answered"', [OK]),
    ("garbage", b'"survived"', [None, OK]),
    ("monstrous_headers", b'"after"', [None, OK]),
    ("answers_then_exits", b'"last words"', [OK]),
    ("answers_then_flees", b'"last words"', []),
    ("closes_output", b'"silent"', []),
]

# mode, error type, end of the error message
FUNCTION_ERRORS = [
    ("never_answers", "Sandbox.Timedout", "Task timed out after 1.00 seconds"),
    ("ignores_sigterm", "Sandbox.Timedout", "Task timed out after 1.00 seconds"),
    ("floods", "Sandbox.Timedout", "Task timed out after 1.00 seconds"),
    ("setsid_daemon", "Runtime.ExitError", "Runtime exited with error: exit status 5"),
    ("fork_bomb", "Runtime.ExitError", "Runtime exited with error: signal: aborted"),
    ("invalid_mode", "Runtime.InvalidResponseModeHeader", ""),
    ("truncated_body", "Runtime.TruncatedResponse", ""),
    ("truncated_chunks", "Runtime.TruncatedResponse", ""),
]


@pytest.fixture
def rogue_function(kelvin, rogue):
    return lambda mode, *options: kelvin(f"f={rogue}", "--env", f"MODE={mode}", "--timeout", "1", *options)


def expect_next_works(f):
    """The next invocation is echoed, whatever the rogue did before."""
    assert f.invoke("f", {"good": 1}).body == b'{"good": 1}'


@pytest.mark.parametrize("mode, body, replies", GOOD_ANSWERS, ids=[row[0] for row in GOOD_ANSWERS])
def test_caller_gets_the_first_valid_answer(rogue_function, mode, body, replies):
    f = rogue_function(mode)
    answer = f.invoke("f", "rogue")
    assert answer.status == 200 and answer.function_error is None, answer
    assert answer.body == body
    expect_next_works(f)
    if replies:
        shown = f.wait_for_log("^runtime api: ", count=len(replies))
        for line, reply in zip(shown, replies):
            assert reply is None or line == f"runtime api: HTTP/1.1 {reply}"


@pytest.mark.parametrize("mode, error_type, message", FUNCTION_ERRORS, ids=[row[0] for row in FUNCTION_ERRORS])
def test_caller_gets_aws_error(rogue_function, mode, error_type, message):
    f = rogue_function(mode)
    answer = f.invoke("f", "rogue")
    assert answer.status == 200 and answer.function_error == "Unhandled", answer
    assert answer.json["errorType"] == error_type, answer
    assert answer.json["errorMessage"].startswith(f"RequestId: {answer.request_id} Error: {message}")
    expect_next_works(f)
    # What the first process left behind is gone: one environment, one process.
    wait_until(lambda: len(f.bootstraps()) == 1, what="one process")


def test_invalid_mode_is_answered_400(rogue_function):
    f = rogue_function("invalid_mode")
    f.invoke("f", "rogue")
    assert f.wait_for_log("^runtime api: ")[0] == f"runtime api: HTTP/1.1 400 Bad Request {MODE_ERROR}"


def test_answer_for_an_earlier_invocation_is_refused(rogue_function):
    f = rogue_function("late_response")
    assert f.invoke("f", "rogue").body == b'"in time"'
    assert f.invoke("f", {}).body == b'"second answer"'
    expect_next_works(f)
    shown = f.wait_for_log("^runtime api: ", count=3)
    assert [line.removeprefix("runtime api: HTTP/1.1 ") for line in shown] == [OK, INVALID_ID, OK]


def test_each_of_two_parked_next_gets_one_event(rogue_function):
    f = rogue_function("double_next")
    with f.client() as api:
        assert api.invoke("f", "rogue").body == b'"before two nexts"'
        f.wait_for_log("^runtime api: HTTP/1.1 400 ")
        assert api.invoke("f", {}).body == b'"one of two"'
        assert api.invoke("f", {}).body == b'"two of two"'
        assert api.invoke("f", {"good": 1}).body == b'{"good": 1}'


def test_error_trailers_make_a_function_error(rogue_function):
    f = rogue_function("stream_trailers")
    answer = f.invoke("f", "rogue")
    assert answer.function_error == "Unhandled"
    assert answer.json == {"errorMessage": "broke", "errorType": "MidStream"}
    assert f.wait_for_log("^runtime api: ")[0] == f"runtime api: HTTP/1.1 {OK}"
    expect_next_works(f)


def test_million_byte_header_is_taken(rogue_function):
    f = rogue_function("huge_headers")
    answer = f.invoke("f", "rogue")
    assert answer.function_error == "Unhandled"
    assert answer.json == {"errorMessage": "long cause", "errorType": "LongCause"}
    expect_next_works(f)


def test_browser_cannot_answer_for_the_runtime(rogue_function):
    f = rogue_function("foreign_origin")
    assert f.invoke("f", "rogue").body == b'"from the runtime"'
    assert f.wait_for_log("^runtime api: ", count=2)[0].startswith("runtime api: HTTP/1.1 403 Forbidden")
    expect_next_works(f)


def test_answer_then_silence_does_not_block_the_next_caller(rogue_function):
    f = rogue_function("answers_then_hangs")
    with f.client() as api:
        assert api.invoke("f", "rogue").body == b'"then nothing"'
        assert api.invoke("f", {"good": 1}).body == b'{"good": 1}'
    # The invocation itself ends with the function's timeout, since the runtime never came back.
    f.wait_for_log("^REPORT .*Status: timeout", deadline_seconds=10)


def test_new_connection_for_each_call(rogue_function):
    f = rogue_function("reconnects")
    with f.client() as api:
        for number in range(200):
            assert api.invoke("f", {"n": number}).json == {"n": number}
    assert len(f.bootstraps()) == 1


def test_runtime_that_never_calls_next(rogue_function):
    f = rogue_function("never_calls_next")
    answer = f.invoke("f", {})
    assert answer.json["errorType"] == "Sandbox.Timedout", answer
    f.wait_for_log("INIT_REPORT")


def test_post_before_next(rogue_function):
    f = rogue_function("response_before_next")
    expect_next_works(f)
    assert f.wait_for_log("^runtime api: ")[0] == f"runtime api: HTTP/1.1 {INVALID_ID}"


def test_next_after_init_error(rogue_function):
    f = rogue_function("next_after_init_error")
    answer = f.invoke("f", {})
    assert answer.function_error == "Unhandled"
    assert answer.json == {"errorMessage": "init refused", "errorType": "Runtime.RogueInit"}
    shown = f.wait_for_log("^runtime api: ", count=2)
    assert shown[0] == f"runtime api: HTTP/1.1 {OK}"
    assert shown[1] == f"runtime api: HTTP/1.1 {refused('InitError', 'Ready')}"


def test_unknown_path_and_wrong_method(rogue_function):
    f = rogue_function("unknown_path")
    expect_next_works(f)
    shown = f.wait_for_log("^runtime api: ", count=2)
    assert shown[0].startswith("runtime api: HTTP/1.1 404 Not Found 404 page not found")
    assert shown[1].startswith("runtime api: HTTP/1.1 405 Method Not Allowed")


def test_flood_keeps_kelvin_small_and_others_served(kelvin, rogue, cpp):
    f = kelvin(f"f={rogue}", f"g={cpp}", "--env", "MODE=floods", "--timeout", "3")
    with f.client() as flooded, f.client() as api:
        flooded.send_request("POST", "/2015-03-31/functions/f/invocations", b'"rogue"')
        f.wait_for_log("fffff")
        for number in range(20):
            assert api.invoke("g", {"do": "echo", "value": number}).json == number
        assert flooded.receive().json["errorType"] == "Sandbox.Timedout"
    expect_memory_below(f.pid, 64 * 1024)
