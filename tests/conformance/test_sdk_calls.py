"""The calls of the Lambda API beside Invoke through real SDKs: every read, waiter, error class, and retries counted."""

import base64
import hashlib
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from sdk_clients import ARN, boto, cli, node, throttles

CONFIGURATION_KEYS = {
    "FunctionName", "FunctionArn", "Runtime", "Role", "Handler", "CodeSize", "Description", "Timeout", "MemorySize",
    "LastModified", "CodeSha256", "Version", "TracingConfig", "RevisionId", "State", "LastUpdateStatus", "PackageType",
    "Architectures", "EphemeralStorage", "SnapStart", "RuntimeVersionConfig", "LoggingConfig"}
LISTED_KEYS = CONFIGURATION_KEYS - {"State", "LastUpdateStatus", "RuntimeVersionConfig"}
BOTO_WAITERS = ["function_active", "function_active_v2", "function_exists", "function_updated", "function_updated_v2",
                "published_version_active"]
NO_RESOURCE = "The resource you requested does not exist."
NO_EVENT_CONFIG = f"The function {ARN}f:$LATEST doesn't have an EventInvokeConfig"


@pytest.fixture
def f(kelvin, cpp):
    return kelvin(f"f={cpp}", f"g={cpp}", "--timeout", "5")


def raised_by(call):
    with pytest.raises(ClientError) as raised:
        call()
    return raised.value


def answer_of(call):
    answer = call()
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def test_boto3_function_and_configuration(f, cpp):
    client = boto(f)
    configuration = answer_of(lambda: client.get_function_configuration(FunctionName="f"))
    assert set(configuration) == CONFIGURATION_KEYS
    code = Path(cpp).read_bytes()
    assert configuration["CodeSize"] == len(code)
    assert configuration["CodeSha256"] == base64.b64encode(hashlib.sha256(code).digest()).decode()
    assert configuration["FunctionArn"] == ARN + "f"
    assert (configuration["State"], configuration["LastUpdateStatus"]) == ("Active", "Successful")
    assert (configuration["Timeout"], configuration["MemorySize"]) == (5, 128)
    assert configuration["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/f"}
    whole = answer_of(lambda: client.get_function(FunctionName=ARN + "f:$LATEST"))
    assert whole["Configuration"] == {**configuration, "FunctionArn": ARN + "f:$LATEST"}
    assert whole["Code"] == {"RepositoryType": "S3", "Location": Path(cpp).as_uri()}
    assert not f.bootstraps(), "a read starts nothing"


def test_boto3_lists(f):
    client = boto(f)
    pages = list(client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 1}))
    assert [[each["FunctionName"] for each in page["Functions"]] for page in pages] == [["f"], ["g"]]
    assert set(pages[0]["Functions"][0]) == LISTED_KEYS
    every = client.list_functions(FunctionVersion="ALL")["Functions"]
    assert [each["FunctionArn"] for each in every] == [ARN + "f:$LATEST", ARN + "g:$LATEST"]
    versions = client.get_paginator("list_versions_by_function").paginate(FunctionName="g").build_full_result()
    assert [each["Version"] for each in versions["Versions"]] == ["$LATEST"]
    assert client.list_event_source_mappings(FunctionName="f")["EventSourceMappings"] == []
    assert client.list_tags(Resource=ARN + "f")["Tags"] == {}


def test_boto3_small_reads(kelvin, cpp):
    client = boto(kelvin(f"f={cpp}", "--reserved-concurrency", "7", "--async-max-retries", "1", "--env", "NAME=value",
                         "--log-format", "json"))
    assert answer_of(lambda: client.get_function_concurrency(FunctionName="f")) == {"ReservedConcurrentExecutions": 7}
    assert answer_of(lambda: client.get_function_code_signing_config(FunctionName="f")) == {"FunctionName": "f"}
    event_invoke = answer_of(lambda: client.get_function_event_invoke_config(FunctionName="f"))
    assert event_invoke.pop("LastModified").year >= 2024
    assert event_invoke == {"FunctionArn": ARN + "f:$LATEST", "MaximumRetryAttempts": 1,
                            "DestinationConfig": {"OnSuccess": {}, "OnFailure": {}}}
    account = answer_of(client.get_account_settings)
    assert account["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert account["AccountLimit"]["UnreservedConcurrentExecutions"] == 993
    assert account["AccountUsage"]["FunctionCount"] == 1
    found = answer_of(lambda: client.get_function(FunctionName="f"))
    assert found["Concurrency"] == {"ReservedConcurrentExecutions": 7}
    assert found["Configuration"]["Environment"] == {"Variables": {"NAME": "value"}}
    assert found["Configuration"]["LoggingConfig"]["LogFormat"] == "JSON"


def test_boto3_what_is_missing(f):
    client = boto(f)
    for call, message in (
            (lambda: client.get_policy(FunctionName="f"), NO_RESOURCE),
            (lambda: client.get_function_url_config(FunctionName="f"), NO_RESOURCE),
            (lambda: client.get_function_event_invoke_config(FunctionName="f"), NO_EVENT_CONFIG),
            (lambda: client.get_function(FunctionName="h"), f"Function not found: {ARN}h"),
            (lambda: client.get_function_configuration(FunctionName="h"), f"Function not found: {ARN}h"),
            (lambda: client.list_versions_by_function(FunctionName="h"), f"Function not found: {ARN}h"),
            (lambda: client.get_function(FunctionName="f", Qualifier="1"), f"Function not found: {ARN}f:1")):
        error = raised_by(call)
        assert isinstance(error, client.exceptions.ResourceNotFoundException)
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
        assert error.response["Error"]["Message"] == message
        assert error.response["Type"] == "User"


def test_boto3_bad_arguments(f):
    client = boto(f)
    marker = raised_by(lambda: client.list_functions(Marker="none"))
    assert isinstance(marker, client.exceptions.InvalidParameterValueException)
    assert raised_by(lambda: client.get_function(FunctionName="a b")).response["Error"]["Code"] == "ValidationException"
    assert raised_by(lambda: client.list_tags(Resource="f")).response["Error"]["Code"] == "ValidationException"
    write = raised_by(lambda: client.delete_function(FunctionName="f"))
    assert write.response["Error"]["Code"] == "NotImplementedException"
    assert "DeleteFunction" in write.response["Error"]["Message"]


@pytest.mark.parametrize("name", BOTO_WAITERS)
def test_boto3_waiters(f, name):
    boto(f).get_waiter(name).wait(FunctionName="f", WaiterConfig={"Delay": 1, "MaxAttempts": 1})


def test_boto3_event(f):
    client = boto(f)
    answer = client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"do":"print","stdout":1,"tag":"<1>"}')
    assert answer["StatusCode"] == 202
    assert answer["Payload"].read() == b""
    assert "ExecutedVersion" not in answer and "FunctionError" not in answer
    f.wait_for_log(f"START RequestId: {answer['ResponseMetadata']['RequestId']}")
    f.wait_for_log("<1>out 0$")
    assert client.invoke_async(FunctionName="f", InvokeArgs=b'{"do":"print","stdout":1,"tag":"<2>"}')["Status"] == 202
    f.wait_for_log("<2>out 0$")


def test_boto3_event_over_one_mebibyte(f):
    client = boto(f)
    payload = b'"' + b"x" * (1024 * 1024 - 1) + b'"'
    error = raised_by(lambda: client.invoke(FunctionName="f", InvocationType="Event", Payload=payload))
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert error.response["Error"] == {
        "Code": "RequestEntityTooLargeException",
        "Message": "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)"}
    whole = client.invoke(FunctionName="f", InvocationType="Event", Payload=b"1" * (1024 * 1024))
    assert whole["StatusCode"] == 202


# Which of the two modes is the default depends on the version.
@pytest.mark.parametrize("mode, attempts", [("standard", 3), ("legacy", 5)])
def test_boto3_attempts_of_a_throttled_call(kelvin, cpp, mode, attempts):
    f = kelvin(f"f={cpp}", "--reserved-concurrency", "0")
    error = raised_by(lambda: boto(f, retries={"mode": mode}).invoke(FunctionName="f", Payload=b"{}"))
    assert error.response["Error"]["Code"] == "TooManyRequestsException"
    assert error.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert throttles(f) == 1 + error.response["ResponseMetadata"]["RetryAttempts"] == attempts


def test_cli_reads(f):
    def shown(*arguments):
        status, answer, problem = cli(f, *arguments)
        assert status == 0, problem
        return answer

    assert [each["FunctionName"] for each in shown("list-functions")["Functions"]] == ["f", "g"]
    assert shown("get-function", "--function-name", "f")["Configuration"]["State"] == "Active"
    assert set(shown("get-function-configuration", "--function-name", "f")) == CONFIGURATION_KEYS
    assert len(shown("list-versions-by-function", "--function-name", "f")["Versions"]) == 1
    assert shown("get-function-concurrency", "--function-name", "f") in (None, {})
    assert shown("get-function-code-signing-config", "--function-name", "f") == {"FunctionName": "f"}
    assert shown("list-tags", "--resource", ARN + "f") == {"Tags": {}}
    assert shown("list-event-source-mappings") == {"EventSourceMappings": []}
    assert shown("get-account-settings")["AccountUsage"]["FunctionCount"] == 2


def test_cli_pages(f):
    status, answer, problem = cli(f, "list-functions", "--page-size", "1")
    assert status == 0, problem
    assert [each["FunctionName"] for each in answer["Functions"]] == ["f", "g"]
    status, answer, problem = cli(f, "list-functions", "--max-items", "1")
    assert [each["FunctionName"] for each in answer["Functions"]] == ["f"] and answer["NextToken"], problem


def test_cli_errors(f):
    for arguments, message in (
            (("get-policy", "--function-name", "f"), NO_RESOURCE),
            (("get-function-url-config", "--function-name", "f"), NO_RESOURCE),
            (("get-function-event-invoke-config", "--function-name", "f"), NO_EVENT_CONFIG),
            (("get-function", "--function-name", "h"), f"Function not found: {ARN}h")):
        status, _, problem = cli(f, *arguments)
        assert status in (254, 255)
        assert "(ResourceNotFoundException) when calling the" in problem
        assert message in problem


@pytest.mark.parametrize("name", BOTO_WAITERS)
def test_cli_waiters(f, name):
    status, _, problem = cli(f, "wait", name.replace("_", "-"), "--function-name", "f")
    assert status == 0, problem


def test_cli_event(f, tmp_path):
    status, answer, problem = cli(f, "invoke", "--function-name", "f", "--invocation-type", "Event", "--payload",
                                  '{"do":"print","stdout":1,"tag":"cli "}', str(tmp_path / "out"))
    assert (status, answer) == (0, {"StatusCode": 202}), problem
    assert (tmp_path / "out").read_bytes() == b""
    f.wait_for_log("cli out 0$")


def test_cli_dry_run_and_invoke_async(f, tmp_path):
    (tmp_path / "event").write_text('{"do":"print","stdout":1,"tag":"old "}')
    status, answer, problem = cli(f, "invoke-async", "--function-name", "f", "--invoke-args", str(tmp_path / "event"))
    assert (status, answer) == (0, {"Status": 202}), problem
    f.wait_for_log("old out 0$")
    status, answer, problem = cli(f, "invoke", "--function-name", "f", "--invocation-type", "DryRun",
                                  str(tmp_path / "out"))
    assert (status, answer) == (0, {"StatusCode": 204}), problem


@pytest.mark.parametrize("mode, attempts", [("standard", 3), ("legacy", 5)])
def test_cli_attempts_of_a_throttled_call(kelvin, cpp, tmp_path, mode, attempts):
    f = kelvin(f"f={cpp}", "--reserved-concurrency", "0")
    status, _, problem = cli(f, "invoke", "--function-name", "f", str(tmp_path / "out"), AWS_RETRY_MODE=mode)
    assert status in (254, 255)
    assert "(TooManyRequestsException)" in problem and "Rate Exceeded." in problem
    assert throttles(f) == attempts


def test_node_calls(f):
    by_name = {"FunctionName": "f"}
    calls = {
        "ListFunctions": {}, "GetFunction": by_name, "GetFunctionConfiguration": by_name,
        "ListVersionsByFunction": by_name, "GetFunctionConcurrency": by_name, "GetFunctionCodeSigningConfig": by_name,
        "ListTags": {"Resource": ARN + "f"}, "ListEventSourceMappings": {}, "GetAccountSettings": {}}
    results = node(f, *({"call": name, "input": value} for name, value in calls.items()))
    fields = {}
    for name, result in zip(calls, results):
        assert result.get("status") == 200 and result["attempts"] == 1, (name, result)
        fields[name] = result["fields"]
    assert [each["FunctionName"] for each in fields["ListFunctions"]["Functions"]] == ["f", "g"]
    assert fields["GetFunction"]["Configuration"] == fields["GetFunctionConfiguration"]
    assert set(fields["GetFunctionConfiguration"]) == CONFIGURATION_KEYS
    assert len(fields["ListVersionsByFunction"]["Versions"]) == 1
    assert fields["GetFunctionCodeSigningConfig"] == {"FunctionName": "f"}
    assert fields["ListTags"] == {"Tags": {}}
    assert fields["ListEventSourceMappings"]["EventSourceMappings"] == []


def test_node_waiters(f):
    waiters = ["waitUntilFunctionActive", "waitUntilFunctionActiveV2", "waitUntilFunctionExists",
               "waitUntilFunctionUpdated", "waitUntilFunctionUpdatedV2", "waitUntilPublishedVersionActive"]
    results = node(f, *({"call": name, "input": {"FunctionName": "f"}} for name in waiters))
    assert results == [{"state": "SUCCESS"}] * len(waiters)


def test_node_invocations(f):
    event = {"FunctionName": "f", "InvocationType": "Event"}
    results = node(f,
                   {"call": "Invoke", "input": {"FunctionName": "f"}, "payload": '{"do":"echo","value":1}'},
                   {"call": "Invoke", "input": event, "payload": '{"do":"print","stdout":1,"tag":"node "}'},
                   {"call": "Invoke", "input": {"FunctionName": "f", "InvocationType": "DryRun"}, "payload": "{}"},
                   {"call": "InvokeAsync", "input": {"FunctionName": "f", "InvokeArgs": "{}"}})
    assert [each.get("status") for each in results] == [200, 202, 204, 202], results
    assert results[0]["payload"] == "1"
    assert results[1]["payload"] in (None, "")
    f.wait_for_log(f"START RequestId: {results[1]['requestId']}")
    f.wait_for_log("node out 0$")


def test_node_stream(f):
    (good, failed) = node(f, *({"call": "InvokeWithResponseStream", "input": {"FunctionName": "f", "LogType": "Tail"},
                                "payload": payload}
                               for payload in ('{"do":"stream","chunks":3,"bytes":5,"pause_ms":20}',
                                               '{"do":"stream","chunks":3,"bytes":5,"fail_after":2}')))
    assert good["status"] == 200 and "".join(good["stream"][:-1]) == "s" * 15
    assert good["stream"][-1].keys() == {"LogResult"}
    assert "".join(failed["stream"][:-1]) == "s" * 10
    assert failed["stream"][-1]["ErrorCode"] and "stream failed" in failed["stream"][-1]["ErrorDetails"]


def test_node_pages(f):
    (result,) = node(f, {"call": "paginateListFunctions", "input": {}})
    assert [[each["FunctionName"] for each in page["Functions"]] for page in result["pages"]] == [["f"], ["g"]]


def test_node_errors(f):
    large = "1" * (1024 * 1024 + 1)
    rows = (
        ("GetFunction", {"FunctionName": "h"}, None, "ResourceNotFoundException", 404, f"Function not found: {ARN}h"),
        ("GetPolicy", {"FunctionName": "f"}, None, "ResourceNotFoundException", 404, NO_RESOURCE),
        ("GetFunctionUrlConfig", {"FunctionName": "f"}, None, "ResourceNotFoundException", 404, NO_RESOURCE),
        ("GetFunctionEventInvokeConfig", {"FunctionName": "f"}, None, "ResourceNotFoundException", 404,
         NO_EVENT_CONFIG),
        ("ListFunctions", {"Marker": "none"}, None, "InvalidParameterValueException", 400, "Marker"),
        ("Invoke", {"FunctionName": "f"}, "{", "InvalidRequestContentException", 400, "Could not parse"),
        ("Invoke", {"FunctionName": "f", "InvocationType": "Event"}, large, "RequestEntityTooLargeException", 413,
         "1048577 byte payload is too large"))
    results = node(f, *({"call": call, "input": given, **({"payload": payload} if payload else {})}
                        for call, given, payload, *_ in rows))
    for (call, _, _, name, status, message), result in zip(rows, results):
        assert (result.get("error"), result.get("status")) == (name, status), (call, result)
        assert result["isClass"] or name == "RequestEntityTooLargeException", "the SDK has no class for that one"
        assert message in result["message"]
        assert result["attempts"] == 1


def test_node_attempts_of_a_throttled_call(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--reserved-concurrency", "0")
    (result,) = node(f, {"call": "Invoke", "input": {"FunctionName": "f"}, "payload": "{}"})
    assert (result["error"], result["isClass"], result["attempts"]) == ("TooManyRequestsException", True, 3)
    assert result["reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert throttles(f) == 3
