"""A page with a form: what was sent, and the answer where it was not accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

__all__ = ["CleanedData", "posted", "render_form"]

#: What a form of Django hands over: each field's value by its name, of whatever type the field makes.
CleanedData: TypeAlias = dict[str, Any]


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; None where the page is only read, so that its form stays unbound and shows no errors."""
    return request.POST if request.method == "POST" else None


def render_form(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """The page; with status 422 after something was sent, since whoever was accepted has been redirected."""
    # 422 and not 200: htmx, the API's clients and our tests can tell a refusal without reading the page.
    status = 422 if request.method == "POST" else 200
    return render(request, template, dict(context), status=status)
