"""`kelvin exec`: a command with a kelvin of its own; its exit status is the command's."""

import json
import signal
import subprocess
import sys

import pytest

from kelvin_process import Kelvin, binary, clean_environment, run_kelvin
from process_tree import expect_no_leftovers, is_alive, wait_until

INVOKE = """
import os, urllib.request
url = os.environ["AWS_ENDPOINT_URL_LAMBDA"] + "/2015-03-31/functions/f/invocations"
print(urllib.request.urlopen(url, data=b'{"do":"echo","value":"from exec"}').read().decode())
"""


@pytest.fixture(autouse=True)
def nothing_is_left():
    yield
    expect_no_leftovers(Kelvin.running)


def test_command_reaches_the_function(cpp):
    done = run_kelvin("exec", f"f={cpp}", "--", sys.executable, "-c", INVOKE)
    assert (done.returncode, done.stdout) == (0, '"from exec"\n'), done
    assert "REPORT RequestId" in done.stderr


def test_kelvin_adds_nothing_to_the_commands_output(cpp):
    done = run_kelvin("exec", f"f={cpp}", "--", "echo", "only this")
    assert (done.returncode, done.stdout) == (0, "only this\n")


@pytest.mark.parametrize("status", [0, 1, 3, 42, 255])
def test_status_is_the_commands(cpp, status):
    assert run_kelvin("exec", f"f={cpp}", "--", "sh", "-c", f"exit {status}").returncode == status


def test_command_killed_by_a_signal(cpp):
    done = run_kelvin("exec", f"f={cpp}", "--", "sh", "-c", "kill -KILL $$")
    assert done.returncode == 128 + signal.SIGKILL


def test_command_not_found_is_127(cpp):
    done = run_kelvin("exec", f"f={cpp}", "--", "no-such-command-anywhere")
    assert done.returncode == 127
    assert "no-such-command-anywhere" in done.stderr


def test_command_not_runnable_is_126(cpp, tmp_path):
    file = tmp_path / "plain"
    file.write_text("#!/bin/sh\n")
    done = run_kelvin("exec", f"f={cpp}", "--", str(file))
    assert done.returncode == 126
    assert str(file) in done.stderr


def test_kelvins_own_failure_is_125(tmp_path):
    done = run_kelvin("exec", f"f={tmp_path}/missing", "--", "true")
    assert done.returncode in (2, 125)
    assert f"{tmp_path}/missing" in done.stderr


def test_no_command_is_a_usage_error(cpp):
    assert run_kelvin("exec", f"f={cpp}").returncode == 2


def test_what_the_command_leaves_behind_ends(cpp, tmp_path):
    note = tmp_path / "pid"
    done = run_kelvin("exec", f"f={cpp}", "--", "sh", "-c",
                      f"setsid sleep 600 >/dev/null 2>&1 & echo $! > {note}; exit 4")
    assert done.returncode == 4
    assert note.read_text().strip().isdigit()  # The fixture proves that it is gone.


def start_exec(*arguments):
    return subprocess.Popen([binary(), "exec", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True, env=clean_environment())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_reaches_the_command(cpp, number):
    name = {signal.SIGTERM: "TERM", signal.SIGINT: "INT"}[number]
    script = f"trap 'exit 9' {name}; echo ready; while :; do sleep 0.05; done"
    with start_exec(f"f={cpp}", "--", "sh", "-c", script) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.wait(20) == 9


def test_kill_9_of_kelvin_ends_the_command(cpp):
    with start_exec(f"f={cpp}", "--", "sh", "-c", "echo $$; exec sleep 600") as process:
        pid = int(process.stdout.readline())
        process.kill()
        process.wait()
        wait_until(lambda: not is_alive(pid), what="the command's end")


def test_stdin_is_the_commands(cpp):
    done = subprocess.run([binary(), "exec", f"f={cpp}", "--", "cat"], input="through", capture_output=True, text=True,
                          timeout=30, env=clean_environment())
    assert (done.returncode, done.stdout) == (0, "through")


def test_endpoint_variables_and_the_callers_own(cpp):
    done = run_kelvin("exec", f"f={cpp}", "--", sys.executable, "-c",
                      "import json, os; print(json.dumps(dict(os.environ)))", environment={"MINE": "kept"})
    seen = json.loads(done.stdout)
    assert seen["MINE"] == "kept"
    assert seen["AWS_ENDPOINT_URL_LAMBDA"].startswith("http://127.0.0.1:")


def test_two_at_once_do_not_collide(cpp):
    processes = [start_exec(f"f={cpp}", "--", sys.executable, "-c", INVOKE) for _ in range(3)]
    for process in processes:
        with process:
            assert process.wait(30) == 0
            assert process.stdout.read() == '"from exec"\n'
