"""What holds for every request: who stays outside, for how long one stays in, what is kept, how a refusal looks."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from openpbm.care.trust.ledger import Conflict
from openpbm.care.trust.second_factor import SHOWN
from openpbm.errors import BadInput

__all__ = ["NothingIsCached", "Refusals", "SessionLimits", "StaffNeedSecondFactor", "StrangersStayOutside", "is_public"]

Next = Callable[[HttpRequest], HttpResponse]

#: (idle, absolute) [s]
STAFF_LIMITS = (15 * 60, 12 * 3600)
PATIENT_LIMITS = (30 * 60, 30 * 24 * 3600)

_PUBLIC_ROUTES = {
    "healthz",
    "robots",
    "favicon",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "mfa_authenticate",
    "api:openapi-json",
    "devices:catalogue",
    "checkpoints:feed",
}
_PUBLIC_NAMESPACES = {"learn"}
_SETS_UP_SECOND_FACTOR = {"account_logout", "account_reauthenticate", "mfa_activate_totp"}
_SHOWS_SECOND_FACTOR = {"account_logout", "mfa_reauthenticate"}


def is_public(path: str) -> bool:
    """Whether a stranger may ask for that path."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.view_name in _PUBLIC_ROUTES or bool(_PUBLIC_NAMESPACES & set(match.namespaces))


class SessionLimits:
    """Signs out who was idle too long, or in for too long; staff sooner than patients."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        if request.user.is_authenticated:
            now = time.time()
            idle, absolute = STAFF_LIMITS if request.user.is_member else PATIENT_LIMITS
            began = request.session.setdefault("began_at", now)
            seen = request.session.get("seen_at", now)
            if now - began > absolute or now - seen > idle:
                logout(request)
                messages.info(request, "You were signed out because nothing happened for a while. Sign in to go on.")
            elif now - seen > 30 or "seen_at" not in request.session:
                request.session["seen_at"] = now  # not at every request: each one would write to the database
        return self.get_response(request)


class StaffNeedSecondFactor:
    """Sends members of a clinic to set up their second factor, or to show it, before anything else.

    A session in which it was never shown may be older than the second factor itself: it is asked for there too.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        user = request.user
        if not user.is_authenticated or not user.is_member or request.session.get(SHOWN):
            return self.get_response(request)
        has_one = is_mfa_enabled(user)
        # Who has a second factor and did not show it cannot set up another one.
        may = _SHOWS_SECOND_FACTOR if has_one else _SETS_UP_SECOND_FACTOR
        if is_public(request.path) or _route(request) in may:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": "set up the second factor first, or show it"}, status=403)
        return redirect("mfa_reauthenticate" if has_one else "mfa_activate_totp")


class StrangersStayOutside:
    """Whoever has not signed in gets nothing but the public pages: 401 from the API, the sign-in page elsewhere."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        if request.user.is_authenticated or is_public(request.path):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": "sign in first"}, status=401)
        from django.contrib.auth.views import redirect_to_login

        return redirect_to_login(request.get_full_path())


class NothingIsCached:
    """Pages of a record are not kept by the browser."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        elif _route(request) == "account_logout":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class Refusals:
    """Turns what the core refuses into a page or a JSON answer: 400 for bad input, 409 for a conflict."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to an error raised on purpose; anything else stays an error."""
        if isinstance(error, BadInput):
            status, lines = 400, list(error.faults)
        elif isinstance(error, Conflict):
            status, lines = 409, [str(error)]
        elif isinstance(error, PermissionDenied) and request.path.startswith("/api/"):
            return JsonResponse({"detail": str(error) or "not yours to see"}, status=403)
        else:
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": lines}, status=status)
        return render(request, "refused.html", {"lines": lines}, status=status)


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        try:
            match = resolve(request.path)
        except Resolver404:
            return ""
    return match.view_name
