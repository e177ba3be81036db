"""`kelvin watch` on a terminal: status lines below the log, keys, and a terminal that is left as it was."""

import os
import re
import signal
import subprocess
import termios

import pytest

from kelvin_process import Kelvin, binary, clean_environment, keeps_freed_memory
from process_tree import all_parents, is_alive, name_of, stat_fields, wait_until
from watch_terminal import TerminalPair, WatchTerminal, read_ready_line, take_terminal

KEYS = "r restart  b rebuild  i invoke again  q quit  ? help"


@pytest.fixture
def code(tmp_path, cpp):
    """Writes versions of functions: code("export INIT=crash") becomes what the bootstrap does before all else. Returns
    the function as a target."""
    def write(first="", name="f"):
        (tmp_path / name).mkdir(exist_ok=True)
        fresh = tmp_path / "fresh"
        fresh.write_text(f"#!/bin/sh\n{first}\nexec {cpp}\n")
        fresh.chmod(0o755)
        fresh.rename(tmp_path / name / "bootstrap")
        return f"{name}={tmp_path / name}"

    return write


@pytest.fixture
def watch():
    """Starts WatchTerminals, each stopped behind the test."""
    started = []

    def start(*arguments, **options):
        started.append(WatchTerminal("--isolation", "host", *arguments, **options))
        return started[-1]

    yield start
    for each in started:
        each.close()


def test_status_line_shows_a_change_of_code(watch, code, tmp_path):
    terminal = watch(code()).terminal
    first = terminal.wait_for_status(r"^f  ready +version 1  init [0-9.]+ ms, bootstrap 0\.[0-9] KB$")
    assert terminal.status()[-1] == KEYS
    gate = tmp_path / "gate"
    code(f"until [ -e {gate} ]; do sleep 0.01; done")
    terminal.wait_for_status(r"^f  starting [1-9][0-9]* s  version 1 ")
    gate.touch()
    changed = terminal.wait_for_status(r"^f  ready +version 2  init [^,]*\(\+[^,]*\), bootstrap .*\(\+0\.[0-9] KB\)$")
    assert first.string not in terminal.screen.rows, "a status line was left in the log"
    assert changed.string == terminal.status()[0]
    assert terminal.screen.rows.count(KEYS) == 1


def test_status_line_says_why_new_code_does_not_serve(watch, code):
    terminal = watch(code()).terminal
    terminal.wait_for_status("^f  ready")
    code("exit 7")
    terminal.wait_for_status("^f  failed  version 1  version 2 failed in its init$")
    code("")
    terminal.wait_for_status("^f  ready +version 3 ")


def test_log_lines_stay_whole_above_the_status_lines(watch, code):
    w = watch(code(), columns=100)
    w.terminal.wait_for_status("^f  ready")
    w.invoke("f", {"do": "print", "stdout": 3000})
    w.terminal.wait_for("^REPORT ")
    printed = [row for row in w.terminal.screen.rows if row.startswith("out ")]
    assert printed == [f"out {number}" for number in range(3000)]
    w.terminal.wait_for_status("^f  ready")
    assert w.terminal.screen.rows[-1] == KEYS
    assert sum(row.startswith("f  ") for row in w.terminal.screen.rows) == 1


def test_lines_are_cut_at_the_width_and_at_the_height(watch, code):
    w = watch(*(code(name=f"function{number}") for number in range(9)), columns=40, rows=10)
    w.terminal.wait_for_status("^function0  ready +version 1  init .*…$")
    wait_until(lambda: w.terminal.look() and w.terminal.status()[-2:-1] == ["… and 4 more"], 15, "4 more, all ready")
    assert len(w.terminal.status()) == 7
    assert max(map(len, w.terminal.status())) == 39
    w.terminal.resize(120, 30)
    w.terminal.wait_for_status("^function8  ready +version 1  init .* KB$")
    assert len(w.terminal.status()) == 10


def test_key_r_gives_every_function_fresh_environments(watch, code):
    w = watch(code(name="a"), code(name="b"))
    for name in "ab":
        w.terminal.wait_for_status(f"^{name}  ready +version 1 ")
    before = {name: w.invoke(name, {"do": "count"}).json["pid"] for name in "ab"}
    w.terminal.press("r")
    for name in "ab":
        w.terminal.wait_for(f"function {name}: version 1 serves", count=2)
        after = w.invoke(name, {"do": "count"}).json
        assert after["pid"] != before[name]
        wait_until(lambda: not is_alive(before[name]), 15, "the end of the old environment")


def test_key_r_tries_code_again_that_failed(watch, code, tmp_path):
    w = watch(code())
    w.terminal.wait_for_status("^f  ready")
    missing = tmp_path / "missing"
    code(f"[ -e {missing} ] || exit 1")
    w.terminal.wait_for_status("^f  failed")
    missing.touch()
    w.terminal.press("r")
    w.terminal.wait_for_status("^f  ready +version 3 ")


def test_key_i_invokes_the_last_event_again(watch, code):
    w = watch(code())
    w.terminal.wait_for_status("^f  ready")
    w.terminal.press("i")
    w.terminal.wait_for("there is no last event")
    w.invoke("f", {"do": "echo", "value": "first"})
    w.invoke("f", {"do": "echo", "value": ["last", "ä"]})
    w.terminal.press("i")
    answer = w.terminal.wait_for(r"^kelvin: info: function f: answered (.*)$")[0][1]
    assert re.sub(r"\s", "", answer) == '["last","ä"]'
    w.invoke("f", {"do": "error", "message": "no luck"})
    w.terminal.press("i")
    w.terminal.wait_for("^kelvin: warning: function f: failed: .*no luck")


def test_key_b_and_help(watch, code):
    w = watch(code())
    w.terminal.wait_for_status("^f  ready")
    w.terminal.press("b")
    w.terminal.wait_for("^kelvin: info: nothing is built here")
    w.terminal.press("\x1b[Ax?")
    for key in "rbiq?":
        w.terminal.wait_for(f"^kelvin: info: {re.escape(key)}: ")


@pytest.mark.parametrize("end", ["q", "\x03", signal.SIGTERM, signal.SIGHUP])
def test_terminal_is_left_as_it_was(watch, code, end):
    w = watch(code())
    w.terminal.wait_for_status("^f  ready")
    changed = w.terminal.modes()
    assert not changed[3] & (termios.ICANON | termios.ECHO) and changed[3] & termios.ISIG
    if isinstance(end, str):
        w.terminal.press(end)
    else:
        w.signal(end)
    assert w.wait() == 0
    assert w.terminal.modes() == w.terminal.modes_before
    assert w.terminal.screen.rows[-1] == "" and w.terminal.screen.column == 0
    assert KEYS not in w.terminal.screen.rows


def test_terminal_is_left_as_it_was_by_a_failed_start(code, tmp_path):
    terminal = TerminalPair()
    end = terminal.theirs
    arguments = [code(), "--listen", "127.0.0.1:0", "--ready-file", str(tmp_path / "missing" / "file")]
    kelvin = subprocess.Popen([binary(), "watch", *arguments], stdin=end, stdout=end, stderr=end,
                              env=clean_environment({"TERM": "xterm"}), start_new_session=True,
                              preexec_fn=take_terminal)
    wait_until(lambda: terminal.look() and kelvin.poll() is not None, 20, "the end")
    assert kelvin.returncode == 3
    terminal.wait_for("^kelvin: error: .*missing/file")
    assert terminal.modes() == terminal.modes_before
    terminal.close()


def test_second_q_stops_at_once(watch, code):
    w = watch(code(), "--timeout", "60")
    w.terminal.wait_for_status("^f  ready")
    caller = subprocess.Popen([binary(), "invoke", "f", "--endpoint", f"http://127.0.0.1:{w.port}",
                               "-d", '{"do":"sleep","ms":50000}'],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    Kelvin.running.add(caller.pid)
    w.terminal.wait_for("^START ")
    w.terminal.press("q")
    w.terminal.wait_for("come to their end")
    w.terminal.press("q")
    # To AddressSanitizer what was interrupted is a leak.
    assert w.wait() == 0 or keeps_freed_memory()
    assert w.terminal.modes() == w.terminal.modes_before
    caller.wait(20)
    Kelvin.running.discard(caller.pid)


def test_colour_unless_refused(watch, code):
    for refused in (None, "1"):
        w = watch(code(), environment={"NO_COLOR": refused})
        w.terminal.wait_for_status("^f  ready")
        assert w.terminal.screen.coloured == (refused is None)
        w.terminal.press("q")
        assert w.wait() == 0


@pytest.mark.parametrize("plain", ["pipe", "json", "dumb"])
def test_lines_stay_plain(watch, code, plain):
    read_end, write_end = os.pipe()
    arguments = ["--log-format", "json"] if plain == "json" else []
    w = watch(code(), *arguments, environment={"TERM": "dumb" if plain == "dumb" else "xterm", "NO_COLOR": "1"},
              log=write_end if plain == "pipe" else None)
    os.close(write_end)
    serves = "function f: version 1 serves"
    if plain == "pipe":
        log = b""
        while serves.encode() not in log:
            log += os.read(read_end, 65536)
    else:
        w.terminal.wait_for(serves)
        log = w.terminal.raw
    assert b"\x1b" not in log and KEYS.encode() not in log
    assert w.terminal.modes() == w.terminal.modes_before
    w.signal(signal.SIGINT)
    assert w.wait() == 0
    assert b"\x1b" not in w.terminal.raw
    os.close(read_end)


class Shell:
    """A shell with job control on a terminal, without an editor of its own."""

    def __init__(self):
        self.terminal = TerminalPair()
        self.ready_end, self.kelvin_end = os.pipe()
        self.process = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "--noediting", "-i"], stdin=self.terminal.theirs,
            stdout=self.terminal.theirs, stderr=self.terminal.theirs, start_new_session=True,
            preexec_fn=take_terminal, pass_fds=[self.kelvin_end],
            env=clean_environment({"TERM": "xterm", "PS1": "prompt> "}))
        Kelvin.running.add(self.process.pid)

    def start(self, target, ending=""):
        """Starts a kelvin from the prompt; returns its pid."""
        self.terminal.wait_for("^prompt> $")
        self.terminal.press(f"{binary()} watch {target} --isolation host --listen 127.0.0.1:0 "
                            f"--ready-fd {self.kelvin_end}{ending}\n")
        assert read_ready_line(os.dup(self.ready_end))
        parents = all_parents()
        return next(pid for pid, parent in parents.items() if parent == self.process.pid and name_of(pid) == "kelvin")

    def prompt_is_there(self):
        return wait_until(lambda: self.terminal.look().rows[-1] == "prompt> ", 15, "the prompt")

    def close(self):
        self.process.kill()
        self.process.wait()
        Kelvin.running.discard(self.process.pid)
        os.close(self.ready_end)
        os.close(self.kelvin_end)
        self.terminal.close()


@pytest.fixture
def shell():
    made = Shell()
    yield made
    made.close()


def state_of(pid):
    return stat_fields(pid)[0]


def test_stopped_and_continued_by_a_shell(shell, code):
    terminal = shell.terminal
    pid = shell.start(code())
    terminal.wait_for_status("^f  ready")
    terminal.press("\x1a")
    wait_until(lambda: state_of(pid) == "T", 15, "the stop")
    shell.prompt_is_there()
    assert KEYS not in terminal.screen.rows, "the status lines are still there"
    assert terminal.modes() == terminal.modes_before
    terminal.press("bg\n")
    wait_until(lambda: state_of(pid) != "T", 15, "kelvin in the background")
    code("export VERSION=2")
    terminal.wait_for("function f: version 2 serves")
    assert KEYS not in terminal.look().rows, "status lines of a kelvin in the background"
    assert terminal.modes() == terminal.modes_before
    terminal.press("kill -STOP %1\n")
    wait_until(lambda: state_of(pid) == "T", 15, "the stop from outside")
    terminal.press("\n")
    terminal.wait_for(r"^\[1\].*Stopped", count=2)
    terminal.press("fg\n")
    terminal.wait_for_status("^f  ready +version 2 ")
    terminal.press("q")
    shell.prompt_is_there()
    terminal.press("echo status $?\n")
    terminal.wait_for("^status 0$")
    assert terminal.modes() == terminal.modes_before


def test_stop_where_no_shell_could_continue_it(watch, code):
    """A session's leader is not stopped by Ctrl-Z: nobody would wake it."""
    w = watch(code())
    w.terminal.wait_for_status("^f  ready")
    w.terminal.press("\x1a")
    code("export VERSION=2")
    w.terminal.wait_for_status("^f  ready +version 2 ")
    assert w.terminal.screen.rows.count(KEYS) == 1
    w.terminal.press("?")
    w.terminal.wait_for("^kelvin: info: q: ")


def test_in_the_background_it_reads_no_keys(shell, code):
    pid = shell.start(code(), " &")
    terminal = shell.terminal
    terminal.wait_for("function f: version 1 serves")
    terminal.press("echo I am $((6*7)) r b i q\n")
    terminal.wait_for("^I am 42 r b i q$")
    assert state_of(pid) in "SR"
    assert b"\x1b[J" not in terminal.raw and terminal.modes() == terminal.modes_before
    os.kill(pid, signal.SIGINT)
    wait_until(lambda: not is_alive(pid), 20, "the end of kelvin")
    terminal.press("\n")
    terminal.wait_for(r"^\[1\].*Done")
