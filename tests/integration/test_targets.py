"""Targets and option values: what is wrong is said before anything starts, with what to do about it."""

import ctypes
import shutil
import struct
import zipfile
from pathlib import Path

import pytest

from kelvin_process import run_kelvin

START_FAILURES = (1, 2, 3)  # Anything but success or a signal.


def refused(*arguments, **options):
    done = run_kelvin("run", *arguments, "--listen", "127.0.0.1:0", timeout_seconds=20, **options)
    assert done.returncode in START_FAILURES, done
    assert "terminate called" not in done.stderr
    return done.stderr


def executable(path: Path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)
    return path


def test_missing(tmp_path):
    assert str(tmp_path / "absent") in refused(f"f={tmp_path}/absent")


def test_folder_without_bootstrap(tmp_path):
    text = refused(f"f={tmp_path}")
    assert str(tmp_path) in text and "bootstrap" in text


def test_not_executable(tmp_path):
    file = executable(tmp_path / "bootstrap", b"#!/bin/sh\n")
    file.chmod(0o644)
    text = refused(f"f={file}")
    assert str(file) in text and "chmod +x" in text


def heed_file_modes():
    """Takes from root, before exec, what lets it read every file."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def test_not_readable(tmp_path):
    file = executable(tmp_path / "bootstrap", b"#!/bin/sh\n")
    file.chmod(0o000)
    assert str(file) in refused(f"f={file}", preexec_fn=heed_file_modes)


def test_text_without_interpreter_line(tmp_path):
    text = refused(f"f={executable(tmp_path / 'bootstrap', b'echo hello')}")
    assert "#!" in text


def test_interpreter_that_is_missing(tmp_path):
    text = refused(f"f={executable(tmp_path / 'bootstrap', b'#!/no/such/interpreter')}")
    assert "/no/such/interpreter" in text


def test_empty_file(tmp_path):
    assert "empty" in refused(f"f={executable(tmp_path / 'bootstrap', b'')}")


def test_wrong_architecture(tmp_path, cpp):
    program = bytearray(Path(cpp).read_bytes())
    machine, = struct.unpack_from("<H", program, 18)
    struct.pack_into("<H", program, 18, 62 if machine == 183 else 183)  # x86-64 and AArch64, swapped
    text = refused(f"f={executable(tmp_path / 'bootstrap', bytes(program))}")
    assert ("arm64" in text or "aarch64" in text) and "x86_64" in text


def test_bootstrap_that_is_a_folder(tmp_path):
    (tmp_path / "bootstrap").mkdir()
    assert "bootstrap" in refused(f"f={tmp_path}")


def test_no_target_and_nothing_here(tmp_path):
    assert "bootstrap" in refused(cwd=tmp_path)


def test_bootstrap_in_the_present_folder(kelvin, cpp, tmp_path):
    shutil.copy(cpp, tmp_path / "bootstrap")
    f = kelvin(cwd=tmp_path)
    assert f.invoke("function", {"do": "echo", "value": 1}).body == b"1"


def test_folder_and_zip(kelvin, cpp, tmp_path):
    folder = tmp_path / "my-folder"
    folder.mkdir()
    shutil.copy(cpp, folder / "bootstrap")
    archive = tmp_path / "my-zip.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.write(cpp, "bootstrap")
    f = kelvin(str(folder), str(archive))
    assert set(f.ready["functions"]) == {"my-folder", "my-zip"}
    for name in f.ready["functions"]:
        assert f.invoke(name, {"do": "echo", "value": name}).json == name


def test_zip_that_is_broken(tmp_path):
    archive = tmp_path / "f.zip"
    archive.write_bytes(b"PK\x03\x04 and no more")
    assert str(archive) in refused(f"f={archive}")


def test_zip_that_climbs_out(tmp_path, cpp):
    archive = tmp_path / "f.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.write(cpp, "bootstrap")
        zipped.writestr("../climbed", "x")
    assert "../climbed" in refused(f"f={archive}")
    assert not (tmp_path / "climbed").exists()


def test_layer_that_is_missing(cpp):
    assert "--layer /no/such/layer" in refused(f"f={cpp}", "--layer", "/no/such/layer")


def test_same_name_twice(cpp):
    assert "f" in refused(f"f={cpp}", f"f={cpp}")


@pytest.mark.parametrize("option, value", [
    ("--memory", "127"), ("--memory", "10241"), ("--memory", "much"), ("--timeout", "0"), ("--timeout", "901"),
    ("--timeout", "-1"), ("--listen", "nonsense"), ("--listen", "127.0.0.1:65536"), ("--max-concurrency", "-1"),
    ("--environments", "0"), ("--env", "NOVALUE"), ("--env", "AWS_REGION=x"), ("--isolation", "none"),
    ("--log-level", "loud"), ("--log-format", "xml"), ("--no-such-option", "1"), ("--idle-timeout", "soon"),
    ("--credentials", "profile:"), ("--env-file", "/no/such/file"),
])
def test_bad_option_value_is_2(cpp, option, value):
    arguments = [] if option == "--listen" else ["--listen", "127.0.0.1:0"]
    done = run_kelvin("run", f"f={cpp}", *arguments, option, value, timeout_seconds=20)
    assert done.returncode == 2, done
    assert option in done.stderr or value.partition("=")[0] in done.stderr, done.stderr


def test_bad_value_from_the_environment_names_the_variable(cpp):
    done = run_kelvin("run", f"f={cpp}", "--listen", "127.0.0.1:0", environment={"KELVIN_MEMORY": "1"},
                      timeout_seconds=20)
    assert done.returncode == 2
    assert "memory" in done.stderr.lower()


@pytest.mark.parametrize("command", ["bench", "event", "new", "package", "deploy"])
def test_command_of_a_later_version(command):
    done = run_kelvin(command, timeout_seconds=20)
    assert done.returncode == 2
    assert "not in this version" in done.stderr


def test_help_and_version():
    shown = run_kelvin("run", "--help")
    assert shown.returncode == 0
    for word in ("--memory", "KELVIN_MEMORY", "128", "--timeout", "--listen", "--ready-fd"):
        assert word in shown.stdout
    assert run_kelvin("--version").returncode == 0
    assert run_kelvin("no-such-command").returncode == 2


def test_bootstrap_replaced_while_kelvin_runs_fails_as_on_aws(kelvin, tmp_path, cpp):
    target = tmp_path / "bootstrap"
    shutil.copy(cpp, target)
    f = kelvin(f"f={target}")
    target.unlink()
    answer = f.invoke("f", {"do": "echo", "value": 1})
    assert answer.function_error == "Unhandled"
    assert answer.json["errorType"] == "Runtime.InvalidEntrypoint"
    shutil.copy(cpp, target)
    assert f.invoke("f", {"do": "echo", "value": 1}).body == b"1"
