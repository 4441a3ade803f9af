"""A change of a clinic's staff is told to everybody who works there, and to the one it is about."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from openpbm.care import clock
from openpbm.care.accounts.confirmation import staff_changed
from openpbm.care.accounts.models import Membership, User
from openpbm.care.audit.models import AuditEntry
from openpbm.care.jobs.actions import remind
from openpbm.care.jobs.models import Reminder

__all__ = ["watch_staff"]


def watch_staff() -> None:
    """Listen to whatever changes who works in a clinic, or resets what an account is opened with."""
    staff_changed.connect(_tell, dispatch_uid="jobs.staff_notices")


def _tell(
    sender: Any, *, entry: AuditEntry, user: User, by: User | None, text: str, own_text: str = "", **_: Any
) -> None:
    for row in _colleagues(entry.clinic_id, user):
        if by is None or row.user_id != by.pk:
            _remind(row.user, entry, text, kind="staff", link=reverse("people:colleagues"))
    if own_text:
        _remind(user, entry, own_text, kind="account")


def _colleagues(clinic_id: int | None, user: User) -> list[Membership]:
    """The other members, of whoever works in the clinic or did; of a patient's account they are told nothing."""
    if clinic_id is None or not Membership.objects.filter(clinic_id=clinic_id, user=user).exists():
        return []
    others = Membership.objects.filter(clinic_id=clinic_id, ended_at=None).exclude(user=user)
    return list(others.select_related("user").order_by("pk"))


def _remind(user: User, entry: AuditEntry, text: str, *, kind: str, link: str = "") -> Reminder:
    # The entry's number makes the key: the same change is told once, and the next one again.
    return remind(
        user=user, person_id=None, kind=kind, key=f"{kind}:{entry.number}:{user.pk}", text=text[:300], link=link,
        due_at=clock.now(),
    )  # fmt: skip
