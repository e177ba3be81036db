"""The log around an invocation: order, form, and whose line it is (recorded on AWS)."""

import base64
import math

from log_format import expect_well_formed, kinds, platform_lines, position


def test_order_and_form_of_the_lines(function):
    kelvin = function()
    with kelvin.client() as api:
        ids = [api.invoke("f", {"do": "print", "stdout": 2, "stderr": 2}).request_id for _ in range(3)]
    kelvin.wait_for_log("^REPORT ", count=3)
    log = kelvin.log
    expect_well_formed(log)
    assert kinds(log) == ["START", "END", "REPORT"] * 3
    for request_id in ids:
        start = position(log, f"START RequestId: {request_id}")
        end = position(log, f"END RequestId: {request_id}")
        report = position(log, f"REPORT RequestId: {request_id}")
        for line in ("out 0", "out 1", "err 0", "err 1"):
            assert start < position(log, line, after=start) < end
        assert end < report


def test_init_duration_is_only_on_the_first_report_and_billed(function):
    kelvin = function()
    with kelvin.client() as api:
        for _ in range(3):
            api.invoke("f", {"do": "echo", "value": 1})
    kelvin.wait_for_log("^REPORT ", count=3)
    reports = [match for kind, match in platform_lines(kelvin.log) if kind == "REPORT"]
    assert [report["init"] is not None for report in reports] == [True, False, False]
    first, second = reports[0], reports[1]
    # The printed values are rounded each, so their sum may be off by a hundredth to either side.
    total = float(first["init"]) + float(first["duration"])
    assert math.ceil(total - 0.011) <= int(first["billed"]) <= math.ceil(total + 0.011)
    duration = float(second["duration"])
    assert math.ceil(max(duration - 0.006, 0.001)) <= int(second["billed"]) <= math.ceil(duration + 0.006)
    assert all(report["size"] == "128" and int(report["used"]) >= 1 for report in reports)


def test_no_init_report_where_the_init_went_well(function):
    kelvin = function()
    kelvin.invoke("f", {"do": "echo", "value": 1})
    kelvin.wait_for_log("^REPORT ")
    assert "INIT_REPORT" not in kelvin.log


def test_crash_message_stands_between_start_and_end(function):
    kelvin = function()
    answer = kelvin.invoke("f", {"do": "exit", "code": 3})
    kelvin.wait_for_log("^REPORT ")
    log = kelvin.log
    expect_well_formed(log)
    start = position(log, f"START RequestId: {answer.request_id}")
    fault = position(log, f"RequestId: {answer.request_id} Error: Runtime exited with error: exit status 3")
    end = position(log, f"END RequestId: {answer.request_id}")
    assert start < fault < end
    assert log.split("\n")[fault + 1] == "Runtime.ExitError"
    report = platform_lines(log)[-1][1]
    assert report["status"] == "error" and report["type"] == "Runtime.ExitError"


def test_tail_holds_the_invocation_from_start_to_report(function):
    with function().client() as api:
        for number in range(2):
            answer = api.invoke("f", {"do": "print", "stdout": 1, "tag": f"n{number} "},
                                headers={"X-Amz-Log-Type": "Tail"})
            tail = base64.b64decode(answer.headers["x-amz-log-result"], validate=True).decode()
            assert kinds(tail) == ["START", "END", "REPORT"]
            assert tail.startswith(f"START RequestId: {answer.request_id} Version: $LATEST\n")
            assert tail.endswith("\t\n") and f"n{number} out 0\n" in tail


def test_tail_is_the_last_four_kilobytes(function):
    answer = function().invoke("f", {"do": "print", "stdout": 1000}, headers={"X-Amz-Log-Type": "Tail"})
    tail = base64.b64decode(answer.headers["x-amz-log-result"])
    assert len(tail) == 4096
    assert tail.endswith(b"\t\n") and b"out 999\nEND RequestId" in tail and b"START" not in tail


def test_no_tail_unless_asked_for(function):
    with function().client() as api:
        assert "x-amz-log-result" not in api.invoke("f", {"do": "echo", "value": 1}).headers
        none = api.invoke("f", {"do": "echo", "value": 1}, headers={"X-Amz-Log-Type": "None"})
        assert none.status == 200 and "x-amz-log-result" not in none.headers


def test_output_that_is_no_text(function):
    kelvin = function()
    kelvin.invoke("f", {"do": "print", "binary": True, "long": 100_000, "unfinished": True, "tag": "last "})
    kelvin.wait_for_log("^REPORT ")
    lines = kelvin.log_lines
    end = next(index for index, line in enumerate(lines) if line.startswith(b"END "))
    assert b"not utf-8: \xff\xfe\x80" in lines[:end]
    assert b"x" * 100_000 in lines[:end]


def test_unfinished_line_is_not_lost(function):
    kelvin = function()
    with kelvin.client() as api:
        api.invoke("f", {"do": "print", "unfinished": True, "tag": "first "})
        api.invoke("f", {"do": "exit", "code": 1})
    kelvin.wait_for_log("first no newline")
