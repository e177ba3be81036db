"""A browser's page of another origin: preflights, cookies, and an answer that is read while it is written."""

import pytest

from browser import PageServer, find_browser, open_page
from gate import Gate
from http_template import function, http_api, http_event, write_template
from kelvin_process import Kelvin, handler

# Each attempt's outcome, or the exception that the page's script met.
PAGE = """<!doctype html><title>test</title><script type="module">
const given = new URLSearchParams(location.search);
const [api, streamer, gate] = ['api', 'streamer', 'gate'].map((name) => given.get(name));
const report = {};

async function attempt(name, run) {
  try { report[name] = await run(); } catch (error) { report[name] = `${error}`; }
}

await attempt('put', async () => {
  const fields = { 'content-type': 'application/json', 'x-custom': 'one' };
  const answer = await fetch(`${api}/parsed?a=1`, { method: 'PUT', headers: fields, body: '{"a":1}' });
  return { status: answer.status, event: await answer.json() };
});
await attempt('delete', async () => (await fetch(`${api}/parsed`, { method: 'DELETE' })).status);
await attempt('header', async () => (await fetch(`${api}/parsed`, { headers: { 'x-other': '1' } })).status);
await attempt('without preflight', async () => (await fetch(`${api}/parsed`)).status);
await attempt('exposed', async () => {
  const { headers } = await fetch(`${api}/answer`, { credentials: 'include' });
  return [headers.get('x-answer'), headers.get('apigw-requestid')];
});
await attempt('cookies', async () => {
  const answer = await fetch(`${api}/parsed`, { credentials: 'include' });
  return (await answer.json()).cookies;
});
await attempt('no cookies', async () => (await (await fetch(`${api}/parsed`)).json()).cookies);
await attempt('stream', async () => {
  const answer = await fetch(`${streamer}?gate=${encodeURIComponent(gate)}`);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const first = (await reader.read()).value;
  await fetch(`${gate}open`);
  let rest = '';
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) rest += piece.value;
  return { status: answer.status, first, rest };
});
await fetch('/', { method: 'POST', body: JSON.stringify(report) });
</script>"""


def resources(origin, node):
    """An HTTP API and a streaming function URL, both open to pages of that origin."""
    cors = {"AllowOrigins": [origin], "AllowMethods": ["GET", "PUT"], "AllowHeaders": ["content-type", "x-custom"],
            "ExposeHeaders": ["x-answer"], "AllowCredentials": True, "MaxAge": 60}
    return {
        "Api": http_api(CorsConfiguration=cors),
        "Reader": function(node, "http_handler.handle", {"Any": http_event("Api", "/{proxy+}")}),
        "Streamer": function(node, "http_handler.stream", FunctionUrlConfig={
            "AuthType": "NONE", "InvokeMode": "RESPONSE_STREAM", "Cors": {"AllowOrigins": [origin]}}),
    }


def visit(folder, host):
    """What the page reports when it is opened at this host, while the API is open to 127.0.0.1 alone."""
    node = handler("node")
    if node is None:
        pytest.skip("the handler of node is not built")
    with PageServer(PAGE) as server, Gate() as gate:
        origin = f"http://127.0.0.1:{server.port}"
        kelvin = Kelvin(write_template(folder, resources(origin, node)))
        try:
            query = f"api={kelvin.url}&streamer={kelvin.url}/lambda-url/Streamer/&gate={gate.url}"
            return open_page(server, f"http://{host}:{server.port}/?{query}", folder / "profile")
        finally:
            kelvin.stop()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    find_browser()
    return visit(tmp_path_factory.mktemp("browser"), "127.0.0.1")


def test_a_preflighted_request_is_let_through(report):
    assert report["put"]["status"] == 200
    event = report["put"]["event"]
    assert (event["method"], event["query"], event["headers"]["x-custom"]) == ("PUT", {"a": ["1"]}, ["one"])


def test_methods_and_headers_that_are_not_allowed_are_refused_by_the_browser(report):
    assert report["delete"] == report["header"] == "TypeError: Failed to fetch"
    assert report["without preflight"] == 200


def test_a_page_sees_the_exposed_headers_alone(report):
    assert report["exposed"] == ["yes", None]


def test_cookies_are_kept_and_sent_with_credentials_alone(report):
    assert sorted(report["cookies"]) == ["a=1", "b=2"]
    assert report["no cookies"] == []


def test_a_stream_is_read_piece_by_piece(report):
    # The function writes the rest only after the page has read the first piece.
    assert report["stream"] == {"status": 201, "first": "first\n", "rest": "second grüße\n\0\ufffd\n"}


def test_pages_of_another_origin_are_refused(tmp_path):
    find_browser()
    report = visit(tmp_path, "localhost")
    attempts = ["put", "delete", "header", "without preflight", "exposed", "cookies", "no cookies", "stream"]
    assert report == dict.fromkeys(attempts, "TypeError: Failed to fetch")
