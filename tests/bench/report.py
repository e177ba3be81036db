"""Rows of the table: what was measured, against which budget, with which verdict."""

import statistics
from dataclasses import dataclass, field


@dataclass
class Row:
    """One line of the table. `budget` is (comparison, bound): ("<=", 1.4) or (">=", 0.75), applied to `judged`."""

    name: str
    unit: str
    relay: float | None = None
    kelvin: float | None = None
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    budget: tuple[str, float] | None = None
    judged: float | None = None
    note: str = ""
    measured: bool = True
    series: dict = field(default_factory=dict)

    def verdict(self):
        if not self.measured:
            return "not measured"
        if self.budget is None:
            return ""
        comparison, bound = self.budget
        kept = self.judged <= bound if comparison == "<=" else self.judged >= bound
        return "within" if kept else "over"

    def as_json(self):
        return {
            "row": self.name,
            "unit": self.unit,
            "relay": self.relay,
            "kelvin": self.kelvin,
            "ratio": self.ratio,
            "pair_quartiles": self.spread,
            "budget": None if self.budget is None else f"{self.budget[0]} {self.budget[1]:g}",
            "verdict": self.verdict(),
            "note": self.note,
            "series": self.series,
        }


def quartiles(values):
    """The middle half of a series; both ends are the value itself where there is only one."""
    if len(values) < 2:
        return (values[0], values[0])
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return (low, high)


def compared(name, unit, relay, kelvin, budget=None, note=""):
    """A row of two interleaved series: their medians, and the median and middle half of the rounds' ratios."""
    ratios = [mine / floor for floor, mine in zip(relay, kelvin, strict=True) if floor]
    ratio = statistics.median(ratios) if ratios else None
    return Row(name, unit, statistics.median(relay), statistics.median(kelvin), ratio,
               quartiles(ratios) if ratios else None, budget, ratio, note, series={"relay": relay, "kelvin": kelvin})


def single(name, unit, kelvin, budget=None, note=""):
    """A row of kelvin alone; a list stands for its median."""
    series = {"kelvin": kelvin} if isinstance(kelvin, list) else {}
    spread = quartiles(kelvin) if series else None
    value = statistics.median(kelvin) if series else kelvin
    return Row(name, unit, None, value, None, spread, budget, value, note, series=series)


def unmeasured(name, why):
    return Row(name, "", note=why, measured=False)


def _number(value):
    if value is None:
        return "–"
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def print_table(rows):
    lines = [("figure", "unit", "relay", "kelvin", "ratio", "middle half", "budget", "verdict")]
    for row in rows:
        spread = "" if row.spread is None else f"{_number(row.spread[0])} … {_number(row.spread[1])}"
        budget = "" if row.budget is None else f"{row.budget[0]} {row.budget[1]:g}"
        lines.append((row.name, row.unit, _number(row.relay), _number(row.kelvin),
                      "" if row.ratio is None else f"{row.ratio:.2f}", spread, budget, row.verdict()))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for number, line in enumerate(lines):
        cells = [cell.ljust(width) if column in (0, 1, 6, 7) else cell.rjust(width)
                 for column, (cell, width) in enumerate(zip(line, widths))]
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))
    for row in rows:
        if row.note:
            print(f"* {row.name}: {row.note}")
