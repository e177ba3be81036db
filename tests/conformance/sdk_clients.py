"""The SDKs of the conformance tests with default settings: boto3, the AWS CLI, the AWS SDK for JavaScript."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import boto3
import botocore.config
import pytest

from kelvin_process import clean_environment

HERE = Path(__file__).resolve().parent
ACCOUNT = "123456789012"
ARN = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:"


def sdk_environment(kelvin):
    return clean_environment({
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_ENDPOINT_URL_LAMBDA": kelvin.url, "AWS_PAGER": ""})


def boto(kelvin, **options):
    session = boto3.session.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
    return session.client("lambda", endpoint_url=kelvin.url, config=botocore.config.Config(**options))


def cli(kelvin, *arguments, **variables):
    """`aws lambda ARGUMENTS`: (exit status, what it printed as JSON or None, stderr)."""
    done = subprocess.run([sys.executable, "-m", "awscli", "lambda", *arguments], capture_output=True, text=True,
                          timeout=100, env={**sdk_environment(kelvin), **variables})
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else None, done.stderr


def activity(kelvin, name="f"):
    """What kelvin counts of a function: environments, running, waiting, throttles and more."""
    with kelvin.client() as client:
        found = client.request("GET", "/_kelvin/functions").json["functions"]
    return next(each for each in found if each["name"] == name)


def throttles(kelvin):
    """How many invocations of `f` were answered 429 so far."""
    return activity(kelvin)["throttles"]


def node_sdk_folder():
    """The folder with calls.js and its packages, installed when the lock file has changed; skips where that may be."""
    if not shutil.which("node") or not shutil.which("npm"):
        assert os.environ.get("KELVIN_ALLOW_MISSING") == "1", "node and npm are missing"
        pytest.skip("node and npm are missing")
    folder = Path(os.environ["KELVIN_HANDLERS"]).resolve().parent / "node-sdk"
    folder.mkdir(exist_ok=True)
    stamp = folder / "installed"
    wanted = hashlib.sha256((HERE / "node-sdk/package-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "node-sdk" / name, folder)
        subprocess.run(["npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder,
                       check=True, timeout=300)
        stamp.write_text(wanted)
    shutil.copy(HERE / "node-sdk/calls.js", folder)
    return folder


def node(kelvin, *calls):
    """Results of calls.js, one per call."""
    done = subprocess.run(["node", "calls.js"], cwd=node_sdk_folder(), capture_output=True, text=True, timeout=110,
                          input=json.dumps({"endpoint": kelvin.url, "calls": calls}), env=sdk_environment(kelvin))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
