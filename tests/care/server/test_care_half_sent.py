"""Requests that never end keep no thread of the site waiting: others are served, and what is too long is refused."""

from __future__ import annotations

import http.client
import socket
import time

import pytest
from care.services import Site

from openpbm.care.server.whole_requests import MOST_BYTES, still_missing

_FORM = b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: "


@pytest.mark.parametrize(
    ("came", "missing"),
    [
        (b"", None),
        (b"G", None),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n", None),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\n", False),
        (_FORM + b"5\r\n\r\n", True),
        (_FORM + b"5\r\n\r\nabcd", True),
        (_FORM + b"5\r\n\r\nabcde", False),
        (b"POST / HTTP/1.1\r\ncontent-length:5\r\n\r\nabcd", True),
        (b"POST / HTTP/1.1\r\nX-Content-Length: 5\r\n\r\n", False),
        # The parser says what is wrong with it.
        (_FORM + b"five\r\n\r\n", False),
    ],
)
def test_a_request_is_whole_with_the_last_byte_of_its_body(came: bytes, missing: bool | None) -> None:
    assert still_missing(came) is missing


@pytest.mark.parametrize(
    ("came", "answer"),
    [
        (_FORM + str(MOST_BYTES + 1).encode() + b"\r\n\r\n", "413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "411"),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\ntransfer-encoding:chunked\r\n\r\nabc", "411"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000, "431"),
    ],
)
def test_what_is_too_long_or_of_no_length_is_not_waited_for(came: bytes, answer: str) -> None:
    with pytest.raises(Exception, match=answer):
        still_missing(came)


def test_forty_half_sent_requests_do_not_stop_the_site(site: Site) -> None:
    """Each kept one of the sixteen threads, and nobody was answered any more."""
    halves = (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", _FORM + b"1000\r\n\r\nuser", b"", b"G")
    waiting = []
    try:
        for number in range(40):
            waiting.append(socket.create_connection(("127.0.0.1", site.port), timeout=10))
            waiting[-1].sendall(halves[number % len(halves)])
        began = time.monotonic()
        asked = http.client.HTTPConnection("127.0.0.1", site.port, timeout=15)
        for _ in range(3):
            asked.request("GET", "/healthz")
            answer = asked.getresponse()
            assert (answer.status, bool(answer.read())) == (200, True)
        asked.close()
        assert time.monotonic() - began < 10
        # The rest of one comes at last, and it is served like any other.
        waiting[0].sendall(b"1\r\nConnection: close\r\n\r\n")
        assert waiting[0].recv(12) == b"HTTP/1.1 302"
        refused = socket.create_connection(("127.0.0.1", site.port), timeout=10)
        waiting.append(refused)
        refused.sendall(_FORM + b"99000000\r\n\r\n")
        assert refused.recv(12) == b"HTTP/1.1 413"
    finally:
        for one in waiting:
            one.close()
