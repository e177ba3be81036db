"""kelvin watch: every way in which editors and linkers put a new version in place ends in its answers."""

import json
import os
import select
import signal
import threading
import time

import pytest

from kelvin_process import need_level
from process_tree import wait_until
from versioned_code import (ask, binary_version, code_of, make_again, new_folder, remove_folder, rename_over,
                            shell_version, wait_for_code, wait_for_version, write_in_place, zip_of)


@pytest.fixture(params=["host", "lambda"])
def level(request):
    need_level(request.param)
    return request.param


@pytest.fixture(params=[binary_version, shell_version], ids=["binary", "shell"])
def version(request):
    return request.param


@pytest.fixture
def watch(kelvin):
    """Starts a `kelvin watch` and waits until the first version of each function serves."""
    def start(*arguments, **options):
        started = kelvin(*arguments, command="watch", **options)
        for name in started.ready["functions"]:
            wait_for_code(started, name, state="ready", version=1)
        return started
    return start


@pytest.mark.parametrize("put", [write_in_place, rename_over, make_again])
def test_a_new_version_answers_however_it_is_put_in_place(watch, level, version, put, tmp_path):
    code = new_folder(tmp_path / "code", version(1))
    f = watch(f"f={code}", "--isolation", level)
    assert wait_for_version(f, 1)
    for number in (2, 3):
        put(code / "bootstrap", version(number))
        wait_for_version(f, number)


def test_a_bootstrap_named_as_the_target_is_watched_alone(watch, version, tmp_path):
    code = new_folder(tmp_path / "code", version(1))
    f = watch(f"f={code}/bootstrap")
    before = wait_for_version(f, 1)
    (code / "other.txt").write_text("not watched")
    rename_over(code / "bootstrap", version(2))
    wait_for_version(f, 2)
    assert wait_for_code(f, state="ready")["version"] == 2
    assert before["pid"]


def test_the_mode_bit_alone_makes_a_version(watch, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}")
    (code / ".new").write_bytes(binary_version(2))
    os.chmod(code / ".new", 0o644)
    os.rename(code / ".new", code / "bootstrap")
    with f.client() as client:
        for _ in range(20):
            assert ask(client)["version"] == 1
    os.chmod(code / "bootstrap", 0o755)
    wait_for_version(f, 2)
    assert wait_for_code(f, state="ready")["version"] == 2


def test_many_small_writes_make_one_version(watch, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}")
    content = binary_version(2)
    with f.client() as client, open(code / "bootstrap", "wb", buffering=0) as file:
        for begin in range(0, len(content), len(content) // 40):
            file.write(content[begin:begin + len(content) // 40])
            for _ in range(20):
                assert ask(client)["version"] == 1
    wait_for_version(f, 2)
    assert wait_for_code(f, state="ready")["version"] == 2


def test_a_half_written_binary_never_runs(watch, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}")
    content = binary_version(2)
    (code / "bootstrap").write_bytes(content[:len(content) // 2])
    # Long before this the half was looked at, and looked at again.
    problem = wait_for_code(f, state="failed")["problem"]
    assert f"waiting for {code}/bootstrap: it is cut short" in problem and "version 1 serves on" not in problem
    with f.client() as client:
        assert ask(client)["version"] == 1
    with open(code / "bootstrap", "ab") as file:
        file.write(content[len(content) // 2:])
    wait_for_version(f, 2)
    assert wait_for_code(f, state="ready")["version"] == 2
    assert "failed in its init" not in f.log


def test_what_somebody_still_writes_is_waited_for(watch, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}")
    rename_over(code / "bootstrap", binary_version(2))
    wait_for_version(f, 2)
    with f.client() as client, open(code / "bootstrap", "r+b", buffering=0) as file:
        file.write(binary_version(3))
        # Whole, but nobody may exec it now: "text file busy".
        for _ in range(100):
            assert ask(client)["version"] == 2
    wait_for_version(f, 3)
    assert wait_for_code(f, state="ready")["version"] == 3


@pytest.mark.parametrize("of_folder", [False, True], ids=["file", "folder"])
def test_a_link_is_switched(watch, level, of_folder, tmp_path):
    for number in (1, 2):
        new_folder(tmp_path / f"release{number}", binary_version(number), other=f"of {number}")
    if of_folder:
        link, target = tmp_path / "current", "release%d"
    else:
        (tmp_path / "current").mkdir()
        link, target = tmp_path / "current" / "bootstrap", "../release%d/bootstrap"
    link.symlink_to(target % 1)
    f = watch(f"f={tmp_path}/current", "--isolation", level)
    wait_for_version(f, 1)
    beside = tmp_path / ".link"
    os.symlink(target % 2, beside)
    os.rename(beside, link)
    answer = wait_for_version(f, 2)
    assert answer["other"] == ("of 2" if of_folder else "")


def test_another_file_of_the_folder_makes_a_version_too(watch, level, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1), other="old")
    f = watch(f"f={code}", "--isolation", level)
    before = wait_for_version(f, 1)
    assert before["other"] == "old"
    (code / ".hidden").write_text("not code")
    (code / "main.o").write_text("not code")
    (code / "other.txt").write_text("new")
    wait_for_code(f, state="ready", version=2)
    after = wait_for_version(f, 1)
    assert after["other"] == "new"
    assert len(f.bootstraps()) == 1


def test_a_folder_goes_and_comes_back(watch, level, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}", "--isolation", level)
    wait_for_version(f, 1)
    remove_folder(code)
    said = wait_for_code(f, state="failed")
    assert f"{code}/bootstrap is gone" in said["problem"]
    with f.client() as client:
        assert ask(client)["version"] == 1
    new_folder(tmp_path / "made", binary_version(2), other="back")
    os.rename(tmp_path / "made", code)
    assert wait_for_version(f, 2)["other"] == "back"
    said = wait_for_code(f, state="ready")
    assert "problem" not in said


def test_a_zip_is_replaced(watch, level, tmp_path):
    archive = tmp_path / "code.zip"
    zip_of(archive, binary_version(1), **{"other.txt": "one"})
    f = watch(f"f={archive}", "--isolation", level)
    assert wait_for_version(f, 1)["other"] == "one"
    zip_of(archive, binary_version(2), **{"other.txt": "two"})
    assert wait_for_version(f, 2)["other"] == "two"
    archive.write_bytes(b"PK\x03\x04 and no more")
    with f.client() as client:
        for _ in range(50):
            assert ask(client)["version"] == 2
    write_in_place(archive, zip_bytes(tmp_path, 3))
    wait_for_version(f, 3)


def zip_bytes(folder, number):
    zip_of(folder / "beside.zip", binary_version(number))
    return (folder / "beside.zip").read_bytes()


def test_a_layer_is_changed(watch, level, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    layer = tmp_path / "layer" / "bin"
    layer.mkdir(parents=True)
    (layer / "layer.txt").write_text("old")
    f = watch(f"f={code}", "--isolation", level, "--layer", str(tmp_path / "layer"))
    before = wait_for_version(f, 1)
    assert before["layer"] == "old"
    (layer / "layer.txt").write_text("new")
    wait_for_code(f, state="ready", version=2)
    after = wait_for_version(f, 1)
    assert after["layer"] == "new"


def test_a_runtime_in_a_layer_is_watched(watch, level, tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    layer = new_folder(tmp_path / "layer", binary_version(1))
    f = watch(f"f={code}", "--isolation", level, "--layer", str(layer))
    wait_for_version(f, 1)
    rename_over(layer / "bootstrap", binary_version(2))
    wait_for_version(f, 2)
    # The function's own comes first.
    write_in_place(code / "bootstrap", binary_version(3))
    wait_for_version(f, 3)


def test_a_crash_at_init_leaves_the_old_code_until_it_is_repaired(watch, level, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}", "--isolation", level)
    wait_for_version(f, 1)
    rename_over(code / "bootstrap", binary_version(2, "crash"))
    said = wait_for_code(f, state="failed")
    assert (said["version"], said["problem"]) == (1, "version 2 failed in its init")
    f.wait_for_log("version 2 failed in its init; version 1 serves on")
    with f.client() as client:
        assert ask(client)["version"] == 1
    rename_over(code / "bootstrap", binary_version(3))
    wait_for_version(f, 3)
    said = wait_for_code(f, state="ready", version=3)
    assert "problem" not in said


def test_without_keep_last_good_a_crash_at_init_is_what_callers_get(watch, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}", "--no-keep-last-good")
    wait_for_version(f, 1)
    rename_over(code / "bootstrap", binary_version(2, "crash"))
    assert wait_for_code(f, state="failed")["version"] == 2
    answer = f.invoke("f", {})
    assert (answer.status, answer.function_error) == (200, "Unhandled")
    assert answer.json["errorType"] == "Runtime.ExitError"
    rename_over(code / "bootstrap", binary_version(3))
    wait_for_code(f, state="ready", version=3)
    assert wait_for_version(f, 3)


def test_the_first_version_serves_though_its_init_fails(kelvin, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1, "crash"))
    f = kelvin(f"f={code}", command="watch")
    assert wait_for_code(f, state="failed")["version"] == 1
    assert f.invoke("f", {}).function_error == "Unhandled"
    # It runs from its snapshot, so it can be written over.
    write_in_place(code / "bootstrap", binary_version(2))
    wait_for_code(f, state="ready", version=2)
    assert wait_for_version(f, 2)


def test_a_storm_of_files_is_a_swap_at_most_and_holds_up_nobody(watch, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"f={code}")
    wait_for_version(f, 1)
    done = threading.Event()

    def storm():
        for number in range(5000):
            folder = code / f"d{number // 500}"
            folder.mkdir(exist_ok=True)
            (folder / f"file{number}").write_text("x")
        done.set()

    thread = threading.Thread(target=storm)
    thread.start()
    answered = 0
    with f.client() as client:
        while not done.is_set():
            assert ask(client)["version"] == 1
            answered += 1
    thread.join()
    assert answered > 10
    rename_over(code / "bootstrap", binary_version(2))
    wait_for_version(f, 2)
    said = wait_for_code(f, state="ready")
    # One a second at the most, however long the storm was on a busy machine.
    assert said["version"] < 10, said
    (code / "d3" / "file1700").write_text("watched after the storm")
    wait_for_code(f, state="ready", version=said["version"] + 1)


def test_only_the_function_whose_code_changed_restarts(watch, tmp_path):
    for name in ("one", "two"):
        new_folder(tmp_path / name, binary_version(1))
    f = watch(f"one={tmp_path}/one", f"two={tmp_path}/two")
    untouched = wait_for_version(f, 1, "two")
    pids = set(f.bootstraps())
    rename_over(tmp_path / "one" / "bootstrap", binary_version(2))
    wait_for_version(f, 2, "one")
    assert wait_for_version(f, 1, "two")["pid"] == untouched["pid"]
    wait_until(lambda: len(f.bootstraps()) == 2, what="the old environment's end")
    assert len(pids & set(f.bootstraps())) == 1
    assert code_of(f, "two")["version"] == 1


def test_one_folder_under_two_names_is_two_functions(watch, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = watch(f"one={code}", f"two={code}")
    rename_over(code / "bootstrap", binary_version(2))
    for name in ("one", "two"):
        wait_for_version(f, 2, name)


class Held:
    """An invocation whose answer is not waited for yet."""

    def __init__(self, kelvin, event=None, path="/2015-03-31/functions/f/invocations", method="POST"):
        self.client = kelvin.client()
        self.client.send_request(method, path, json.dumps(event or {}).encode())

    def is_answered(self):
        return bool(select.select([self.client.socket], [], [], 0)[0])

    def answer(self):
        answer = self.client.receive()
        self.client.close()
        return answer

    def json(self):
        answer = self.answer()
        assert answer.status == 200 and answer.function_error is None, answer
        return answer.json


class Gate:
    """A layer whose hidden files, which are no code, let held handlers and inits go on."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "bin").mkdir(parents=True)
        self.option = ("--layer", str(folder))

    def release(self):
        (self.folder / "bin" / ".release").touch()

    def open(self):
        (self.folder / "bin" / ".open").touch()


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
