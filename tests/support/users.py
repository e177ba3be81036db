"""Runs kelvin as who runs the tests and as an unprivileged user, at either isolation level."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from kelvin_process import binary, has_level_lambda

NOBODY = 65534


@pytest.fixture
def folder():
    """A folder that every user may read, which pytest's own are not."""
    path = Path(tempfile.mkdtemp(prefix="isolation-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def use_wrapper(monkeypatch, folder, text):
    """From now on kelvin is started by a shell script; $KELVIN in it is a copy that every user may run."""
    copy = shutil.copy(binary(), folder / "kelvin")
    os.chmod(copy, 0o755)
    wrapper = folder / "wrapper"
    wrapper.write_text(f"#!/bin/sh\nKELVIN={copy}\n{text}\n")
    wrapper.chmod(0o755)
    monkeypatch.setenv("KELVIN_BINARY", str(wrapper))


@pytest.fixture(params=["own user", "unprivileged user"])
def user(request, monkeypatch, folder):
    """Tests run as who runs them and, if that is root, as nobody too."""
    if request.param == "own user":
        return os.geteuid()
    if os.geteuid() != 0:
        pytest.skip("the own user is unprivileged already")
    use_wrapper(monkeypatch, folder,
                f'exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups -- "$KELVIN" "$@"')
    return NOBODY


def is_possible():
    """Whether kelvin, as the test runs it, has isolation level lambda here."""
    return has_level_lambda(binary())
