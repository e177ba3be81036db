"""Templates: what SAM and CDK projects look like, served as they are."""

import json
import os
import shutil
import textwrap
import zipfile
from pathlib import Path

import pytest

from kelvin_process import run_kelvin


def write(folder: Path, text, name="template.yaml"):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(textwrap.dedent(text))
    return path


def code(folder: Path, program):
    """A folder with a function's bootstrap, as its build leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(program, folder / "bootstrap")


def refused(*arguments, **options):
    done = run_kelvin("run", *arguments, "--listen", "127.0.0.1:0", timeout_seconds=20, **options)
    assert done.returncode == 2, done
    return done.stderr


def configuration(*arguments, **options):
    done = run_kelvin("config", *arguments, timeout_seconds=20, **options)
    assert done.returncode == 0, done
    return done.stdout, done.stderr


def variables(kelvin, function):
    return kelvin.invoke(function, {"do": "environ"}).json


STARTER = """\
    AWSTemplateFormatVersion: '2010-09-09'
    Transform: AWS::Serverless-2016-10-31
    Description: A pet shop
    Parameters:
      Stage: {Type: String, Default: dev}
    Globals:
      Function:
        Timeout: 5
        MemorySize: 256
        Runtime: provided.al2023
        Handler: bootstrap
        Environment:
          Variables:
            STAGE: !Ref Stage
    Resources:
      PetsFunction:
        Type: AWS::Serverless::Function
        METADATA
        Properties:
          CodeUri: pets/
          Policies: [AWSLambdaBasicExecutionRole]
          Environment:
            Variables:
              QUEUE_URL: !Ref Queue
              OWNERS: !GetAtt OwnersFunction.Arn
          Events:
            Get:
              Type: HttpApi
              Properties: {Path: '/pets/{id}', Method: get}
      OwnersFunction:
        Type: AWS::Serverless::Function
        METADATA
        Properties:
          FunctionName: !Sub 'owners-${Stage}'
          CodeUri: owners/
          MemorySize: 512
          Events:
            List:
              Type: HttpApi
              Properties: {Path: /owners, Method: get}
      Queue:
        Type: AWS::SQS::Queue
    Outputs:
      Url:
        Value: !Sub 'https://${ServerlessHttpApi}.execute-api.${AWS::Region}.amazonaws.com/'
"""

METADATA = {
    "rust": "Metadata: {BuildMethod: rust-cargolambda, BuildProperties: {Binary: pets}}",
    "go": "Metadata: {BuildMethod: go1.x}",
    "python": "Metadata: {BuildMethod: makefile}",
    "node": "Metadata: {SkipBuild: true}",
}


def starter(folder, program, kind="go"):
    code(folder / "pets", program)
    code(folder / "owners", program)
    return write(folder, textwrap.dedent(STARTER).replace("METADATA", METADATA[kind]))


@pytest.mark.parametrize("kind", METADATA)
def test_starter_layouts(kelvin, cpp, tmp_path, kind):
    f = kelvin(str(starter(tmp_path, cpp, kind)))
    assert set(f.ready["functions"]) == {"PetsFunction", "owners-dev"}
    assert f.invoke("PetsFunction", {"do": "echo", "value": kind}).json == kind
    # The logical id stands for the name.
    assert f.invoke("OwnersFunction", {"do": "echo", "value": 2}).json == 2


def test_values_of_a_function(kelvin, cpp, tmp_path):
    f = kelvin(str(starter(tmp_path, cpp)), "--parameter", "Stage=test")
    seen = variables(f, "PetsFunction")
    assert seen["STAGE"] == "test"
    assert seen["QUEUE_URL"] == "https://sqs.us-east-1.amazonaws.com/123456789012/Queue"
    assert seen["OWNERS"] == "arn:aws:lambda:us-east-1:123456789012:function:owners-test"
    assert seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert variables(f, "owners-test")["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "512"


def test_template_of_the_working_folder(kelvin, cpp, tmp_path):
    starter(tmp_path, cpp)
    f = kelvin(cwd=tmp_path)
    assert set(f.ready["functions"]) == {"PetsFunction", "owners-dev"}


def test_what_sam_built_comes_first(kelvin, cpp, tmp_path):
    write(tmp_path, "Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: src}}}")
    built = tmp_path / ".aws-sam" / "build"
    code(built / "F", cpp)
    write(built, "Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: F}}}")
    os.utime(built / "template.yaml", (1, 1))
    f = kelvin(cwd=tmp_path)
    assert f.invoke("F", {"do": "echo", "value": 1}).json == 1
    f.wait_for_log("older than .*run `sam build`")


CDK = {
    "Resources": {
        "Role1ABCC5F0": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
        "Handler886CB40B": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": {"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"},
                         "S3Key": "ab" * 32 + ".zip"},
                "Environment": {"Variables": {"TABLE": {"Ref": "Table"}, "SMILE": "\U0001F600\t/"}},
                "Handler": "bootstrap", "Runtime": "provided.al2023",
                "Role": {"Fn::GetAtt": ["Role1ABCC5F0", "Arn"]}, "MemorySize": 256, "Timeout": 10,
            },
            "DependsOn": ["Role1ABCC5F0"],
            "Metadata": {"aws:cdk:path": "Stack/Handler/Resource", "aws:asset:path": "asset." + "ab" * 32,
                         "aws:asset:is-bundled": False, "aws:asset:property": "Code"},
        },
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"KeySchema": []}},
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "Api", "ProtocolType": "HTTP"}},
        "ApiDefaultStage": {"Type": "AWS::ApiGatewayV2::Stage",
                            "Properties": {"ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True}},
        "ApiIntegration": {"Type": "AWS::ApiGatewayV2::Integration",
                           "Properties": {"ApiId": {"Ref": "Api"}, "IntegrationType": "AWS_PROXY",
                                          "IntegrationUri": {"Fn::GetAtt": ["Handler886CB40B", "Arn"]},
                                          "PayloadFormatVersion": "2.0"}},
        "ApiRoute": {"Type": "AWS::ApiGatewayV2::Route",
                     "Properties": {"ApiId": {"Ref": "Api"}, "RouteKey": "ANY /{proxy+}",
                                    "Target": {"Fn::Join": ["", ["integrations/", {"Ref": "ApiIntegration"}]]}}},
        "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2:deflate64:x"}},
    },
    "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>",
                                        "Default": "/cdk-bootstrap/hnb659fds/version"}},
    "Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [{"Fn::Contains": [["1"], "2"]}]}}]}},
}


def test_what_cdk_synthesises(kelvin, cpp, tmp_path):
    code(tmp_path / ("asset." + "ab" * 32), cpp)
    path = tmp_path / "Stack.template.json"
    path.write_text(json.dumps(CDK, indent="\t"))
    f = kelvin(str(path))
    seen = variables(f, "Handler886CB40B")
    assert seen["TABLE"] == "Table"
    assert seen["SMILE"] == "\U0001F600\t/"
    shown, told = configuration(str(path))
    assert "HTTP API Api" in shown and "ANY /{proxy+} -> Handler886CB40B" in shown
    # IAM, CDK's own and the table's Ref need no word; the table itself is named once.
    assert told.count("warning") == 1 and "AWS::DynamoDB::Table" in told


def test_sixty_resources(kelvin, cpp, tmp_path):
    code(tmp_path / "f", cpp)
    resources = {"Layer": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "layer"}}}
    (tmp_path / "layer").mkdir()
    (tmp_path / "layer" / "shared.txt").write_text("shared")
    for number in range(30):
        resources[f"F{number}"] = {
            "Type": "AWS::Serverless::Function",
            "Properties": {"CodeUri": "f", "Runtime": "provided.al2023", "MemorySize": 128 + number,
                           "Layers": [{"Ref": "Layer"}],
                           "Environment": {"Variables": {"NEXT": {"Fn::GetAtt": [f"Q{number}", "Arn"]}}},
                           "Events": {"E": {"Type": "Api", "Properties": {"Path": f"/p{number}/{{id}}",
                                                                         "Method": "post"}}}}}
        resources[f"Q{number}"] = {"Type": "AWS::SQS::Queue"}
    path = tmp_path / "template.json"
    path.write_text(json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}))
    f = kelvin(str(path))
    assert len(f.ready["functions"]) == 30
    assert variables(f, "F29")["NEXT"].endswith(":Q29")
    shown, told = configuration(str(path))
    assert "POST /p7/{id} -> F7" in shown
    assert told.count("warning") == 1 and "AWS::SQS::Queue (30)" in told


def test_zip_and_layer_of_a_template(kelvin, cpp, tmp_path):
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as zipped:
        zipped.write(cpp, "bootstrap")
    f = kelvin(str(write(tmp_path, """\
        Resources:
          F:
            Type: AWS::Serverless::Function
            Metadata: {SkipBuild: true}
            Properties: {CodeUri: f.zip, Runtime: provided.al2023}
    """)))
    assert f.invoke("F", {"do": "echo", "value": 1}).json == 1


VARIABLES = """\
    Resources:
      F:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: f
          Environment: {Variables: {PLAIN: template, SHELL_ONE: template, FILE_ONE: template, PRICE: 1.50, FLAG: yes}}
"""


def test_files_over_shell_over_template(kelvin, cpp, tmp_path):
    code(tmp_path / "f", cpp)
    path = write(tmp_path, VARIABLES)
    file = tmp_path / "variables.json"
    file.write_text(json.dumps({"Parameters": {"FILE_ONE": "all"}, "F": {"FILE_ONE": "file", "UNDECLARED": "x"}}))
    f = kelvin(str(path), "--env-file", str(file), "--env", "ADDED=option",
               environment={"SHELL_ONE": "shell", "FILE_ONE": "shell", "UNRELATED": "x"})
    seen = variables(f, "F")
    assert {name: seen.get(name) for name in
            ("PLAIN", "SHELL_ONE", "FILE_ONE", "PRICE", "FLAG", "ADDED", "UNDECLARED", "UNRELATED")} == {
        "PLAIN": "template", "SHELL_ONE": "shell", "FILE_ONE": "file", "PRICE": "1.50", "FLAG": "true",
        "ADDED": "option", "UNDECLARED": None, "UNRELATED": None}
    f.wait_for_log("UNDECLARED")


def test_config_shows_where_each_value_comes_from(cpp, tmp_path):
    path = starter(tmp_path, cpp)
    shown, told = configuration(str(path))
    lines = path.read_text().splitlines()
    memory = next(number for number, line in enumerate(lines, 1) if "MemorySize: 512" in line)
    assert f"({path}:{memory}) MemorySize = 512" in shown
    assert "HTTP API ServerlessHttpApi" in shown
    assert "GET /pets/{id} -> PetsFunction" in shown
    assert "AWS::SQS::Queue" in told


def test_memory_size_is_enforced(kelvin, cpp, tmp_path):
    code(tmp_path / "f", cpp)
    f = kelvin(str(write(tmp_path, """\
        Resources:
          F: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: f, MemorySize: 128, Timeout: 30}}
    """)))
    answer = f.invoke("F", {"do": "memory", "mib": 300})
    assert answer.function_error and answer.json["errorType"] == "Runtime.OutOfMemory"


def test_invalid_yaml_is_named_with_line_and_column(tmp_path):
    path = write(tmp_path, "Resources:\n  F:\n    Type: [\n  G: 1\n")
    assert f"{path}:" in refused(str(path)) and "not valid YAML" in refused(str(path))


def test_unknown_intrinsic_is_named(tmp_path):
    path = write(tmp_path, "Resources:\n  F:\n    Type: !Reff x\n")
    text = refused(str(path))
    assert f"{path}:3" in text and "!Reff" in text


def test_circular_references_are_named(tmp_path):
    path = write(tmp_path, """\
        Resources:
          A: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !GetAtt B.QueueName}}
          B: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !GetAtt A.QueueName}}
    """)
    assert "A (line 2) -> B (line 3) -> A" in refused(str(path))


def test_missing_code_is_named_with_what_to_do(cpp, tmp_path):
    path = write(tmp_path, """\
        Resources:
          F:
            Type: AWS::Serverless::Function
            Metadata: {BuildMethod: rust-cargolambda}
            Properties:
              CodeUri: absent
              Runtime: provided.al2023
    """)
    text = refused(str(path))
    assert f"{path}:6" in text and "absent, does not exist" in text and "sam build" in text
    (tmp_path / "absent").mkdir()
    text = refused(str(path))
    assert "bootstrap" in text and f"{path}:6" in text


def test_route_twice_is_named_with_both_places(cpp, tmp_path):
    path = write(tmp_path, """\
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: f
              Events:
                One: {Type: HttpApi, Properties: {Path: '/a/{x}', Method: get}}
                Two: {Type: HttpApi, Properties: {Path: '/a/{y}', Method: GET}}
    """)
    text = refused(str(path))
    assert f"{path}:8" in text and f"{path}:7" in text and "GET /a/{y}" in text


def test_other_runtimes_are_left_out_loudly(kelvin, cpp, tmp_path):
    code(tmp_path / "f", cpp)
    (tmp_path / "p").mkdir()
    path = write(tmp_path, """\
        Resources:
          F: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: f, Runtime: provided.al2023}}
          P:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: p
              Runtime: python3.12
              Handler: app.handler
              Events: {E: {Type: HttpApi}}
    """)
    f = kelvin(str(path))
    assert set(f.ready["functions"]) == {"F"}
    f.wait_for_log("function P is left out: its runtime is python3.12")
    path.write_text(path.read_text().replace("CodeUri: f,", "CodeUri: p,").replace("provided.al2023", "nodejs20.x"))
    assert "no function that can be run here" in refused(str(path))


def test_options_that_templates_decide_are_refused(cpp, tmp_path):
    path = starter(tmp_path, cpp)
    for option, value in (("--memory", "512"), ("--timeout", "9"), ("--handler", "x"), ("--layer", str(tmp_path)),
                          ("--tmp-size", "600"), ("--reserved-concurrency", "1")):
        assert option in refused(str(path), option, value)
    assert "--parameter" in refused(f"f={cpp}", "--parameter", "A=b")
    assert "no parameter of that name" in refused(str(path), "--parameter", "A=b")
    assert "--parameter: must be NAME=value" in refused(str(path), "--parameter", "A")


def test_not_a_template(tmp_path):
    assert "no Resources" in refused(str(write(tmp_path, "a: 1\n")))
    assert "leave NAME= out" in refused(f"f={write(tmp_path, 'a: 1')}")
