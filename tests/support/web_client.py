"""Plain HTTP as a caller of an API speaks it: repeated fields are kept, streamed answers read piece by piece."""

import contextlib
import http.client
import json


class WebAnswer:
    """`fields`: (name, value) pairs in the order and case they came."""

    def __init__(self, status, fields, body):
        self.status = status
        self.fields = fields
        self.body = body

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def field(self, name):
        values = self.all(name)
        assert len(values) <= 1, f"{name} is there more than once: {values}"
        return values[0] if values else None

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"WebAnswer({self.status}, {self.fields}, {self.body[:500]!r})"


@contextlib.contextmanager
def connection(port, timeout_seconds=30):
    made = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_seconds)
    try:
        yield made
    finally:
        made.close()


def request(port, method, path, body=None, headers=(), timeout_seconds=60):
    """`headers`: a dict, or pairs where a name is repeated. The path goes out as it is."""
    with connection(port, timeout_seconds) as made:
        send(made, method, path, body, headers)
        answer = made.getresponse()
        return WebAnswer(answer.status, answer.getheaders(), answer.read())


def send(made, method, path, body=None, headers=()):
    pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
    names = {name.lower() for name, _ in pairs}
    made.putrequest(method, path, skip_host="host" in names, skip_accept_encoding=True)
    for name, value in pairs:
        made.putheader(name, value)
    if body is not None and "content-length" not in names:
        made.putheader("Content-Length", str(len(body)))
    made.endheaders(body)


def do(**command):
    """The field that tells the test function behind a door what to do."""
    return {"X-Do": json.dumps(command)}
