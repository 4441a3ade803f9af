"""Where the site listens, and who may be let in without encryption."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from openpbm.errors import BadInput, Problem

__all__ = ["Address", "check_exposure", "host_names", "listen"]

_EVERY_ADDRESS = ("0.0.0.0", "::")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Address:
    """Host and port as they were asked for, or as they were found free."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the site."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{_bracketed(host)}:{self.port}/"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that host.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_exposure(host: str, *, behind_https: bool, insecure_http: bool, names: Sequence[str]) -> None:
    """BadInput where names and passwords would travel readable, or under no name the site answers to."""
    if behind_https and insecure_http:
        raise BadInput(
            Problem(key="serve", message="--behind-https and --insecure-http exclude each other", remedy="choose one")
        )
    if not is_loopback(host) and not (behind_https or insecure_http):
        raise BadInput(
            Problem(
                key="serve",
                message=(
                    f"--host {host} is reached from other machines, where plain http shows health data "
                    "and passwords to the network. Put a server with https in front and add "
                    "--behind-https, or keep --host 127.0.0.1"
                ),
                remedy="--insecure-http allows it all the same",
            )
        )
    if (behind_https or host in _EVERY_ADDRESS) and not names:
        raise BadInput(
            Problem(
                key="serve",
                message="say under which name the site is reached: --allowed-host NAME (repeat it for more)",
            )
        )


def host_names(host: str, names: Sequence[str]) -> str:
    """The names the site answers to, as OPENPBM_HOSTS takes them; loopback always, it is how we watch ourselves."""
    own = () if host in _EVERY_ADDRESS else (_bracketed(host),)
    return ",".join(dict.fromkeys((*names, *own, *_LOOPBACK_NAMES)))


def listen(host: str, port: int) -> tuple[socket.socket, Address]:
    """Open the port (0: any free one). BadInput when it cannot be had."""
    if not 0 <= port <= 65535:
        raise BadInput(
            Problem(key="serve", message=f"--port {port}: a port lies between 1 and 65535 (0 takes any free one)")
        )
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise BadInput(
            Problem(key="serve", message=f"--host {host}: is not an address of this machine ({error.strerror})")
        ) from None
    opened = socket.socket(family, kind, protocol)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(where)
        opened.listen(512)
    except OSError as error:
        opened.close()
        raise BadInput(
            Problem(
                key="serve",
                message=(f"port {port} of {host} cannot be had: {(error.strerror or 'no reason given').lower()}"),
                remedy="stop what uses it, or choose another with --port",
            )
        ) from None
    return opened, Address(host, opened.getsockname()[1])


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
