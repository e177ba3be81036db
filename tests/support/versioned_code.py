"""Versions of a function's code, how editors and linkers put them in place, and what kelvin says of them."""

import functools
import json
import os
import select
import shutil
import zipfile
from pathlib import Path

from kelvin_process import handler
from process_tree import wait_until

MARK = b"VERSION=00000000,MODE=run     "
SHELL = """#!/bin/sh
runtime="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
while head=$(curl -sS -D - -o /dev/null "$runtime/invocation/next"); do
  id=$(printf '%s' "$head" | sed -n 's/^Lambda-Runtime-Aws-Request-Id: *//Ip' | tr -d '\\r\\n')
  curl -sS -o /dev/null --data-binary '{{"version":{number},"pid":'$$'}}' "$runtime/invocation/$id/response"
done
"""


@functools.cache
def _template():
    content = Path(handler("versioned")).read_bytes()
    assert content.count(MARK) == 1, "the handler must hold its mark once"
    return content


def binary_version(number, mode="run"):
    """The ELF file of a version."""
    return _template().replace(MARK, b"VERSION=%08d,MODE=%-8s" % (number, mode.encode()))


def files_below(folder):
    """The files in a folder and its folders; a folder that is removed meanwhile has none (Path.rglob would raise)."""
    return [Path(where) / name for where, _, names in os.walk(folder) for name in names]


def shell_version(number):
    """A shell script as a version."""
    return SHELL.format(number=number).encode()


def write_in_place(path, content):
    """As `cp` and some linkers: the same file, emptied first."""
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, 0o755)


def rename_over(path, content):
    """As most editors and compilers: written beside it, then put in its place."""
    beside = Path(path).with_name(f".{Path(path).name}.new")
    write_in_place(beside, content)
    os.rename(beside, path)


def make_again(path, content):
    """As GNU ld: removed, and made anew."""
    Path(path).unlink()
    write_in_place(path, content)


def zip_of(path, content, **others):
    """Puts a deployment package in the place of the one at `path`."""
    beside = Path(path).with_suffix(".partial")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in {"bootstrap": content, **others}.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            zipped.writestr(entry, data)
    os.rename(beside, path)


def new_folder(path, content, **others):
    """A folder with a bootstrap and other files, whose names get `.txt`."""
    path.mkdir()
    for name, data in others.items():
        (path / f"{name}.txt").write_text(data)
    write_in_place(path / "bootstrap", content)
    return path


def code_of(kelvin, name="f"):
    """What /_kelvin/functions says of a function, and of its code."""
    with kelvin.client() as api:
        entry, = [each for each in api.request("GET", "/_kelvin/functions").json["functions"] if each["name"] == name]
    return {**entry, **entry.get("code", {})}


def ask(client, name="f", event=None):
    """One invocation, which must succeed; its answer."""
    answer = client.invoke(name, event or {})
    assert answer.status == 200 and answer.function_error is None, answer
    return json.loads(answer.body)


def wait_for_code(kelvin, name="f", deadline_seconds=20, **expected):
    """Waits until /_kelvin/functions says all that of the function's code."""
    seen = {}

    def holds():
        seen.update(code_of(kelvin, name))
        return all(seen.get(key) == value for key, value in expected.items())

    try:
        wait_until(holds, deadline_seconds, f"{expected} of {name}")
    except AssertionError as problem:
        raise AssertionError(f"{problem}; it says {seen}; log:\n{kelvin.log[-3000:]}") from None
    return seen


def wait_for_version(kelvin, number, name="f", deadline_seconds=20):
    """Invokes until this version answers; no invocation may fail meanwhile, and none may be older than one before."""
    with kelvin.client() as client:
        answers = [ask(client, name)]

        def is_there():
            answers.append(ask(client, name))
            return answers[-1]["version"] == number

        try:
            wait_until(is_there, deadline_seconds, f"version {number} of {name}")
        except AssertionError as problem:
            raise AssertionError(f"{problem}; it answers {answers[-1]}; log:\n{kelvin.log[-3000:]}") from None
    return answers[-1]


def remove_folder(path):
    shutil.rmtree(path)


class Held:
    """An invocation whose answer is not waited for yet."""

    def __init__(self, kelvin, event=None, path="/2015-03-31/functions/f/invocations", method="POST"):
        self.client = kelvin.client()
        self.client.send_request(method, path, json.dumps(event or {}).encode())

    def is_answered(self):
        return bool(select.select([self.client.socket], [], [], 0)[0])

    def answer(self):
        answer = self.client.receive()
        self.client.close()
        return answer

    def json(self):
        answer = self.answer()
        assert answer.status == 200 and answer.function_error is None, answer
        return answer.json


class Gate:
    """A layer whose hidden files, which are no code, let held handlers and inits go on."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "bin").mkdir(parents=True)
        self.option = ("--layer", str(folder))

    def release(self):
        (self.folder / "bin" / ".release").touch()

    def open(self):
        (self.folder / "bin" / ".open").touch()
