"""What a function can reach at isolation level lambda, and what it costs to take more than its memory."""

import os
import resource
import shutil
from pathlib import Path

import pytest

from kelvin_process import need_level, run_kelvin
from process_tree import wait_until
from users import folder, is_possible, use_wrapper, user  # noqa: F401 (fixtures)

# Runs the event's shell script and answers with what it printed, or takes memory.
BOOTSTRAP = """
import http.client, json, os, subprocess
kept = []
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    reply = api.getresponse()
    event = json.loads(reply.read())
    if "mib" in event:
        kept.append(bytearray(os.urandom(1024) * 1024 * event["mib"]))
        answer = len(kept)
    else:
        answer = subprocess.run(["/bin/sh", "-c", event["sh"]], stdout=subprocess.PIPE).stdout.decode().splitlines()
    path = "/2018-06-01/runtime/invocation/" + reply.getheader("Lambda-Runtime-Aws-Request-Id") + "/response"
    api.request("POST", path, json.dumps(answer))
    api.getresponse().read()
"""


@pytest.fixture
def function(folder):
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin:/bin")
    assert python, "a python3 outside /tmp is needed, for a function does not see the machine's /tmp"
    code = folder / "code"
    code.mkdir()
    (code / "bootstrap").write_text(f"#!{python}\n{BOOTSTRAP}")
    (code / "bootstrap").chmod(0o755)
    return code


@pytest.fixture
def isolated(kelvin, function, user):
    """Starts kelvin at level lambda with the function, or skips where the machine refuses that."""
    need_level("lambda")
    return lambda *options: kelvin(f"f={function}", "--isolation", "lambda", "--timeout", "20", *options)


def shell(f, script):
    answer = f.invoke("f", {"sh": script})
    assert answer.status == 200 and answer.function_error is None, answer
    return answer.json


def processes_with(mark):
    """Processes that hold MARK=<mark> in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"MARK={mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            pass
    return found


def test_lambda_is_the_default_where_it_is_possible(kelvin, function, user):
    f = kelvin(f"f={function}")
    expected = "lambda" if is_possible() else "host"
    assert f.ready["isolation"] == expected
    f.wait_for_log(f"isolation level {expected}")


def test_code_and_layers_are_where_aws_has_them(isolated, folder, user):
    layer = folder / "layer"
    layer.mkdir()
    (layer / "data").write_text("of the layer\n")
    f = isolated("--layer", str(layer))
    assert f.ready["isolation"] == "lambda"
    assert shell(f, "pwd; ls; cat /opt/data; echo $LAMBDA_TASK_ROOT; id -u") == [
        "/var/task", "bootstrap", "of the layer", "/var/task", str(user)]


def test_nothing_but_tmp_can_be_written(isolated, function):
    f = isolated()
    script = ("for folder in / /bin /dev /dev/shm /etc /home /opt /proc/sys/kernel /root /run /sys /usr /var /var/task "
              "/var/tmp /var/runtime /tmp; do (: > $folder/written-by-a-function) 2>/dev/null && echo $folder; done; "
              "(mount -o remount,rw / || umount /proc) 2>/dev/null && echo mounted")
    assert shell(f, script) == ["/tmp"]
    assert not Path("/tmp/written-by-a-function").exists()
    assert sorted(each.name for each in function.iterdir()) == ["bootstrap"]


def test_a_function_sees_its_own_processes_alone(isolated):
    f = isolated()
    seen = shell(f, "cat /proc/[0-9]*/comm | sort -u | tr '\\n' ' '; echo")
    assert set(seen[0].split()) <= {"bootstrap", "python3", "cat", "kelvin-init", "sh", "sort", "tr"}
    assert shell(f, f"kill -0 {f.pid} 2>/dev/null && echo reached") == []


@pytest.mark.parametrize("ending", ["environment ends", "kelvin is killed"])
def test_nothing_outlives_its_environment(isolated, ending):
    f = isolated("--idle-timeout", "1", "--env", f"MARK={os.getpid()}{ending[:6].strip()}")
    mark = f"{os.getpid()}{ending[:6].strip()}"
    shell(f, "setsid setsid sleep 1000 >/dev/null 2>&1 & echo")
    assert processes_with(mark)
    if ending == "kelvin is killed":
        f.kill()
    wait_until(lambda: not processes_with(mark), 10, "processes of the environment are left")


def test_tmp_is_bounded_private_and_survives_a_reset(isolated):
    f = isolated("--timeout", "2", "--environments", "1")
    assert shell(f, "ls -A /tmp; stat -c %a /tmp") == ["1777"]
    assert shell(f, "df -k --output=size /tmp | tail -n1 | tr -d ' '") == ["524288"]
    assert shell(f, "fallocate -l 513M /tmp/large 2>/dev/null || echo full; rm -f /tmp/large; "
                    "fallocate -l 20M /tmp/large && echo kept > /tmp/file") == ["full"]
    answer = f.invoke("f", {"sh": "sleep 100"})
    assert answer.json["errorType"] == "Sandbox.Timedout"
    assert shell(f, "cat /tmp/file; stat -c %s /tmp/large") == ["kept", str(20 * 1024 * 1024)]


def test_processes_are_bounded_inside_a_user_namespace(isolated, user):
    shown = shell(isolated(), "awk '/Max processes/ { print $3 }' /proc/self/limits")[0]
    if user == 0:
        # Root needs no user namespace, and the limit would count every process that root has.
        own = resource.getrlimit(resource.RLIMIT_NPROC)[0]
        assert shown == ("unlimited" if own == resource.RLIM_INFINITY else str(own))
    else:
        assert int(shown) <= 1024


def test_environments_have_a_tmp_each(isolated):
    f, g = isolated(), isolated()
    shell(f, "echo mine > /tmp/file")
    assert shell(g, "ls -A /tmp") == []


@pytest.mark.parametrize("level", ["host", "lambda"])
def test_more_memory_than_chosen_ends_the_function_as_on_aws(kelvin, function, user, level):
    need_level(level)
    f = kelvin(f"f={function}", "--isolation", level, "--memory", "128", "--timeout", "20")
    assert f.invoke("f", {"mib": 20}).json == 1
    answer = f.invoke("f", {"mib": 256})
    assert answer.status == 200 and answer.function_error == "Unhandled"
    assert answer.json["errorType"] == "Runtime.OutOfMemory"
    assert answer.json["errorMessage"].endswith(" Error: Runtime exited with error: signal: killed")
    report = f.wait_for_log("^REPORT ", count=2)[1]
    assert "Max Memory Used: 128 MB" in report and "Error Type: Runtime.OutOfMemory" in report
    assert f.invoke("f", {"mib": 20}).json == 1, "a new process serves the next invocation"


def test_memory_that_nobody_chose_is_warned_about_only(kelvin, function):
    f = kelvin(f"f={function}", "--timeout", "20")
    assert f.invoke("f", {"mib": 256}).json == 1
    assert "--memory" in f.wait_for_log("of 128 MB")[0]


@pytest.fixture
def refusing(monkeypatch, folder):
    """Starts kelvin where no user namespace can be made."""
    if not is_possible():
        return
    use_wrapper(monkeypatch, folder, """export KELVIN
exec unshare --user --map-root-user sh -c 'echo 0 > /proc/sys/user/max_user_namespaces
    exec setpriv --bounding-set=-sys_admin "$KELVIN" "$@"' sh "$@\"""")
    assert not is_possible()


def test_where_it_is_impossible_functions_run_at_level_host(refusing, kelvin, function):
    f = kelvin(f"f={function}")
    assert f.ready["isolation"] == "host"
    assert "making new namespaces" in f.wait_for_log("isolation level host, for lambda")[0]
    assert shell(f, "pwd") == [str(function)]


def test_where_it_is_impossible_asking_for_it_is_an_error(refusing, function):
    done = run_kelvin("run", f"f={function}", "--isolation", "lambda", "--listen", "127.0.0.1:0")
    assert done.returncode == 2
    assert "--isolation lambda" in done.stderr and "making new namespaces" in done.stderr
    assert "--isolation host" in done.stderr
