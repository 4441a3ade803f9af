"""Devices on which a person is told once a day that something waits: switched on and off by themselves alone."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.db import transaction

from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.jobs.models import PushDevice
from openpbm.care.jobs.push_endpoint import check_endpoint
from openpbm.care.people.access import Relation, require
from openpbm.care.people.models import Person, lock_person
from openpbm.care.people.signals import person_erased
from openpbm.errors import BadInput, Problem

__all__ = ["MOST_DEVICES", "add_push_device", "end_push_device", "remove_push_device", "watch_push"]

#: Of one person.
MOST_DEVICES = 8
#: Bytes of a point on P-256 as browsers write it, and of the secret beside it (RFC 8291).
_POINT, _SECRET = 65, 16


@transaction.atomic
def add_push_device(*, person: Person, browser: str, endpoint: str, p256dh: str, auth: str, by: User) -> PushDevice:
    """Switch a device on; one that is on already stays as it is. BadInput for what no browser gives."""
    require(by, person, Relation.PATIENT)
    check_endpoint(endpoint)
    _check_keys(p256dh, auth)
    # Of two clicks at once the second finds the row of the first.
    owner = lock_person(person.pk)
    row = PushDevice(person=owner, browser=browser[:60])
    row.subscribe(endpoint, p256dh, auth)
    there = owner.push_devices.filter(sealed_subscription=row.sealed_subscription).first()
    if there is not None:
        return there
    _check_room(owner)
    row.save(force_insert=True)
    _note("push_device_added", row, by)
    return row


def _check_keys(p256dh: str, auth: str) -> None:
    if _length(p256dh) != _POINT or _length(auth) != _SECRET:
        raise BadInput(
            Problem(key="the device", message="its browser gave no keys to write to it with", remedy="try once more")
        )


def _length(text: str) -> int:
    """Bytes of a text in URL-safe base64; -1 where it is none."""
    try:
        return len(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        return -1


def _check_room(person: Person) -> None:
    if person.push_devices.count() >= MOST_DEVICES:
        raise BadInput(
            Problem(
                key="the device",
                message=f"reminders are on for {MOST_DEVICES} devices, which is the most",
                remedy="switch one of them off first",
            )
        )


@transaction.atomic
def end_push_device(*, device: PushDevice, by: User) -> None:
    """Switch a device off: nothing is sent to it from now on, and where it was reached is forgotten."""
    require(by, device.person, Relation.PATIENT)
    remove_push_device(device, by)


@transaction.atomic
def remove_push_device(device: PushDevice, by: User | None = None) -> None:
    """Take a device away; without an account where its push service says that it is gone."""
    _note("push_device_ended", device, by)
    device.delete()


def _note(action: str, device: PushDevice, by: User | None) -> None:
    person = device.person
    ledger.record_event(action, by=by, person_id=person.pk, clinic_id=person.clinic_id, row=device)


def watch_push() -> None:
    """Listen to erasures: where somebody's telephone is reached goes with their name."""
    person_erased.connect(_forget, dispatch_uid="jobs.push_devices")


def _forget(sender: Any, *, person: Person, **_: Any) -> None:
    PushDevice.objects.filter(person=person).delete()
