"""What holds for every request: who stays outside, for how long one stays in, what is kept, how a refusal looks."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse

from openpbm.care.accounts.limits import TooMany
from openpbm.care.accounts.models import User
from openpbm.care.accounts.second_factor import SHOWN
from openpbm.care.audit.ledger import ClockBehind, Conflict
from openpbm.errors import BadInput, Problem

__all__ = [
    "Allowance",
    "DomainErrors",
    "LoginRequired",
    "NoStore",
    "PasswordChangeRequired",
    "RejectNulBytes",
    "RequestLimits",
    "SessionLimits",
    "StaffNeedSecondFactor",
    "limits_of",
]  # fmt: skip

Next = Callable[[HttpRequest], HttpResponse]

#: (idle, absolute) [s]
STAFF_LIMITS = (15 * 60, 12 * 3600)
PATIENT_LIMITS = (30 * 60, 30 * 24 * 3600)

_SETS_UP_SECOND_FACTOR = {"account_logout", "account_reauthenticate", "mfa_activate_totp"}
_SHOWS_SECOND_FACTOR = {"account_logout", "mfa_reauthenticate"}
_CHANGES_PASSWORD = {"account_change_password"}
#: Pages of allauth where an account gets to whose password somebody else has seen: not to setting up a second factor.
#: A page of ours says so itself, with `first_password_suffices`.
_WITH_FIRST_PASSWORD = _CHANGES_PASSWORD | _SHOWS_SECOND_FACTOR | {"account_reauthenticate", "mfa_authenticate"}


def _is_public(path: str) -> bool:
    """Whether a stranger may ask for that path: its view says so with `login_not_required`."""
    return not getattr(_view_at(path), "login_required", True)


def _first_password_suffices(request: HttpRequest) -> bool:
    marked = getattr(_view_at(request.path), "first_password_suffices", False)
    return marked or _route(request) in _WITH_FIRST_PASSWORD


def _view_at(path: str) -> Callable[..., HttpResponseBase]:
    try:
        return resolve(path).func
    except Resolver404:
        return _nowhere


def _nowhere(request: HttpRequest) -> HttpResponse:
    """Stands for the view of a path that is not there: asked for signing in as every other."""
    raise Http404


def limits_of(user: User) -> tuple[int, int]:
    """How long an account stays signed in: idle, and at all [s]."""
    return STAFF_LIMITS if user.is_member else PATIENT_LIMITS


class Allowance:
    """So much at once and so much for long, for each who asks.

    Counted in each web process by itself, without a query: a limit that asks the database is one more thing to flood.
    """

    _MOST_KEPT = 10_000

    def __init__(self) -> None:
        #: What each has left, and when that was so.
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._counting = threading.Lock()

    def take(self, who: Hashable, *, at_once: float, a_second: float, of_what: str) -> None:
        """Count one; TooMany, in words of `of_what`, where none is left."""
        wait_s = self._wait(who, time.monotonic(), at_once, a_second)
        if wait_s > 0:
            error = TooMany(f"you have asked for {of_what} in a short time")
            error.retry_after_s = math.ceil(wait_s)
            raise error

    def _wait(self, who: Hashable, now: float, at_once: float, a_second: float) -> float:
        """How long until one more may be asked for [s]; 0 where it may be now, which is counted."""
        with self._counting:
            left, then = self._left.pop(who, (at_once, now))
            left = min(at_once, left + (now - then) * a_second)
            may = left >= 1.0
            self._left[who] = (left - may, now)
            while len(self._left) > self._MOST_KEPT:
                self._left.popitem(last=False)
        return 0.0 if may else (1.0 - left) / a_second


class RequestLimits:
    """Lets an account ask for so much at once and so much for long, and no more: the others are served meanwhile."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self._allowance = Allowance()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        if request.user.is_authenticated:
            at_once, a_second = settings.REQUESTS_OF_ONE_ACCOUNT
            try:
                self._allowance.take(request.user.pk, at_once=at_once, a_second=a_second, of_what="very many pages")
            except TooMany as error:
                return _too_many(request, error)
        return self.get_response(request)


class SessionLimits:
    """Signs out who was idle too long, or in for too long; staff sooner than patients."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        if request.user.is_authenticated:
            now = time.time()
            idle, absolute = limits_of(request.user)
            began = request.session.setdefault("began_at", now)
            seen = request.session.get("seen_at", now)
            if now - began > absolute or now - seen > idle:
                why = "nothing happened for a while" if now - seen > idle else "you were signed in for very long"
                logout(request)
                messages.info(request, f"You were signed out because {why}. Sign in to go on.")
            elif now - seen > 30 or "seen_at" not in request.session:
                # Not at every request: each one would write to the database.
                request.session["seen_at"] = now
        return self.get_response(request)


class PasswordChangeRequired:
    """Whoever signs in with a password that somebody else made, and has seen, changes it before anything else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        user = request.user
        if not user.is_authenticated or not user.must_change_password or _first_password_suffices(request):
            return self.get_response(request)
        change_page = reverse("account_change_password")
        if request.path.startswith("/api/"):
            said = f"this is a first password; sign in on the pages and change it at {change_page}, then call again"
            return JsonResponse({"detail": said}, status=403)
        return redirect(change_page)


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
        if user.must_change_password and not has_one:
            # First, so that whoever made it cannot set up the second factor as well.
            may = may | _CHANGES_PASSWORD
        if _is_public(request.path) or _route(request) in may:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": "set up the second factor first, or show it"}, status=403)
        return redirect("mfa_reauthenticate" if has_one else "mfa_activate_totp")


class LoginRequired(LoginRequiredMiddleware):
    """Whoever has not signed in gets nothing but the public pages: 401 from the API, the sign-in page elsewhere."""

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        """The refusal of a stranger; None for anybody else."""
        # Django asks once the view is found: too late, as a path that is not there would then answer 404, and the
        # check against forged forms 403, both of which tell a stranger which paths there are.
        refusal = self.process_view(request, _view_at(request.path), (), {})
        if refusal is not None and request.path.startswith("/api/"):
            return JsonResponse({"detail": "sign in first"}, status=401)
        return refusal


class NoStore:
    """Pages of a record are not kept by the browser."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        response = self.get_response(request)
        if request.user.is_authenticated:
            # Or the back button shows a record after its reader has signed out.
            response.headers.setdefault("Cache-Control", "no-store")
        elif _route(request) == "account_logout":
            # What a phone has not sent yet is never wiped: its script says when there is nothing of the kind.
            nothing_kept = request.POST.get("nothing_kept") == "on"
            response.headers["Clear-Site-Data"] = '"cache", "storage"' if nothing_kept else '"cache"'
        return response


class DomainErrors:
    """Turns what the core refuses into a page or a JSON answer: 400 for bad input, 409 for a conflict.

    Whatever else goes wrong under /api is told in JSON too: a program that asked for a path that is not there reads
    the same shape as everywhere.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        response = self.get_response(request)
        if not request.path.startswith("/api/") or response.status_code < 400 or _is_json(response):
            return response
        detail = _IN_WORDS.get(response.status_code, response.reason_phrase)
        answer = JsonResponse({"detail": detail}, status=response.status_code)
        # A 405 has to say which methods there are; Django's answer did, and the new one must not lose it.
        if "Allow" in response:
            answer["Allow"] = response["Allow"]
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to an error raised on purpose; anything else stays an error."""
        if isinstance(error, BadInput):
            return _bad_request(request, error.problems)
        if isinstance(error, Conflict):
            status, lines = 409, [str(error)]
        elif isinstance(error, ClockBehind):
            status, lines = 503, [f"{error}."]
        elif isinstance(error, TooMany):
            return _too_many(request, error)
        elif isinstance(error, PermissionDenied) and request.path.startswith("/api/"):
            return JsonResponse({"detail": str(error) or "not yours to see"}, status=403)
        else:
            return None
        return _refused(request, lines, status)


_IN_WORDS = {
    404: "no such path; /api/openapi.json lists those there are",
    405: "this path is not asked for in that way; /api/openapi.json says how",
}


def _is_json(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith("application/json")


class RejectNulBytes:
    """Refuses a NUL character in an address or a cookie: no text holds one, and PostgreSQL cannot look for it.

    In what is filled in, the form itself says at which field it stands; in JSON, the API does.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        if any("\0" in text for text in _texts(request)):
            problem = Problem(message="What was sent holds a NUL character", remedy="write plain text")
            return _bad_request(request, [problem])
        return self.get_response(request)


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path
    yield from request.COOKIES.values()
    for name, values in request.GET.lists():
        yield name
        yield from map(str, values)


def _bad_request(request: HttpRequest, problems: Iterable[Problem]) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"problems": [problem.to_dict() for problem in problems]}, status=400)
    return render(request, "refused.html", {"lines": [str(problem) for problem in problems]}, status=400)


def _too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    """429, in JSON where a program asks, and when to come back."""
    seconds = "a second" if error.retry_after_s == 1 else f"{error.retry_after_s} seconds"
    answer = _refused(request, [f"{str(error).capitalize()}. Wait {seconds}, then go on."], 429)
    answer["Retry-After"] = str(error.retry_after_s)
    return answer


def _refused(request: HttpRequest, lines: list[str], status: int) -> HttpResponse:
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
