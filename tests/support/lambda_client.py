"""A small, fast HTTP/1.1 client for the Invoke API: one keep-alive connection over a raw socket."""

import json
import socket
from urllib.parse import quote


class Answer:
    """One HTTP answer. Header names are in lower case; a repeated header keeps its last value."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def request_id(self):
        return self.headers["x-amzn-requestid"]

    @property
    def function_error(self):
        return self.headers.get("x-amz-function-error")

    def __repr__(self):
        return f"Answer({self.status}, {self.headers}, {self.body[:500]!r})"


class ConnectionLost(Exception):
    """The server closed before a whole answer."""


class LambdaClient:
    def __init__(self, port, host="127.0.0.1", timeout_seconds=60):
        self.port = port
        self.socket = socket.create_connection((host, port), timeout_seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def send_request(self, method, path, body=b"", headers=()):
        fields = {"Host": f"127.0.0.1:{self.port}", "Content-Length": str(len(body)), **dict(headers)}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
        self.socket.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body)

    def request(self, method, path, body=b"", headers=()):
        self.send_request(method, path, body, headers)
        return self.receive()

    def invoke(self, name, event, headers=(), query=""):
        """`event`: bytes as they are, anything else as JSON."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        return self.request("POST", f"/2015-03-31/functions/{quote(name, safe='')}/invocations{query}", body, headers)

    def receive(self):
        while True:
            while b"\r\n\r\n" not in self.buffer:
                self.fill()
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            status_line, *lines = head.decode("latin-1").split("\r\n")
            status = int(status_line.split(" ", 2)[1])
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            if status // 100 != 1:
                return Answer(status, headers, self.receive_body(status, headers))

    def receive_body(self, status, headers):
        if status == 204:
            return b""
        assert "content-length" in headers, f"an answer without Content-Length: {status} {headers}"
        length = int(headers["content-length"])
        parts, size = [self.buffer], len(self.buffer)
        while size < length:
            self.buffer = b""
            self.fill()
            parts.append(self.buffer)
            size += len(self.buffer)
        whole = b"".join(parts)
        self.buffer = whole[length:]
        return whole[:length]

    def fill(self):
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionLost(f"closed after {self.buffer[:200]!r}")
        self.buffer += data

    def is_closed_by_server(self):
        """True if the server has ended the connection; waits for nothing."""
        self.socket.setblocking(False)
        try:
            return self.socket.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except ConnectionError:
            return True
        finally:
            self.socket.setblocking(True)
