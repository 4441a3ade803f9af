"""Somebody's own account: their e-mail address, and the browsers in which they are signed in."""

from __future__ import annotations

import datetime as dt
import time
import zoneinfo
from dataclasses import dataclass
from importlib import import_module

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from openpbm.care.accounts.mail_address import AddressLink, account_address, is_confirmed, keep_account_address
from openpbm.care.accounts.middleware import limits_of
from openpbm.care.accounts.models import User
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.home.browser_names import browser_name
from openpbm.care.home.push_page import push_context
from openpbm.care.jobs.account_mail import ask_address_link
from openpbm.care.people.access import address_of
from openpbm.care.people.account.sign_ins import record_account_event
from openpbm.care.people.actions import set_letter_time
from openpbm.care.people.models import Person

__all__ = ["account", "confirm_address", "end_other_sign_ins", "end_sign_in", "send_address_link", "set_letters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A browser in which somebody is signed in."""

    id: int
    browser: str
    address: str
    began_at: dt.datetime
    seen_at: dt.datetime
    current: bool


class AddressForm(forms.Form):
    """The address of an account without a record of its own."""

    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="Reminders go there, and the link if you forget your password. Leave it empty for none.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class LetterForm(forms.Form):
    """When the daily letter goes out."""

    letter_at = forms.TimeField(
        label="Remind me at",
        required=False,
        help_text="By your own clock, at most once a day, if something is due that day. Leave it empty for never.",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def account(request: SignedInRequest) -> HttpResponse:
    """The account; a POST leaves another address with it."""
    user = request.user
    person = Person.objects.filter(user=user).first()
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"email": account_address(user)})
    # A person's address stands in their record, with their name.
    if request.method == "POST" and person is None and form.is_valid():
        _keep_address(request, form.cleaned_data["email"])
        return redirect("home:account")
    address = address_of(user)
    context = {
        "person": person,
        "form": form,
        "address": address,
        "confirmed": is_confirmed(user, address),
        "sign_ins": _sign_ins(request),
        "letter_form": person and LetterForm(initial={"letter_at": person.letter_at}),
        **push_context(person),
    }
    with timezone.override(_zone(user, person)):
        return render(request, "home/account.html", context, status=422 if form.is_bound else 200)


def _zone(user: User, person: Person | None) -> dt.tzinfo:
    """The clock they live by: a helper's is not known."""
    if person is not None:
        return person.zone
    return zoneinfo.ZoneInfo(next((row.clinic.time_zone for row in user.member_of()), "UTC"))


def _keep_address(request: SignedInRequest, address: str) -> None:
    user = request.user
    if address == account_address(user):
        return
    keep_account_address(user, address)
    record_account_event("address_changed", user, by=user)
    ask_address_link(user, request)
    messages.success(request, "Saved. A link to confirm it is on its way to the address." if address else "Saved.")


@require_POST
def set_letters(request: SignedInRequest) -> HttpResponse:
    """Keep the time of the daily letter; whoever has no record of their own has none."""
    person, form = Person.objects.filter(user=request.user).first(), LetterForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was changed: write the time as hours and minutes, such as 08:30.")
    elif person is not None:
        set_letter_time(person=person, at=form.cleaned_data["letter_at"], by=request.user)
        messages.success(request, "Saved.")
    return redirect("home:account")


@require_POST
def send_address_link(request: SignedInRequest) -> HttpResponse:
    """Send the link that confirms the address once more."""
    ask_address_link(request.user, request)
    messages.success(request, "The link is on its way. It works for three days.")
    return redirect("home:account")


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def confirm_address(request: SignedInRequest, token: str) -> HttpResponse:
    """Where the link in the letter leads: whoever is signed in here reads the mail there."""
    user = request.user
    # By a button: a program that follows links in mails must confirm nothing.
    if request.method == "POST":
        if AddressLink.confirm(user, address_of(user), token):
            record_account_event("address_confirmed", user, by=user)
            messages.success(request, "Your e-mail address is confirmed.")
        else:
            messages.error(request, "This link is not good any more, or was sent to another address or account.")
        return redirect("home:account")
    return render(request, "home/confirm_address.html", {"address": address_of(user)})


@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def end_sign_in(request: SignedInRequest, sign_in_id: int) -> HttpResponse:
    """End one of one's own sign-ins, this one too."""
    row = UserSession.objects.filter(pk=sign_in_id, user=request.user).first()
    if row is None:
        raise PermissionDenied("This sign-in is not yours to end, or it has ended already.")
    record_account_event("sign_in_ended", request.user, by=request.user)
    messages.success(request, "That browser is signed out.")
    end_sessions(request, [row])
    return redirect("home:account")


@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def end_other_sign_ins(request: SignedInRequest) -> HttpResponse:
    """End every sign-in but this one."""
    end_other_sessions(request, request.user)
    record_account_event("sign_in_ended", request.user, by=request.user, all_others=True)
    messages.success(request, "Every other browser is signed out.")
    return redirect("home:account")


def _sign_ins(request: SignedInRequest) -> list[SignIn]:
    """Where they are signed in now, this browser first; what idled out is ended, not shown."""
    rows = UserSession.objects.purge_and_list(request.user)
    found = [sign_in for row in rows if (sign_in := _sign_in(row, request.user)) is not None]
    return sorted(found, key=lambda one: (not one.current, -one.seen_at.timestamp()))


def _sign_in(row: UserSession, user: User) -> SignIn | None:
    kept = import_module(settings.SESSION_ENGINE).SessionStore(row.session_key).load()
    began_at = kept.get("began_at", row.created_at.timestamp())
    seen_at = kept.get("seen_at", began_at)
    idle_s, longest_s = limits_of(user)
    # By the clock that `SessionLimits` signs people out by.
    now = time.time()
    if not row.is_current() and (now - seen_at > idle_s or now - began_at > longest_s):
        row.end()
        return None
    return SignIn(
        id=row.pk,
        browser=browser_name(row.user_agent),
        address=row.ip,
        began_at=dt.datetime.fromtimestamp(began_at, dt.UTC),
        seen_at=dt.datetime.fromtimestamp(seen_at, dt.UTC),
        current=row.is_current(),
    )
