"""Asynchronous invocation through the binary: retries, records, dead letters, and what a stop does."""

import json

from kelvin_process import run_kelvin
from process_tree import wait_until

EVENT = {"X-Amz-Invocation-Type": "Event"}
FAST = ("--async-retry-delays", "0.05,0.1")


def send(kelvin, event, name="f"):
    answer = kelvin.invoke(name, event, headers=EVENT)
    assert (answer.status, answer.body) == (202, b""), answer
    return answer.request_id


def records(path, count=1):
    """The file's JSON lines, once there are `count`."""
    def lines():
        found = [json.loads(line) for line in path.read_text().splitlines()]
        return found if len(found) >= count else None

    return wait_until(lines, what=f"{count} records in {path.name}")


def test_failing_event_is_tried_three_times_under_one_id(kelvin, cpp, tmp_path):
    failure, dead = tmp_path / "failure", tmp_path / "dead"
    f = kelvin(f"f={cpp}", *FAST, "--on-failure", f"file:{failure}", "--dead-letter", f"file:{dead}")
    event = {"do": "error", "message": "no"}
    request_id = send(f, event)
    (record,) = records(failure)
    assert record["requestContext"] == {
        "requestId": request_id, "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST",
        "condition": "RetriesExhausted", "approximateInvokeCount": 3}
    assert record["requestPayload"] == event
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    assert record["responsePayload"] == {"errorMessage": "no", "errorType": "ConformanceError"}
    (letter,) = records(dead)
    assert json.loads(letter["body"]) == event
    assert {name: value["StringValue"] for name, value in letter["attributes"].items()} == {
        "RequestID": request_id, "ErrorCode": "200", "ErrorMessage": "no"}
    f.wait_for_log(f"START RequestId: {request_id}", count=3)


def test_success_goes_to_the_destination_function(kelvin, cpp):
    f = kelvin(f"f={cpp}", f"g={cpp}", "--on-success", "function:g")
    request_id = send(f, {"do": "echo", "value": {"a": 1}})
    f.wait_for_log(r"^\[f\] END RequestId: " + request_id)
    f.wait_for_log(r"^\[g\] START")


def test_no_reserved_concurrency_is_a_failure_without_an_attempt(kelvin, cpp, tmp_path):
    f = kelvin(f"f={cpp}", "--reserved-concurrency", "0", "--on-failure", f"file:{tmp_path / 'failure'}")
    send(f, {})
    (record,) = records(tmp_path / "failure")
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    assert "responseContext" not in record and "responsePayload" not in record
    assert not f.bootstraps()


def test_crash_and_timeout_are_retried(kelvin, cpp, tmp_path):
    f = kelvin(f"f={cpp}", "--timeout", "1", *FAST, "--async-max-retries", "1", "--on-failure",
               f"file:{tmp_path / 'failure'}")
    send(f, {"do": "exit", "code": 3})
    send(f, {"do": "sleep", "ms": 60000})
    found = records(tmp_path / "failure", 2)
    assert {each["responsePayload"]["errorType"] for each in found} == {"Runtime.ExitError", "Sandbox.Timedout"}
    assert {each["requestContext"]["approximateInvokeCount"] for each in found} == {2}


def test_too_old_event_is_given_up_before_its_retry(kelvin, cpp, tmp_path):
    f = kelvin(f"f={cpp}", "--async-retry-delays", "30", "--async-max-age", "20", "--on-failure",
               f"file:{tmp_path / 'failure'}")
    send(f, {"do": "error", "message": "no"})
    (record,) = records(tmp_path / "failure")
    assert record["requestContext"]["condition"] == "EventAgeExceeded"
    assert record["requestContext"]["approximateInvokeCount"] == 1


def test_thousand_events_are_invoked_once_each(kelvin, cpp, tmp_path):
    f = kelvin(f"f={cpp}", "--environments", "2", "--on-success", f"file:{tmp_path / 'success'}")
    ids = set()
    with f.client() as api:
        for number in range(1000):
            answer = api.invoke("f", {"do": "echo", "value": number}, headers=EVENT)
            assert answer.status == 202
            ids.add(answer.request_id)
    found = records(tmp_path / "success", 1000)
    assert {each["requestContext"]["requestId"] for each in found} == ids
    assert sorted(each["responsePayload"] for each in found) == list(range(1000))


def test_stop_drains_attempts_and_names_what_is_dropped(kelvin, cpp, tmp_path):
    f = kelvin(f"f={cpp}", "--timeout", "30", "--on-success", f"file:{tmp_path / 'success'}")
    send(f, {"do": "error", "message": "waits for its retry"})
    f.wait_for_log("the next attempt is in 60 s")
    send(f, {"do": "sleep", "ms": 1000})
    f.wait_for_log("START ", count=2)
    f.stop()
    assert len(records(tmp_path / "success")) == 1
    assert "1 asynchronous event of f still waited for an attempt and is dropped" in f.log


def test_bad_destination_ends_the_start(cpp, tmp_path):
    for destination, problem in (("function:g", "there is no such function"),
                                 (f"file:{tmp_path}/no/file", "No such file or directory")):
        done = run_kelvin("run", f"f={cpp}", "--listen", "127.0.0.1:0", "--on-failure", destination)
        assert done.returncode != 0
        assert "--on-failure" in done.stderr and problem in done.stderr
