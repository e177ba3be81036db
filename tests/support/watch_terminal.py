"""`kelvin watch` on a terminal of its own: what its screen shows, which keys are pressed, what modes it leaves."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from kelvin_process import READY_DEADLINE_SECONDS, STOP_DEADLINE_SECONDS, Kelvin, binary, clean_environment
from lambda_client import LambdaClient
from process_tree import expect_no_leftovers, wait_until

STATUS_LINE = re.compile(r"\S+ +(building|starting|ready|failed)\b")
SEQUENCE = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")


class Screen:
    """Rows of text as a terminal makes them of what is written to it; it knows what kelvin writes and nothing else."""

    def __init__(self, columns, rows):
        self.columns, self.height = columns, rows
        self.rows = [""]
        self.row = self.column = 0
        self.coloured = False
        self.unread = ""

    def write(self, text):
        text, self.unread = self.unread + text, ""
        while text:
            if text[0] == "\x1b":
                match = SEQUENCE.match(text)
                if not match:
                    assert len(text) < 16, f"an unknown sequence: {text[:40]!r}"
                    self.unread = text
                    return
                self._obey(match[1], match[2])
                text = text[match.end():]
            else:
                self._put(text[0])
                text = text[1:]

    def _obey(self, number, letter):
        if letter == "m":
            self.coloured = self.coloured or number not in ("", "0")
        elif letter == "A":
            self.row = max(self.row - int(number or 1), max(0, len(self.rows) - self.height))
        elif letter == "J" and number in ("", "0"):
            self.rows[self.row] = self.rows[self.row][:self.column]
            del self.rows[self.row + 1:]
        else:
            raise AssertionError(f"kelvin wrote ESC [ {number} {letter}, which this screen does not know")

    def _put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self._next_row()
        elif character == "\t":
            for _ in range(8 - self.column % 8):
                self._put(" ")
        else:
            assert character >= " ", f"a control character: {character!r}"
            if self.column == self.columns:
                self.column = 0
                self._next_row()
            line = self.rows[self.row].ljust(self.column)
            self.rows[self.row] = line[:self.column] + character + line[self.column + 1:]
            self.column += 1

    def _next_row(self):
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append("")


class TerminalPair:
    """Both ends of a pseudo terminal; a reader's screen is fed by look()."""

    def __init__(self, columns=200, rows=24):
        self.ours, self.theirs = pty.openpty()
        self.screen = Screen(columns, rows)
        self.raw = b""
        self.resize(columns, rows)
        self.modes_before = termios.tcgetattr(self.theirs)

    def resize(self, columns, rows):
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.columns, self.screen.height = columns, rows

    def modes(self):
        return termios.tcgetattr(self.theirs)

    def press(self, keys):
        os.write(self.ours, keys.encode())

    def look(self):
        """Takes what has been written until now; returns the screen."""
        while select.select([self.ours], [], [], 0)[0]:
            data = os.read(self.ours, 65536)
            self.raw += data
            self.screen.write(data.decode(errors="replace"))
        return self.screen

    def wait_for(self, pattern, deadline_seconds=15, count=1):
        """Waits until so many rows of the screen match; returns the matches."""
        expression = re.compile(pattern)

        def found():
            matches = [match for row in self.look().rows if (match := expression.search(row))]
            return matches if len(matches) >= count else None

        try:
            return wait_until(found, deadline_seconds, f"{count} rows like {pattern!r}")
        except AssertionError as problem:
            raise AssertionError(f"{problem}; the screen:\n" + "\n".join(self.screen.rows)) from None

    def wait_for_status(self, pattern, deadline_seconds=15):
        """Waits until one of the status lines matches; returns the match."""
        expression = re.compile(pattern)

        def found():
            self.look()
            return next((match for row in self.status() if (match := expression.search(row))), None)

        try:
            return wait_until(found, deadline_seconds, f"a status line like {pattern!r}")
        except AssertionError as problem:
            raise AssertionError(f"{problem}; the screen:\n" + "\n".join(self.screen.rows)) from None

    def status(self):
        """Rows from the first function's line to the screen's end."""
        begin = (at for at, row in enumerate(self.screen.rows) if STATUS_LINE.match(row))
        return self.screen.rows[next(begin, len(self.screen.rows)):]

    def close(self):
        os.close(self.ours)
        os.close(self.theirs)


def take_terminal():
    """In the child: the leader of a session whose terminal is its stdin."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class WatchTerminal:
    """`kelvin watch` in the foreground of a terminal, on a free port."""

    def __init__(self, *arguments, columns=200, rows=24, environment=None, log=None):
        self.terminal = TerminalPair(columns, rows)
        ready_end, kelvin_end = os.pipe()
        variables = clean_environment({"TERM": "xterm-256color", **(environment or {})})
        variables = {name: value for name, value in variables.items() if value is not None}
        end = self.terminal.theirs
        self.process = subprocess.Popen(
            [binary(), "watch", *arguments, "--listen", "127.0.0.1:0", "--ready-fd", str(kelvin_end)],
            stdin=end, stdout=end, stderr=end if log is None else log, pass_fds=[kelvin_end], env=variables,
            start_new_session=True, preexec_fn=take_terminal)
        os.close(kelvin_end)
        self.pid = self.process.pid
        Kelvin.running.add(self.pid)
        self.port = read_ready_line(ready_end)["port"]

    def invoke(self, name, event):
        with LambdaClient(self.port) as client:
            return client.invoke(name, event)

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        """Waits for the end, while the screen is read; returns the exit status."""
        wait_until(lambda: self.terminal.look() and self.process.poll() is not None, STOP_DEADLINE_SECONDS, "the end")
        Kelvin.running.discard(self.pid)
        expect_no_leftovers(Kelvin.running)
        self.terminal.look()
        return self.process.returncode

    def close(self):
        if self.process.poll() is None:
            self.signal(signal.SIGINT)
            try:
                self.wait()
            except AssertionError:
                self.process.kill()
                self.wait()
                raise
        self.terminal.close()


def read_ready_line(descriptor):
    """What kelvin says when it is ready; closes the descriptor."""
    line = b""
    end = time.monotonic() + READY_DEADLINE_SECONDS
    try:
        while not line.endswith(b"\n"):
            readable, _, _ = select.select([descriptor], [], [], max(0, end - time.monotonic()))
            data = os.read(descriptor, 65536) if readable else b""
            assert data, f"no ready line, but {line!r}"
            line += data
    finally:
        os.close(descriptor)
    return json.loads(line)
