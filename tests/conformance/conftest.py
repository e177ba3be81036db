"""Every test that takes `client` runs once for each runtime client."""

import os

import pytest

from kelvin_process import handler

CLIENTS = ["cpp", "rust", "go"]


def available_clients():
    """All clients; those without a built handler are left out only where KELVIN_ALLOW_MISSING=1 permits it."""
    return [name for name in CLIENTS if "KELVIN_HANDLERS" not in os.environ or handler(name)]


def pytest_generate_tests(metafunc):
    if "client" in metafunc.fixturenames:
        metafunc.parametrize("client", available_clients())


@pytest.fixture
def function(kelvin, client):
    """Starts a kelvin that serves the client's handler as function `f`; options as on the command line."""
    return lambda *options, **more: kelvin(f"f={handler(client)}", *options, **more)
