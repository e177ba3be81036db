"""The handler for plain HTTP on Powertools for AWS Lambda; ../README.md says what it answers. The variable DOOR says
which resolver it is written for, as a function's code would know."""

import base64
import os

from aws_lambda_powertools.event_handler import (
    ALBResolver,
    APIGatewayHttpResolver,
    APIGatewayRestResolver,
    LambdaFunctionUrlResolver,
    Response,
)
from aws_lambda_powertools.shared.cookies import Cookie

RESOLVERS = {
    "1.0": APIGatewayRestResolver,
    "2.0": APIGatewayHttpResolver,
    "alb": ALBResolver,
    "url": LambdaFunctionUrlResolver,
}
DOOR = os.environ.get("DOOR", "2.0")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
app = RESOLVERS[DOOR]()


def listed(found):
    return {name: value if isinstance(value, list) else [value] for name, value in found.items()}


def body_bytes(event):
    if not event.body:
        return b""
    return base64.b64decode(event.body) if event.is_base64_encoded else event.body.encode()


def describe(event):
    return {
        "kind": DOOR,
        "method": event.http_method,
        "path": event.path,
        "query": listed(event.resolved_query_string_parameters),
        "headers": listed(event.resolved_headers_field),
        "cookies": [f"{name}={value}" for name, value in event.resolved_cookies_field.items()],
        "body": base64.b64encode(body_bytes(event)).decode(),
        "path_parameters": getattr(event, "path_parameters", {}),
        "stage_variables": getattr(event, "stage_variables", {}),
        "authorizer": event.request_context.get("authorizer"),
    }


@app.route("/.*", method=METHODS)
def serve():
    event = app.current_event
    last = event.path.rsplit("/", 1)[-1]
    if last == "answer":
        cookies = [Cookie(name="a", value="1", path="/", secure=False),
                   Cookie(name="b", value="2", path="/", secure=False, http_only=True)]
        return Response(201, "text/plain; charset=utf-8", "grüße", headers={"X-Answer": "yes"}, cookies=cookies)
    if last == "bytes":
        return Response(200, "application/octet-stream", body_bytes(event))
    return describe(event)


def handle(event, context):
    return app.resolve(event, context)
