"""Where a word to a device may be sent: the services of browser makers, over https, at public addresses alone.

A browser says itself where it is reached, so whoever has an account could name any machine; one inside the clinic's
own network must never be asked.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from openpbm.errors import BadInput, Problem

__all__ = ["LONGEST_ENDPOINT", "check_endpoint", "check_public"]

LONGEST_ENDPOINT = 1000
#: Chrome, Edge on Android, Samsung Internet, Opera; Firefox; Edge on Windows; Safari.
_HOSTS = frozenset({"fcm.googleapis.com", "web.push.apple.com"})
_HOSTS_BELOW = (".push.services.mozilla.com", ".notify.windows.com", ".push.apple.com")


def check_endpoint(endpoint: str) -> None:
    """BadInput unless it is an address of a known push service, over https, with nothing else in it."""
    try:
        parts = urlsplit(endpoint)
        known = _is_known(parts)
    except ValueError:
        known = False
    if not known or len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
        raise BadInput(
            Problem(
                key="the device",
                message="its browser names no push service that is known here",
                remedy="use Chrome, Edge, Firefox, Safari, Opera or Samsung Internet",
            )
        )


def _is_known(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    plain = parts.scheme == "https" and parts.port in (None, 443) and "@" not in parts.netloc
    return plain and (host in _HOSTS or host.endswith(_HOSTS_BELOW)) and "\\" not in parts.netloc


def check_public(endpoint: str) -> None:
    """BadInput where the host's name leads to an address that is not public; OSError where it leads nowhere."""
    host = urlsplit(endpoint).hostname or ""
    found = {str(row[4][0]) for row in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    inside = sorted(one for one in found if not ipaddress.ip_address(one.partition("%")[0]).is_global)
    if inside:
        raise BadInput(
            Problem(
                key=host,
                message=f"leads to {inside[0]}, which is no public address",
                remedy="mend the names that this machine is given",
            )
        )
