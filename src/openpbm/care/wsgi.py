"""The application that gunicorn serves."""

from __future__ import annotations

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

from openpbm.care.call_stack import in_one_piece

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpbm.care.settings")

_answer = get_wsgi_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The answer to one request."""
    return in_one_piece(_answer, environ, start_response)


# Reads every list of addresses and with them every page's code now, so that no visitor waits for it.
resolve("/healthz")
