"""Functions that take as much of the machine as they get: CPU, memory, /tmp, descriptors, processes; and freezing."""

import os
import shutil
from pathlib import Path

import pytest

from kelvin_process import need_level, run_kelvin
from process_tree import stat_fields, wait_until
from users import folder, user  # noqa: F401 (fixtures)


@pytest.fixture(params=["host", "lambda"])
def level(request, user):
    need_level(request.param)
    return request.param


@pytest.fixture
def greedy(kelvin, rogue, folder, user):
    """Starts kelvin with the rogue handler in a mode; where every user may read it."""
    copy = shutil.copy(rogue, folder / "bootstrap")
    os.chmod(copy, 0o755)
    return lambda mode, *options, **more: kelvin(f"f={copy}", "--env", f"MODE={mode}", *options, **more)


def take(f, **how):
    answer = f.invoke("f", {"rogue": True, **how})
    assert answer.status == 200 and answer.function_error is None, answer
    return answer.json


def groups_of(f):
    """Control groups that this kelvin has made, its folders not counted."""
    # os.walk passes over groups that others remove meanwhile; Path.rglob would raise
    return [Path(where) / name for where, names, _ in os.walk("/sys/fs/cgroup") for name in names
            if Path(where).name == f"kelvin-{f.pid}"]


@pytest.mark.parametrize("memory_mib, how", [
    (512, {"threads": 1}),
    (128, {"threads": 10}),
    (512, {"processes": 3}),
    (512, {"processes": 2, "threads": 2, "generations": 4}),
    (800, {"threads": 3}),
])
def test_an_invocation_gets_its_memorys_share_of_cpu(greedy, level, memory_mib, how):
    f = greedy("burns", "--cpu", "lambda", "--memory", str(memory_mib), "--timeout", "60", "--isolation", level)
    share, got = memory_mib / 1769, []
    # Other work on this machine can take time from a function: the best of some. It cannot give it any, but the first
    # of some fifteen periods is used at once and not waited for.
    for _ in range(8):
        took = take(f, cpu_ms=600 if how.get("generations") else 300, **how)
        got.append(took["cpu_s"] / took["wall_s"])
        assert got[-1] < 1.05 * share, f"{got} of {share}"
        if 0.97 * share < got[-1] < 1.03 * share:
            return
    raise AssertionError(f"{got} of {share}")


def test_init_has_full_cpu(greedy, level):
    f = greedy("burns", "--cpu", "lambda", "--memory", "128", "--timeout", "60", "--isolation", level, "--env",
               "BURN_IN_INIT=1")
    assert take(f, cpu_ms=1)
    share = float(f.wait_for_log("share of CPU in init")[0].split()[-1])
    # Far above 128/1769, and far from a whole CPU on a busy machine.
    assert share > 0.25


def test_a_timeout_ends_a_function_that_is_held_back(greedy, level):
    f = greedy("burns", "--cpu", "lambda", "--memory", "128", "--timeout", "1", "--isolation", level)
    for _ in range(2):
        answer = f.invoke("f", {"rogue": True, "cpu_ms": 10000, "processes": 2})
        assert answer.json["errorType"] == "Sandbox.Timedout"
    assert f.invoke("f", {"well": "behaved"}).json == {"well": "behaved"}


@pytest.mark.parametrize("memory_mib", [128, 512])
def test_a_function_has_the_memory_that_was_chosen(greedy, level, memory_mib):
    f = greedy("grows", "--memory", str(memory_mib), "--timeout", "60", "--isolation", level)
    # On a busy machine kelvin may look late, which can only add to what the function had: the least of some.
    most = []
    for invocation in range(1, 9):
        answer = f.invoke("f", {"rogue": True})
        assert answer.json["errorType"] == "Runtime.OutOfMemory"
        report = f.wait_for_log("^REPORT ", count=invocation)[-1]
        assert f"Max Memory Used: {memory_mib} MB" in report and "Error Type: Runtime.OutOfMemory" in report
        most.append(int(f.wait_for_log("^has ")[-1].split()[1]))
        assert most[-1] >= 0.95 * memory_mib, f"{most} of {memory_mib}"
        if min(most) <= 1.05 * memory_mib and invocation > 1:
            return
    raise AssertionError(f"{most} of {memory_mib}")


def test_tmp_has_its_size_and_is_not_the_functions_memory(greedy, user):
    need_level("lambda")
    f = greedy("fills_tmp", "--isolation", "lambda", "--memory", "128", "--tmp-size", "600", "--timeout", "60")
    assert take(f, mib=400) == {"mib": 400, "error": ""}
    assert take(f) == {"mib": 600, "error": "No space left on device"}
    assert "Runtime.OutOfMemory" not in f.log


def test_a_size_of_tmp_that_is_not_in_force_is_said(greedy):
    f = greedy("fills_tmp", "--isolation", "host", "--tmp-size", "600")
    assert f.wait_for_log("--tmp-size is not in force")


def test_descriptors_are_as_many_as_on_aws(greedy, level):
    assert take(greedy("opens", "--isolation", level)) == 1024


def test_processes_are_as_many_as_on_aws(greedy, user):
    need_level("lambda")
    if "processes and threads of a function: not bounded" in run_kelvin("doctor").stdout:
        pytest.skip("kelvin doctor says that this machine has no bound for root's processes")
    f = greedy("forks", "--isolation", "lambda", "--timeout", "60", "--memory", "512")
    # The first process counts, and so does kelvin's init in a user namespace.
    assert take(f) in (1022, 1023)


def is_frozen(f):
    states = [fields[0] for pid in f.bootstraps() if (fields := stat_fields(pid))]
    return len(states) == 2 and set(states) == {"T"}


@pytest.mark.parametrize("ending", ["stopped", "killed"])
def test_idle_environments_are_frozen(greedy, level, ending):
    f = greedy("burns_on", "--freeze", "--isolation", level, "--timeout", "20")
    assert take(f) == "burning"
    wait_until(lambda: is_frozen(f), 10, "the idle environment is frozen")
    assert f.invoke("f", {"well": "behaved"}).json == {"well": "behaved"}
    wait_until(lambda: is_frozen(f), 10, "the environment is frozen again")
    (f.stop if ending == "stopped" else f.kill)()


@pytest.mark.parametrize("ending", ["stopped", "killed"])
def test_no_control_group_is_left(greedy, ending):
    f = greedy("never_answers", "--cpu", "lambda", "--memory", "128", "--timeout", "1")
    for _ in range(3):
        assert f.invoke("f", {"rogue": True}).json["errorType"] == "Sandbox.Timedout"
    assert f.invoke("f", {"well": "behaved"}).json == {"well": "behaved"}
    # One environment and one parked keeper, in each of cpu, memory and pids.
    wait_until(lambda: len(groups_of(f)) <= 6, 10, "the groups of ended processes are removed")
    (f.stop if ending == "stopped" else f.kill)()
    wait_until(lambda: not groups_of(f), 10, "no control group is left")


def test_doctor_names_each_limit_and_how_to_have_more(user):
    shown = run_kelvin("doctor").stdout
    for what in ("CPU share (--cpu lambda): ", "memory size (--memory): ", "freezing (--freeze): "):
        assert what in shown
    if user != 0:
        assert "systemd-run --user --scope -p Delegate=yes kelvin" in shown
