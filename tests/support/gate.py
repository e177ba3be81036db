"""A URL that answers when the test says so: what asks for it waits until then."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DEADLINE_SECONDS = 20


class Gate:
    """`url` is answered 204 from `open()` on, or after somebody asks for `url` + "open"; who asks before waits, at the
    longest DEADLINE_SECONDS: then the connection is closed without an answer. A context manager."""

    def __init__(self):
        opened = self._opened = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/open":
                    opened.set()
                if opened.wait(DEADLINE_SECONDS):
                    self.send_response(204)
                    self.send_header("access-control-allow-origin", "*")
                    self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def open(self):
        self._opened.set()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._opened.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
