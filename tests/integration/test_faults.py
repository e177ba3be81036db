"""Processes that die at any moment, callers that leave: no accepted request without an answer, nothing left over."""

import json
import os
import signal
import threading

import pytest

from kelvin_process import Kelvin, expect_memory_below
from process_tree import descriptor_count, is_alive, resident_kib, wait_until

MANY = 10_000


def in_background(call):
    """Runs call() in a thread; returns a function that waits for its result."""
    results = []
    thread = threading.Thread(target=lambda: results.append(call()))
    thread.start()

    def result():
        thread.join(60)
        assert results, "no answer"
        return results[0]

    return result


def test_kill_9_leaves_no_process(kelvin, cpp, rogue):
    f = kelvin(f"f={cpp}", f"g={rogue}", "--env", "MODE=setsid_daemon", "--timeout", "30")
    grandchild = f.outer_pid(f.invoke("f", {"do": "fork"}).json["pid"])
    f.invoke("g", "rogue")
    asleep = in_background(lambda: pytest.raises(Exception, f.invoke, "f", {"do": "sleep", "ms": 20000}))
    wait_until(lambda: len(f.wait_for_log("START RequestId", count=2)) >= 2)
    below = f.descendants()
    assert grandchild in below and len(below) >= 3
    f.kill()  # Also proves that every orphan is gone.
    assert not [pid for pid in below if is_alive(pid)]
    asleep()


def test_grandchild_outlives_neither_a_crash_nor_a_timeout(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--timeout", "1")
    with f.client() as api:
        for end in ({"do": "crash"}, {"do": "sleep", "ms": 5000}):
            grandchild = f.outer_pid(api.invoke("f", {"do": "fork"}).json["pid"])
            assert is_alive(grandchild)
            assert api.invoke("f", end).function_error == "Unhandled"
            wait_until(lambda: not is_alive(grandchild), what="the grandchild's end")


def test_caller_that_hangs_up_disturbs_nobody(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--timeout", "5", "--reserved-concurrency", "1")
    for number in range(20):
        leaver = f.client()
        leaver.send_request("POST", "/2015-03-31/functions/f/invocations", b'{"do":"sleep","ms":20}')
        f.wait_for_log("^START", count=2 * number + 1)
        leaver.close()
        f.wait_for_log("^REPORT ", count=2 * number + 1)
        assert f.invoke("f", {"do": "count"}).json["count"] == 2 * number + 2


def test_caller_that_leaves_amid_its_body_starts_nothing(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    leaver = f.client()
    leaver.send(b"POST /2015-03-31/functions/f/invocations HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Length: 50\r\n\r\n{\"do\"")
    leaver.close()
    assert f.invoke("f", {"do": "count"}).json["count"] == 1
    f.wait_for_log("^REPORT ")
    assert f.log.count("START RequestId") == 1


def test_bootstrap_killed_while_it_works(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--timeout", "20")
    pid = f.outer_pid(f.invoke("f", {"do": "count"}).json["pid"])
    result = in_background(lambda: f.invoke("f", {"do": "sleep", "ms": 15000}))
    f.wait_for_log("^START", count=2)
    os.kill(pid, signal.SIGKILL)
    answer = result()
    assert answer.function_error == "Unhandled"
    assert answer.json == {"errorType": "Runtime.ExitError", "errorMessage":
                           f"RequestId: {answer.request_id} Error: Runtime exited with error: signal: killed"}
    assert f.invoke("f", {"do": "count"}).json["count"] == 1


def test_bootstrap_killed_while_it_is_idle(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    for _ in range(20):
        pid = f.outer_pid(f.invoke("f", {"do": "count"}).json["pid"])
        os.kill(pid, signal.SIGKILL)
        # Whether kelvin has noticed or not: the caller is served by a fresh process.
        answer = f.invoke("f", {"do": "count"})
        assert answer.status == 200
        if answer.function_error is None:
            assert answer.json["count"] == 1
        else:
            assert "signal: killed" in answer.json["errorMessage"]
        assert is_alive(f.outer_pid(f.invoke("f", {"do": "count"}).json["pid"]))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGSTOP])
def test_other_signals_to_the_bootstrap_end_as_on_aws(kelvin, cpp, number):
    f = kelvin(f"f={cpp}", "--timeout", "2")
    pid = f.outer_pid(f.invoke("f", {"do": "count"}).json["pid"])
    result = in_background(lambda: f.invoke("f", {"do": "sleep", "ms": 10000}))
    f.wait_for_log("^START", count=2)
    os.kill(pid, number)
    answer = result()
    if number == signal.SIGTERM:
        assert answer.json["errorMessage"].endswith("Runtime exited with error: signal: terminated")
    else:
        assert answer.json["errorType"] == "Sandbox.Timedout"
    assert f.invoke("f", {"do": "count"}).json["count"] == 1


def helpers(f):
    """kelvin's own processes below it: everything that is no function."""
    return [pid for pid in f.descendants_named("^kelvin")]


def test_helper_processes_killed_while_idle(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    f.invoke("f", {"do": "echo", "value": 1})
    for _ in range(5):
        for pid in helpers(f):
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)
        answers = [f.invoke("f", {"do": "echo", "value": 2}) for _ in range(3)]
        assert all(answer.status == 200 for answer in answers)
        assert answers[-1].body == b"2", answers


def test_helper_processes_killed_amid_invocations(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--timeout", "10", "--environments", "8")
    for _ in range(3):
        results = [in_background(lambda: f.invoke("f", {"do": "sleep", "ms": 3000})) for _ in range(6)]
        started = f.log.count("START RequestId")
        wait_until(lambda: f.log.count("START RequestId") >= started + 1)
        victims = helpers(f)
        assert victims
        for pid in victims:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)
        answers = [result() for result in results]
        assert all(answer.status in (200, 500) for answer in answers), answers
        assert f.invoke("f", {"do": "echo", "value": 3}).body == b"3"


def state_of(f: Kelvin):
    return descriptor_count(f.pid), len(f.descendants()), resident_kib(f.pid)


def test_one_in_ten_of_ten_thousand_crashes_and_nothing_grows(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--timeout", "10")
    right = wrong = 0
    with f.client() as api:

        def run(first, last):
            nonlocal right, wrong
            for number in range(first, last):
                if number % 10 == 9:
                    answer = api.invoke("f", b'{"do":"exit","code":%d}' % (number % 3))
                    assert answer.status == 200 and answer.function_error == "Unhandled", answer
                    assert json.loads(answer.body)["errorType"] == "Runtime.ExitError"
                    assert answer.request_id in answer.body.decode()
                    wrong += 1
                else:
                    answer = api.invoke("f", b'{"do":"echo","value":%d}' % number)
                    assert answer.function_error is None and answer.body == b"%d" % number, answer
                    right += 1

        def settled():
            """After a last good invocation one environment is left, and what ended is cleared away."""
            api.invoke("f", b'{"do":"echo","value":0}')
            wait_until(lambda: len(f.bootstraps()) == 1)
            readings = [state_of(f)]

            def steady():
                readings.append(state_of(f))
                return len(readings) > 5 and len({reading[:2] for reading in readings[-5:]}) == 1

            wait_until(steady, 20, "steady descriptors and processes")
            return readings[-1]

        run(0, 1000)
        before = settled()
        run(1000, MANY)
        after = settled()
    assert (right, wrong) == (MANY * 9 // 10, MANY // 10)
    assert after[0] <= before[0] + 4, f"descriptors grew from {before[0]} to {after[0]}"
    assert after[1] <= before[1] + 1, f"processes grew from {before[1]} to {after[1]}"
    expect_memory_below(f.pid, before[2] + 4096)
