"""template.json for the tests: functions of the test handlers behind the doors for plain HTTP."""

import json
from pathlib import Path


def function(bootstrap, handler="bootstrap", events=None, variables=None, **properties):
    """An AWS::Serverless::Function whose code is the folder of that bootstrap."""
    found = {"CodeUri": str(Path(bootstrap).parent), "Handler": handler, "Runtime": "provided.al2023", "Timeout": 30,
             "Environment": {"Variables": variables or {}}, "Events": events or {}, **properties}
    return {"Type": "AWS::Serverless::Function", "Properties": found}


def http_api(**properties):
    return {"Type": "AWS::Serverless::HttpApi", "Properties": properties}


def rest_api(**properties):
    return {"Type": "AWS::Serverless::Api", "Properties": properties}


def http_event(api, path, method="ANY", **properties):
    """A route of an HTTP API."""
    return {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": api}, "Path": path, "Method": method, **properties}}


def rest_event(api, path, method="ANY", **properties):
    """A method of a REST API."""
    return {"Type": "Api", "Properties": {"RestApiId": {"Ref": api}, "Path": path, "Method": method, **properties}}


def write_template(folder, resources):
    """Writes template.json with these resources; returns its path."""
    path = Path(folder) / "template.json"
    path.write_text(json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}))
    return str(path)
