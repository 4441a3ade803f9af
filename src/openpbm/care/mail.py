"""How e-mail leaves: printed on the console unless an SMTP server is named."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from openpbm.errors import BadInput

__all__ = ["email_settings"]

_WAY_OUT = "give smtp://user:password@host:port (STARTTLS) or smtps://... (TLS)"


def email_settings(address: str) -> dict[str, Any]:
    """Django's e-mail settings for smtp:// or smtps://; BadInput for anything else.

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
            "EMAIL_URL: cannot be read as an address (the port is no number up to 65535, or a bracket stays open);"
            f" {_WAY_OUT}"
        ) from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise BadInput(f"EMAIL_URL: {_WAY_OUT}")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
