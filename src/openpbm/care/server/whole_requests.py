"""gunicorn's worker with threads, but a thread gets only requests that have come whole.

gunicorn gives a connection to a thread with its first byte, and the thread waits for the rest however long that takes:
sixteen half-sent requests, and nobody is served any more. Here what has come of a request waits aside, without a
thread, until the rest is there or its time is over. A server in front that does so too (`deploy/`) is better still.
"""

from __future__ import annotations

import functools
import re
import selectors
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

__all__ = ["HEAD_S", "MOST_BYTES", "WholeRequests", "still_missing"]

#: The head of a request takes so long at most, and its body so long after that [s].
HEAD_S, BODY_S = 20.0, 60.0
#: One request, and all that wait in one process together [bytes]. What is filled in and uploaded stays far below.
MOST_BYTES, _MOST_HEAD_BYTES, _MOST_WAITING_BYTES = 8_000_000, 65_536, 128_000_000
_READ_BYTES = 65_536
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
# Pieces of unknown number: nobody could say when all have come. Browsers and the servers in front name the length.
_IN_PIECES = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


class _Refused(Exception):
    """A request of which the rest need not be waited for: the line that answers it."""


def still_missing(came: bytes | bytearray) -> bool | None:
    """Whether the rest of a request's body is still to come; None while its head is.

    Raises _Refused for one that is too long or does not say how long it is.

    >>> still_missing(b"POST / HTTP/1.1\\r\\nContent-Le")
    >>> still_missing(b"POST / HTTP/1.1\\r\\nContent-Length: 3\\r\\n\\r\\nab")
    True
    >>> still_missing(b"POST / HTTP/1.1\\r\\nContent-Length: 3\\r\\n\\r\\nabc")
    False
    """
    head, found, _ = bytes(came[:_MOST_HEAD_BYTES]).partition(_END_OF_HEAD)
    if not found:
        if len(came) >= _MOST_HEAD_BYTES:
            raise _Refused("431 Request Header Fields Too Large")
        return None
    if _IN_PIECES.search(head + b"\r\n"):
        raise _Refused("411 Length Required")
    named = _LENGTH.search(head + b"\r\n")
    # A length that is none: the parser says what is wrong with it.
    length = int(named[1]) if named else 0
    if length > MOST_BYTES:
        raise _Refused("413 Content Too Large")
    return len(came) - len(head) - len(_END_OF_HEAD) < length


@dataclass(slots=True)
class _Arriving:
    """What has come of a request, and until when the rest is waited for."""

    until: float
    came: bytearray = field(default_factory=bytearray)
    has_head: bool = False


class WholeRequests(ThreadWorker):  # type: ignore[misc]
    """Reads requests beside the threads, in the loop that also accepts connections."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: dict[Any, _Arriving] = {}

    def enqueue_req(self, conn: Any) -> None:
        """Take a connection on which a request begins: accepted, kept open, or with one that came behind the last."""
        conn.sock.setblocking(False)
        arriving = self._arriving[conn] = _Arriving(time.monotonic() + HEAD_S)
        self.poller.register(conn.sock, selectors.EVENT_READ, functools.partial(self._read, conn))
        if conn.parser is not None:
            arriving.came += conn.parser.unreader.take_buffered()
        if arriving.came:
            self._look_at(conn, arriving)
        else:
            self._read(conn)

    def murder_pending(self) -> None:
        """Close what has not come in time."""
        now = time.monotonic()
        for conn in [conn for conn, arriving in self._arriving.items() if arriving.until <= now]:
            self._let_go(conn)
        super().murder_pending()

    def _read(self, conn: Any, _socket: Any = None) -> None:
        arriving = self._arriving[conn]
        try:
            data = conn.sock.recv(_READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        arriving.came += data
        if not data or sum(self._sizes()) > _MOST_WAITING_BYTES:
            self._let_go(conn)
        else:
            self._look_at(conn, arriving)

    def _sizes(self) -> Iterator[int]:
        return (len(arriving.came) for arriving in self._arriving.values())

    def _look_at(self, conn: Any, arriving: _Arriving) -> None:
        try:
            missing = still_missing(arriving.came)
        except _Refused as refusal:
            # As much as the socket takes at once: who does not read the answer is not waited for either.
            with suppress(OSError):
                conn.sock.send(f"HTTP/1.1 {refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())
            self._let_go(conn)
            return
        if missing is False:
            self._stop_waiting(conn)
            conn.init()
            conn.parser.unreader.unread(bytes(arriving.came))
            super().enqueue_req(conn)
        elif missing and not arriving.has_head:
            arriving.has_head, arriving.until = True, time.monotonic() + BODY_S

    def _stop_waiting(self, conn: Any) -> None:
        del self._arriving[conn]
        self.poller.unregister(conn.sock)

    def _let_go(self, conn: Any) -> None:
        self._stop_waiting(conn)
        self.nr_conns -= 1
        conn.close()
