"""The part of the account's page on which reminders are switched on and off for a device."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.home.browser_names import browser_name
from openpbm.care.jobs.models import PushDevice
from openpbm.care.jobs.push_devices import add_push_device, end_push_device
from openpbm.care.jobs.send_push import site_key
from openpbm.care.people.models import Person
from openpbm.errors import BadInput

__all__ = ["DeviceLine", "add_device", "end_device", "push_context"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """A device for which reminders are on; by its address the browser knows itself again."""

    id: int
    browser: str
    since: dt.datetime
    endpoint: str


def push_context(person: Person | None) -> dict[str, object]:
    """What the template needs; nothing for whoever has no record of their own."""
    if person is None:
        return {}
    lines = [
        DeviceLine(id=row.pk, browser=row.browser, since=row.created_at, endpoint=row.subscription()["endpoint"])
        for row in person.push_devices.select_related("person", "person__key").order_by("created_at")
    ]
    return {"push_key": site_key(), "push_devices": lines}


@require_POST
def add_device(request: SignedInRequest) -> HttpResponse:
    """Switch on what the browser's script has filled in; whoever has no record of their own has nothing to be told."""
    person = Person.objects.filter(user=request.user).first()
    if person is not None:
        _add(request, person)
    return redirect("home:account")


def _add(request: SignedInRequest, person: Person) -> None:
    given = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    browser = browser_name(request.headers.get("User-Agent", ""))
    try:
        add_push_device(person=person, browser=browser, by=request.user, **given)
    except BadInput as error:
        messages.error(request, f"Nothing was changed. {error}")
        return
    messages.success(request, "On for this device.")
    if person.letter_at is None:
        messages.warning(request, "Choose a time for reminders too: until then none is sent.")


@require_POST
def end_device(request: SignedInRequest, push_device_id: int) -> HttpResponse:
    """Switch one of one's own devices off; one that is off already stays so."""
    device = PushDevice.objects.filter(pk=push_device_id, person__user=request.user).select_related("person").first()
    if device is not None:
        end_push_device(device=device, by=request.user)
        messages.success(request, "Off for that device.")
    return redirect("home:account")
