"""The log lines that AWS prints around an invocation (recorded on AWS), as expressions and as a small parser."""

import re

ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
MS = r"\d+\.\d\d ms"
START = re.compile(rf"^START RequestId: ({ID}) Version: \$LATEST$")
END = re.compile(rf"^END RequestId: ({ID})$")
REPORT = re.compile(
    rf"^REPORT RequestId: (?P<id>{ID})\tDuration: (?P<duration>\d+\.\d\d) ms\tBilled Duration: (?P<billed>\d+) ms\t"
    r"Memory Size: (?P<size>\d+) MB\tMax Memory Used: (?P<used>\d+) MB\t"
    r"(?:Init Duration: (?P<init>\d+\.\d\d) ms\t)?"
    r"(?:Status: (?P<status>timeout|error)\t(?:Error Type: (?P<type>\S+)\t)?)?$")
INIT_REPORT = re.compile(
    r"^INIT_REPORT Init Duration: (?P<duration>\d+\.\d\d) ms\tPhase: (?P<phase>init|invoke)\t"
    r"Status: (?P<status>timeout|error)(?:\tError Type: (?P<type>\S+))?$")


def platform_lines(log):
    """The platform's own lines of a log as (kind, match) in order; all others are left out."""
    found = []
    for line in log.split("\n"):
        for kind, expression in (("START", START), ("END", END), ("REPORT", REPORT), ("INIT_REPORT", INIT_REPORT)):
            if match := expression.match(line):
                found.append((kind, match))
    return found


def kinds(log):
    return [kind for kind, _ in platform_lines(log)]


def expect_well_formed(log):
    """Every line that begins like one of the platform's has AWS's exact form."""
    for line in log.split("\n"):
        word = line.split(" ", 1)[0]
        expression = {"START": START, "END": END, "REPORT": REPORT, "INIT_REPORT": INIT_REPORT}.get(word)
        assert expression is None or expression.match(line), f"not AWS's form: {line!r}"


def position(log, text, after=0):
    """Index of the first line from `after` on that contains `text`."""
    lines = log.split("\n")
    for index in range(after, len(lines)):
        if text in lines[index]:
            return index
    raise AssertionError(f"no line contains {text!r} from line {after} on:\n{log}")
