"""Fixtures of the suites that drive the real binary."""

import pytest

from kelvin_process import Kelvin, handler, need_level
from process_tree import adopt_orphans, expect_no_leftovers
from versioned_code import wait_for_code


def pytest_configure(config):
    adopt_orphans()


@pytest.fixture
def kelvin():
    """Starts kelvins: kelvin("NAME=PATH", "--option", ...). Each is stopped behind the test unless it already ended,
    must then end with status 0, and must leave no process."""
    started = []

    def start(*arguments, **options):
        started.append(Kelvin(*arguments, **options))
        return started[-1]

    yield start
    problems = []
    for each in started:
        if each.process.returncode is None:
            try:
                each.stop()
            except AssertionError as problem:
                problems.append(str(problem))
    expect_no_leftovers(Kelvin.running)
    assert not problems, "\n".join(problems)


@pytest.fixture
def cpp():
    return handler("cpp")


@pytest.fixture
def rogue():
    return handler("rogue")


@pytest.fixture(params=["host", "lambda"])
def level(request):
    """Each isolation level that this machine has."""
    need_level(request.param)
    return request.param


@pytest.fixture
def watch(kelvin):
    """Starts a `kelvin watch` and waits until the first version of each function serves."""
    def start(*arguments, **options):
        started = kelvin(*arguments, command="watch", **options)
        for name in started.ready["functions"]:
            wait_for_code(started, name, state="ready", version=1)
        return started
    return start
