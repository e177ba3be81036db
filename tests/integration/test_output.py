"""What functions print: whole, in order, between START and END of its own invocation."""

import threading

from log_format import platform_lines

MANY = 10_000


def test_lines_of_ten_thousand_invocations_stay_in_their_invocation(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    ids = []
    with f.client() as api:
        for number in range(MANY):
            # Printed right before the answer: output comes by pipe, the answer by socket.
            answer = api.invoke("f", b'{"do":"print","stdout":1,"stderr":1,"tag":"<%d>"}' % number)
            assert answer.status == 200 and answer.function_error is None, answer
            ids.append(answer.request_id)
    f.wait_for_log(f"^REPORT RequestId: {ids[-1]}", deadline_seconds=30)
    lines = iter(f.log.split("\n"))
    for number, request_id in enumerate(ids):
        line = next(line for line in lines if line.startswith("START "))
        assert line == f"START RequestId: {request_id} Version: $LATEST"
        inside = sorted([next(lines), next(lines)])
        assert inside == [f"<{number}>err 0", f"<{number}>out 0"]
        assert next(lines) == f"END RequestId: {request_id}"
        assert next(lines).startswith(f"REPORT RequestId: {request_id}\t")


def test_flood_is_whole_and_in_order(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--timeout", "30")
    f.invoke("f", {"do": "print", "stdout": 100_000})
    f.wait_for_log("^REPORT ", deadline_seconds=30)
    printed = [line for line in f.log.split("\n") if line.startswith("out ")]
    assert printed == [f"out {number}" for number in range(100_000)]


def test_line_over_the_limit_comes_in_pieces(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--timeout", "30")
    f.invoke("f", {"do": "print", "long": 1_000_000})
    f.wait_for_log("^REPORT ", deadline_seconds=30)
    pieces = [line for line in f.log_lines if line.startswith(b"xx")]
    assert sum(map(len, pieces)) == 1_000_000
    assert max(map(len, pieces)) <= 256 * 1024


def test_functions_side_by_side_are_told_apart(kelvin, cpp):
    f = kelvin(f"one={cpp}", f"two={cpp}")
    threads = [threading.Thread(target=lambda name=name: f.invoke(name, {"do": "print", "stdout": 3, "tag": name}))
               for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    f.wait_for_log("REPORT ", count=2)
    lines = f.log.split("\n")
    for name in ("one", "two"):
        for number in range(3):
            assert f"[{name}] {name}out {number}" in lines


def test_log_nobody_reads_stops_no_caller(kelvin, cpp):
    """kelvin's stderr is a full pipe: functions that print must wait, but each caller gets an answer."""
    f = kelvin(f"f={cpp}", "--timeout", "2", read_log=False)
    with f.client() as api:
        for _ in range(8):
            assert api.invoke("f", {"do": "flood", "kib": 2048}).status == 200
        assert api.request("GET", "/_kelvin/health").status == 200


def test_output_of_an_idle_function_is_logged(kelvin, tmp_path):
    script = tmp_path / "bootstrap"
    script.write_text("#!/bin/sh\necho before the first next\nexec sleep 600\n")
    script.chmod(0o755)
    f = kelvin(f"f={script}", "--timeout", "1")
    thread = threading.Thread(target=lambda: f.invoke("f", {}))
    thread.start()
    f.wait_for_log("^before the first next$")
    assert not platform_lines(f.log)
    thread.join(30)
