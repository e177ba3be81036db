"""Runs every shell command that the documents show, and compares what it prints with what they say.

A ```sh block runs in a clean copy of the documents and examples, from its top, in the order of the page and in one
shell, so that variables and background processes carry over. The ```text block behind it is its standard output; `…`
stands for any text, alone on a line for any lines. Blocks marked <!-- not run: reason --> are set-up commands;
<!-- needs: command version --> names a toolchain without which, or in an older version, the page cannot be followed.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
PORT = 9000
DOCUMENTS = sorted(
    path
    for pattern in ("README.md", "docs/**/*.md", "examples/*/README.md")
    for path in TOP.glob(pattern)
    if "target" not in path.parts and "build" not in path.relative_to(TOP).parts
)
NEEDS = re.compile(r"<!-- needs: (\S+)(?: (\S+))? -->$")
NOT_RUN = re.compile(r"<!-- not run: (.+) -->$")
REASONS = ("set-up", "package installation", "toolchain download")


@dataclass
class Block:
    """One fenced block of shell commands. `expected` is None where the page shows no output."""

    line: int
    script: str
    expected: str | None = None
    not_run: str | None = None
    needs: tuple[str, str | None] | None = None


def fences(text):
    """Yields (line number, language, content, last non-blank line before) of each fenced block."""
    language, content, begin, before = None, [], 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            if language is None:
                language, content, begin = line[3:].strip(), [], number
            else:
                yield begin, language, "\n".join(content), before
                language, before = None, line
        elif language is not None:
            content.append(line)
        elif line.strip():
            before = line.strip()


def blocks(text):
    found = []
    for line, language, content, before in fences(text):
        if language == "sh":
            marker, needs = NOT_RUN.match(before), NEEDS.match(before)
            found.append(
                Block(line, content, not_run=marker and marker.group(1), needs=needs and needs.groups())
            )
        elif language == "text" and found and before == "```":
            found[-1].expected = content
    return found


def matches(expected, actual):
    pattern = ""
    for line in expected.strip("\n").split("\n"):
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += r"[^\n]*".join(re.escape(part) for part in line.rstrip().split("…")) + r"[ \t]*\n"
    return re.fullmatch(pattern, actual.strip("\n") + "\n") is not None


def as_version(text):
    return tuple(int(part) for part in text.split("."))


def lacks(command, version):
    """What is wrong with a toolchain, None if it is there and new enough."""
    if not shutil.which(command):
        return f"{command} is not installed"
    if version is None:
        return None
    question = [command, "version"] if command == "go" else [command, "--version"]
    said = subprocess.run(question, capture_output=True, text=True, timeout=60).stdout
    here = re.search(r"\d+(\.\d+)*", said).group()
    return None if as_version(here) >= as_version(version) else f"{command} {version} is needed, here is {here}"


def wait_for_free_port(deadline_s=60):
    """The pages say port 9000; another test of this machine may hold it for a moment."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", PORT))
                return
            except OSError:
                time.sleep(0.1)
    pytest.fail(f"port {PORT}, which the documents use, is held by somebody else; stop that and run the test again")


def script_of(parts, results):
    """One shell for the whole page. After a block that leaves something in the background the shell waits as a
    reader would: until the port answers."""
    lines = ["set -e"]
    for index, block in enumerate(parts):
        (results / f"{index}.sh").write_text(block.script + "\n")
        lines.append(f". {results}/{index}.sh >{results}/{index}.out 2>{results}/{index}.err </dev/null")
        if block.script.rstrip().endswith("&"):
            probe = f"(exec 3<>/dev/tcp/127.0.0.1/{PORT}) 2>/dev/null"
            lines.append(f"for attempt in $(seq 200); do {probe} && break; sleep 0.05; done")
        lines.append(f"touch {results}/{index}.done")
    return "\n".join(lines) + "\n"


def clean_copy(folder, binary):
    """What a reader has after `./dev run`: the checkout, the binary and the built C++ example."""
    shutil.copy(TOP / "README.md", folder)
    for name in ("docs", "examples"):
        shutil.copytree(TOP / name, folder / name, ignore=shutil.ignore_patterns("build", "target"))
    release = folder / "build" / "release"
    example = release / "examples" / "cpp-echo"
    example.mkdir(parents=True)
    shutil.copy2(binary, release)
    shutil.copy2(binary.parent / "examples" / "cpp-echo" / "bootstrap", example)
    # A Rust example's dependencies are compiled once, not once per run.
    for manifest in (folder / "examples").glob("*/Cargo.toml"):
        cache = TOP / "build" / "readme" / manifest.parent.name
        cache.mkdir(parents=True, exist_ok=True)
        (manifest.parent / "target").symlink_to(cache)
    return folder


def clean_environment(folder, binary):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KELVIN_", "AWS_"))}
    kept["PATH"] = f"{binary.parent}:{kept['PATH']}"
    kept["TMPDIR"] = str(folder)
    return kept


def stop_group(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait(timeout=10)


def test_wildcards():
    assert matches("a … c\n…\nend", "a b c\n1\n2\nend\n")
    assert matches("…\nend", "end")
    assert not matches("a … c", "a b d")
    assert not matches("a", "a\nb")


def test_needs(tmp_path, monkeypatch):
    page = "<!-- needs: tool 1.10 -->\n```sh\ntool\n```\n\n<!-- needs: tool -->\n```sh\ntool\n```\n"
    assert [block.needs for block in blocks(page)] == [("tool", "1.10"), ("tool", None)]
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert "not installed" in lacks("tool", "1.10")
    (tmp_path / "tool").write_text("#!/bin/sh\necho tool v1.9.2 of 2024\n")
    (tmp_path / "tool").chmod(0o755)
    assert "here is 1.9.2" in lacks("tool", "1.10")
    assert lacks("tool", "1.9") is None
    assert lacks("tool", None) is None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(TOP)))
def test_commands_are_checkable(document):
    text = document.read_text()
    for line, language, _, _ in fences(text):
        assert language not in ("bash", "shell", "console", "zsh"), f"{document}:{line}: write sh, so that it is run"
    for block in blocks(text):
        if block.not_run is not None:
            assert block.not_run.startswith(REASONS), f"{document}:{block.line}: not a reason to leave a block out"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(TOP)))
def test_commands_do_what_the_page_says(document, tmp_path):
    parts = [block for block in blocks(document.read_text()) if block.not_run is None]
    if not parts:
        return
    for block in parts:
        if block.needs and (lack := lacks(*block.needs)) and os.environ.get("KELVIN_ALLOW_MISSING") == "1":
            pytest.skip(lack)
    binary = Path(os.environ["KELVIN_BINARY"]).resolve()
    results = tmp_path / "results"
    results.mkdir()
    copy = tmp_path / "copy"
    copy.mkdir()
    clean_copy(copy, binary)
    wait_for_free_port()
    script = results / "page.sh"
    script.write_text(script_of(parts, results))
    process = subprocess.Popen(
        ["bash", str(script)], cwd=copy, env=clean_environment(tmp_path, binary), start_new_session=True
    )
    try:
        process.wait(timeout=840)
    finally:
        stop_group(process)
    for index, block in enumerate(parts):
        output = (results / f"{index}.out").read_text() if (results / f"{index}.out").exists() else ""
        errors = (results / f"{index}.err").read_text() if (results / f"{index}.err").exists() else ""
        where = f"{document.relative_to(TOP)}:{block.line}:\n{block.script}\n"
        printed = f"printed:\n{output}\nand to stderr:\n{errors}"
        assert (results / f"{index}.done").exists(), f"{where}failed. It {printed}"
        if block.expected is not None:
            assert matches(block.expected, output), f"{where}{printed}\ninstead of:\n{block.expected}"
