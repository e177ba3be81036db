"""`kelvin invoke`: body to stdout, log to stderr, 1 on a function error, 2 on usage, 3 on kelvin's own failure."""

import json
import subprocess

import pytest

from kelvin_process import binary, clean_environment, run_kelvin

ECHO = '{"do":"echo","value":{"a":1}}'


@pytest.fixture
def f(kelvin, cpp):
    return kelvin(f"f={cpp}")


def invoke(f, *arguments, **options):
    return run_kelvin("invoke", *arguments, "--endpoint", f.url, **options)


def test_success(f):
    done = invoke(f, "f", "-d", ECHO)
    assert done.returncode == 0, done
    assert done.stdout.strip() == '{"a":1}'
    assert "START RequestId" in done.stderr and "REPORT RequestId" in done.stderr


def test_name_may_be_left_out_where_there_is_one(f):
    done = invoke(f, "-d", ECHO)
    assert (done.returncode, done.stdout.strip()) == (0, '{"a":1}')


def test_function_error_is_1(f):
    done = invoke(f, "f", "-d", '{"do":"error","message":"no"}')
    assert done.returncode == 1
    assert json.loads(done.stdout) == {"errorMessage": "no", "errorType": "ConformanceError"}


def test_event_from_a_file_and_from_stdin(f, tmp_path):
    event = tmp_path / "event.json"
    event.write_text(ECHO)
    assert invoke(f, "f", "--file", str(event)).stdout.strip() == '{"a":1}'
    piped = subprocess.run([binary(), "invoke", "f", "--file", "-", "--endpoint", f.url], input=ECHO, text=True,
                           capture_output=True, timeout=30, env=clean_environment())
    assert (piped.returncode, piped.stdout.strip()) == (0, '{"a":1}')


def test_no_event_is_an_empty_object(f):
    done = invoke(f, "f")
    assert done.returncode == 1
    assert json.loads(done.stdout)["errorType"] == "UnknownCommand"


def test_unknown_function_is_no_success(f):
    done = invoke(f, "unknown", "-d", "{}")
    assert done.returncode in (2, 3)
    assert "Function not found" in done.stdout + done.stderr


def test_payload_that_is_no_json(f):
    done = invoke(f, "f", "-d", "not json")
    assert done.returncode in (2, 3)
    assert "Could not parse payload into json" in done.stdout + done.stderr


def test_missing_file_is_named(f, tmp_path):
    done = invoke(f, "f", "--file", str(tmp_path / "absent.json"))
    assert done.returncode == 2
    assert "absent.json" in done.stderr


def test_nothing_listens(f):
    f.stop()
    done = invoke(f, "f", "-d", "{}")
    assert done.returncode == 3
    assert str(f.port) in done.stderr and "kelvin run" in done.stderr


def test_endpoint_from_the_environment(f):
    done = run_kelvin("invoke", "f", "-d", ECHO, environment={"AWS_ENDPOINT_URL_LAMBDA": f.url})
    assert (done.returncode, done.stdout.strip()) == (0, '{"a":1}')


def test_one_shot_without_a_server(cpp):
    done = run_kelvin("invoke", "--target", cpp, "-d", ECHO)
    assert (done.returncode, done.stdout.strip()) == (0, '{"a":1}'), done
    assert "REPORT RequestId" in done.stderr


def test_one_shot_function_error(cpp):
    done = run_kelvin("invoke", "--target", cpp, "-d", '{"do":"exit","code":3}')
    assert done.returncode == 1
    assert json.loads(done.stdout)["errorType"] == "Runtime.ExitError"


def test_one_shot_of_something_missing(tmp_path):
    done = run_kelvin("invoke", "--target", str(tmp_path / "absent"), "-d", "{}")
    assert done.returncode in (2, 3)
    assert "absent" in done.stderr


def test_large_answer_is_whole(f):
    done = invoke(f, "f", "-d", '{"do":"big","bytes":6291556}')
    assert done.returncode == 0, done.stderr[-500:]
    assert len(done.stdout.strip()) == 6291556
