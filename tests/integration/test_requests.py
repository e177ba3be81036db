"""The callers' port under bad, slow, foreign and many requests."""

import resource
import socket
import time

import pytest

from kelvin_process import expect_memory_below
from lambda_client import ConnectionLost
from process_tree import descriptor_count, resident_kib, wait_until

INVOKE = "/2015-03-31/functions/f/invocations"
ECHO = b'{"do":"echo","value":1}'


@pytest.fixture
def f(kelvin, cpp):
    return kelvin(f"f={cpp}", "--timeout", "10")


def expect_alive(f):
    assert f.invoke("f", ECHO).body == b"1"


@pytest.mark.parametrize("garbage", [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n", b" \r\n\r\n\r\n\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: abc\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    b"GET / HTTP/1.1\r\nno colon here\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
], ids=range(10))
def test_garbage_is_refused(f, garbage):
    with f.client(timeout_seconds=10) as api:
        api.send(garbage)
        try:
            assert api.receive().status in range(400, 506)
        except (ConnectionLost, ConnectionError):
            pass
    expect_alive(f)


def test_body_over_the_limit(f):
    with f.client() as api:
        answer = api.invoke("f", b'"' + b"x" * (7 * 1024 * 1024) + b'"')
        assert answer.status == 413, answer
        assert answer.headers["x-amzn-errortype"].startswith("RequestEntityTooLargeException")
    expect_alive(f)


def test_announced_body_over_the_limit_is_not_kept(f):
    before = resident_kib(f.pid)
    with f.client(timeout_seconds=20) as api:
        api.send(f"POST {INVOKE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n".encode())
        try:
            for _ in range(40):
                api.send(b"x" * (1 << 20))
        except ConnectionError:
            pass
        expect_memory_below(f.pid, before + 20 * 1024)
    expect_alive(f)


@pytest.mark.parametrize("size", [1000, 7 * 1024, 9 * 1024, 15 * 1024])
def test_headers_below_the_limit_pass(f, size):
    with f.client() as api:
        assert api.invoke("f", ECHO, headers={"X-Long": "h" * size}).body == b"1"


@pytest.mark.parametrize("size", [17 * 1024, 65 * 1024, 1 << 20, 3 << 20])
def test_headers_over_the_limit_are_refused(f, size):
    with f.client(timeout_seconds=20) as api:
        try:
            answer = api.invoke("f", ECHO, headers={"X-Long": "h" * size})
            assert answer.status in (400, 431), answer
        except (ConnectionLost, ConnectionError):
            pass
    expect_alive(f)


def test_too_many_headers_are_refused(f):
    with f.client() as api:
        try:
            assert api.invoke("f", ECHO, headers={f"X-{n}": "v" for n in range(1000)}).status in (400, 431)
        except (ConnectionLost, ConnectionError):
            pass
    expect_alive(f)


def test_expect_100_continue(f):
    with f.client() as api:
        api.send(f"POST {INVOKE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(ECHO)}\r\n"
                 "Expect: 100-continue\r\n\r\n".encode())
        interim = api.socket.recv(1000)
        assert interim.startswith(b"HTTP/1.1 100 ")
        api.send(ECHO)
        assert api.receive().body == b"1"


def test_chunked_body_and_byte_by_byte(f):
    with f.client() as api:
        api.send(f"POST {INVOKE} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for at in range(0, len(ECHO), 5):
            piece = ECHO[at:at + 5]
            api.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        api.send(b"0\r\n\r\n")
        assert api.receive().body == b"1"
        whole = f"POST {INVOKE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(ECHO)}\r\n\r\n".encode() + ECHO
        for byte in whole:
            api.send(bytes([byte]))
        assert api.receive().body == b"1"


def test_requests_sent_ahead_are_answered_in_order(f):
    with f.client() as api:
        for number in range(5):
            api.send_request("POST", INVOKE, b'{"do":"echo","value":%d}' % number)
        assert [api.receive().json for _ in range(5)] == list(range(5))


def test_connection_close_and_http_1_0(f):
    with f.client() as api:
        assert api.invoke("f", ECHO, headers={"Connection": "close"}).body == b"1"
        wait_until(api.is_closed_by_server, what="the close that was asked for")
    with f.client() as api:
        api.send(f"POST {INVOKE} HTTP/1.0\r\nContent-Length: {len(ECHO)}\r\n\r\n".encode() + ECHO)
        assert api.receive().body == b"1"


@pytest.mark.parametrize("host", ["evil.example", "rebound.example:9000", "169.254.169.254", "127.0.0.1.example"])
def test_foreign_host_is_refused(f, host):
    with f.client() as api:
        answer = api.invoke("f", ECHO, headers={"Host": host})
        assert answer.status in (400, 403, 421), answer
    assert not f.bootstraps()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]:9000", "api.localhost"])
def test_loopback_hosts_are_taken(f, host):
    with f.client() as api:
        assert api.invoke("f", ECHO, headers={"Host": host}).status == 200


def test_browser_of_another_origin_is_refused(f):
    with f.client() as api:
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = api.invoke("f", ECHO, headers=headers)
            assert answer.status == 403, (headers, answer)
            assert "access-control-allow-origin" not in answer.headers
        preflight = api.request("OPTIONS", INVOKE, headers={
            "Origin": "http://evil.example", "Access-Control-Request-Method": "POST"})
        assert "access-control-allow-origin" not in preflight.headers
    assert not f.bootstraps()


def test_unknown_paths(f):
    with f.client() as api:
        assert api.request("GET", "/2015-03-31/nothing").status == 404
        assert api.request("GET", "/_kelvin/nothing").status == 404
        assert api.request("DELETE", INVOKE).status in (404, 405)


def test_slow_clients_are_closed_and_others_served(f):
    """Half a header (bound 20 s), half a body (30 s without a byte); both at once, to wait only once."""
    heads = [f.client() for _ in range(100)]
    bodies = [f.client() for _ in range(100)]
    for each in heads:
        each.send(b"POST / HTTP/1.1\r\nHost: loc")
    for each in bodies:
        each.send(f"POST {INVOKE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf".encode())
    began = time.monotonic()
    with f.client() as api:
        for number in range(200):
            assert api.invoke("f", {"do": "echo", "value": number}).json == number

    def closed(clients):
        # An answer such as 408 may come first.
        def ended(client):
            client.socket.setblocking(False)
            try:
                while client.socket.recv(4096):
                    pass
                return True
            except BlockingIOError:
                return False
            except ConnectionError:
                return True
        return all(ended(client) for client in clients)

    wait_until(lambda: closed(heads), 30, "the end of half-sent headers")
    assert time.monotonic() - began > 10, "a slow but honest client needs some time"
    wait_until(lambda: closed(bodies), 40, "the end of half-sent bodies")
    expect_alive(f)
    for each in heads + bodies:
        each.close()


def test_client_that_reads_nothing_holds_nobody_up(f):
    stuck = f.client()
    stuck.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stuck.send_request("POST", INVOKE, b'{"do":"big","bytes":6000000}')
    with f.client() as api:
        for number in range(100):
            assert api.invoke("f", {"do": "echo", "value": number}).json == number
    stuck.close()


def test_two_thousand_open_connections(f):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    try:
        before = descriptor_count(f.pid)
        clients = [f.client() for _ in range(2000)]
        wait_until(lambda: descriptor_count(f.pid) > before + 1990, 20, "2,000 accepted connections")
        for number, client in enumerate(clients[::20]):
            assert client.invoke("f", {"do": "echo", "value": number}).json == number
        for client in clients:
            client.close()
        wait_until(lambda: descriptor_count(f.pid) < before + 20, 20, "the connections' descriptors to be freed")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    expect_alive(f)
