"""--log-format json: one JSON object a line, filtered by level as with AWS's advanced logging controls."""

import base64
import json
import re


def platform_lines(kelvin, request_id):
    """The envelopes of one invocation, once its report is there."""
    kelvin.wait_for_log(rf'"platform.report".*{request_id}')
    found = [json.loads(line) for line in kelvin.log.split("\n") if line.startswith("{")]
    records = [each for each in found if isinstance(each["record"], dict)]
    return [each for each in records if each["record"].get("requestId") == request_id]


def test_every_line_of_kelvins_is_an_object(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--log-format", "json", "--system-log-level", "debug")
    answer = f.invoke("f", {"do": "echo", "value": 1})
    start, done, report = platform_lines(f, answer.request_id)
    assert [each["type"] for each in (start, done, report)] == ["platform.start", "platform.runtimeDone",
                                                                 "platform.report"]
    assert start["record"] == {"requestId": answer.request_id, "version": "$LATEST"}
    assert report["record"]["status"] == "success"
    metrics = report["record"]["metrics"]
    assert set(metrics) == {"durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB", "initDurationMs"}
    types = [json.loads(line)["type"] for line in f.log.split("\n") if line]
    for expected in ("kelvin.notice", "platform.initStart", "platform.initRuntimeDone", "platform.initReport"):
        assert expected in types
    for line in f.log.split("\n"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", json.loads(line)["time"])


def test_system_level_warn_leaves_failures_only(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--log-format", "json", "--system-log-level", "warn", "--log-level", "error")
    f.invoke("f", {"do": "echo", "value": 1})
    crashed = f.invoke("f", {"do": "exit", "code": 3})
    f.wait_for_log('"platform.report"')
    lines = [json.loads(line) for line in f.log.split("\n") if line]
    assert [each["type"] for each in lines] == ["platform.fault", "platform.runtimeDone", "platform.report"]
    assert lines[2]["record"]["errorType"] == "Runtime.ExitError"
    assert lines[2]["record"]["requestId"] == crashed.request_id


def test_functions_lines_pass_and_are_filtered(kelvin, tmp_path):
    script = tmp_path / "bootstrap"
    script.write_text("""#!/bin/sh
echo plain
echo '{"timestamp":"2026-01-02T03:04:05Z","level":"DEBUG","message":"hidden"}'
echo '{"timestamp":"2026-01-02T03:04:05Z","level":"ERROR","message":"shown"}'
echo "format=$AWS_LAMBDA_LOG_FORMAT level=$AWS_LAMBDA_LOG_LEVEL"
exit 1
""")
    script.chmod(0o755)
    f = kelvin(f"f={script}", "--log-format", "json", "--application-log-level", "warn")
    f.invoke("f", {})
    f.wait_for_log("^format=JSON level=WARN$")
    assert "plain" in f.log.split("\n")
    assert '"message":"shown"' in f.log
    assert "hidden" not in f.log


def test_tail_is_in_json_too(kelvin, cpp):
    f = kelvin(f"f={cpp}", "--log-format", "json")
    answer = f.invoke("f", {"do": "print", "stdout": 1}, headers={"X-Amz-Log-Type": "Tail"})
    lines = base64.b64decode(answer.headers["x-amz-log-result"]).decode().splitlines()
    assert json.loads(lines[0])["type"] == "platform.start"
    assert lines[1] == "out 0"
    assert json.loads(lines[-1])["type"] == "platform.report"
