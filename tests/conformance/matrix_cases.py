"""What the matrix does with each client, and how it writes an answer down.

A case is a function of (client, level, kelvin): `kelvin` serves the client with the timeout 30 s. It returns the
answer as text: status, `Unhandled` where X-Amz-Function-Error says so, body, what differs from run to run replaced;
None where the client cannot do this.
"""

import base64
import json
import os
import re
import signal
import threading

from log_format import ID
from matrix_clients import answers_to_hanging_inits, start
from process_tree import all_parents, name_of

LIMIT_BYTES = 6 * 1024 * 1024 + 100
CASES = {}


def case(title, event):
    def register(function):
        CASES[function.__name__] = (title, event, function)
        return function

    return register


def shortened(body):
    """The body as text; ids, stack traces and runs of one letter are replaced."""
    if len(body) > 4096 and len(set(body)) <= 2:
        return f"{body[:4].decode()}…{body[-4:].decode()} ({len(body):,} bytes)"
    text = body.decode().rstrip("\n")
    text = re.sub(ID, "<id>", text)
    # Both kinds of strings in it may hold brackets, so its end is looked for as JSON.
    if match := re.search(r'"(?:stackTrace|trace)": ?(?=\[)', text):
        _, end = json.JSONDecoder().raw_decode(text, match.end())
        text = f"{text[:match.end()]}[…]{text[end:]}"
    return text


def written(answer):
    return " ".join(filter(None, [str(answer.status), answer.function_error, shortened(answer.body)]))


def invoke_and_settle(kelvin, event):
    """Comes back when the environment is idle again: a slow runtime answers well before it asks for its next event."""
    answer = kelvin.invoke("f", event)
    kelvin.wait_for_log(f"^REPORT RequestId: {answer.request_id}")
    return answer


def expect_alive(kelvin):
    """The invocation behind a failure is served as if nothing had been."""
    after = kelvin.invoke("f", {"do": "echo", "value": "after"})
    assert (after.status, after.function_error, after.body) == (200, None, b'"after"'), after


@case("Echo", '`{"do":"echo","value":{"a":[1,"b"]}}`')
def echo(client, level, kelvin):
    return written(kelvin.invoke("f", b'{"do":"echo","value":{"a":[1,"b"]}}'))


@case("Unicode", '`{"do":"unicode","value":"ä 世界 🚀"}`; clients differ in what they escape, so the text is compared')
def unicode(client, level, kelvin):
    answer = kelvin.invoke("f", '{"do":"unicode","value":"ä 世界 🚀"}'.encode())
    return f"{answer.status} {json.dumps(answer.json, ensure_ascii=False, separators=(',', ':'))}"


@case("Handler's error", '`{"do":"error","message":"refused"}`')
def error(client, level, kelvin):
    before = invoke_and_settle(kelvin, {"do": "count"}).json
    answer = invoke_and_settle(kelvin, b'{"do":"error","message":"refused"}')
    after = kelvin.invoke("f", {"do": "count"}).json
    assert after == {"count": before["count"] + 2, "pid": before["pid"]}, "the process did not live on"
    return written(answer)


@case("Crash", '`{"do":"crash"}`: the process aborts')
def crash(client, level, kelvin):
    answer = kelvin.invoke("f", {"do": "crash"})
    expect_alive(kelvin)
    return written(answer)


@case("Exit with 0", '`{"do":"exit","code":0}`')
def exit_0(client, level, kelvin):
    answer = kelvin.invoke("f", {"do": "exit", "code": 0})
    expect_alive(kelvin)
    return written(answer)


def runtime_process(kelvin):
    """The process that kelvin started as bootstrap, whatever it has become by exec."""
    parents = all_parents()  # Looked at once, for a shell's children come and go.

    def is_below_kelvin(pid):
        parent = parents.get(pid)
        return parent == kelvin.pid or (name_of(parent).startswith("kelvin") and is_below_kelvin(parent))

    found = [pid for pid in parents if not name_of(pid).startswith("kelvin") and is_below_kelvin(pid)]
    assert len(found) == 1, f"not one process: {[(pid, name_of(pid)) for pid in found]}"
    return found[0]


@case("Signal", "SIGKILL from outside, amid an invocation")
def killed(client, level, kelvin):
    own = start(client, level, "--timeout", "30")
    try:
        answers = []
        caller = threading.Thread(target=lambda: answers.append(own.invoke("f", {"do": "sleep", "ms": 25000})))
        caller.start()
        own.wait_for_log("^START ", deadline_seconds=30)
        os.kill(runtime_process(own), signal.SIGKILL)
        caller.join(30)
        assert answers, f"no answer within 30 s of the kill; log:\n{own.log}"
        expect_alive(own)
    finally:
        own.kill()
    return written(answers[0])


@case("Timeout", '`{"do":"sleep","ms":60000}` with a timeout of 2 s')
def timeout(client, level, kelvin):
    own = start(client, level, "--timeout", "2")
    try:
        own.invoke("f", {"do": "count"})
        answer = own.invoke("f", {"do": "sleep", "ms": 60000})
        expect_alive(own)
    finally:
        own.kill()
    return written(answer)


def failing_init(client, level, kind):
    own = start(client, level, "--timeout", "30", "--env", f"INIT={kind}")
    try:
        answer = own.invoke("f", {"do": "echo", "value": 1})
        own.wait_for_log("^REPORT ")
        assert len(re.findall("(?m)^INIT_REPORT ", own.log)) == 2, own.log
    finally:
        own.kill()
    return written(answer)


@case("Init error", "`INIT=error`: posted to /init/error; Rust and Go, whose clients have no call for it, exit with 1")
def init_error(client, level, kelvin):
    return failing_init(client, level, "error")


@case("Init crash", "`INIT=crash`: the process aborts before its first `next`")
def init_crash(client, level, kelvin):
    return failing_init(client, level, "crash")


@case("Init that hangs", "`INIT=hang` with a timeout of 1 s: 10 s of init, then a second init within the invocation")
def init_hang(client, level, kelvin):
    found = answers_to_hanging_inits()
    assert (client.name, level) in found, "no answer within 60 s"
    answer, log = found[client.name, level]
    first = re.search(r"(?m)^INIT_REPORT Init Duration: (\d+)\.\d\d ms\tPhase: init\tStatus: timeout", log)
    assert first and 9900 <= int(first.group(1)) <= 11000, log
    return written(answer)


@case("Largest answer", f'`{{"do":"big","bytes":{LIMIT_BYTES}}}`')
def largest(client, level, kelvin):
    return written(kelvin.invoke("f", {"do": "big", "bytes": LIMIT_BYTES}))


@case("Answer over the limit", f'`{{"do":"big","bytes":{LIMIT_BYTES + 1}}}`')
def too_large(client, level, kelvin):
    answer = kelvin.invoke("f", {"do": "big", "bytes": LIMIT_BYTES + 1})
    expect_alive(kelvin)
    return written(answer)


@case("Log", '`{"do":"print","stdout":2,"stderr":1}`: the log that X-Amz-Log-Type: Tail brings, error output last')
def log(client, level, kelvin):
    answer = kelvin.invoke("f", {"do": "print", "stdout": 2, "stderr": 1}, headers={"X-Amz-Log-Type": "Tail"})
    lines = base64.b64decode(answer.headers["x-amz-log-result"], validate=True).decode().splitlines()
    assert lines[0] == f"START RequestId: {answer.request_id} Version: $LATEST"
    assert lines[-2] == f"END RequestId: {answer.request_id}"
    assert lines[-1].startswith(f"REPORT RequestId: {answer.request_id}\t")
    # The two outputs are two pipes: which of them is read first is chance.
    return " / ".join(["START", *sorted(lines[1:-2], key=lambda line: line.startswith("err")), "END", "REPORT"])


@case("Streamed answer", '`{"do":"stream","chunks":5,"bytes":7}`, asked for by a plain Invoke')
def stream(client, level, kelvin):
    if client.streams is None:
        return None
    own = start(client, level, "--timeout", "30", "--handler", client.streams)
    try:
        answer = own.invoke("f", {"do": "stream", "chunks": 5, "bytes": 7, "pause_ms": 10})
    finally:
        own.kill()
    # lambda_runtime puts a prelude before every stream; a plain Invoke passes it on as it is.
    prelude, _, rest = answer.body.rpartition(b"\0" * 8)
    return f"{answer.status} {'prelude, 8 NULs, ' if prelude else ''}{rest.decode()}"


@case("Fifty callers at once", '`{"do":"echo","value":N}` for N from 0 to 49, in at most 8 environments')
def fifty(client, level, kelvin):
    answers = {}

    def call(number):
        answers[number] = kelvin.invoke("f", {"do": "echo", "value": number})

    callers = [threading.Thread(target=call, args=(number,)) for number in range(50)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(90)
    good = [number for number, answer in answers.items()
            if answer.status == 200 and answer.function_error is None and answer.json == number]
    ids = {answer.request_id for answer in answers.values()}
    return f"{len(good)} times 200 and its own number, {len(ids)} request ids"
