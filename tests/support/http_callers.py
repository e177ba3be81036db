"""HTTP clients of the doors for plain HTTP: the same request through curl and through Python's requests."""

import subprocess
from dataclasses import dataclass

import requests

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Reply:
    """What a client got. `fields`: (name in lower case, value) in their order."""

    status: int
    fields: list
    body: bytes

    def values(self, name):
        return [value for key, value in self.fields if key == name]

    def value(self, name):
        """Its only value."""
        (value,) = self.values(name)
        return value


def through_curl(method, url, fields=(), body=None):
    """Sends the request with curl; fields are (name, value) pairs and may repeat. Paths go out as they are."""
    arguments = ["curl", "--silent", "--show-error", "--include", "--path-as-is", "--max-time", str(TIMEOUT_SECONDS),
                 "--request", method]
    for name, value in fields:
        arguments += ["--header", f"{name}: {value}"]
    if body is not None:
        arguments += ["--data-binary", "@-"]
    done = subprocess.run([*arguments, url], input=body or b"", capture_output=True, timeout=TIMEOUT_SECONDS + 10)
    assert done.returncode == 0, f"curl: {done.stderr.decode(errors='replace')}"
    head, _, answer = done.stdout.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in lines]
    return Reply(int(status.split()[1]), [(name.lower(), value) for name, value in pairs], answer)


def through_requests(method, url, fields=(), body=None):
    """Sends the request with requests, which sends a repeated field once."""
    answer = requests.request(method, url, headers=dict(fields), data=body, timeout=TIMEOUT_SECONDS,
                              allow_redirects=False)
    pairs = [(name.lower(), value) for name, value in answer.raw.headers.items()]
    return Reply(answer.status_code, pairs, answer.content)


CLIENTS = {"curl": through_curl, "requests": through_requests}
