"""`kelvin watch` builds: real projects are edited, broken, repaired, and edited while they are built."""

import signal
import subprocess

import pytest

from build_projects import (answer_of, code_of, cpp_project, go_project, make_project, python_project, replace_in,
                            rust_project, wait_for_answer, wait_for_build)
from kelvin_process import Kelvin, binary, clean_environment, run_kelvin
from process_tree import expect_no_leftovers, is_alive, wait_until

GO = {"GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod -buildvcs=false"}
CARGO = {"CARGO_NET_OFFLINE": "true"}
ERRORS = {cpp_project: "error:", rust_project: "error", go_project: "syntax error"}


@pytest.fixture
def watch(kelvin):
    """Starts a `kelvin watch`."""
    def start(*arguments, environment=None, **options):
        return kelvin(*arguments, command="watch", environment={**GO, **CARGO, **(environment or {})}, **options)
    return start


class Starting:
    """A `kelvin watch` that builds before it serves: for what a ready line does not come of."""

    def __init__(self, *arguments, cwd=None):
        self.process = subprocess.Popen([binary(), "watch", *map(str, arguments), "--listen", "127.0.0.1:0"], cwd=cwd,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        env=clean_environment())
        self.lines = []

    def wait_for_log(self, text):
        for line in self.process.stderr:
            self.lines.append(line.decode())
            if text in self.lines[-1]:
                return self.lines[-1]
        raise AssertionError(f"no {text!r} in the log:\n{''.join(self.lines)}")

    def end(self, number=signal.SIGINT):
        """Returns the exit status and what came of the log."""
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=20)
        expect_no_leftovers(Kelvin.running)
        return self.process.returncode, "".join(self.lines) + rest.decode()


def count(kelvin, text):
    return kelvin.log.count(text)


@pytest.mark.parametrize("project", [cpp_project, rust_project, go_project])
def test_a_fresh_project_is_built_served_edited_broken_and_repaired(watch, project, tmp_path):
    made = project(tmp_path / "project")
    assert not made.target.exists()
    kelvin = watch(f"f={made.target}")
    assert answer_of(kelvin) == "one"
    assert count(kelvin, "is not there yet, and is built before anything is served") == 1

    made.write('one\\""', 'two\\""')
    wait_for_answer(kelvin, "two")

    made.write('two\\""', 'three\\"" oops')
    code = wait_for_build(kelvin, "failed")
    assert code["state"] == "failed"
    assert "exit status" in code["build"]["sentence"]
    assert any(ERRORS[project] in line for line in code["build"]["last_lines"]), code
    assert kelvin.wait_for_log(r"error: build of f: .* failed after .* serves on")
    assert answer_of(kelvin) == "two"

    made.write(" oops", "")
    wait_for_answer(kelvin, "three")
    assert wait_until(lambda: (now := code_of(kelvin))["state"] == "ready" and now)["build"]["state"] == "good"


def test_a_python_function_is_taken_up_without_a_build(watch, tmp_path):
    made = python_project(tmp_path / "project")
    kelvin = watch(f"f={made.folder}")
    assert kelvin.wait_for_log(r"nothing is built, changes of the artifact alone are looked for \(--build CMD")
    assert answer_of(kelvin) == "one"
    made.write("one", "two")
    wait_for_answer(kelvin, "two")
    assert "build" not in code_of(kelvin)


def test_a_script_beside_a_makefile_is_built_and_taken_up(watch, tmp_path):
    made = python_project(tmp_path / "project")
    (made.folder / "Makefile").write_text("check:\n\t! grep broken answer.py\n")
    kelvin = watch(f"f={made.folder}")
    made.write("one", "two")
    wait_for_answer(kelvin, "two")
    made.write("two", "broken")
    assert "broken" in wait_for_build(kelvin, "failed")["build"]["last_lines"][-2]


def test_a_change_during_a_build_cancels_it_and_the_last_state_wins(watch, tmp_path):
    made = make_project(tmp_path / "project")
    kelvin = watch(f"f={made.target}")
    (made.folder / "hook.sh").write_text("grep -q slow answer.txt && echo asleep && sleep 60\n")
    made.write("one", "slow")
    kelvin.wait_for_log("build of f: asleep")
    made.write("slow", "two")
    wait_for_answer(kelvin, "two")
    assert kelvin.wait_for_log("cancelled after .* since its sources have changed; it starts again")
    assert "slow" not in made.target.read_text()
    assert kelvin.descendants_named("^(make|sleep)$") == []


def test_only_the_function_concerned_is_built_and_restarted(watch, tmp_path):
    one, other = make_project(tmp_path / "one"), make_project(tmp_path / "other")
    kelvin = watch(f"f={one.target}", f"g={other.target}")
    wait_until(lambda: code_of(kelvin, "f")["version"] == 1 and code_of(kelvin, "g")["version"] == 1)
    other_process = kelvin.invoke("g", b"{}").json
    one.write("one", "two")
    wait_for_answer(kelvin, "two", "f")
    assert kelvin.invoke("g", b"{}").json == other_process
    assert code_of(kelvin, "g")["version"] == 1
    assert count(kelvin, "build of g: `make` runs") == 1, "the first build alone"


def test_builds_of_two_functions_run_side_by_side(watch, tmp_path):
    projects = [make_project(tmp_path / "one"), make_project(tmp_path / "other")]
    # Each build waits for the other's.
    for mine, others in (projects, projects[::-1]):
        (mine.folder / "hook.sh").write_text(
            f"touch {tmp_path}/{mine.folder.name}\n"
            f"for _ in $(seq 600); do [ -e {tmp_path}/{others.folder.name} ] && exit; sleep 0.1; done; exit 1\n")
    kelvin = watch(f"f={projects[0].target}", f"g={projects[1].target}")
    assert (answer_of(kelvin, "f"), answer_of(kelvin, "g")) == ("one", "one")


def test_functions_of_one_command_share_a_build(watch, tmp_path):
    one, other = make_project(tmp_path / "one"), make_project(tmp_path / "other")
    kelvin = watch(f"f={one.target}", f"g={other.target}", "--build", "make -C one && make -C other", cwd=tmp_path)
    other.write("one", "two")
    wait_for_answer(kelvin, "two", "g")
    assert answer_of(kelvin, "f") == "one"
    assert code_of(kelvin, "f")["build"]["command"] == code_of(kelvin, "g")["build"]["command"]
    kelvin.wait_for_log("build of f, g: `make -C one && make -C other` runs", 2)


def test_ignored_files_build_nothing(watch, tmp_path):
    made = make_project(tmp_path / "project")
    (made.folder / ".gitignore").write_text("*.scratch\n/notes/\n")
    kelvin = watch(f"f={made.target}")
    runs = count(kelvin, "`make` runs")
    (made.folder / "notes").mkdir()
    for name in ("a.scratch", "notes/answer.txt", "main.o", ".answer.txt.swp"):
        (made.folder / name).write_text("ignored")
    # A change that counts comes behind those that do not, so that they have been seen when it is built.
    made.write("one", "two")
    wait_for_answer(kelvin, "two")
    assert count(kelvin, "`make` runs") == runs + 1
    (made.folder / ".gitignore").write_text("")
    (made.folder / "notes" / "answer.txt").write_text("not ignored any more")
    kelvin.wait_for_log("`make` runs", runs + 2)


def test_the_log_in_the_project_starts_no_build(watch, tmp_path):
    made = make_project(tmp_path / "project")
    with open(made.folder / "kelvin.log", "wb") as log:
        process = subprocess.Popen(
            [binary(), "watch", f"f={made.target}", "--listen", "127.0.0.1:0", "--ready-file", made.folder / "ready"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=clean_environment())

    def logged(text):
        return (made.folder / "kelvin.log").read_text().count(text)

    try:
        wait_until(lambda: logged("version 1 serves"), what="the first version")
        for number, (before, after) in enumerate([("one", "two"), ("two", "three")], 2):
            replace_in(made.source, before, after)
            wait_until(lambda: logged(f"version {number} serves"), what=f"version {number}")
        assert logged("`make` runs") == 3
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def test_what_is_older_than_its_sources_is_built_at_the_start(watch, tmp_path):
    made = make_project(tmp_path / "project")
    subprocess.run(["make", "-C", made.folder], check=True, capture_output=True)
    kelvin = watch(f"f={made.target}")
    assert kelvin.wait_for_log("built by `make` in")
    assert count(kelvin, "`make` runs") == 0, "it is newer than its sources"
    kelvin.stop()
    made.write("one", "two")
    kelvin = watch(f"f={made.target}")
    wait_for_answer(kelvin, "two")


def test_artifacts_alone_with_no_build(watch, tmp_path):
    made = make_project(tmp_path / "project")
    subprocess.run(["make", "-C", made.folder], check=True, capture_output=True)
    made.write("one", "two")
    kelvin = watch(f"f={made.target}", "--no-build")
    assert answer_of(kelvin) == "one"
    subprocess.run(["make", "-C", made.folder], check=True, capture_output=True)
    wait_for_answer(kelvin, "two")
    assert count(kelvin, "build of") == 0
    assert "build" not in code_of(kelvin)


def test_a_build_method_of_a_template(watch, tmp_path):
    made = make_project(tmp_path / "source")
    (made.folder / "Makefile").write_text((made.folder / "Makefile").read_text() +
                                          "build-Fn: bootstrap\n\tcp bootstrap $(ARTIFACTS_DIR)/next\n"
                                          "\tmv $(ARTIFACTS_DIR)/next $(ARTIFACTS_DIR)/bootstrap\n")
    (tmp_path / "template.yaml").write_text("""
Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: makefile}
    Properties: {FunctionName: f, Runtime: provided.al2023, Handler: bootstrap, CodeUri: source}
""")
    kelvin = watch(cwd=tmp_path)
    assert answer_of(kelvin) == "one"
    made.write("one", "two")
    wait_for_answer(kelvin, "two")
    assert (tmp_path / ".aws-sam" / "build" / "Fn" / "bootstrap").exists()


def test_every_line_of_a_build_reaches_the_log_in_its_order(watch, tmp_path):
    made = make_project(tmp_path / "project")
    subprocess.run(["make", "-C", made.folder], check=True, capture_output=True)
    (made.folder / "hook.sh").write_text("seq -f 'line %.0f' 30000\n")
    kelvin = watch(f"f={made.target}")
    wait_for_build(kelvin, "good")
    kelvin.wait_for_log("build of f: .*built in")
    lines = [line.partition("build of f: ")[2] for line in kelvin.log.splitlines() if "build of f: line " in line]
    assert lines == [f"line {number}" for number in range(1, 30001)]


def test_a_build_that_changes_its_own_sources_does_not_go_on_for_ever(watch, tmp_path):
    made = make_project(tmp_path / "project")
    subprocess.run(["make", "-C", made.folder], check=True, capture_output=True)
    kelvin = watch(f"f={made.target}", "--build", "make && date +%N > generated.txt", cwd=made.folder)
    made.write("one", "two")
    assert kelvin.wait_for_log("warning: build of f: sources change again and again .* add it to .gitignore")
    runs = count(kelvin, "` runs")
    wait_for_answer(kelvin, "two")
    assert count(kelvin, "` runs") <= runs + 1, "it is postponed"


def test_a_first_build_that_fails_waits_for_its_repair(tmp_path):
    made = make_project(tmp_path / "project", "broken")
    starting = Starting(f"f={made.target}")
    starting.wait_for_log("answer.txt:1: error: broken")
    starting.wait_for_log("it is built again when its sources change")
    made.write("broken", "one")
    starting.wait_for_log("serves http://127.0.0.1:")
    status, _ = starting.end()
    assert status == 0


def test_a_build_command_that_is_not_there(tmp_path):
    made = make_project(tmp_path / "project")
    starting = Starting(f"f={made.target}", "--build", "no-such-compiler --all", cwd=tmp_path)
    said = starting.wait_for_log("exit status 127")
    assert "the shell did not find a command; install it, put it into PATH, or name another by --build CMD" in said
    status, _ = starting.end()
    assert status == 0


def test_nothing_to_build_says_what_is_missing(tmp_path):
    (tmp_path / "project").mkdir()
    done = run_kelvin("watch", str(tmp_path / "project" / "bootstrap"), "--listen", "127.0.0.1:0")
    assert done.returncode == 2
    assert "nothing is built" in done.stderr and "--build CMD" in done.stderr
    assert "bootstrap does not exist" in done.stderr
    built = run_kelvin("watch", str(tmp_path / "project" / "bootstrap"), "--build", "true", "--listen", "127.0.0.1:0",
                       cwd=tmp_path)
    assert built.returncode == 2
    assert "bootstrap does not exist" in built.stderr


def test_options_that_contradict_each_other(tmp_path):
    done = run_kelvin("watch", "--build", "make", "--no-build", cwd=tmp_path)
    assert done.returncode == 2
    assert "contradict" in done.stderr


def hanging(made, trap=""):
    """Has each build write its shell's number and hang."""
    (made.folder / "hook.sh").write_text(f"{trap}\necho $$ > pid\nsleep 600 & echo $! >> pid\nwait\nsleep 600\n")
    (made.folder / ".gitignore").write_text("pid\n")


def hanging_processes(made):
    path = made.folder / "pid"
    wait_until(lambda: path.exists() and path.read_text().count("\n") == 2, what="the hanging build")
    processes = [int(line) for line in path.read_text().split()]
    assert all(is_alive(each) for each in processes)
    return processes


@pytest.mark.parametrize("trap", ["", "trap '' TERM INT"], ids=["SIGTERM is taken", "SIGTERM is ignored"])
def test_an_interrupt_ends_a_build_that_hangs(watch, trap, tmp_path):
    made = make_project(tmp_path / "project")
    subprocess.run(["make", "-C", made.folder], check=True, capture_output=True)
    hanging(made, trap)
    kelvin = watch(f"f={made.target}")
    processes = hanging_processes(made)
    assert answer_of(kelvin) == "one", "it serves meanwhile"
    assert code_of(kelvin)["state"] == "building"
    kelvin.stop()
    assert not any(is_alive(each) for each in processes)


def test_an_interrupt_ends_the_first_build(tmp_path):
    made = make_project(tmp_path / "project")
    hanging(made)
    starting = Starting(f"f={made.target}")
    starting.wait_for_log("`make` runs")
    processes = hanging_processes(made)
    status, log = starting.end()
    assert status == 0
    assert "stopping: the build is ended" in log
    assert not any(is_alive(each) for each in processes)


def test_a_second_interrupt_does_not_wait_for_a_build(watch, tmp_path):
    made = make_project(tmp_path / "project")
    hanging(made, "trap '' TERM INT")
    starting = Starting(f"f={made.target}")
    starting.wait_for_log("`make` runs")
    processes = hanging_processes(made)
    starting.process.send_signal(signal.SIGINT)
    starting.wait_for_log("stopping")
    status, _ = starting.end()
    assert status == 0
    assert not any(is_alive(each) for each in processes)


def test_kill_9_ends_a_build_too(watch, tmp_path):
    made = make_project(tmp_path / "project")
    subprocess.run(["make", "-C", made.folder], check=True, capture_output=True)
    hanging(made)
    kelvin = watch(f"f={made.target}")
    processes = hanging_processes(made)
    kelvin.kill()
    assert not any(is_alive(each) for each in processes)
