"""Answers recorded on AWS, in the matrix's way of writing; the names are those of LocalStack's AWS-validated tests.

Answers that the platform makes (errorType Runtime.…, Sandbox.…, Function.…) were recorded with a function in one
language and stand for every client.
"""

import json
import re

RECORDED = {
    "test_uncaught_exception_invoke[python3.14]":
        '200 Unhandled {"errorMessage": "Failed: some_error_msg", "errorType": "Exception", "requestId": "<id>", '
        '"stackTrace": […]}',
    "test_uncaught_exception_invoke[nodejs24.x]":
        '200 Unhandled {"errorType": "Error", "errorMessage": "Error: some_error_msg", "trace": […]}',
    "test_uncaught_exception_invoke[java25]":
        '200 Unhandled {"errorMessage": "Error: some_error_msg", "errorType": "java.lang.RuntimeException", '
        '"stackTrace": […]}',
    "test_uncaught_exception_invoke[provided.al2023]":
        '200 Unhandled {"errorType": "&alloc::boxed::Box<dyn core::error::Error + core::marker::Send + '
        'core::marker::Sync>", "errorMessage": "Error: \\"some_error_msg\\""}',
    "test_lambda_handler_exit":
        '200 Unhandled {"errorType": "Runtime.ExitError", "errorMessage": "RequestId: <id> Error: Runtime exited '
        'without providing a reason"}',
    "test_lambda_invoke_with_timeout":
        '200 Unhandled {"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: <id> Error: Task timed out after '
        '1.00 seconds"}',
    "test_lambda_runtime_error":
        '200 Unhandled {"errorMessage": "Runtime startup fails", "errorType": "Exception", "requestId": "", '
        '"stackTrace": […]}',
    "test_lambda_runtime_exit_segfault":
        '200 Unhandled {"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: <id> Error: Task timed out after '
        '30.00 seconds"}',
    "test_lambda_too_large_response":
        '200 Unhandled {"errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",'
        ' "errorType": "Function.ResponseSizeTooLarge"}',
    "test_invocation_with_logs[python3.10]": "START / {} / END / REPORT",
}


def form(answer):
    """What two answers to different functions must have in common: the status, the members in their order, and, where
    the platform made the answer, its text but for the timeout's length."""
    if answer.startswith("START / "):
        return re.sub(r"(?<=START / ).*(?= / END)", "…", answer)
    head, brace, body = answer.partition("{")
    if not brace:
        return answer
    members = json.loads((brace + body).replace("[…]", '"…"'), object_pairs_hook=list)
    platform = re.match(r"(Runtime|Sandbox|Function)\.", dict(members).get("errorType", ""))
    kept = []
    for name, value in members:
        if name in ("errorMessage", "errorType") and not platform:
            value = "…"
        kept.append((name, re.sub(r"after \d+\.\d\d seconds", "after … seconds", value)))
    return head, kept
