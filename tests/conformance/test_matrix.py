"""Each runtime client in each case, beside what AWS answers; docs/matrix.md is the table of it.

With KELVIN_WRITE_MATRIX=1 the table is written anew from what was measured, else compared with it.
"""

import os
from pathlib import Path

import pytest

import matrix_expected
from kelvin_process import Kelvin, handler, need_level
from matrix_cases import CASES
from matrix_clients import CLIENTS, LEVELS, start
from matrix_table import as_table, rows_of
from process_tree import expect_no_leftovers

TABLE = Path(__file__).resolve().parents[2] / "docs" / "matrix.md"
measured = {}


class Subject:
    """One client at one level. Answers are kept, so that the table costs no second measurement."""

    def __init__(self, client, level):
        self.client = client
        self.level = level
        self.kelvin = None

    def answer(self, name):
        key = (self.level, name, self.client.name)
        if key not in measured:
            if self.kelvin is None:
                self.kelvin = start(self.client, self.level, "--timeout", "30", "--environments", "8")
            measured[key] = CASES[name][2](self.client, self.level, self.kelvin)
        return measured[key]

    def stop(self):
        if self.kelvin is not None:
            self.kelvin.stop()
        expect_no_leftovers(Kelvin.running)


@pytest.fixture(scope="module", params=[(level, name) for level in LEVELS for name in CLIENTS],
                ids=lambda pair: f"{pair[1]}-{pair[0]}")
def subject(request):
    level, name = request.param
    need_level(level)
    if handler(name) is None:
        pytest.skip(f"the handler of {name} is not built")
    made = Subject(CLIENTS[name], level)
    yield made
    made.stop()


@pytest.mark.parametrize("name", CASES)
def test_answer(subject, name):
    assert subject.answer(name) == getattr(matrix_expected, name)(subject.client).answer


def test_expectations_are_what_was_recorded_on_aws():
    for name in CASES:
        for each in CLIENTS.values():
            expected = getattr(matrix_expected, name)(each)
            if expected.recorded is not None:
                assert expected.is_as_recorded() is not expected.differs, (name, each.name)


def test_table_tells_what_was_measured():
    for level in LEVELS:
        need_level(level)
    built = [client for client in CLIENTS.values() if handler(client.name)]
    for level in LEVELS:
        for client in built:
            missing = Subject(client, level)
            try:
                for name in CASES:
                    missing.answer(name)
            finally:
                missing.stop()
    made = as_table(measured, built)
    if os.environ.get("KELVIN_WRITE_MATRIX") == "1":
        assert len(built) == len(CLIENTS), "the table needs every client: build all handlers first"
        TABLE.write_text(made)
        return
    committed = TABLE.read_text()
    hint = "run this test with KELVIN_WRITE_MATRIX=1 and look at the difference"
    if len(built) == len(CLIENTS):
        assert made == committed, hint
    assert rows_of(made) <= rows_of(committed), hint
