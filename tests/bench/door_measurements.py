"""What the doors for plain HTTP add to the Invoke API, by the same kelvin and the same function."""

import json
import tempfile
from pathlib import Path

import servers
from measurements import _column, _errors_row, _interleave, _load, MEGABYTE
from report import compared
from servers import ForeignLoad

DOORS = ("http", "http-1.0", "rest", "url", "alb")
ROUTES = 300


def _against_invoke(setting, server, name, path, options, budget, scale=1.0, unit="µs"):
    """The door's p50 as a ratio of the Invoke API's, in rounds that alternate on one kelvin."""
    foreign = ForeignLoad([server])
    invoke = server.path()
    results = _interleave(setting.rounds, {
        "invoke": lambda: _load(setting, server, "--path", invoke, *options),
        "door": lambda: _load(setting, server, "--path", path, *options),
    })
    row = compared(name, unit, [value * scale for value in _column(results["invoke"], "p50_us")],
                   [value * scale for value in _column(results["door"], "p50_us")], budget)
    row.series["foreign_cpu_share"] = foreign.share()
    return row, results["door"] + results["invoke"]


def _template(folder, handler, routes):
    """An HTTP API with so many routes, of which the last is the one to be found."""
    events = {f"Route{number}": {"Type": "HttpApi", "Properties": {"Method": "POST", "Path": path}}
              for number, path in enumerate(routes)}
    function = {"Type": "AWS::Serverless::Function",
                "Properties": {"CodeUri": str(Path(handler).parent), "Handler": "bootstrap",
                               "Runtime": "provided.al2023", "Events": events}}
    path = Path(folder) / "template.json"
    path.write_text(json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Web": function}}))
    return path


def doors(setting):
    """1 KB and 5 MB through each door, and one route of three hundred; every process on one CPU for 1 KB."""
    rows, all_results = [], []
    small = ["--duration-ms", setting.round_ms, "--warmup", 200, "--cpu", setting.cpu]
    large = ["--body-bytes", 5 * MEGABYTE, "--count", max(3, min(20, setting.round_ms // 20)), "--warmup", 2]
    for door in DOORS:
        with servers.kelvin(setting.kelvin, {"web": setting.web}, ["--api", door, "--environments", "1"],
                            setting.cpu) as server:
            row, results = _against_invoke(setting, server, f"door {door}, 1 KB, pinned, p50", "/bench", small,
                                           ("<=", 1.15))
            rows.append(row)
            all_results += results
    with tempfile.TemporaryDirectory() as folder:
        routes = [f"/r{number}/{{id}}/things/{{thing}}" for number in range(ROUTES)]
        template = _template(folder, setting.web, routes)
        with servers.kelvin_with(setting.kelvin, [template], "Web", ["--environments", "1"], setting.cpu) as server:
            path = f"/r{ROUTES - 1}/7/things/8"
            row, results = _against_invoke(setting, server, f"one of {ROUTES} routes, 1 KB, pinned, p50", path,
                                           small, ("<=", 1.15))
            rows.append(row)
            all_results += results
    for door in ("http", "url"):
        with servers.kelvin(setting.kelvin, {"web": setting.web}, ["--api", door]) as server:
            row, results = _against_invoke(setting, server, f"door {door}, 5 MB both ways, p50", "/bench", large, None,
                                           0.001, "ms")
            rows.append(row)
            all_results += results
    rows.append(_errors_row("doors", all_results))
    return rows
