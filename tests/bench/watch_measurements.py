"""What `kelvin watch` takes to have a new version answer, and how long it holds requests meanwhile."""

import http.client
import json
import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

import servers
from report import single
from servers import ForeignLoad, NotMeasured

MARK = b"BENCH-VERSION=00000000"
CLIENTS = 8
SWAP_SECONDS = 20


class _Client:
    """One keep-alive connection."""

    def __init__(self, server):
        self.path = server.path()
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def version(self):
        """One invocation; the version that answered, 0 for any answer that is no success."""
        self.connection.request("POST", self.path, b"{}")
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200 or answer.headers.get("X-Amz-Function-Error"):
            return 0
        return int(json.loads(body))

    def init_ms(self, number):
        """The Init Duration of the version that serves, which must be this one."""
        self.connection.request("GET", "/_kelvin/functions")
        code = json.loads(self.connection.getresponse().read())["functions"][0]["code"]
        if code["version"] != number:
            raise NotMeasured(f"kelvin watch serves version {code['version']} instead of {number}; start it by hand")
        return code["init_ms"]


class _Loop(threading.Thread):
    """A caller that never stops asking; per version, how long its first answer took. Errors are counted."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.client = _Client(server)
        self.over = False
        self.last = 0
        self.first_answers_ms = []
        self.errors = 0
        self.start()

    def run(self):
        while not self.over:
            begun = time.monotonic()
            try:
                version = self.client.version()
            except (OSError, http.client.HTTPException):
                self.errors += 1
                return
            if version > self.last > 0:
                self.first_answers_ms.append((time.monotonic() - begun) * 1000)
            self.errors += version < self.last
            self.last = max(self.last, version)


class _Artifact:
    """The bootstrap that is swapped."""

    def __init__(self, program, folder):
        self.template = program.read_bytes()
        if self.template.count(MARK) != 1:
            raise NotMeasured(f"{program} does not hold its mark once; build it again")
        self.path = Path(folder) / "bootstrap"
        self.number = 0
        self.replace()

    def replace(self):
        """Renames the next version over this one; when that was, and its number."""
        self.number += 1
        beside = self.path.with_name(".bootstrap")
        beside.write_bytes(self.template.replace(MARK, b"BENCH-VERSION=%08d" % self.number))
        beside.chmod(0o755)
        begun = time.monotonic()
        os.rename(beside, self.path)
        return begun, self.number


def _wait(is_there, what):
    deadline = time.monotonic() + SWAP_SECONDS
    while not is_there():
        if time.monotonic() > deadline:
            raise NotMeasured(f"{what} did not come within {SWAP_SECONDS} s; start kelvin watch by hand and look")
        time.sleep(0.002)


def _swap_alone(client, artifact):
    """From the artifact in place to its first answer, for one caller who asks all the time, less its init."""
    begun, number = artifact.replace()
    deadline = begun + SWAP_SECONDS
    while client.version() != number:
        if time.monotonic() > deadline:
            raise NotMeasured(f"version {number} did not answer within {SWAP_SECONDS} s")
    answered = time.monotonic()
    return (answered - begun) * 1000 - client.init_ms(number)


def watch(setting):
    """Swaps for one caller, then under load."""
    with tempfile.TemporaryDirectory(prefix="kelvin-bench-watch-") as folder:
        artifact = _Artifact(setting.program("versioned_handler"), folder)
        with servers.kelvin_with(setting.kelvin, [f"f={folder}"], "f", command="watch") as server:
            foreign = ForeignLoad([server])
            client = _Client(server)
            _wait(lambda: client.version() == 1, "the first version")
            swaps_ms = [_swap_alone(client, artifact) for _ in range(setting.cold_starts)]
            callers = [_Loop(server) for _ in range(CLIENTS)]
            _wait(lambda: all(each.last == artifact.number or each.errors for each in callers), "every caller's answer")
            for _ in range(setting.cold_starts):
                number = artifact.replace()[1]
                _wait(lambda: all(each.last == number or each.errors for each in callers), f"version {number}")
            for each in callers:
                each.over = True
            for each in callers:
                each.join()
            foreign_share = foreign.share()
    held_ms = [value for each in callers for value in each.first_answers_ms]
    if not held_ms:
        raise NotMeasured("no caller met a swap; start kelvin watch by hand and look")
    rows = [
        single("watch: artifact in place to its first answer, less its init", "ms", swaps_ms, ("<=", 50)),
        single(f"watch: the longest of {len(swaps_ms)}", "ms", max(swaps_ms)),
        single(f"watch: a request over a swap, {CLIENTS} clients, median", "ms", statistics.median(held_ms)),
        single(f"watch: a request over a swap, {CLIENTS} clients, longest", "ms", max(held_ms)),
        single("watch: errors", "", sum(each.errors for each in callers), ("<=", 0)),
    ]
    rows[0].series["foreign_cpu_share"] = foreign_share
    return rows
