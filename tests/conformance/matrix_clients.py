"""The runtime clients of the matrix: where their handlers lie and what is particular to each."""

import functools
import threading
from dataclasses import dataclass

from kelvin_process import Kelvin, binary, handler, has_level_lambda

LEVELS = ("host", "lambda")


@dataclass(frozen=True)
class Client:
    """`library`: what serves the Runtime API. `streams`: the value of --handler that streams, None: it cannot."""

    name: str
    library: str
    streams: str | None = "bootstrap"
    posts_init_error: bool = True
    crash: str = "signal: aborted"


CLIENTS = {
    client.name: client
    for client in (
        Client("cpp", "examples/cpp-echo/lambda_runtime.hpp"),
        Client("rust", "lambda_runtime 1.5.0", posts_init_error=False),
        # A Go program that meets a programmer's error prints the stack and exits with 2.
        Client("go", "aws-lambda-go 1.55.1", posts_init_error=False, crash="exit status 2"),
        Client("python", "awslambdaric 4.2.2", streams=None),
        Client("node", "aws-lambda-ric 4.0.2", streams="handler.stream"),
        Client("java", "aws-lambda-java-runtime-interface-client 2.9.0", streams=None),
        Client("shell", "curl"),
    )
}


def start(client, level, *options):
    """A kelvin that serves the client's handler as `f` at this isolation level."""
    return Kelvin(f"f={handler(client.name)}", "--isolation", level, *options)


@functools.cache
def answers_to_hanging_inits():
    """{(client's name, level): (answer, log)} of an init that never ends, at each level that this machine has. Ten
    seconds each, so all wait at the same time."""
    found = {}

    def serve(client, level):
        kelvin = start(client, level, "--env", "INIT=hang", "--timeout", "1")
        try:
            answer = kelvin.invoke("f", {"do": "echo", "value": 1})
            kelvin.wait_for_log("^REPORT ")
            found[client.name, level] = (answer, kelvin.log)
        finally:
            kelvin.kill()

    levels = [level for level in LEVELS if level == "host" or has_level_lambda(binary())]
    threads = [threading.Thread(target=serve, args=(each, level))
               for each in CLIENTS.values() if handler(each.name) for level in levels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found
