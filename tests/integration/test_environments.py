"""How many environments serve how many invocations."""

import json
import threading

from log_format import kinds

MANY = 10_000


def test_ten_thousand_sequential_invocations_use_one_environment(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    with f.client() as api:
        pids = set()
        for number in range(1, MANY + 1):
            answer = api.invoke("f", b'{"do":"count"}')
            assert answer.status == 200 and answer.function_error is None, answer
            seen = json.loads(answer.body)
            assert seen["count"] == number
            pids.add(seen["pid"])
    assert len(pids) == 1
    assert f.bootstraps() == [f.outer_pid(pid) for pid in pids]


def test_reserved_concurrency_1_throttles_no_sequential_caller(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--reserved-concurrency", "1")
    with f.client() as api:
        for number in range(1, MANY + 1):
            answer = api.invoke("f", b'{"do":"count"}')
            assert answer.status == 200, f"invocation {number}: {answer}"
            assert json.loads(answer.body)["count"] == number


def test_sequential_callers_on_new_connections_use_one_environment(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    for number in range(1, 501):
        assert f.invoke("f", {"do": "count"}).json["count"] == number


def call_at_once(f, count, event):
    """`count` callers that send at the same moment; returns their answers."""
    answers, barrier = [], threading.Barrier(count)

    def call():
        with f.client() as api:
            barrier.wait(30)
            answers.append(api.invoke("f", event))

    threads = [threading.Thread(target=call) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == count
    return answers


def test_burst_on_a_cold_function_starts_no_more_environments_than_callers(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--environments", "64", "--environments-total", "64", "--timeout", "20")
    answers = call_at_once(f, 20, {"do": "count"})
    assert all(answer.status == 200 and answer.function_error is None for answer in answers)
    f.wait_for_log("^REPORT ", count=20)
    assert 1 <= len(f.bootstraps()) <= 20
    assert kinds(f.log).count("START") == 20


def test_burst_over_the_environments_waits_and_is_answered(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--environments", "3", "--timeout", "20")
    answers = call_at_once(f, 30, {"do": "sleep", "ms": 50})
    assert all(answer.status == 200 and answer.function_error is None for answer in answers)
    assert len(f.bootstraps()) == 3
    f.wait_for_log("--environments")  # the option that would lift the limit


def test_wait_is_not_part_of_the_duration(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--environments", "1", "--timeout", "1")
    answers = call_at_once(f, 4, {"do": "sleep", "ms": 600})
    assert all(answer.json == {"slept": 600} for answer in answers), "waiting must not eat the function's timeout"


def test_memory_of_the_function_is_measured(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--timeout", "10")
    with f.client() as api:
        api.invoke("f", {"do": "echo", "value": 1})
        api.invoke("f", {"do": "memory", "mib": 64})
    small, large = f.wait_for_log("^REPORT ", count=2)
    used = [int(line.split("Max Memory Used: ")[1].split(" ")[0]) for line in (small, large)]
    assert used[0] < 20 and 64 <= used[1] < 90


def test_idle_environments_end(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--idle-timeout", "1")
    f.invoke("f", {"do": "echo", "value": 1})
    f.wait_for_bootstraps(0, deadline_seconds=10)
    assert f.invoke("f", {"do": "count"}).json["count"] == 1


def test_two_functions_do_not_mix(kelvin, cpp):
    f = kelvin(f"one={cpp}", f"two={cpp}")
    assert set(f.ready["functions"]) == {"one", "two"}
    assert f.invoke("one", {"do": "count"}).json["count"] == 1
    assert f.invoke("two", {"do": "count"}).json["count"] == 1
    assert f.invoke("one", {"do": "environ"}).json["AWS_LAMBDA_FUNCTION_NAME"] == "one"
    assert f.invoke("function", {"do": "count"}).status == 404


def test_functions_call_each_other_by_the_endpoint(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    endpoint = f.invoke("f", {"do": "environ"}).json["AWS_ENDPOINT_URL_LAMBDA"]
    assert endpoint == f.url
