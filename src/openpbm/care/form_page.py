"""A page with a form: what was sent, and the answer where it was not accepted."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

__all__ = ["posted", "render_form"]


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; None where the page is only read, so that its form stays unbound and shows no errors."""
    return request.POST if request.method == "POST" else None


def render_form(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """The page; with status 422 after something was sent, since whoever was accepted has been redirected."""
    # 422 and not 200: htmx, the API's clients and our tests can tell a refusal without reading the page.
    status = 422 if request.method == "POST" else 200
    return render(request, template, dict(context), status=status)
