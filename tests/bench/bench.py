#!/usr/bin/env python3
"""Measures kelvin beside a bare relay and prints each figure with its budget. Nothing here fails for being slow.

Exit code 0: everything was measured. 1: something could not be; the table says what and why. 2: usage.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import door_measurements
import measurements
import watch_measurements
from report import print_table, unmeasured
from servers import NotMeasured

ROOT = Path(__file__).resolve().parents[2]
GROUPS = ("start", "size", "idle_memory", "warm_latency", "throughput", "cold_start", "large_payload", "streaming",
          "doors", "watch")

MODULES = {"doors": door_measurements, "watch": watch_measurements}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kelvin", type=Path, default=ROOT / "build/release/kelvin", help="the binary (%(default)s)")
    parser.add_argument("--programs", type=Path, default=ROOT / "build/release/tests/bench",
                        help="folder of the bench_… programs (%(default)s)")
    parser.add_argument("--handler", type=Path, help="echo bootstrap for both sides (default: bench_handler)")
    parser.add_argument("--rounds", type=int, default=12, help="interleaved rounds per figure (%(default)s)")
    parser.add_argument("--round-ms", type=int, default=500, help="length of one round (%(default)s)")
    parser.add_argument("--cold-starts", type=int, default=40, help="starts per cold figure (%(default)s)")
    parser.add_argument("--cpu", type=int, default=min(os.sched_getaffinity(0)),
                        help="CPU of pinned figures (%(default)s)")
    parser.add_argument("--only", action="append", choices=GROUPS, help="a group of figures; may be repeated")
    parser.add_argument("--quick", action="store_true", help="tiny rounds, to see that the bench itself works")
    parser.add_argument("--json", type=Path, default=ROOT / "build/bench/latest.json", help="result file (%(default)s)")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.rounds, arguments.round_ms, arguments.cold_starts = 2, 60, 3
    if min(arguments.rounds, arguments.round_ms, arguments.cold_starts) < 1:
        parser.error("--rounds, --round-ms and --cold-starts must be at least 1")
    for path in (arguments.kelvin, arguments.programs / "bench_relay"):
        if not path.exists():
            parser.error(f"{path} does not exist; build it (targets kelvin and bench_programs) or name another")
    return arguments


def machine():
    processor = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                      if line.startswith("model name")), platform.machine())
    return {"processor": processor, "cpus": os.cpu_count(), "kernel": platform.release(),
            "load_average": os.getloadavg()[0]}


def measure(setting, groups):
    rows, problems = [], 0
    for group in groups:
        begun = time.monotonic()
        print(f"bench: {group} …", end="", file=sys.stderr, flush=True)
        try:
            rows += getattr(MODULES.get(group, measurements), group)(setting)
        except NotMeasured as problem:
            rows.append(unmeasured(group, str(problem)))
            problems += 1
        print(f" {time.monotonic() - begun:.1f} s", file=sys.stderr)
    return rows, problems


def main():
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="kelvin-bench-") as folder:
        setting = measurements.Setting(
            kelvin=arguments.kelvin.resolve(), programs=arguments.programs.resolve(),
            handler=(arguments.handler or arguments.programs / "bench_handler").resolve(),
            floor=arguments.programs.resolve() / "bench_floor",
            streamer=arguments.programs.resolve() / "bench_stream_handler",
            web=arguments.programs.resolve() / "bench_web_handler", rounds=arguments.rounds,
            round_ms=arguments.round_ms, cold_starts=arguments.cold_starts, cpu=arguments.cpu)
        setting = measurements.as_functions(setting, Path(folder))
        where = machine()
        rows, problems = measure(setting, arguments.only or GROUPS)
    print(f"{where['processor']}, {where['cpus']} CPUs, kernel {where['kernel']}, "
          f"load average {where['load_average']:.2f} at the beginning")
    print_table(rows)
    shares = [row.series["foreign_cpu_share"] for row in rows if "foreign_cpu_share" in row.series]
    if shares and max(shares) > 0.1:
        print(f"* others used up to {max(shares):.0%} of this machine's CPU during a figure: repeat on a quiet machine")
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps({"machine": where, "quick": arguments.quick,
                                          "rows": [row.as_json() for row in rows]}, indent=1) + "\n")
    print(f"series in {arguments.json}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
