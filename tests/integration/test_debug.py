"""--debug: real debuggers attach to a function, and neither the function's timeout nor anything else ends it meanwhile.

Whoever debugs needs symbols, so that the functions are built here, without optimisation.
"""

import os
import re
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from kelvin_process import run_kelvin
from process_tree import is_alive, name_of, wait_until

TOP = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


def need(program):
    """Skips a test where the debugger is missing; with CI=true ./dev counts that as a failure."""
    if not shutil.which(program) and os.environ.get("KELVIN_ALLOW_MISSING") == "1":
        pytest.skip(f"{program} is not installed")
    assert shutil.which(program), f"{program} is not installed: `./dev test` installs it"


def build_cpp(folder):
    subprocess.run(["g++", "-std=c++20", "-g", "-O0", "-o", folder / "bootstrap", TOP / "examples/cpp-echo/main.cpp"],
                   check=True, timeout=300)
    return str(folder / "bootstrap")


@pytest.fixture(scope="module")
def cpp_echo(tmp_path_factory):
    return build_cpp(tmp_path_factory.mktemp("cpp-echo"))


@pytest.fixture(scope="module")
def go_echo(tmp_path_factory):
    need("go")
    program = tmp_path_factory.mktemp("go-echo") / "bootstrap"
    subprocess.run(["go", "build", "-buildvcs=false", "-gcflags=all=-N -l", "-o", program, "."],
                   cwd=TOP / "examples" / "go-echo", env={**os.environ, "CGO_ENABLED": "0"}, check=True, timeout=600)
    return str(program)


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Later:
    """An invocation whose answer comes when the debugger lets it."""

    def __init__(self, kelvin, event, path=None):
        self.answer = None
        self.thread = threading.Thread(target=self._run, args=(kelvin, event, path), daemon=True)
        self.thread.start()

    def _run(self, kelvin, event, path):
        with kelvin.client(timeout_seconds=PATIENCE_SECONDS) as client:
            self.answer = client.request("POST", path, event) if path else client.invoke("f", event)

    def wait(self):
        self.thread.join(PATIENCE_SECONDS)
        assert not self.thread.is_alive(), "no answer came"
        return self.answer


def run_debugger(*command, script=""):
    done = subprocess.run([*command], input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=PATIENCE_SECONDS)
    return done.stdout


def gdb(program, *commands, options=()):
    words = [word for command in commands for word in ("-ex", command)]
    return run_debugger("gdb", "-nx", "-batch", "-ex", "set pagination off", "-ex", "set sysroot /",
                        "-ex", "set debuginfod enabled off", *options, program, *words)


def attached(port):
    return f"target remote 127.0.0.1:{port}"


# It is what must NOT happen that is looked for: a moment longer than the timeout of 1 s, measured from when the
# breakpoint is hit, has to pass by itself.
PAST_TIMEOUT = "shell sleep 1.5"


def test_gdb_holds_an_invocation_past_its_timeout(kelvin, cpp_echo, port):
    need("gdb"), need("gdbserver")
    f = kelvin(f"f={cpp_echo}", "--debug", "f", "--debug-port", str(port), "--timeout", "1", "--memory", "128",
               "--cpu", "lambda", "--freeze", "--idle-timeout", "1")
    f.wait_for_log(f"attach with: gdb {re.escape(cpp_echo)} .*127.0.0.1:{port}")
    f.wait_for_log("isolation level host, one environment alone")
    first = Later(f, b'{"number":1}')
    f.wait_for_log("Listening on port")
    said = gdb(cpp_echo, attached(port), "break handle", "continue", PAST_TIMEOUT, "print event.payload",
               "print served", "detach")
    assert "Breakpoint 1," in said and r'"{\"number\":1}"' in said and "= 0" in said, said
    answer = first.wait()
    assert answer.json.get("event") == {"number": 1}, (answer, f.log)
    assert "timed out" not in f.log
    # Left alone by its debugger it serves on, in the same process.
    assert f.invoke("f", {}).json["served"] == 2


def waiting_invocations(f):
    with f.client() as client:
        return client.request("GET", "/_kelvin/functions").json["functions"][0]["waiting"]


def test_a_second_invocation_and_a_front_door_wait_too(kelvin, cpp_echo, port):
    need("gdb"), need("gdbserver")
    f = kelvin(f"f={cpp_echo}", "--debug", "f", "--debug-port", str(port), "--timeout", "1", "--api-timeout", "1",
               "--reserved-concurrency", "1")
    f.wait_for_log("Listening on port")
    waiting = [Later(f, b'{}'), Later(f, b'{}', path="/through/the/door")]
    wait_until(lambda: waiting_invocations(f) == 2, what="both invocations in the queue")
    gdb(cpp_echo, attached(port), "tbreak handle", "continue", PAST_TIMEOUT, "detach")
    assert [each.wait().status for each in waiting] == [200, 200]
    assert len(f.bootstraps()) == 1


def variables_of(pid):
    """As they were given to the process, less those that differ from one environment to the next."""
    given = Path(f"/proc/{pid}/environ").read_bytes().rstrip(b"\0").split(b"\0")
    own = (b"AWS_LAMBDA_RUNTIME_API=", b"AWS_LAMBDA_LOG_STREAM_NAME=", b"AWS_ENDPOINT_URL_LAMBDA=")
    return [each for each in given if not each.startswith(own)]


@pytest.mark.parametrize("debugger", ["gdbserver", "lldb-server", "dlv", "wait"])
def test_variables_reach_the_function_unchanged(kelvin, cpp_echo, request, port, debugger):
    program = request.getfixturevalue("go_echo") if debugger == "dlv" else cpp_echo
    if debugger != "wait":
        need(debugger)
    plain = kelvin(f"f={program}", "--isolation", "host", "--env", "MINE=1")
    plain.invoke("f", {})
    expected = variables_of(plain.wait_for_bootstraps(1)[0])
    assert b"MINE=1" in expected
    debugged = kelvin(f"f={program}", "--debug", "f", "--debug-with", debugger, "--debug-port", str(port),
                      "--env", "MINE=1")
    path = str(Path(program).resolve())
    pid = wait_until(lambda: next((each for each in debugged.descendants() if executable_of(each) == path), None),
                     what="the function's process")
    seen = variables_of(pid)
    added = [each.split(b"=")[0] for each in seen if each not in expected]
    assert sorted(added) == ([b"CGO_CFLAGS", b"PWD"] if debugger == "dlv" else []), "docs/debugging.md names dlv's own"
    assert sorted(each for each in seen if each in expected) == sorted(expected)


def executable_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return None


def test_the_end_of_the_process_is_told_and_the_next_invocation_starts_it_again(kelvin, cpp_echo, port):
    need("gdb"), need("gdbserver")
    f = kelvin(f"f={cpp_echo}", "--debug", "f", "--debug-port", str(port))
    f.wait_for_log("Listening on port")
    killed = Later(f, b"{}")
    gdb(cpp_echo, attached(port), "tbreak handle", "continue", "kill")
    assert killed.wait().function_error is not None
    f.wait_for_log("its process under gdbserver has ended .*the next invocation starts it again")
    again = Later(f, b"{}")
    f.wait_for_log("Listening on port", count=2)
    gdb(cpp_echo, attached(port), "detach")
    assert again.wait().json["served"] == 1


def test_wait_stops_the_process_before_its_first_instruction(kelvin, cpp_echo):
    need("gdb")
    f = kelvin(f"f={cpp_echo}", "--debug", "f", "--debug-with", "wait", "--timeout", "1")
    line, = f.wait_for_log(r"is stopped before its first instruction; attach with: gdb -p \d+")
    pid = int(re.search(r"gdb -p (\d+)", line)[1])
    assert f.bootstraps() == [pid]
    status = Path(f"/proc/{pid}/status")
    wait_until(lambda: "State:\tT (stopped)" in status.read_text(), what="the process's stop")
    assert "TracerPid:\t0\n" in status.read_text()
    first = Later(f, b'{"number":1}')
    typed = line.partition("attach with: ")[2]
    said = run_debugger("bash", "-c", f"{typed} -nx -batch -ex 'break handle' -ex continue -ex '{PAST_TIMEOUT}' "
                                      "-ex 'print event.payload' -ex detach")
    assert "Breakpoint 1," in said and r'"{\"number\":1}"' in said, said
    answer = first.wait()
    assert answer.json.get("event") == {"number": 1}, (answer, f.log)
    assert f.invoke("f", {}).json["served"] == 2


def test_lldb(kelvin, cpp_echo, port):
    need("lldb"), need("lldb-server")
    f = kelvin(f"f={cpp_echo}", "--debug", "f", "--debug-with", "lldb-server", "--debug-port", str(port),
               "--timeout", "1")
    f.wait_for_log(f"attach with: lldb {re.escape(cpp_echo)} .*127.0.0.1:{port}")
    first = Later(f, b'{"number":1}')
    wait_until(lambda: is_listening(port), what="lldb-server's port")
    said = run_debugger("lldb", "--no-lldbinit", "--batch", "-o", f"gdb-remote 127.0.0.1:{port}", "-o",
                        "breakpoint set -n handle", "-o", "continue", "-o", "platform shell sleep 1.5", "-o",
                        "frame variable event.payload", "-o", "breakpoint delete -f", "-o", "process detach", cpp_echo)
    assert r'"{\"number\":1}"' in said, said
    answer = first.wait()
    assert answer.json.get("event") == {"number": 1}, (answer, f.log)


def is_listening(port):
    """Without connecting, which would be taken for the client."""
    wanted = f"0100007F:{port:04X} 00000000:0000 0A"
    return wanted in Path("/proc/net/tcp").read_text()


def test_dlv(kelvin, go_echo, port, tmp_path):
    need("dlv")
    f = kelvin(f"f={go_echo}", "--debug", "f", "--debug-port", str(port), "--timeout", "1")
    f.wait_for_log(f"waits under dlv; attach with: dlv connect 127.0.0.1:{port}")
    f.wait_for_log("API server listening")
    first = Later(f, b'{"number":1}')
    commands = tmp_path / "commands"
    commands.write_text("break main.handle\ncontinue\nprint string(event)\nclearall\n")
    client = subprocess.Popen(["dlv", "connect", f"127.0.0.1:{port}", "--init", str(commands)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = ""
    for line in client.stdout:
        said += line
        if "cleared" in line:
            break
    assert r'"{\"number\":1}"' in said and "main.handle" in said, said
    time.sleep(1.5)  # as PAST_TIMEOUT
    client.stdin.write("continue\n")
    client.stdin.flush()
    answer = first.wait()
    assert answer.json.get("event") == {"number": 1}, (answer, f.log)
    assert f.invoke("f", {}).json["served"] == 2
    client.kill()
    client.communicate(timeout=PATIENCE_SECONDS)


def test_nothing_outlives_a_killed_kelvin(kelvin, cpp_echo, port):
    need("gdbserver")
    f = kelvin(f"f={cpp_echo}", "--debug", "f", "--debug-port", str(port))
    f.wait_for_log("Listening on port")
    pids = f.bootstraps() + f.descendants_named("^gdbserver")
    assert len(pids) == 2, [name_of(pid) for pid in f.descendants()]
    f.kill()
    wait_until(lambda: not any(is_alive(pid) for pid in pids), what="the end of debugger and function")


def test_watch_ends_the_old_process_before_the_new_one_takes_the_port(kelvin, tmp_path, cpp_echo, port):
    need("gdb"), need("gdbserver")
    program = tmp_path / "bootstrap"
    shutil.copy(cpp_echo, program)
    f = kelvin(f"f={program}", "--debug", "f", "--debug-port", str(port), command="watch")
    f.wait_for_log("Listening on port")
    gdb(cpp_echo, attached(port), "detach")
    assert f.invoke("f", {}).json["served"] == 1
    with program.open("ab") as changed:
        changed.write(b"\0")
    f.wait_for_log("Listening on port", count=2)
    held = Later(f, b"{}")
    gdb(cpp_echo, attached(port), "detach")
    assert held.wait().json["served"] == 1
    assert "in use" not in f.log
    assert len(f.descendants_named("^gdbserver")) == 1


def test_only_the_named_function_is_debugged(kelvin, cpp, cpp_echo, port):
    need("gdbserver")
    f = kelvin(f"f={cpp_echo}", f"g={cpp}", "--timeout", "1", "--debug", "f", "--debug-port", str(port))
    f.wait_for_log("Listening on port")
    assert f.invoke("g", {"do": "hang"}).function_error is not None


@pytest.mark.parametrize("command", ["run", "watch"])
def test_a_function_that_is_not_there_is_an_error(cpp, command):
    done = run_kelvin(command, f"f={cpp}", "--debug", "orders", "--listen", "127.0.0.1:0")
    assert done.returncode == 2, done
    assert "--debug orders: there is no function of that name, there is: f" in done.stderr


def test_a_port_that_is_held_is_an_error(cpp):
    need("gdbserver")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        held = holder.getsockname()[1]
        done = run_kelvin("run", f"f={cpp}", "--debug", "f", "--debug-port", str(held), "--listen", "127.0.0.1:0")
    assert done.returncode == 3, done
    assert f"another program holds 127.0.0.1:{held}" in done.stderr and "--debug-port" in done.stderr


def test_missing_debuggers_are_named_with_their_packages(kelvin, cpp, tmp_path):
    nothing = {"PATH": str(tmp_path)}
    done = run_kelvin("run", f"f={cpp}", "--debug", "f", "--debug-with", "lldb-server", "--listen", "127.0.0.1:0",
                      environment=nothing)
    assert done.returncode == 2, done
    assert "lldb-server is not installed (Debian's package lldb)" in done.stderr
    f = kelvin(f"f={cpp}", "--debug", "f", environment=nothing)
    f.wait_for_log("gdbserver is not installed .*lldb-server is not installed .*so that it is debugged with wait")
    f.wait_for_log("is stopped before its first instruction")


def test_config_shows_where_debugging_comes_from(cpp):
    done = run_kelvin("config", f"f={cpp}", "--debug-with", "wait", environment={"KELVIN_DEBUG": "f"})
    assert "(environment variable KELVIN_DEBUG) debug = f\n" in done.stdout
    assert "(command line) debug-with = wait\n" in done.stdout
    assert "(default) debug-port = 2345\n" in done.stdout
