"""Each error that kelvin can answer through boto3, the AWS CLI and the SDK for JavaScript; none is tried twice."""

from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

from kelvin_process import Kelvin, handler
from sdk_clients import ARN, boto, cli, node, throttles

OVER_ONE_MEBIBYTE = "1" * (1024 * 1024 + 1)


@dataclass(frozen=True)
class Case:
    """`has_class`: the SDKs have a class for it; else it is their common one, with the name in it."""

    name: str
    status: int
    message: str
    given: dict
    payload: str = "{}"
    has_class: bool = True
    call: str = "Invoke"


CASES = {
    "unknown function": Case("ResourceNotFoundException", 404, f"Function not found: {ARN}h:$LATEST",
                             {"FunctionName": "h"}),
    "another region": Case("ResourceNotFoundException", 404,
                           "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
                           {"FunctionName": "arn:aws:lambda:eu-west-1:123456789012:function:f"}),
    "another account": Case("AccessDeniedException", 403, "is not authorized to perform: lambda:InvokeFunction",
                            {"FunctionName": "arn:aws:lambda:us-east-1:999999999999:function:f"}, has_class=False),
    "two qualifiers": Case("InvalidParameterValueException", 400, "The derived qualifier from the function name",
                           {"FunctionName": "f:$LATEST", "Qualifier": "1"}),
    "no JSON": Case("InvalidRequestContentException", 400, "Could not parse request body into json",
                    {"FunctionName": "f"}, "{"),
    "no name": Case("ValidationException", 400, "1 validation error detected: Value 'a b' at 'functionName'",
                    {"FunctionName": "a b"}, has_class=False),
    "too large": Case("RequestEntityTooLargeException", 413, "1048577 byte payload is too large",
                      {"FunctionName": "f", "InvocationType": "Event"}, OVER_ONE_MEBIBYTE, has_class=False),
    "not served": Case("NotImplementedException", 501, "DeleteFunction", {"FunctionName": "f"}, has_class=False,
                       call="DeleteFunction"),
}


@pytest.fixture(scope="module")
def f():
    kelvin = Kelvin(f"f={handler('cpp')}")
    yield kelvin
    kelvin.stop()


def with_payload(case):
    return {**case.given, "Payload": case.payload} if case.call == "Invoke" else case.given


@pytest.mark.parametrize("name", CASES)
def test_boto3(f, name):
    case, client = CASES[name], boto(f)
    call = client.invoke if case.call == "Invoke" else client.delete_function
    with pytest.raises(ClientError) as raised:
        call(**with_payload(case))
    error, metadata = raised.value.response["Error"], raised.value.response["ResponseMetadata"]
    assert (error["Code"], metadata["HTTPStatusCode"], metadata["RetryAttempts"]) == (case.name, case.status, 0)
    assert case.message in error["Message"]
    assert (type(raised.value) is not ClientError) is case.has_class


@pytest.mark.parametrize("name", CASES)
def test_cli(f, name, tmp_path):
    case = CASES[name]
    given = {"FunctionName": "--function-name", "Qualifier": "--qualifier", "InvocationType": "--invocation-type"}
    arguments = [part for key, value in case.given.items() for part in (given[key], value)]
    if case.call == "Invoke":
        (tmp_path / "event").write_text(case.payload)
        arguments += ["--payload", f"file://{tmp_path / 'event'}", str(tmp_path / "out")]
    status, _, problem = cli(f, "invoke" if case.call == "Invoke" else "delete-function", *arguments)
    assert status in (254, 255)
    assert f"An error occurred ({case.name}) when calling the {case.call} operation: " in problem
    assert case.message in problem


def test_node(f):
    results = node(f, *({"call": case.call, "input": case.given,
                         **({"payload": case.payload} if case.call == "Invoke" else {})} for case in CASES.values()))
    for (name, case), result in zip(CASES.items(), results):
        assert (result.get("error"), result.get("status"), result.get("attempts")) == (case.name, case.status, 1), name
        assert case.message in result["message"]
        assert result["isClass"] is case.has_class, name


def test_no_refused_call_reaches_the_function(f):
    assert not f.bootstraps()
    assert throttles(f) == 0
