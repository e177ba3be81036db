"""kelvin watch where the machine refuses: inotify's limits, a full disk, kelvin's own files in what is watched."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from kelvin_process import binary, clean_environment, run_kelvin
from lambda_client import LambdaClient
from process_tree import wait_until
from versioned_code import ask, binary_version, files_below, new_folder, rename_over, wait_for_code, wait_for_version


def in_namespaces(script):
    """What to put before a kelvin so that it runs in user and mount namespaces of its own, behind a shell script."""
    prefix = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f'set -e; {script}; exec "$@"', "sh"]
    if subprocess.run([*prefix, "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody make user and mount namespaces, or not set limits in them")
    return prefix


def test_no_inotify_instance_left_is_told_with_the_sysctl(tmp_path):
    prefix = in_namespaces("echo 0 >/proc/sys/user/max_inotify_instances")
    code = new_folder(tmp_path / "code", binary_version(1))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = run_kelvin("watch", f"f={code}", "--listen", "127.0.0.1:0", "--isolation", "host", prefix=prefix,
                      environment={"TMPDIR": str(scratch)})
    assert done.returncode == 3, done
    assert "sudo sysctl fs.inotify.max_user_instances=" in done.stderr, done.stderr
    assert list(scratch.iterdir()) == []


def test_a_folder_that_cannot_be_watched_is_told_and_the_rest_goes_on(kelvin, tmp_path):
    prefix = in_namespaces("echo 30 >/proc/sys/user/max_inotify_watches")
    code = new_folder(tmp_path / "code", binary_version(1))
    f = kelvin(f"f={code}", "--isolation", "host", command="watch", prefix=prefix)
    wait_for_version(f, 1)
    for number in range(40):
        (code / f"d{number}").mkdir()
    line, = f.wait_for_log("part of its code is not watched")
    assert "sudo sysctl fs.inotify.max_user_watches=" in line, line
    rename_over(code / "bootstrap", binary_version(2))
    wait_for_version(f, 2)


def test_a_full_disk_leaves_the_old_code_serving(kelvin, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    content = binary_version(1)
    kib = len(content) * 7 // 2 // 1024  # three versions at once, and no fourth
    prefix = in_namespaces(f"mount -t tmpfs -o size={kib}k tmpfs {scratch}")
    code = new_folder(tmp_path / "code", content)
    f = kelvin(f"f={code}", "--isolation", "host", command="watch", prefix=prefix, environment={"TMPDIR": str(scratch)})
    wait_for_version(f, 1)
    inside = Path(f"/proc/{f.pid}/root{scratch}")
    with open(inside / "ballast", "wb", buffering=0) as ballast:
        with pytest.raises(OSError):
            while True:
                ballast.write(bytes(4096))
    rename_over(code / "bootstrap", binary_version(2))
    said = wait_for_code(f, state="failed", version=1)
    for part in ("the disk is full", f"{len(content)} bytes are needed", "TMPDIR", "save it again"):
        assert part in said["problem"], said
    with f.client() as client:
        assert ask(client)["version"] == 1
    (inside / "ballast").unlink()
    rename_over(code / "bootstrap", binary_version(3))
    wait_for_version(f, 3)
    wait_until(lambda: len(files_below(inside)) == 1, what="one snapshot")


def test_kelvins_own_files_in_a_watched_folder_are_no_change(kelvin, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    f = kelvin(f"f={code}", command="watch", environment={"TMPDIR": str(code)})
    for number in (1, 2, 3):
        rename_over(code / "bootstrap", binary_version(number))
        wait_for_version(f, number)
    said = wait_for_code(f, state="ready")
    assert said["version"] in (3, 4), said
    rename_over(code / "bootstrap", binary_version(4))
    wait_for_version(f, 4)
    assert wait_for_code(f, state="ready")["version"] == said["version"] + 1


def test_kelvins_log_in_a_watched_folder_is_no_change(tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    log = code / "kelvin.log"
    with open(log, "wb") as file:
        process = subprocess.Popen(
            [binary(), "watch", f"f={code}", "--listen", "127.0.0.1:0", "--ready-file", code / "ready", "--no-build"],
            stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=clean_environment())
    try:
        wait_until(lambda: "version 1 serves" in log.read_text(), 20, "version 1")
        for number in (2, 3):
            rename_over(code / "bootstrap", binary_version(number))
            wait_until(lambda: f"version {number} serves" in log.read_text(), 20, f"version {number}")
        port = json.loads((code / "ready").read_text())["port"]
        with LambdaClient(port) as client:
            for _ in range(20):
                assert ask(client)["version"] == 3
        rename_over(code / "bootstrap", binary_version(9))
        wait_until(lambda: "version 4 serves" in log.read_text(), 20, "version 4")
        with LambdaClient(port) as client:
            assert ask(client)["version"] == 9, log.read_text()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
