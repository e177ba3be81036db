"""One running kelvin: start, ready line, log, stop."""

import functools
import json
import os
import re
import select
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from lambda_client import LambdaClient
from process_tree import descendants, expect_no_leftovers, name_of, resident_kib, wait_until

READY_DEADLINE_SECONDS = 20
STOP_DEADLINE_SECONDS = 20


def binary():
    """The kelvin under test."""
    path = os.environ.get("KELVIN_BINARY", "")
    assert path and os.access(path, os.X_OK), "set KELVIN_BINARY to the kelvin that is to be tested"
    return os.path.abspath(path)


@functools.cache
def keeps_freed_memory():
    """True for a build with AddressSanitizer, whose quarantine makes every bound on memory meaningless."""
    return b"__asan_init" in Path(binary()).read_bytes()


def expect_memory_below(pid, limit_kib):
    """Fails if the process uses more than it may."""
    used = resident_kib(pid)
    assert used <= limit_kib or keeps_freed_memory(), f"process {pid} uses {used} KiB, over {limit_kib} KiB"


def handler(name):
    """Path of a handler's bootstrap; None if its toolchain is missing and KELVIN_ALLOW_MISSING=1 permits that."""
    folder = os.environ.get("KELVIN_HANDLERS", "")
    assert folder, "set KELVIN_HANDLERS to the folder that holds cpp/bootstrap, rust/bootstrap, ..."
    path = Path(folder).resolve() / name / "bootstrap"
    if path.exists():
        return str(path)
    assert os.environ.get("KELVIN_ALLOW_MISSING") == "1", f"{path} is missing: run tests/handlers/build.sh {folder}"
    return None


def clean_environment(extra=None):
    """Variables for kelvin itself: none of the caller's KELVIN_ options or AWS settings."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("KELVIN_", "AWS_"))}
    return {**variables, **(extra or {})}


def run_kelvin(*arguments, environment=None, timeout_seconds=60, **options):
    """Runs a kelvin that ends by itself; returns subprocess.CompletedProcess with text output."""
    return subprocess.run([binary(), *arguments], stdin=options.pop("stdin", subprocess.DEVNULL), capture_output=True,
                          text=True, errors="replace", timeout=timeout_seconds, env=clean_environment(environment),
                          **options)


@functools.cache
def has_level_lambda(path):
    """True if this kelvin can run functions at isolation level lambda here, as whoever runs the tests."""
    doctor = subprocess.run([path, "doctor"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                            env=clean_environment())
    return "isolation level lambda: user, mount and pid namespaces can be set up" in doctor.stdout


def need_level(level):
    """Skips the test where this machine refuses the isolation level; with CI=true ./dev counts that as a failure."""
    if level == "lambda" and not has_level_lambda(binary()):
        pytest.skip("kelvin doctor says that this machine has no isolation level lambda")


class Kelvin:
    """`kelvin run` (or another command that serves) with the given targets and options, on a free port. Without
    `read_log` nobody reads its log."""

    running = set()

    def __init__(self, *arguments, environment=None, cwd=None, listen="127.0.0.1:0", read_log=True,
                 command="run", prefix=()):
        ready_end, kelvin_end = os.pipe()
        try:
            self.process = subprocess.Popen(
                [*prefix, binary(), command, *arguments, "--listen", listen, "--ready-fd", str(kelvin_end)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[kelvin_end],
                env=clean_environment(environment), cwd=cwd)
        finally:
            os.close(kelvin_end)
        self.pid = self.process.pid
        Kelvin.running.add(self.pid)
        self.log_lines = []
        self.log_changed = threading.Condition()
        self.log_thread = threading.Thread(target=self._read_log, daemon=True)
        if read_log:
            self.log_thread.start()
        try:
            self.ready = json.loads(self._read_ready_line(ready_end))
        except BaseException:
            self.kill()
            raise
        finally:
            os.close(ready_end)
        self.url = self.ready["url"]
        self.port = self.ready["port"]

    def _read_ready_line(self, descriptor):
        line = b""
        end = time.monotonic() + READY_DEADLINE_SECONDS
        while not line.endswith(b"\n"):
            readable, _, _ = select.select([descriptor], [], [], max(0, end - time.monotonic()))
            data = os.read(descriptor, 65536) if readable else b""
            if not data:
                self.process.poll()
                raise AssertionError(f"no ready line (exit status {self.process.returncode}); log:\n{self.log}")
            line += data
        return line

    def _read_log(self):
        for line in self.process.stderr:
            with self.log_changed:
                self.log_lines.append(line.rstrip(b"\n"))
                self.log_changed.notify_all()

    @property
    def log(self):
        return b"\n".join(list(self.log_lines)).decode(errors="replace")

    def wait_for_log(self, pattern, count=1, deadline_seconds=10):
        """Waits until `count` lines match; returns them as text."""
        expression = re.compile(pattern)
        end = time.monotonic() + deadline_seconds
        seen, found = 0, []
        with self.log_changed:
            while True:
                for line in self.log_lines[seen:]:
                    text = line.decode(errors="replace")
                    if expression.search(text):
                        found.append(text)
                seen = len(self.log_lines)
                if len(found) >= count:
                    return found
                left = end - time.monotonic()
                assert left > 0, f"{len(found)} of {count} lines match {pattern!r}; log:\n{self.log[-4000:]}"
                self.log_changed.wait(left)

    def client(self, **options):
        return LambdaClient(self.port, **options)

    def invoke(self, name, event, **options):
        """One invocation on a connection of its own."""
        with self.client() as client:
            return client.invoke(name, event, **options)

    def descendants(self):
        return descendants(self.pid)

    def descendants_named(self, pattern):
        return [pid for pid in self.descendants() if re.search(pattern, name_of(pid))]

    def outer_pid(self, inner):
        """The number out here of a process that calls itself `inner`; isolated functions count their own."""
        for pid in self.descendants():
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            if re.search(rf"^NSpid:.*\b{inner}$", status, re.MULTILINE):
                return pid
        raise AssertionError(f"no process of the tree calls itself {inner}")

    def bootstraps(self):
        return self.descendants_named("^bootstrap")

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, deadline_seconds=STOP_DEADLINE_SECONDS):
        """Waits for the end; returns the exit status (negative: the signal)."""
        status = self.process.wait(deadline_seconds)
        self._ended()
        return status

    def _ended(self):
        Kelvin.running.discard(self.pid)
        expect_no_leftovers(Kelvin.running)
        # Only now can nobody hold the pipe's other end, so the thread must see its end.
        if self.log_thread.ident is not None:
            self.log_thread.join(5)
            assert not self.log_thread.is_alive(), "somebody still holds kelvin's stderr"
        self.process.stdout.close()
        self.process.stderr.close()

    def stop(self):
        """SIGINT, then proof that all ended well: status 0 and no process left."""
        self.signal(signal.SIGINT)
        try:
            status = self.wait()
        except subprocess.TimeoutExpired:
            log = self.log
            self.kill()
            raise AssertionError(f"kelvin did not stop within {STOP_DEADLINE_SECONDS} s of SIGINT; log:\n{log[-4000:]}")
        assert status == 0, f"kelvin ended with status {status}; log:\n{self.log[-4000:]}"

    def kill(self):
        """kill -9, and proof that nothing outlives it."""
        self.process.kill()
        self.process.wait()
        self._ended()

    def wait_for_bootstraps(self, count, deadline_seconds=10):
        return wait_until(lambda: (found := self.bootstraps()) is not None and len(found) == count and (found or True),
                          deadline_seconds, f"{count} bootstrap processes")
