"""The mark, for browsers that ask for it where it always was."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

__all__ = ["favicon"]


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Leads to the picture that every page names."""
    return redirect(static("care/mark.svg"))
