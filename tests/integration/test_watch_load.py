"""kelvin watch under steady load, and what it leaves behind: no failed request, no step back, nothing kept."""

import itertools
import threading
import time
from pathlib import Path

from process_tree import descriptor_count, stat_fields, wait_until
from versioned_code import (ask, binary_version, files_below, make_again, new_folder, rename_over, wait_for_code,
                            wait_for_version, write_in_place, zip_of)

CLIENTS = 8
SWAPS = 50


class Caller(threading.Thread):
    """Invokes over one keep-alive connection until told to stop; any answer but a good one ends it."""

    def __init__(self, kelvin, stop):
        super().__init__(daemon=True)
        self.client = kelvin.client()
        self.stop = stop
        self.versions = []
        self.problem = None
        self.start()

    def run(self):
        try:
            with self.client:
                while not self.stop.is_set():
                    self.versions.append(ask(self.client)["version"])
        except Exception as problem:  # whatever it is, the test tells
            self.problem = problem


class Load:
    """So many callers at once for as long as the block lasts."""

    def __init__(self, kelvin, count=CLIENTS):
        self.stop = threading.Event()
        self.callers = [Caller(kelvin, self.stop) for _ in range(count)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop.set()
        for each in self.callers:
            each.join(60)

    def wait_for(self, version, kelvin):
        """Until a caller got this version."""
        def has_come():
            return any(each.problem or each.versions and each.versions[-1] == version for each in self.callers)
        try:
            wait_until(has_come, 30, f"version {version}")
        except AssertionError as problem:
            raise AssertionError(f"{problem}; log:\n{kelvin.log[-3000:]}") from None

    def check(self, last):
        for each in self.callers:
            assert each.problem is None, f"{each.problem!r} behind {each.versions[-3:]}"
            assert not each.is_alive()
            assert each.versions == sorted(each.versions), "old code answered after new code on one connection"
            assert each.versions[-1] <= last


def rest(f):
    """Waits until one environment is left and no connection; what kelvin and its processes have open and kept."""
    wait_until(lambda: len(f.bootstraps()) == 1, 20, "one environment")
    counts = []

    def is_steady():
        counts.append((descriptor_count(f.pid), len(f.descendants())))
        return len(counts) > 50 and len(set(counts[-50:])) == 1

    wait_until(is_steady, 20, "a steady number of descriptors and processes")
    return counts[-1]


def test_no_request_fails_through_fifty_swaps_under_load(kelvin, level, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    code = new_folder(tmp_path / "code", binary_version(1))
    f = kelvin(f"f={code}", "--isolation", level, "--environments", "4", command="watch",
               environment={"TMPDIR": str(scratch)})
    wait_for_version(f, 1)
    # One swap without load first: what kelvin keeps for good (ready keepers) is there then.
    rename_over(code / "bootstrap", binary_version(2))
    wait_for_version(f, 2)
    before = rest(f)
    puts = itertools.cycle([rename_over, write_in_place, make_again])
    with Load(f) as load:
        for number, put in zip(range(3, SWAPS + 3), puts):
            put(code / "bootstrap", binary_version(number))
            load.wait_for(number, f)
    load.check(SWAPS + 2)
    assert sum(len(each.versions) for each in load.callers) > SWAPS
    assert wait_for_code(f, state="ready")["version"] == SWAPS + 2

    rename_over(code / "bootstrap", binary_version(SWAPS + 3))
    wait_for_version(f, SWAPS + 3)
    descriptors, processes = rest(f)
    assert (descriptors, processes) == before
    snapshots = files_below(scratch)
    assert len(snapshots) == 1, snapshots


def test_what_was_unpacked_for_an_old_version_is_removed(kelvin, level, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    archive, layer = tmp_path / "code.zip", tmp_path / "layer.zip"
    zip_of(archive, binary_version(1), **{"other.txt": "1"})
    zip_of(layer, b"", **{"bin/layer.txt": "of the layer"})
    f = kelvin(f"f={archive}", "--isolation", level, "--layer", str(layer), command="watch",
               environment={"TMPDIR": str(scratch)})

    def kept():
        return sorted(path.name.partition("-")[0] for path in files_below(scratch))

    one_version = sorted(["bootstrap", "bootstrap", "other.txt", "bootstrap", "layer.txt"])
    for number in range(1, 5):
        zip_of(archive, binary_version(number), **{"other.txt": str(number)})
        answer = wait_for_version(f, number)
        assert (answer["other"], answer["layer"]) == (str(number), "of the layer")
        wait_until(lambda: kept() == one_version, what=f"nothing but version {number} in the scratch folder")
    zip_of(archive, binary_version(5, "crash"))
    wait_for_code(f, state="failed")
    wait_until(lambda: kept() == one_version, what="nothing of the version that failed in the scratch folder")
    assert wait_for_version(f, 4)["other"] == "4"


def processor_time(f):
    return [stat_fields(pid)[11:13] for pid in sorted([f.pid, *f.descendants()])]


def test_a_watch_at_rest_uses_no_processor_time(kelvin, level, tmp_path):
    code = new_folder(tmp_path / "code", binary_version(1))
    for number in range(300):
        (code / f"file{number}").write_text("x")
    f = kelvin(f"f={code}", "--isolation", level, command="watch")
    wait_for_version(f, 1)
    rename_over(code / "bootstrap", binary_version(2))
    wait_for_version(f, 2)
    rest(f)

    def wakes():
        """How often each process left the processor by itself: nothing that sleeps all along does."""
        lines = [Path(f"/proc/{pid}/status").read_text() for pid in sorted([f.pid, *f.descendants()])]
        return [line for text in lines for line in text.splitlines() if line.startswith("voluntary_ctxt_switches")]

    def slept_for_a_second():
        before, begun = (wakes(), processor_time(f)), time.monotonic()
        while time.monotonic() < begun + 1:
            time.sleep(0.05)
            if (wakes(), processor_time(f)) != before:
                return False
        return True

    wait_until(slept_for_a_second, 20, "a second without a turn of kelvin's loop")
