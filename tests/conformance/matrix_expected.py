"""What kelvin has to answer in each case of the matrix, and how it is known that AWS does so."""

from dataclasses import dataclass

from matrix_recorded import RECORDED, form

EXIT = '200 Unhandled {{"errorType":"Runtime.ExitError","errorMessage":"RequestId: <id> Error: {}"}}'
TIMED_OUT = '200 Unhandled {{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: <id> Error: {}"}}'
EXITED = "Runtime exited with error: "
NO_REASON = "Runtime exited without providing a reason"
DOCUMENTED = "as AWS documents it"
QUOTED = "the form that public issues quote from AWS"
VERBATIM = "the client's bytes are passed on, as AWS documents it"
LIMIT_BYTES = 6291556


@dataclass(frozen=True)
class Expected:
    """`answer`: kelvin's, None: the client cannot do this. `recorded`: name of a recording on AWS; without one
    `source` says where the answer is known from. `differs`: the recording is known to be another answer."""

    answer: str | None
    recorded: str | None = None
    source: str | None = None
    differs: bool = False

    def is_as_recorded(self):
        return form(self.answer) == form(RECORDED[self.recorded])


def error_document(client, message, request_id):
    """Each client's own form of an error."""
    kind = "ConformanceError"
    return {
        "python": f'{{"errorMessage": "{message}", "errorType": "{kind}", "requestId": "{request_id}", '
                  '"stackTrace": […]}',
        "node": f'{{"errorType":"{kind}","errorMessage":"{message}","trace":[…]}}',
        "java": f'{{"errorMessage":"{message}","errorType":"conformance.{kind}","stackTrace":[…]}}',
        "rust": f'{{"errorType":"{kind}","errorMessage":"{message}"}}',
    }.get(client.name, f'{{"errorMessage":"{message}","errorType":"{kind}"}}')


def echo(client):
    body = '{"a": [1, "b"]}' if client.name == "python" else '{"a":[1,"b"]}'
    return Expected(f"200 {body}", source=VERBATIM)


def unicode(client):
    return Expected('200 {"text":"grüße, 世界 🚀","value":"ä 世界 🚀"}', source=VERBATIM)


def error(client):
    answer = f"200 Unhandled {error_document(client, 'refused', '<id>')}"
    # The recordings for provided.al2023 are of a function on lambda_runtime.
    runtime = {"python": "python3.14", "node": "nodejs24.x", "java": "java25", "rust": "provided.al2023"}
    if client.name in runtime:
        return Expected(answer, f"test_uncaught_exception_invoke[{runtime[client.name]}]")
    return Expected(answer, source=VERBATIM)


def crash(client):
    return Expected(EXIT.format(EXITED + client.crash), source=QUOTED)


def exit_0(client):
    return Expected(EXIT.format(NO_REASON), "test_lambda_handler_exit")


def killed(client):
    return Expected(EXIT.format(EXITED + "signal: killed"), source=QUOTED)


def timeout(client):
    return Expected(TIMED_OUT.format("Task timed out after 2.00 seconds"), "test_lambda_invoke_with_timeout")


def init_error(client):
    if not client.posts_init_error:
        return Expected(EXIT.format(EXITED + "exit status 1"), source=QUOTED)
    document = {
        "cpp": '{"errorMessage":"init refused","errorType":"Runtime.ConformanceInit"}',
        "shell": '{"errorMessage":"init refused","errorType":"Runtime.ConformanceInit"}',
        # The client leaves the stack trace out here.
        "java": '{"errorMessage":"init refused","errorType":"conformance.ConformanceError"}',
    }.get(client.name) or error_document(client, "init refused", "")
    if client.name == "python":
        return Expected(f"200 Unhandled {document}", "test_lambda_runtime_error")
    return Expected(f"200 Unhandled {document}", source=VERBATIM)


def init_crash(client):
    answer = EXIT.format(EXITED + client.crash)
    if client.name == "python":
        # Recorded for a segfault while the managed runtime loads a module; public issues quote ExitError for custom
        # runtimes, and one answer for all is what a user can rely on.
        return Expected(answer, "test_lambda_runtime_exit_segfault", differs=True)
    return Expected(answer, source=QUOTED)


def init_hang(client):
    return Expected(TIMED_OUT.format("Task timed out after 1.00 seconds"), source=DOCUMENTED)


def largest(client):
    return Expected(f'200 "aaa…aaa" ({LIMIT_BYTES:,} bytes)', source="the Runtime Interface Emulator's source")


def too_large(client):
    return Expected('200 Unhandled {"errorMessage":"Response payload size exceeded maximum allowed payload size '
                    f'({LIMIT_BYTES} bytes).","errorType":"Function.ResponseSizeTooLarge"}}',
                    "test_lambda_too_large_response")


def log(client):
    return Expected("START / out 0 / out 1 / err 0 / END / REPORT", "test_invocation_with_logs[python3.10]")


def stream(client):
    if client.streams is None:
        return Expected(None)
    return Expected(f"200 {'prelude, 8 NULs, ' if client.name == 'rust' else ''}{'s' * 35}", source=DOCUMENTED)


def fifty(client):
    return Expected("50 times 200 and its own number, 50 request ids", source=DOCUMENTED)
