"""kelvin watch: every way in which editors and linkers put a new version in place ends in its answers."""

import os
import threading

import pytest

from process_tree import wait_until
from versioned_code import (ask, binary_version, code_of, make_again, new_folder, remove_folder, rename_over,
                            shell_version, wait_for_code, wait_for_version, write_in_place, zip_of)


@pytest.fixture(params=[binary_version, shell_version], ids=["binary", "shell"])
def version(request):
    return request.param


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
