"""What makes the site an application on a phone: the worker that keeps its shell, and the page without a network."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from openpbm.care.accounts.first_password import first_password_suffices
from openpbm.care.jobs.send_push import WORD

__all__ = ["offline", "service_worker"]

#: All that the browser keeps to show a session without a network. Nothing here differs between two people.
_SHELL = (
    "care/care.css", "care/icons.svg", "care/mark.svg", "care/store.js", "care/unsent.js", "care/session.js",
    "care/offline.js",
)  # fmt: skip


@login_not_required
@first_password_suffices
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that the browser keeps for the whole site; asked for again each time, so that a fault never stays."""
    files = [static(name) for name in _SHELL]
    context = {
        "version": _version(),
        "offline": reverse("home:offline"),
        "files": files,
        "word": WORD,
        "first_page": reverse("home:start"),
        "icon": static("care/icon-192.png"),
    }
    response = render(request, "service-worker.js", context, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@login_not_required
@first_password_suffices
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page shown where there is no network; no word on it is about anybody."""
    return HttpResponse(render_to_string("offline.html"))


@functools.cache
def _version() -> str:
    """Changes with the shell: the browser then fetches all of it again."""
    digest = hashlib.sha256(render_to_string("offline.html").encode())
    for name in _SHELL:
        found = finders.find(name)
        assert isinstance(found, str), name
        digest.update(Path(found).read_bytes())
    return digest.hexdigest()[:16]
