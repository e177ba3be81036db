"""What a caller gets from each runtime client (AWS documentation: Invoke; recorded on AWS)."""

import json
import re
import threading

from log_format import ID, kinds, platform_lines

RESPONSE_LIMIT_BYTES = 6 * 1024 * 1024 + 100
SIZE_ERROR = {
    "errorMessage": f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT_BYTES} bytes).",
    "errorType": "Function.ResponseSizeTooLarge",
}


def expect_success(answer):
    assert answer.status == 200, answer
    assert answer.headers["x-amz-executed-version"] == "$LATEST"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-amzn-remapped-content-length"] == "0"
    assert "x-amz-function-error" not in answer.headers, answer
    assert re.fullmatch(ID, answer.request_id)
    assert re.match(r"root=1-[0-9a-f]{8}-[0-9a-f]{24};", answer.headers["x-amzn-trace-id"], re.IGNORECASE)


def expect_function_error(answer, body=None):
    assert answer.status == 200, answer
    assert answer.function_error == "Unhandled", answer
    assert answer.headers["x-amz-executed-version"] == "$LATEST"
    if body is not None:
        assert answer.body == body, answer


def platform_error(answer, error_type, message):
    """An error that the platform makes: compact, errorType first."""
    return json.dumps({"errorType": error_type, "errorMessage": f"RequestId: {answer.request_id} Error: {message}"},
                      separators=(",", ":")).encode()


def test_success_passes_the_answer_byte_for_byte(function):
    with function().client() as api:
        for value in (None, True, 7, "text", [1, [2]], {"a": {"b": "c"}}):
            answer = api.invoke("f", {"do": "echo", "value": value})
            expect_success(answer)
            assert answer.body == json.dumps(value, separators=(",", ":")).encode()


def test_unicode_passes_both_ways(function):
    value = "ä 世界 🚀 \u2028 \x7f"
    answer = function().invoke("f", json.dumps({"do": "unicode", "value": value}, ensure_ascii=False).encode())
    expect_success(answer)
    assert answer.json == {"text": "grüße, 世界 🚀", "value": value}
    assert "世界".encode() in answer.body


def test_handler_error_is_passed_on_and_the_process_lives(function):
    with function().client() as api:
        first = api.invoke("f", {"do": "count"}).json
        answer = api.invoke("f", {"do": "error", "message": "refused \"so\""})
        expect_function_error(answer)
        assert answer.json == {"errorMessage": "refused \"so\"", "errorType": "ConformanceError"}
        assert api.invoke("f", {"do": "count"}).json == {"count": 3, "pid": first["pid"]}


def test_panic_is_a_function_error_and_the_next_invocation_works(function):
    with function().client() as api:
        answer = api.invoke("f", {"do": "panic"})
        expect_function_error(answer)
        assert "conformance panic" in answer.json["errorMessage"]
        expect_success(api.invoke("f", {"do": "echo", "value": 1}))


def test_crash_names_the_signal_or_status(function, client):
    with function().client() as api:
        answer = api.invoke("f", {"do": "crash"})
        how = "exit status 2" if client == "go" else "signal: aborted"
        expect_function_error(answer, platform_error(answer, "Runtime.ExitError", f"Runtime exited with error: {how}"))
        assert api.invoke("f", {"do": "count"}).json["count"] == 1


def test_exit_0_has_no_reason(function):
    with function().client() as api:
        answer = api.invoke("f", {"do": "exit", "code": 0})
        expect_function_error(
            answer, platform_error(answer, "Runtime.ExitError", "Runtime exited without providing a reason"))
        assert api.invoke("f", {"do": "count"}).json["count"] == 1


def test_exit_3_names_its_status(function):
    with function().client() as api:
        answer = api.invoke("f", {"do": "exit", "code": 3})
        expect_function_error(
            answer, platform_error(answer, "Runtime.ExitError", "Runtime exited with error: exit status 3"))
        assert api.invoke("f", {"do": "count"}).json["count"] == 1


def test_timeout_kills_the_process(function):
    kelvin = function("--timeout", "1")
    with kelvin.client() as api:
        api.invoke("f", {"do": "count"})
        first = kelvin.bootstraps()
        answer = api.invoke("f", {"do": "sleep", "ms": 60000})
        expect_function_error(answer, platform_error(answer, "Sandbox.Timedout", "Task timed out after 1.00 seconds"))
        assert api.invoke("f", {"do": "count"}).json["count"] == 1
        assert not set(kelvin.bootstraps()) & set(first)
    kelvin.wait_for_log("^REPORT ", count=3)
    reports = [match for kind, match in platform_lines(kelvin.log) if kind == "REPORT"]
    assert reports[1]["duration"] == "1000.00" and reports[1]["billed"] == "1000"
    assert reports[1]["status"] == "timeout" and reports[1]["type"] is None


def test_answer_of_exactly_the_limit_passes(function):
    answer = function("--timeout", "30").invoke("f", {"do": "big", "bytes": RESPONSE_LIMIT_BYTES})
    expect_success(answer)
    assert len(answer.body) == RESPONSE_LIMIT_BYTES


def test_answer_over_the_limit_is_refused(function):
    with function("--timeout", "30").client() as api:
        answer = api.invoke("f", {"do": "big", "bytes": RESPONSE_LIMIT_BYTES + 1})
        expect_function_error(answer, json.dumps(SIZE_ERROR, separators=(",", ":")).encode())
        expect_success(api.invoke("f", {"do": "echo", "value": "after"}))


def test_largest_event_passes(function):
    head, tail = b'{"do":"echo","value":"', b'"}'
    event = head + b"v" * (6 * 1024 * 1024 - len(head) - len(tail)) + tail
    answer = function("--timeout", "30").invoke("f", event)
    expect_success(answer)
    assert len(answer.body) == len(event) - len(head) - len(tail) + 2


def test_streamed_answer_is_collected(function, client):
    with function().client() as api:
        answer = api.invoke("f", {"do": "stream", "chunks": 5, "bytes": 7, "pause_ms": 10})
        expect_success(answer)
        prelude, _, rest = answer.body.rpartition(b"\0" * 8)
        assert rest == b"s" * 35
        # lambda_runtime puts a prelude before every stream; a plain Invoke passes it on as it is.
        assert (json.loads(prelude)["statusCode"] == 200) if client == "rust" else prelude == b""
        expect_success(api.invoke("f", {"do": "echo", "value": 1}))


def test_stream_that_fails_midway(function, client):
    with function().client() as api:
        answer = api.invoke("f", {"do": "stream", "chunks": 5, "bytes": 7, "fail_after": 2})
        if client == "rust":
            # lambda_runtime writes its error trailers as bytes of the body: nobody can see an error in them.
            expect_success(answer)
            assert b"Lambda-Runtime-Function-Error-Type: Runtime.StreamError" in answer.body
        else:
            expect_function_error(answer)
            assert answer.json["errorMessage"] == "stream failed"
        expect_success(api.invoke("f", {"do": "echo", "value": 1}))


def test_exit_amid_a_stream(function):
    """The body is cut short first, the exit comes after: the first error wins (Runtime Interface Emulator source)."""
    with function().client() as api:
        answer = api.invoke("f", {"do": "stream", "chunks": 5, "bytes": 7, "exit_after": 2, "pause_ms": 20})
        expect_function_error(answer)
        assert answer.json["errorType"] == "Runtime.TruncatedResponse", answer
        assert api.invoke("f", {"do": "count"}).json["count"] == 1


def test_fifty_callers_at_once(function):
    kelvin = function("--environments", "8", "--timeout", "30")
    answers = {}

    def call(index):
        answers[index] = kelvin.invoke("f", {"do": "echo", "value": index})

    threads = [threading.Thread(target=call, args=(index,)) for index in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 50
    for index, answer in answers.items():
        expect_success(answer)
        assert answer.json == index
    assert len({answer.request_id for answer in answers.values()}) == 50
    kelvin.wait_for_log("^REPORT ", count=50)
    assert kinds(kelvin.log).count("START") == 50
