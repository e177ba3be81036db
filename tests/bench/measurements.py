"""Each function takes one group of figures and returns its rows. How they are defined: README.md."""

import contextlib
import shutil
import statistics
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import servers
from report import compared, quartiles, Row, single
from servers import ForeignLoad, NotMeasured, run_program

MEGABYTE = 1_000_000
PAUSE_MS = 30


@dataclass
class Setting:
    """What is measured, with what, and how often."""

    kelvin: Path
    programs: Path
    handler: Path
    floor: Path
    streamer: Path
    web: Path
    rounds: int
    round_ms: int
    cold_starts: int
    cpu: int

    def program(self, name):
        return self.programs / f"bench_{name}"


def _interleave(rounds, sides):
    """Calls every side once per round, the order turning from round to round. Results by side's name."""
    results = {name: [] for name in sides}
    names = list(sides)
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            results[name].append(sides[name]())
    return results


def _load(setting, server, *options):
    """One run of the load generator, and what each answer cost the server (not its functions) in CPU time."""
    before = servers.processor_ns(server.process.pid)
    path = [] if "--path" in options else ["--path", server.path()]
    result = run_program([setting.program("load"), "--port", server.port, *path, *options])
    spent = servers.processor_ns(server.process.pid) - before
    result["server_cpu_us"] = spent / 1000 / max(1, result["count"] + result["errors"] + result["warmup"])
    return result


def _column(results, key):
    return [result[key] for result in results]


def _errors_row(name, results):
    """Every error of kelvin's rounds, whatever their kind; the first one's text is the note."""
    total = sum(_column(results, "errors"))
    first = next((result["first_error"] for result in results if result["first_error"]), "")
    return single(f"{name}: errors", "", total, ("<=", 0), first and f"first error: {first}")


def _processor_row(results):
    return compared("… server's CPU time per answer", "µs", _column(results["relay"], "server_cpu_us"),
                    _column(results["quiet"], "server_cpu_us"))


def start(setting):
    """From before vfork to the ready line, to the first connection taken, to the first answer."""
    series = run_program([setting.program("ready_start"), "--rounds", setting.cold_starts, "--function", "echo", "--",
                          setting.kelvin, "run", f"echo={setting.handler}"])
    return [
        single("start to ready line", "ms", series["ready"], ("<=", 5)),
        single("start to first connection", "ms", series["connected"], ("<=", 5)),
        single("start to first answer", "ms", series["first_answer"]),
    ]


def size(setting):
    """The binary without symbols."""
    with tempfile.TemporaryDirectory() as folder:
        stripped = Path(folder) / "kelvin"
        if subprocess.run(["strip", "-o", stripped, setting.kelvin], capture_output=True).returncode != 0:
            raise NotMeasured(f"strip could not read {setting.kelvin}")
        return [single("stripped binary", "MB", stripped.stat().st_size / MEGABYTE, ("<=", 6))]


def idle_memory(setting):
    """kelvin's processes before any environment exists, and with one idle environment."""
    with servers.kelvin(setting.kelvin, {"echo": setting.handler}) as server:
        processes = servers.process_tree(server.process.pid)
        resident, proportional = servers.memory_bytes(processes)
        _load(setting, server, "--count", 100)
        own = servers.processes_of_binary(server.process.pid)
        used, _ = servers.memory_bytes(own)
    count = f"{len(processes)} process{'' if len(processes) == 1 else 'es'}"
    return [
        single("idle memory, resident", "MB", resident / MEGABYTE, ("<=", 8), f"sum of {count}"),
        single("idle memory, proportional", "MB", proportional / MEGABYTE, ("<=", 8), f"sum of {count}"),
        single("after 100 invocations, resident", "MB", used / MEGABYTE,
               note=f"sum of {len(own)} without the function's"),
    ]


@contextlib.contextmanager
def _three_servers(setting, environments, cpu):
    """The relay, kelvin with its log dropped, and kelvin with its log going to a file."""
    options = ["--environments", str(environments)]
    functions = {"echo": setting.handler}
    with contextlib.ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile())
        floor = stack.enter_context(servers.relay(setting.programs, setting.handler, environments, cpu))
        quiet = stack.enter_context(servers.kelvin(setting.kelvin, functions, options, cpu))
        logging = stack.enter_context(servers.kelvin(setting.kelvin, functions, options, cpu, log))
        yield floor, quiet, logging


def warm_latency(setting):
    """One client, 1 KB, every process on one CPU: the median of each round's p50."""
    with _three_servers(setting, 1, setting.cpu) as (floor, quiet, logging):
        options = ["--duration-ms", setting.round_ms, "--warmup", 200, "--cpu", setting.cpu]
        foreign = ForeignLoad([floor, quiet, logging])
        results = _interleave(setting.rounds, {
            "relay": lambda: _load(setting, floor, *options),
            "quiet": lambda: _load(setting, quiet, *options),
            "logging": lambda: _load(setting, logging, *options),
        })
        others = foreign.share()
    rows = []
    for side, name, budget in (("quiet", "warm 1 KB, 1 client, pinned, p50", ("<=", 1.4)),
                               ("logging", "… with its log in a file", None)):
        row = compared(name, "µs", _column(results["relay"], "p50_us"), _column(results[side], "p50_us"), budget)
        row.series["foreign_cpu_share"] = others
        row.series["kelvin_p99"] = _column(results[side], "p99_us")
        row.series["relay_p99"] = _column(results["relay"], "p99_us")
        rows.append(row)
    rows.append(_processor_row(results))
    rows.append(_errors_row("warm", results["quiet"] + results["logging"]))
    return rows


def throughput(setting):
    """8 environments, 64 and 8 clients, 1 KB, no pinning."""
    rows = []
    with _three_servers(setting, 8, None) as (floor, quiet, logging):
        for server in (floor, quiet, logging):
            _load(setting, server, "--count", 2000, "--connections", 64)
        for clients, budget in ((64, (">=", 0.75)), (8, None)):
            options = ["--duration-ms", setting.round_ms, "--connections", clients]
            foreign = ForeignLoad([floor, quiet, logging])
            results = _interleave(setting.rounds, {
                "relay": lambda: _load(setting, floor, *options),
                "quiet": lambda: _load(setting, quiet, *options),
                "logging": lambda: _load(setting, logging, *options),
            })
            name = f"throughput, {clients} clients, 8 environments"
            for side, title, bound in (("quiet", name, budget), ("logging", "… with its log in a file", None)):
                row = compared(title, "1/s", _column(results["relay"], "requests_per_second"),
                               _column(results[side], "requests_per_second"), bound)
                row.series["foreign_cpu_share"] = foreign.share()
                row.series["kelvin_p99_us"] = _column(results[side], "p99_us")
                rows.append(row)
            rows.append(_processor_row(results))
            rows.append(_errors_row(f"{clients} clients", results["quiet"] + results["logging"]))
    return rows


def _cold_start_at(setting, level, pause_ms, budget):
    functions = {f"floor{number}": setting.floor for number in range(setting.cold_starts)}
    options = ["--isolation", level, "--environments-total", str(setting.cold_starts + 8)]
    with servers.kelvin(setting.kelvin, functions, options) as server:
        foreign = ForeignLoad([server])
        series = run_program([setting.program("bare_start"), "--floor", setting.floor,
                              "--rounds", setting.cold_starts, "--pause-ms", pause_ms, "--port", server.port])
        others = foreign.share()
    without_warm = [first - warm for first, warm in zip(series["kelvin_first"], series["kelvin_warm"])]
    beyond = [mine - bare for mine, bare in zip(without_warm, series["bare_next"])]
    judged = statistics.median(beyond)
    name = f"cold start, {level}" if pause_ms else f"cold starts in a row, {level}"
    row = Row(f"{name}: beyond bare", "ms", statistics.median(series["bare_next"]),
              statistics.median(without_warm), None, quartiles(beyond), budget, judged,
              f"{judged:.3f} ms = kelvin's first answer less a warm one, less the bare start",
              series={**series, "beyond": beyond, "foreign_cpu_share": others})
    return [row, compared(f"{name}: to first instruction", "ms", series["bare_to_start"],
                          series["kelvin_to_start"])]


def cold_start(setting):
    """What kelvin adds to a bare vfork, exec and first `next`, at each isolation level that it can do here."""
    rows = [row for pause_ms in (PAUSE_MS, 0) for row in _cold_start_at(setting, "host", pause_ms, ("<=", 0.3))]
    if servers.refuses(setting.kelvin, setting.floor, ["--isolation", "lambda"]):
        rows[0].note += "; level lambda: refused here by this kelvin"
    else:
        rows += [row for pause_ms in (PAUSE_MS, 0) for row in _cold_start_at(setting, "lambda", pause_ms, ("<=", 1.5))]
    return rows


def large_payload(setting):
    """A 5 MB echo, one client: the median of each round's p50, and the most memory kelvin ever had."""
    count = max(3, min(20, setting.round_ms // 20))
    options = ["--body-bytes", 5 * MEGABYTE, "--count", count, "--warmup", 2]
    with contextlib.ExitStack() as stack:
        floor = stack.enter_context(servers.relay(setting.programs, setting.handler, 1))
        mine = stack.enter_context(servers.kelvin(setting.kelvin, {"echo": setting.handler}))
        foreign = ForeignLoad([floor, mine])
        results = _interleave(setting.rounds, {
            "relay": lambda: _load(setting, floor, *options),
            "kelvin": lambda: _load(setting, mine, *options),
        })
        others = foreign.share()
        floor_peak = servers.peak_memory_bytes(floor.process.pid) / MEGABYTE
        peak = servers.peak_memory_bytes(mine.process.pid) / MEGABYTE
    row = compared("5 MB echo, 1 client, p50", "ms", [value / 1000 for value in _column(results["relay"], "p50_us")],
                   [value / 1000 for value in _column(results["kelvin"], "p50_us")], ("<=", 1.3))
    row.series["foreign_cpu_share"] = others
    return [
        row,
        Row("5 MB echo: peak resident memory", "MB", floor_peak, peak, peak / floor_peak),
        _errors_row("5 MB echo", results["kelvin"]),
    ]


STREAMED_BY = {
    "stream": ("/2021-11-15/functions/stream/response-streaming-invocations", []),
    "function URL that streams": ("/lambda-url/stream/", ["--api", "url-stream"]),
}


def streaming(setting):
    """From the function's write of the first piece of a streamed answer until its caller has read it."""
    rows, calls = [], max(10, setting.rounds * setting.round_ms // 20)
    for name, (path, options) in STREAMED_BY.items():
        with servers.kelvin(setting.kelvin, {"stream": setting.streamer}, options) as server:
            foreign = ForeignLoad([server])
            series = run_program([setting.program("stream_caller"), server.port, path, calls])["first_piece_ms"]
            others = foreign.share()
        row = single(f"{name}: first byte behind the function's write", "ms", series, ("<=", 1),
                     f"99 of 100 within {sorted(series)[len(series) * 99 // 100 - 1]:.3f} ms, {len(series)} calls")
        row.series["foreign_cpu_share"] = others
        rows.append(row)
    return rows


def as_functions(setting, folder):
    """The same setting with its functions as they are shipped: a `bootstrap` in a folder of its own."""
    placed = {}
    for name, program in (("echo", setting.handler), ("floor", setting.floor), ("stream", setting.streamer),
                          ("web", setting.web)):
        placed[name] = folder / name / "bootstrap"
        placed[name].parent.mkdir()
        shutil.copy(program, placed[name])
        placed[name].chmod(0o755)
    return replace(setting, handler=placed["echo"], floor=placed["floor"], streamer=placed["stream"],
                   web=placed["web"])
