"""The conformance handler on awslambdaric; ../README.md says what each command does."""

import ctypes
import json
import os
import subprocess
import sys
import time

served = 0
kept = []


class ConformanceError(Exception):
    """Shows as errorType: the client sends the exception's class name."""


def print_lines(event):
    tag = event.get("tag", "")
    for line in range(event.get("stdout", 0)):
        print(f"{tag}out {line}")
    for line in range(event.get("stderr", 0)):
        print(f"{tag}err {line}", file=sys.stderr)
    if "long" in event:
        print("x" * event["long"])
    if event.get("binary"):
        sys.stdout.flush()
        os.write(1, b"not utf-8: \xff\xfe\x80\n")
    if event.get("unfinished"):
        print(f"{tag}no newline", end="")
    sys.stdout.flush()
    return {"printed": True}


def deadline(context):
    client = context.client_context
    return {
        "request_id": context.aws_request_id,
        "remaining_ms": context.get_remaining_time_in_millis(),
        "arn": context.invoked_function_arn,
        "trace_variable": os.environ.get("_X_AMZN_TRACE_ID"),
        "client_context": client and {"custom": client.custom, "env": client.env},
    }


def sleep(event):
    time.sleep(event.get("ms", 0) / 1000)
    return {"slept": event.get("ms", 0)}


def call(event):
    """Invokes a function through the SDK as a function's code would: what it needs to know is in the variables."""
    import boto3  # Here, for it takes longer to load than everything else together.
    from botocore.exceptions import ClientError

    try:
        answer = boto3.client("lambda").invoke(FunctionName=event["function"], Payload=json.dumps(event["event"]))
    except ClientError as error:
        return {"exception": error.response["Error"]["Code"]}
    return {"status": answer["StatusCode"], "function_error": answer.get("FunctionError", "none"),
            "payload": json.load(answer["Payload"])}


def leave_grandchild():
    return {"pid": subprocess.Popen(["sleep", "600"], start_new_session=True).pid}


def flood(event):
    line = "f" * 1023 + "\n"
    for _ in range(event.get("kib", 1024)):
        sys.stdout.write(line)
    sys.stdout.flush()
    return {"flooded": event.get("kib", 1024)}


def use_memory(event):
    size_bytes = event["mib"] << 20
    buffer = ctypes.create_string_buffer(size_bytes)
    ctypes.memset(buffer, 1, size_bytes)
    kept[:] = [buffer]
    return {"bytes": size_bytes}


COMMANDS = {
    "echo": lambda event, context: event["value"],
    "unicode": lambda event, context: {"text": "grüße, 世界 🚀", "value": event.get("value")},
    "crash": lambda event, context: os.abort(),
    "exit": lambda event, context: sys.exit(event.get("code", 0)),
    "sleep": lambda event, context: sleep(event),
    "big": lambda event, context: "a" * (event["bytes"] - 2),
    "call": lambda event, context: call(event),
    "print": lambda event, context: print_lines(event),
    "environ": lambda event, context: dict(os.environ),
    "deadline": lambda event, context: deadline(context),
    "count": lambda event, context: {"count": served, "pid": os.getpid()},
    "fork": lambda event, context: leave_grandchild(),
    "flood": lambda event, context: flood(event),
    "memory": lambda event, context: use_memory(event),
}


def handle(event, context):
    global served
    served += 1
    what = event.get("do", "")
    if what == "error":
        raise ConformanceError(event.get("message", "no message"))
    if what == "panic":
        raise RuntimeError("conformance panic")
    if what not in COMMANDS:
        raise LookupError(f"unknown command '{what}'")
    return COMMANDS[what](event, context)


def initialise(wanted):
    """Does what the variable INIT asks for, before the first `next`."""
    if wanted == "ok":
        return
    if wanted == "error":
        raise ConformanceError("init refused")  # The client posts it to /init/error.
    if wanted == "crash":
        os.abort()
    if wanted == "exit0":
        sys.exit(0)
    if wanted == "hang":
        time.sleep(3600)
    if not wanted.startswith("slow:"):
        raise ValueError(f"INIT is not understood: {wanted}")
    time.sleep(int(wanted.removeprefix("slow:")) / 1000)


initialise(os.environ.get("INIT", "ok"))
