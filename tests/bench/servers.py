"""Starts and stops what is measured, and reads what the kernel says about it."""

import contextlib
import json
import os
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

READY_SECONDS = 20
STOP_SECONDS = 15


class NotMeasured(Exception):
    """A figure could not be taken; the text says why and what to do."""


class EndedEarly(NotMeasured):
    """A server ended before it was ready."""

    def __init__(self, name, exit_code):
        super().__init__(f"{name} ended before it was ready (exit code {exit_code}); start it by hand and look")
        self.exit_code = exit_code


@dataclass
class Server:
    """A running relay or kelvin. `port` takes invocations of any function that it was started with."""

    name: str
    process: subprocess.Popen
    port: int
    function: str

    def path(self, function=None):
        return f"/2015-03-31/functions/{function or self.function}/invocations"


def _read_line(descriptor, process, name):
    """One line from a pipe, with a deadline."""
    line = b""
    deadline = time.monotonic() + READY_SECONDS
    while not line.endswith(b"\n"):
        readable, _, _ = select.select([descriptor], [], [], max(0, deadline - time.monotonic()))
        if not readable:
            raise NotMeasured(f"{name} was not ready within {READY_SECONDS} s; start it by hand and look")
        piece = os.read(descriptor, 65536)
        if not piece:
            raise EndedEarly(name, process.wait())
        line += piece
    return json.loads(line)


def _pinned(cpu, command):
    return command if cpu is None else ["taskset", "-c", str(cpu), *command]


def _stop(process, name):
    """SIGTERM, then SIGKILL to whoever does not end; the latter counts as a failed measurement."""
    if process.poll() is not None:
        raise NotMeasured(f"{name} ended during the measurement (exit code {process.returncode})")
    # Not SIGINT: a shell has it ignored in what it runs in the background, and who inherits that goes on.
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise NotMeasured(f"{name} did not end within {STOP_SECONDS} s of SIGTERM") from None


@contextlib.contextmanager
def relay(programs, handler, environments, cpu=None):
    """bench_relay with `environments` handlers, all of them waiting for an event."""
    command = [str(programs / "bench_relay"), "--handler", str(handler), "--environments", str(environments)]
    process = subprocess.Popen(_pinned(cpu, command), stdout=subprocess.PIPE)
    try:
        port = _read_line(process.stdout.fileno(), process, "bench_relay")["port"]
        yield Server("relay", process, port, "echo")
        _stop(process, "bench_relay")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def kelvin(binary, functions, options=(), cpu=None, log=subprocess.DEVNULL):
    """kelvin serving `functions` (name → file), its log going to `log`. No environment exists yet."""
    targets = [f"{name}={path}" for name, path in functions.items()]
    with kelvin_with(binary, targets, next(iter(functions)), options, cpu, log) as server:
        yield server


@contextlib.contextmanager
def kelvin_with(binary, targets, function, options=(), cpu=None, log=subprocess.DEVNULL, command="run"):
    """kelvin serving these targets, of which `function` is the one to be invoked."""
    reading, writing = os.pipe()
    started = [str(binary), command, *map(str, targets), "--listen", "127.0.0.1:0", "--ready-fd", str(writing),
               *options]
    process = subprocess.Popen(_pinned(cpu, started), stdout=log, stderr=log, pass_fds=[writing])
    os.close(writing)
    try:
        port = _read_line(reading, process, "kelvin")["port"]
        yield Server("kelvin", process, port, function)
        _stop(process, "kelvin")
    finally:
        process.kill()
        process.wait()
        os.close(reading)


def refuses(binary, function, options):
    """Whether kelvin ends at once with these options, as on wrong usage or where the machine can't do it."""
    try:
        with kelvin(binary, {"function": function}, options):
            return False
    except EndedEarly as ended:
        if ended.exit_code in (2, 3):
            return True
        raise


def run_program(command, seconds=300):
    """Runs one of the bench programs; its JSON line."""
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise NotMeasured(f"{Path(command[0]).name} did not end within {seconds} s") from None
    if done.returncode != 0:
        raise NotMeasured(f"{Path(command[0]).name} failed: {done.stderr.strip()[:600]}")
    return json.loads(done.stdout)


def process_tree(root):
    """The process ids of `root` and its descendants."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, to_do = [], [root]
    while to_do:
        process = to_do.pop()
        found.append(process)
        to_do.extend(children.get(process, []))
    return found


def processes_of_binary(root):
    """Of the tree of `root`: the processes that run the same file, so not the functions."""
    own = os.stat(f"/proc/{root}/exe")
    found = []
    for process in process_tree(root):
        with contextlib.suppress(OSError):
            other = os.stat(f"/proc/{process}/exe")
            if (own.st_dev, own.st_ino) == (other.st_dev, other.st_ino):
                found.append(process)
    return found


def _kib_in(path, key):
    for line in Path(path).read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1])
    raise NotMeasured(f"{path} has no {key}")


def memory_bytes(processes):
    """Resident and proportional memory, summed over `processes`."""
    resident = sum(_kib_in(f"/proc/{process}/status", "VmRSS") for process in processes)
    proportional = sum(_kib_in(f"/proc/{process}/smaps_rollup", "Pss") for process in processes)
    return resident * 1024, proportional * 1024


def peak_memory_bytes(process):
    """The most that one process ever had resident."""
    return _kib_in(f"/proc/{process}/status", "VmHWM") * 1024


def processor_ns(process):
    """CPU time of the main thread of one process, by the scheduler's own account."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0])


def _busy_seconds():
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def _own_seconds(trees):
    usage = os.times()
    total = usage.user + usage.system + usage.children_user + usage.children_system
    for root in trees:
        for process in process_tree(root):
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


class ForeignLoad:
    """How much of the machine others used, 0 to 1: the reader's measure of how far to trust a row."""

    def __init__(self, servers):
        self.roots = [server.process.pid for server in servers]
        self.begin = (time.monotonic(), _busy_seconds(), _own_seconds(self.roots))

    def share(self):
        elapsed = (time.monotonic() - self.begin[0]) * (os.cpu_count() or 1)
        foreign = (_busy_seconds() - self.begin[1]) - (_own_seconds(self.roots) - self.begin[2])
        return round(min(1.0, max(0.0, foreign / elapsed)), 3)
