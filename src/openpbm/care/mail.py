"""How e-mail leaves: printed on the console unless an SMTP server is named."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from openpbm.errors import BadInput, Problem

__all__ = ["email_settings"]

_WAY_OUT = (
    "give smtp://user:password@host:port?from=clinic@example.org (STARTTLS) or smtps://... (TLS), with special"
    " characters of the password as %XX"
)
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")


def email_settings(address: str, sender: str = "") -> dict[str, Any]:
    """Django's e-mail settings for smtp:// or smtps://; BadInput for anything else.

    sender : from whom mails come where the address itself does not say it with `?from=`

    >>> email_settings("")["EMAIL_BACKEND"]
    'django.core.mail.backends.console.EmailBackend'
    """
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        # Nothing of it is repeated: what stands in the place of the port may be a piece of the password.
        raise BadInput(
            Problem(
                key="EMAIL_URL",
                message=("cannot be read as an address (the port is no number up to 65535, or a bracket stays open)"),
                remedy=_WAY_OUT,
            )
        ) from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise BadInput(Problem(key="EMAIL_URL", message=_WAY_OUT))
    shown = _sender(parts.query, sender)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "DEFAULT_FROM_EMAIL": shown,
        "SERVER_EMAIL": shown,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def _sender(query: str, otherwise: str) -> str:
    """From whom mails come: a server refuses what comes from an address that is not there."""
    asked = dict(part.partition("=")[::2] for part in query.split("&") if part)
    if asked.keys() - {"from"}:
        # It is not repeated: a password with a question mark in it ends up here.
        raise BadInput(
            Problem(
                key="EMAIL_URL",
                message="after the question mark stands something else than from=ADDRESS",
                remedy=_WAY_OUT,
            )
        )
    shown = (unquote(asked.get("from", "")) or otherwise).strip()
    if not shown:
        raise BadInput(
            Problem(
                key="EMAIL_URL",
                message=("names a mail server but nobody whom mails come from, and most servers refuse such mails"),
                remedy="add ?from=clinic@example.org to it, or set OPENPBM_MAIL_FROM",
            )
        )
    if not (shown.isprintable() and _ADDRESS.fullmatch(parseaddr(shown)[1])):
        raise BadInput(
            Problem(
                message=(
                    f"the sender of mails {shown!r} (from= in EMAIL_URL, or OPENPBM_MAIL_FROM): is no e-mail address"
                ),
                remedy="give one such as clinic@example.org",
            )
        )
    return shown
