"""A headless browser that opens a page; the page tells what it found."""

import json
import os
import shutil
import signal
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

COMMANDS = ("chromium-headless-shell", "chromium", "google-chrome")
DEADLINE_SECONDS = 60


def find_browser():
    """Path of a Chromium; skips the test without one where KELVIN_ALLOW_MISSING=1 permits that."""
    found = next((path for path in map(shutil.which, COMMANDS) if path), None)
    if found is None and os.environ.get("KELVIN_ALLOW_MISSING") == "1":
        pytest.skip("no Chromium here")
    assert found, f"none of {', '.join(COMMANDS)} is here: install Debian's package chromium-headless-shell"
    return found


class PageServer:
    """Serves one HTML page at every path, and takes the JSON that the page posts. A context manager."""

    def __init__(self, html):
        told = self._told = threading.Event()
        self.report = None

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self._answer(html.encode(), "text/html; charset=utf-8")

            def do_POST(handler):
                self.report = json.loads(handler.rfile.read(int(handler.headers["content-length"])))
                handler._answer(b"", "text/plain")
                told.set()

            def _answer(self, body, content_type):
                self.send_response(200)
                self.send_header("content-type", content_type)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.port = self._server.server_port

    def wait_for_report(self):
        assert self._told.wait(DEADLINE_SECONDS), f"the page told nothing within {DEADLINE_SECONDS} s"
        return self.report

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def open_page(server, url, profile):
    """Opens the URL, which leads to the server, in a browser with that profile folder; returns what the page posts."""
    # Root cannot use the sandbox of Chromium.
    arguments = [find_browser(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--no-first-run", f"--user-data-dir={profile}", url]
    with open(f"{profile}.log", "wb") as log:
        browser = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            return server.wait_for_report()
        finally:
            os.killpg(browser.pid, signal.SIGKILL)
            browser.wait(10)
