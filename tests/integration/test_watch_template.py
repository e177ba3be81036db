"""kelvin watch: what describes the functions changes, and only what is concerned notices."""

import json
import os
import textwrap
from pathlib import Path

import pytest

import web_client
from kelvin_process import handler
from process_tree import wait_until
from versioned_code import binary_version, new_folder, rename_over, wait_for_code, write_in_place

TEMPLATE = """\
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function: {Runtime: provided.al2023, Handler: bootstrap, CodeUri: code/}
    Resources:
    """


def function(name, **properties):
    """One resource, of which the properties are written as JSON."""
    lines = "".join(f"      {key}: {json.dumps(value)}\n" for key, value in properties.items())
    return f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n      FunctionName: {name}\n{lines}"


def route(path, method="GET"):
    return {"Type": "HttpApi", "Properties": {"Method": method, "Path": path}}


class Project:
    """A folder with a template, as an editor saves it."""

    def __init__(self, folder, start):
        self.folder = folder
        self.start_watch = start
        new_folder(folder / "code", binary_version(1))
        new_folder(folder / "environ", Path(handler("cpp")).read_bytes())

    def save(self, *resources, name="template.yaml"):
        rename_over(self.folder / name, (textwrap.dedent(TEMPLATE) + "".join(resources)).encode())

    def start(self, *arguments):
        return self.start_watch(self.folder / "template.yaml", *arguments)


@pytest.fixture
def project(kelvin, tmp_path):
    def start(*arguments):
        started = kelvin(*arguments, command="watch")
        for name in started.ready["functions"]:
            wait_for_code(started, name, state="ready", version=1)
        return started
    return Project(tmp_path, start)


def variables(kelvin, name):
    answer = kelvin.invoke(name, {"do": "environ"})
    assert answer.status == 200 and answer.function_error is None, answer
    return answer.json


def names(kelvin):
    with kelvin.client() as api:
        return [each["name"] for each in api.request("GET", "/_kelvin/functions").json["functions"]]


def problem(kelvin):
    with kelvin.client() as api:
        return api.request("GET", "/_kelvin/functions").json.get("problem")


def pids_of(kelvin, name):
    """Of the processes that run the function, as the machine numbers them."""
    found = []
    for pid in kelvin.bootstraps():
        with open(f"/proc/{pid}/environ", "rb") as file:
            if f"AWS_LAMBDA_FUNCTION_NAME={name}".encode() in file.read().split(b"\0"):
                found.append(pid)
    return found


def test_a_route_that_is_added_is_served_on_connections_that_are_open(project):
    project.save(function("a", Events={"One": route("/one")}))
    a = project.start()
    before = pids_of(a, "a")
    with a.client() as connection:
        assert connection.request("GET", "/one").status == 200
        assert connection.request("GET", "/two").status == 404
        project.save(function("a", Events={"One": route("/one"), "Two": route("/two")}))
        wait_until(lambda: connection.request("GET", "/two").status == 200, 10, "the route")
        assert connection.request("GET", "/one").status == 200
        project.save(function("a", Events={"Two": route("/two")}))
        wait_until(lambda: connection.request("GET", "/one").status == 404, 10, "no route")
    # The function itself was not described otherwise.
    assert pids_of(a, "a") == before
    a.wait_for_log(r"GET +/two", 2)


def test_functions_come_and_go_and_others_keep_their_environments(project):
    project.save(function("a"))
    a = project.start()
    before = pids_of(a, "a")
    project.save(function("a"), function("b", Events={"B": route("/b")}))
    wait_until(lambda: names(a) == ["a", "b"], 10, "function b")
    assert a.invoke("b", {}).json["version"] == 1
    assert web_client.request(a.ready["port"], "GET", "/b").status == 200
    wait_for_code(a, "b", state="ready", version=1)
    a.wait_for_log(r"1 function added \(b\)")
    project.save(function("a"))
    wait_until(lambda: names(a) == ["a"], 10, "no function b")
    assert a.invoke("b", {}).status == 404
    wait_until(lambda: pids_of(a, "b") == [], 10, "no process of b")
    assert pids_of(a, "a") == before
    project.save(function("a"), function("b"))
    wait_until(lambda: names(a) == ["a", "b"], 10, "function b again")
    assert wait_for_code(a, "b", state="ready")["version"] > 1
    assert a.invoke("b", {}).json["version"] == 1


def test_settings_that_change_are_the_next_version_of_their_function_alone(project):
    def a_function(memory_mib, colour):
        return function("a", CodeUri="environ/", MemorySize=memory_mib, Environment={"Variables": {"COLOUR": colour}})
    project.save(a_function(256, "red"), function("b"))
    a = project.start()
    before = pids_of(a, "b")
    assert variables(a, "a")["COLOUR"] == "red"
    project.save(a_function(512, "blue"), function("b"))
    wait_until(lambda: variables(a, "a")["COLOUR"] == "blue", 10, "the variable")
    assert variables(a, "a")["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "512"
    with a.client() as api:
        assert api.request("GET", "/2015-03-31/functions/a/configuration").json["MemorySize"] == 512
    assert pids_of(a, "b") == before


def test_a_timeout_that_changes_counts_from_the_next_version_on(project):
    project.save(function("a", CodeUri="environ/", Timeout=1))
    a = project.start()
    timed_out = a.invoke("a", {"do": "sleep", "ms": 30000})
    assert timed_out.function_error == "Unhandled" and b"1.00 seconds" in timed_out.body, timed_out
    project.save(function("a", CodeUri="environ/", Timeout=30))
    wait_for_code(a, "a", state="ready", version=2)
    assert a.invoke("a", {"do": "sleep", "ms": 1100}).function_error is None


def test_what_only_moves_restarts_nothing(project):
    project.save(function("a"), function("b", Events={"B": route("/b")}))
    a = project.start()
    before = sorted(pids_of(a, "a") + pids_of(a, "b"))
    project.save("  # a comment, so that every line is another one\n\n", function("a"),
                 function("b", Events={"B": route("/b"), "C": route("/c")}))
    wait_until(lambda: web_client.request(a.ready["port"], "GET", "/c").status == 200, 10, "the route")
    assert sorted(pids_of(a, "a") + pids_of(a, "b")) == before
    assert wait_for_code(a, "a", state="ready")["version"] == 1


def test_a_broken_template_is_told_and_all_is_served_on(project):
    project.save(function("a", Events={"One": route("/one")}))
    a = project.start()
    with open(project.folder / "template.yaml", "a") as file:
        file.write("  b: {Type: [\n")
    a.wait_for_log(r"error: .*template\.yaml:\d+.*everything is served on as it was before")
    assert "template.yaml:" in problem(a)
    assert web_client.request(a.ready["port"], "GET", "/one").status == 200
    project.save(function("a", Events={"One": route("/one"), "Two": route("/two")}))
    wait_until(lambda: web_client.request(a.ready["port"], "GET", "/two").status == 200, 10, "the route")
    assert problem(a) is None


def test_a_template_that_is_gone_is_told_and_taken_up_when_it_is_back(project):
    project.save(function("a"))
    a = project.start()
    os.rename(project.folder / "template.yaml", project.folder / "kept.yaml")
    wait_until(lambda: problem(a) is not None, 10, "the problem")
    assert a.invoke("a", {}).status == 200
    project.save(function("a"), function("b"), name="kept.yaml")
    os.rename(project.folder / "kept.yaml", project.folder / "template.yaml")
    wait_until(lambda: names(a) == ["a", "b"], 10, "function b")
    assert problem(a) is None


def test_a_function_without_code_is_added_when_it_has_been_built(project):
    a_function = function("a", Events={"A": route("/a")})
    project.save(a_function)
    a = project.start()
    project.save(a_function, function("b", CodeUri="later/", Events={"B": route("/b")}))
    a.wait_for_log(r"later.*it is added when that has changed")
    assert web_client.request(a.ready["port"], "GET", "/b").status == 404
    assert a.invoke("b", {}).status == 404
    new_folder(project.folder / "later", binary_version(7))
    wait_until(lambda: web_client.request(a.ready["port"], "GET", "/b").status == 200, 10, "function b")
    assert a.invoke("b", {}).json["version"] == 7


def test_code_that_moves_in_the_template_is_served_and_watched_there(project):
    new_folder(project.folder / "other", binary_version(11))
    project.save(function("a"))
    a = project.start()
    project.save(function("a", CodeUri="other/"))
    wait_for_code(a, "a", state="ready", version=2)
    assert a.invoke("a", {}).json["version"] == 11
    rename_over(project.folder / "other" / "bootstrap", binary_version(12))
    wait_until(lambda: a.invoke("a", {}).json["version"] == 12, 10, "the new code")


def test_a_definition_file_is_watched_with_its_template(project):
    def paths(*wanted):
        rename_over(project.folder / "api.json", json.dumps({
            "openapi": "3.0.1", "info": {"title": "t", "version": "1"},
            "paths": {each: {"get": {"x-amazon-apigateway-integration": {
                "type": "aws_proxy", "httpMethod": "POST", "payloadFormatVersion": "2.0",
                "uri": {"Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/"
                                   "functions/${a.Arn}/invocations"}}}} for each in wanted}}).encode())
    paths("/one")
    project.save(function("a"), "  Api: {Type: AWS::Serverless::HttpApi, Properties: {DefinitionUri: api.json}}\n")
    a = project.start()
    assert web_client.request(a.ready["port"], "GET", "/one").status == 200
    paths("/one", "/two")
    wait_until(lambda: web_client.request(a.ready["port"], "GET", "/two").status == 200, 10, "the route")


def test_a_file_of_variables_by_function_is_watched(project):
    values = project.folder / "values.json"
    values.write_text(json.dumps({"a": {"COLOUR": "red"}}))
    project.save(function("a", CodeUri="environ/", Environment={"Variables": {"COLOUR": "none"}}), function("b"))
    a = project.start("--env-file", values)
    before = pids_of(a, "b")
    assert variables(a, "a")["COLOUR"] == "red"
    rename_over(values, json.dumps({"a": {"COLOUR": "blue"}}).encode())
    wait_until(lambda: variables(a, "a")["COLOUR"] == "blue", 10, "the variable")
    assert pids_of(a, "b") == before


def test_a_file_of_variables_is_watched_without_a_template(project):
    values = project.folder / "values.env"
    values.write_text("COLOUR=red\nSIZE=1\n")
    a = project.start_watch(f"a={project.folder}/environ", "--env-file", values, "--env", "SIZE=2")
    assert variables(a, "a")["COLOUR"] == "red"
    write_in_place(values, b"COLOUR=blue\nSIZE=3\n")
    wait_until(lambda: variables(a, "a")["COLOUR"] == "blue", 10, "the variable")
    assert variables(a, "a")["SIZE"] == "2"
    write_in_place(values, b"no equals sign\n")
    wait_until(lambda: problem(a) is not None, 10, "the problem")
    assert variables(a, "a")["COLOUR"] == "blue"


def test_cors_that_changes_is_answered_at_once(project):
    def api(origin):
        cors = {"AllowOrigins": [origin], "AllowMethods": ["GET"]}
        return f"  Api: {{Type: AWS::Serverless::HttpApi, Properties: {json.dumps({'CorsConfiguration': cors})}}}\n"
    event = {"Type": "HttpApi", "Properties": {"Method": "GET", "Path": "/one", "ApiId": {"Ref": "Api"}}}
    project.save(function("a", Events={"One": event}), api("https://one.example"))
    a = project.start()

    def allowed(origin):
        answer = web_client.request(a.ready["port"], "GET", "/one", headers=[("Origin", origin)])
        return answer.field("Access-Control-Allow-Origin")
    assert allowed("https://one.example") == "https://one.example"
    project.save(function("a", Events={"One": event}), api("https://two.example"))
    wait_until(lambda: allowed("https://two.example") == "https://two.example", 10, "the other origin")
    assert allowed("https://one.example") is None
