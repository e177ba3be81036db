"""Processes as /proc shows them, and proof that none is left behind."""

import ctypes
import os
import signal
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def wait_until(condition, deadline_seconds=10.0, what="the condition"):
    """Returns the first true value of condition(); fails, naming `what`, if none comes in time."""
    end = time.monotonic() + deadline_seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"{what} did not come true within {deadline_seconds} s"
        time.sleep(0.005)


def adopt_orphans():
    """Makes this process the parent of every orphan below it, so that no descendant can hide."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def stat_fields(pid):
    """Fields of /proc/PID/stat from the state on, or None if the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def is_alive(pid):
    fields = stat_fields(pid)
    return fields is not None and fields[0] not in "ZX"


def name_of(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def all_parents():
    """{pid: parent's pid} of every process."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (fields := stat_fields(int(entry))):
            parents[int(entry)] = int(fields[1])
    return parents


def descendants(pid):
    """Every living process below `pid`, zombies left out."""
    children = {}
    for child, parent in all_parents().items():
        children.setdefault(parent, []).append(child)
    found, queue = [], [pid]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return [each for each in found if is_alive(each)]


def leftovers(ours):
    """Living orphans that were re-parented to this process; zombies among them are reaped. `ours` are no orphans."""
    me = os.getpid()
    left = []
    for pid, parent in all_parents().items():
        if parent != me or pid in ours:
            continue
        if is_alive(pid):
            left.append(pid)
        else:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass
    return left


def expect_no_leftovers(ours, deadline_seconds=5.0):
    """Fails if an orphan outlives the deadline, after killing it so that later tests are not disturbed."""
    end = time.monotonic() + deadline_seconds
    while left := leftovers(ours):
        if time.monotonic() > end:
            named = [f"{pid} ({name_of(pid)})" for pid in left]
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            raise AssertionError(f"processes outlive kelvin: {', '.join(named)}")
        time.sleep(0.005)


def descriptor_count(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def resident_kib(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError(f"process {pid} has no VmRSS")
