"""kelvin watch: requests in flight and held while a version is swapped, and the end of it all."""

import signal
import time

import pytest

from process_tree import wait_until
from versioned_code import (Gate, Held, ask, binary_version, code_of, new_folder, rename_over, wait_for_code,
                            wait_for_version, write_in_place)


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path / "gate")


def test_what_is_in_flight_ends_on_the_old_code_while_new_requests_get_the_new(watch, gate, level, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}", *gate.option, "--isolation", level, "--timeout", "60")
    slow = Held(f, {"hold": True})
    wait_until(lambda: code_of(f)["running"] == 1, what="the slow invocation")
    rename_over(code / "bootstrap", binary_version(2))
    wait_for_code(f, state="ready", version=2)
    with f.client() as client:
        assert ask(client)["version"] == 2
    assert not slow.is_answered()
    assert len(f.bootstraps()) == 2
    gate.release()
    assert slow.json()["version"] == 1
    f.wait_for_bootstraps(1)
    # Both ended as any invocation does, the old environment behind its REPORT.
    f.wait_for_log("^REPORT RequestId", 2)


def test_requests_are_held_while_the_new_version_initialises(watch, gate, level, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}", *gate.option, "--isolation", level, "--timeout", "1")
    wait_for_version(f, 1)
    rename_over(code / "bootstrap", binary_version(2, "gated"))
    wait_for_code(f, state="starting", version=1)
    begun = time.monotonic()
    held = [Held(f) for _ in range(3)]
    wait_until(lambda: code_of(f)["waiting"] == 3, what="three that wait")
    # Longer than the function's timeout, which counts from when it is given to an environment.
    wait_until(lambda: time.monotonic() - begun > 1.2, what="more than the function's timeout")
    assert not any(each.is_answered() for each in held)
    gate.open()
    for each in held:
        answer = each.json()
        assert answer["version"] == 2
        assert answer["remaining_ms"] > 500
    assert wait_for_code(f, state="ready", version=2)["waiting"] == 0


def test_a_front_doors_own_timeout_counts_while_requests_are_held(watch, gate, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}", *gate.option, "--api-timeout", "1", "--timeout", "20")
    wait_for_version(f, 1)
    rename_over(code / "bootstrap", binary_version(2, "gated"))
    wait_for_code(f, state="starting", version=1)
    behind_the_door, invoked = Held(f, path="/"), Held(f)
    assert behind_the_door.answer().status == 503
    assert not invoked.is_answered()
    gate.open()
    assert invoked.json()["version"] == 2


def test_an_init_over_its_limit_gives_what_was_held_to_the_old_code(watch, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}")
    wait_for_version(f, 1)
    rename_over(code / "bootstrap", binary_version(2, "gated"))
    wait_for_code(f, state="starting", version=1)
    assert Held(f).json()["version"] == 1
    assert "version 2 failed in its init" in wait_for_code(f, state="failed", version=1)["problem"]


def test_the_old_code_starts_environments_while_its_file_is_gone(watch, gate, level, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}", *gate.option, "--isolation", level, "--timeout", "60")
    (code / "bootstrap").unlink()
    wait_for_code(f, state="failed")
    held = [Held(f, {"hold": True}) for _ in range(3)]
    wait_until(lambda: code_of(f)["running"] == 3, what="three at once")
    assert len(f.bootstraps()) == 3
    write_in_place(code / "bootstrap", binary_version(2))
    wait_for_code(f, state="ready", version=2)
    gate.release()
    assert [each.json()["version"] for each in held] == [1, 1, 1]
    assert wait_for_version(f, 2)


def test_one_interrupt_drains_once_and_leaves_nothing(watch, gate, level, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}", *gate.option, "--isolation", level, "--timeout", "60", environment={"TMPDIR": str(scratch)})
    slow = Held(f, {"hold": True})
    wait_until(lambda: code_of(f)["running"] == 1, what="the slow invocation")
    rename_over(code / "bootstrap", binary_version(2))
    wait_for_code(f, state="ready", version=2)
    f.signal(signal.SIGINT)
    f.wait_for_log("stopping: invocations in progress come to their end")
    # What changes now is of no interest any more.
    rename_over(code / "bootstrap", binary_version(3))
    gate.release()
    assert slow.json()["version"] == 1
    assert f.wait() == 0
    assert f.log.count("stopping") == 1 and "version 3" not in f.log, f.log
    assert list(scratch.iterdir()) == []


def test_an_interrupt_while_a_version_initialises_ends_it(watch, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}")
    rename_over(code / "bootstrap", binary_version(2, "gated"))
    wait_for_code(f, state="starting", version=1)
    f.stop()
    assert f.log.count("stopping") == 1, f.log
