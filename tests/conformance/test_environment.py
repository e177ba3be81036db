"""What the function's process sees: variables, working folder, headers of `next` (recorded on AWS, provided.al2023)."""

import base64
import json
import os
import re
from pathlib import Path

from kelvin_process import handler

NAMES = {
    "_HANDLER", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_RUNTIME_API", "AWS_XRAY_DAEMON_ADDRESS",
    "_AWS_XRAY_DAEMON_ADDRESS", "_AWS_XRAY_DAEMON_PORT", "AWS_XRAY_CONTEXT_MISSING", "TZ", "LANG", "PATH",
    "LD_LIBRARY_PATH",
}
TRACE_VARIABLE = "_X_AMZN_TRACE_ID"  # Set by the runtime client, for each invocation.
ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"


def task_root_of(kelvin, client):
    """Where the function finds its code: the folder itself, or AWS's place for it."""
    return "/var/task" if kelvin.ready["isolation"] == "lambda" else str(Path(handler(client)).parent)


def test_variables_are_those_of_aws_and_nothing_leaks(function, client):
    kelvin = function("--no-endpoint", "--env", "MINE=yes", "--memory", "256", environment={"LEAK": "1"})
    seen = kelvin.invoke("f", {"do": "environ"}).json
    assert set(seen) - {TRACE_VARIABLE} == NAMES | {"MINE"}
    task_root = task_root_of(kelvin, client)
    assert seen["MINE"] == "yes"
    assert seen["LAMBDA_TASK_ROOT"] == task_root
    assert seen["_HANDLER"] == "bootstrap"
    assert seen["AWS_REGION"] == seen["AWS_DEFAULT_REGION"] == "us-east-1"
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == "f"
    assert seen["AWS_LAMBDA_FUNCTION_VERSION"] == "$LATEST"
    assert seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert seen["AWS_LAMBDA_LOG_GROUP_NAME"] == "/aws/lambda/f"
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", seen["AWS_LAMBDA_LOG_STREAM_NAME"])
    assert seen["AWS_LAMBDA_INITIALIZATION_TYPE"] == "on-demand"
    assert re.fullmatch(r"127\.0\.0\.1:\d+", seen["AWS_LAMBDA_RUNTIME_API"])
    assert (seen["TZ"], seen["LANG"]) == (":UTC", "en_US.UTF-8")
    assert task_root in seen["LD_LIBRARY_PATH"].split(":")


def test_functions_reach_kelvin_as_the_lambda_service(function):
    kelvin = function()
    seen = kelvin.invoke("f", {"do": "environ"}).json
    assert set(seen) - {TRACE_VARIABLE} == NAMES | {"AWS_ENDPOINT_URL_LAMBDA"}
    assert seen["AWS_ENDPOINT_URL_LAMBDA"] == kelvin.url


def test_working_folder_and_open_files(function, client):
    kelvin = function()
    pid = kelvin.outer_pid(kelvin.invoke("f", {"do": "count"}).json["pid"])
    assert os.readlink(f"/proc/{pid}/cwd") == task_root_of(kelvin, client)
    assert os.readlink(f"/proc/{pid}/fd/0") == "/dev/null"
    limits = Path(f"/proc/{pid}/limits").read_text()
    assert re.search(r"Max open files\s+1024\s+1024", limits)


def test_headers_of_next(function):
    kelvin = function("--timeout", "5")
    with kelvin.client() as api:
        answer = api.invoke("f", {"do": "deadline"})
        seen = answer.json
        assert seen["request_id"] == answer.request_id
        assert seen["arn"] == ARN
        assert 4000 < seen["remaining_ms"] <= 5000
        assert seen["client_context"] is None
        assert re.match(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", seen["trace_id"])
        assert seen["trace_variable"] == seen["trace_id"]


def test_arn_is_the_one_invoked(function):
    with function().client() as api:
        assert api.invoke("f", {"do": "deadline"}, query="?Qualifier=%24LATEST").json["arn"] == f"{ARN}:$LATEST"
        assert api.invoke("f:$LATEST", {"do": "deadline"}).json["arn"] == f"{ARN}:$LATEST"
        assert api.invoke(ARN, {"do": "deadline"}).json["arn"] == ARN
        assert api.invoke("123456789012:function:f", {"do": "deadline"}).json["arn"] == ARN
        assert api.invoke("function", {"do": "deadline"}).status == 200


def test_client_context_is_decoded(function):
    context = json.dumps({"custom": {"key": "value"}}).encode()
    answer = function().invoke("f", {"do": "deadline"}, headers={
        "X-Amz-Client-Context": base64.b64encode(context).decode()})
    assert answer.status == 200 and answer.function_error is None, answer
    assert answer.json["client_context"]["custom"]["key"] == "value"


def test_trace_id_of_the_caller_is_kept(function):
    root = "Root=1-5759e988-bd862e3fe1be46a994272793"
    with function().client() as api:
        seen = api.invoke("f", {"do": "deadline"}, headers={
            "X-Amzn-Trace-Id": f"{root};Parent=53995c3f42cd8ad8;Sampled=1"}).json
        assert seen["trace_id"].startswith(root) and "Sampled=1" in seen["trace_id"]
        assert api.invoke("f", {"do": "deadline"}).json["trace_id"] != seen["trace_id"]


def test_empty_event_is_an_empty_object(function):
    answer = function().invoke("f", b"")
    assert answer.function_error == "Unhandled"
    assert "unknown command ''" in answer.json["errorMessage"]
