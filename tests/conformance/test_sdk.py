"""boto3 and the AWS CLI as callers: answers, each exception, no retry hidden from the test."""

import base64
import json
import os
import subprocess
import sys
import threading

import boto3
import botocore.config
import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from kelvin_process import clean_environment
from process_tree import wait_until

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true"}


def sdk(kelvin, region="us-east-1"):
    config = botocore.config.Config(retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=60)
    return boto3.client("lambda", endpoint_url=kelvin.url, region_name=region, config=config,
                        aws_access_key_id="test", aws_secret_access_key="test")


def cli(kelvin, *arguments, outfile=None):
    command = [sys.executable, "-m", "awscli", "lambda", "invoke", *arguments, str(outfile or "/dev/null")]
    return subprocess.run(command, capture_output=True, text=True, timeout=60,
                          env=clean_environment({**CREDENTIALS, "AWS_ENDPOINT_URL_LAMBDA": kelvin.url,
                                                 "AWS_CONFIG_FILE": os.devnull,
                                                 "AWS_SHARED_CREDENTIALS_FILE": os.devnull}))


def body_of(answer):
    payload = answer["Payload"]
    assert isinstance(payload, StreamingBody)
    return payload.read()


@pytest.fixture
def f(kelvin, cpp):
    return kelvin(f"f={cpp}", "--timeout", "5")


def error_of(call):
    with pytest.raises(ClientError) as raised:
        call()
    return raised.value


def test_boto3_success(f):
    answer = sdk(f).invoke(FunctionName="f", Payload=json.dumps({"do": "echo", "value": {"a": "ü"}}), LogType="Tail")
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert json.loads(body_of(answer)) == {"a": "ü"}
    tail = base64.b64decode(answer["LogResult"]).decode()
    assert tail.startswith("START RequestId: " + answer["ResponseMetadata"]["RequestId"])
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0


def test_boto3_function_error(f):
    answer = sdk(f).invoke(FunctionName="f", Payload=json.dumps({"do": "error", "message": "no"}))
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert json.loads(body_of(answer)) == {"errorMessage": "no", "errorType": "ConformanceError"}


def test_boto3_names_the_function_in_each_way(f):
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    for name in ("f", arn, f"{arn}:$LATEST", "123456789012:function:f", "f:$LATEST"):
        answer = sdk(f).invoke(FunctionName=name, Payload=b'{"do":"echo","value":1}')
        assert body_of(answer) == b"1", name


def test_boto3_client_context(f):
    context = base64.b64encode(json.dumps({"custom": {"a": "b"}}).encode()).decode()
    answer = sdk(f).invoke(FunctionName="f", Payload=b'{"do":"deadline"}', ClientContext=context)
    assert json.loads(body_of(answer))["client_context"] == {"custom": {"a": "b"}}


def test_boto3_dry_run(f):
    answer = sdk(f).invoke(FunctionName="f", InvocationType="DryRun", Payload=b"{}")
    assert answer["StatusCode"] == 204
    assert not f.bootstraps(), "a dry run starts nothing"


def test_unknown_function(f):
    client = sdk(f)
    error = error_of(lambda: client.invoke(FunctionName="unknown", Payload=b"{}"))
    assert isinstance(error, client.exceptions.ResourceNotFoundException)
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert error.response["Error"]["Message"] == (
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:unknown:$LATEST")
    assert error.response["Type"] == "User"


def test_unknown_version(f):
    client = sdk(f)
    error = error_of(lambda: client.invoke(FunctionName="f", Qualifier="7", Payload=b"{}"))
    assert isinstance(error, client.exceptions.ResourceNotFoundException)
    assert error.response["Error"]["Message"] == (
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:f:7")


def test_payload_that_is_no_json(f):
    client = sdk(f)
    for payload in (b"not json", b'{"a":', b'{"a":1}}', b"'x'", b"\x87", b"[1,]"):
        error = error_of(lambda: client.invoke(FunctionName="f", Payload=payload))
        assert isinstance(error, client.exceptions.InvalidRequestContentException), payload
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert error.response["Error"]["Message"].startswith(
            "Could not parse request body into json: Could not parse payload into json: "), payload
    assert not f.bootstraps(), "a refused payload starts nothing"


def test_payload_over_six_mebibytes(f):
    client = sdk(f)
    error = error_of(lambda: client.invoke(FunctionName="f", Payload=b'"' + b"x" * (6 * 1024 * 1024 - 1) + b'"'))
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert error.response["Error"]["Code"] == "RequestEntityTooLargeException"
    assert error.response["Error"]["Message"] == (
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation")


def test_client_context_that_is_no_json(f):
    client = sdk(f)
    for context in ("%%%", base64.b64encode(b"not json").decode()):
        error = error_of(lambda: client.invoke(FunctionName="f", Payload=b"{}", ClientContext=context))
        assert isinstance(error, client.exceptions.InvalidRequestContentException), context


def test_function_name_that_is_none(f):
    error = error_of(lambda: sdk(f).invoke(FunctionName="a b", Payload=b"{}"))
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert error.response["Error"]["Code"] == "ValidationException"
    assert error.response["Error"]["Message"].startswith(
        "1 validation error detected: Value 'a b' at 'functionName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: ")


def test_qualifier_that_contradicts_the_name(f):
    client = sdk(f)
    error = error_of(lambda: client.invoke(FunctionName="f:$LATEST", Qualifier="1", Payload=b"{}"))
    assert isinstance(error, client.exceptions.InvalidParameterValueException)
    assert error.response["Error"]["Message"] == (
        "The derived qualifier from the function name does not match the specified qualifier.")


def test_function_of_another_region(f):
    error = error_of(lambda: sdk(f).invoke(
        FunctionName="arn:aws:lambda:eu-west-1:123456789012:function:f", Payload=b"{}"))
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert error.response["Error"]["Message"] == (
        "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')")


@pytest.mark.parametrize("option, reason", [
    ("--reserved-concurrency", "ReservedFunctionConcurrentInvocationLimitExceeded"),
    ("--max-concurrency", "ConcurrentInvocationLimitExceeded"),
])
def test_throttling(kelvin, cpp, option, reason):
    f = kelvin(f"f={cpp}", option, "1", "--timeout", "30")
    busy = threading.Thread(target=lambda: f.invoke("f", {"do": "sleep", "ms": 3000}))
    busy.start()
    wait_until(f.bootstraps, what="the first invocation's process")
    client = sdk(f)
    error = error_of(lambda: client.invoke(FunctionName="f", Payload=b'{"do":"echo","value":1}'))
    assert isinstance(error, client.exceptions.TooManyRequestsException)
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert error.response["ResponseMetadata"]["RetryAttempts"] == 0
    assert error.response["Reason"] == reason
    assert error.response["Error"]["Message"] == "Rate Exceeded."
    assert int(error.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"]) >= 1
    busy.join()
    assert body_of(client.invoke(FunctionName="f", Payload=b'{"do":"echo","value":1}')) == b"1"


def test_reserved_concurrency_0_throttles_all(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--reserved-concurrency", "0")
    client = sdk(f)
    error = error_of(lambda: client.invoke(FunctionName="f", Payload=b"{}"))
    assert isinstance(error, client.exceptions.TooManyRequestsException)
    assert not f.bootstraps()


def test_what_this_version_lacks_is_named(f):
    client = sdk(f)
    for call, lacking in (
            (lambda: client.invoke(FunctionName="f", DurableExecutionName="d", Payload=b"{}"), "durable functions"),
            (lambda: client.delete_function(FunctionName="f"), "DeleteFunction"),
            (lambda: client.publish_version(FunctionName="f"), "PublishVersion"),
            (lambda: client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=1),
             "PutFunctionConcurrency")):
        error = error_of(call)
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 501)
        message = error.response["Error"]["Message"]
        assert "version" in message and lacking in message, message


def test_cli_success(f, tmp_path):
    out = tmp_path / "out.json"
    done = cli(f, "--function-name", "f", "--payload", '{"do":"echo","value":[1,2]}', outfile=out)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"StatusCode": 200, "ExecutedVersion": "$LATEST"}
    assert out.read_bytes() == b"[1,2]"


def test_cli_function_error_and_log(f, tmp_path):
    out = tmp_path / "out.json"
    done = cli(f, "--function-name", "f", "--log-type", "Tail", "--payload", '{"do":"exit","code":3}', outfile=out)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["FunctionError"] == "Unhandled"
    assert json.loads(out.read_text())["errorType"] == "Runtime.ExitError"
    assert b"Runtime exited with error: exit status 3" in base64.b64decode(shown["LogResult"])


def test_cli_without_payload(f, tmp_path):
    out = tmp_path / "out.json"
    assert cli(f, "--function-name", "f", outfile=out).returncode == 0
    assert json.loads(out.read_text())["errorType"] == "UnknownCommand"


def test_cli_shows_the_exception(f):
    done = cli(f, "--function-name", "unknown", "--payload", "{}")
    assert done.returncode in (254, 255)
    assert "An error occurred (ResourceNotFoundException) when calling the Invoke operation: Function not found: " in (
        done.stderr)
