"""docs/matrix.md: one row per client and case, kelvin's answer beside AWS's."""

import matrix_expected
from matrix_cases import CASES
from matrix_clients import LEVELS
from matrix_recorded import RECORDED, form

HEAD = """\
# Runtime clients: kelvin's answers beside AWS's

Made by tests/conformance/test_matrix.py, which measures every answer each time it runs and fails where this page says
something else. `KELVIN_WRITE_MATRIX=1` writes the page anew.

An answer is the status, `Unhandled` where X-Amz-Function-Error says so, and the body. `<id>` is the invocation's
request id and `…` what was shortened. AWS's answers are those that LocalStack's tests of the given names recorded
there. They were other functions: *same* means the same members in the same order and, where the platform makes the
answer, the same text but for the timeout's length. What the platform makes was recorded with a function in one
language and is compared for all clients. Where nothing was recorded, the last column says what the expected answer
was taken from.

Each answer was measured at both isolation levels. *The same* in the column `at level lambda` is the answer at level
host, letter for letter.
"""


def code(text):
    return "`" + text.replace("|", "\\|") + "`"


def row(client, answers, expected):
    """`answers`: kelvin's at each level, in the order of LEVELS."""
    at_host, at_lambda = answers
    same = "the same" if at_lambda == at_host else code(str(at_lambda))
    if at_host is None:
        return f"| {client.name} | the client has no such call | {same} | | |"
    begin = f"| {client.name} | {code(at_host)} | {same} |"
    if expected.recorded is None:
        return f"{begin} not recorded | {expected.source} |"
    recorded = RECORDED[expected.recorded]
    verdict = "same" if form(at_host) == form(recorded) else "**differs**"
    return f"{begin} {code(recorded)} | {verdict}: {expected.recorded} |"


def as_table(measured, clients):
    parts = [HEAD, "| client | library |\n| --- | --- |\n" +
             "".join(f"| {client.name} | {client.library} |\n" for client in clients)]
    for name, (title, event, _) in CASES.items():
        lines = [f"## {title}", "", event, "",
                 "| client | kelvin at level host | at level lambda | AWS | how it is known |",
                 "| --- | --- | --- | --- | --- |"]
        for client in clients:
            answers = [measured[level, name, client.name] for level in LEVELS]
            lines.append(row(client, answers, getattr(matrix_expected, name)(client)))
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def rows_of(table):
    """Every row with the heading it stands under, for a comparison that leaves unbuilt clients out."""
    rows, heading = set(), ""
    for line in table.splitlines():
        if line.startswith("#"):
            heading = line
        elif line.startswith("| "):
            rows.add((heading, line))
    return rows
