"""Start and stop: ready line, SIGINT that drains, a second one that does not, ports, exit statuses."""

import json
import signal
import socket
import threading
import time
import zipfile
from pathlib import Path

import pytest

from kelvin_process import run_kelvin
from process_tree import is_alive, wait_until


def test_ready_line_tells_where_kelvin_listens(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    assert f.ready["url"] == f"http://127.0.0.1:{f.port}"
    assert f.ready["functions"]["f"]["url"].startswith(f.url)
    assert f.invoke("f", {"do": "echo", "value": 1}).body == b"1"


def test_ready_file(kelvin, cpp, tmp_path):
    ready_file = tmp_path / "ready.json"
    f = kelvin(f"f={cpp}", "--ready-file", str(ready_file))
    assert json.loads(wait_until(lambda: ready_file.exists() and ready_file.read_text())) == f.ready


def test_nothing_is_started_before_the_first_invocation(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    assert f.bootstraps() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_drains(kelvin, cpp, number):
    f = kelvin(f"f={cpp}", "--timeout", "10")
    with f.client() as busy:
        busy.send_request("POST", "/2015-03-31/functions/f/invocations", b'{"do":"sleep","ms":1000}')
        f.wait_for_log("^START")
        f.signal(number)

        def refuses():
            try:
                socket.create_connection(("127.0.0.1", f.port), 5).close()
                return False
            except ConnectionResetError:
                return False  # it was waiting to be accepted when the port was closed
            except ConnectionRefusedError:
                return True

        wait_until(refuses, what="the closed port")
        assert busy.receive().json == {"slept": 1000}
    assert f.wait() == 0
    assert "REPORT RequestId" in f.log


def test_second_sigint_stops_at_once(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--timeout", "100")
    thread = threading.Thread(target=lambda: pytest.raises(Exception, f.invoke, "f", {"do": "sleep", "ms": 90000}))
    thread.start()
    f.wait_for_log("^START")
    pid, = f.bootstraps()
    f.signal(signal.SIGINT)
    # The first one has been taken in when the log speaks of it or the port is closed.
    wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", f.port)) != 0, what="the closed port")
    f.signal(signal.SIGINT)
    began = time.monotonic()
    status = f.wait(10)
    assert time.monotonic() - began < 10
    assert status in (130, -signal.SIGINT, 1, 0), status
    assert not is_alive(pid)
    thread.join(20)


def test_idle_kelvin_stops_with_open_connections(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    idle = [f.client() for _ in range(50)]
    f.stop()
    for each in idle:
        each.close()


def test_port_in_use(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    done = run_kelvin("run", f"f={cpp}", "--listen", f"127.0.0.1:{f.port}")
    assert done.returncode == 3, done
    assert f"127.0.0.1:{f.port}" in done.stderr and "--listen" in done.stderr, done.stderr
    assert f.invoke("f", {"do": "echo", "value": 1}).status == 200


def test_start_leaves_no_scratch_behind(kelvin, cpp, tmp_path):
    f = kelvin(f"f={cpp}", environment={"TMPDIR": str(tmp_path)})
    f.invoke("f", {"do": "echo", "value": 1})
    f.stop()
    assert list(tmp_path.iterdir()) == []


def test_kill_9_leaves_no_scratch_behind(kelvin, cpp, tmp_path):
    archive = tmp_path / "f.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        zipped.writestr(entry, Path(cpp).read_bytes())
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    f = kelvin(f"f={archive}", environment={"TMPDIR": str(scratch)})
    assert f.invoke("f", {"do": "echo", "value": 1}).body == b"1"
    assert list(scratch.iterdir()), "the archive must have been unpacked somewhere"
    f.kill()
    wait_until(lambda: not list(scratch.iterdir()), what="the scratch folder's removal")


def test_health(kelvin, cpp):
    f = kelvin(f"f={cpp}")
    with f.client() as api:
        assert api.request("GET", "/_kelvin/health").status == 200
