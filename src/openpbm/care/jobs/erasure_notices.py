"""Who has to do something for an erasure is told: clinicians that somebody asks, administrators what must be kept."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from openpbm.care import clock
from openpbm.care.accounts.models import Role, User
from openpbm.care.jobs.actions import mark, remind
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.access import clinicians_of
from openpbm.care.people.models import Erasure, Person
from openpbm.care.people.signals import erasure_went_on, person_erased

__all__ = ["watch_erasures"]


def watch_erasures() -> None:
    """Listen to the steps towards erasing somebody, and to the last one."""
    erasure_went_on.connect(_tell, dispatch_uid="jobs.erasure_notices")
    person_erased.connect(_cancel, dispatch_uid="jobs.erased")


def _tell(sender: Any, *, person: Person, row: Erasure, **_: Any) -> None:
    if row.step == Erasure.Step.ASKED:
        link = reverse("people:erasure", kwargs={"person_id": person.pk})
        text = f"{person.code} has asked to be erased. Say what must be kept, and until when."
        for user in clinicians_of(person.pk):
            _remind(user, row, text, link)
    if row.step == Erasure.Step.VIEWED:
        administrators = User.objects.filter(
            memberships__clinic=person.clinic_id, memberships__role=Role.ADMIN, memberships__ended_at=None
        )
        for user in administrators.distinct():
            text = f"{person.code} has asked to be erased. A clinician has said what must be kept."
            _remind(user, row, text, reverse("people:erasures"))


def _remind(user: User, row: Erasure, text: str, link: str) -> None:
    # Of no person: an administrator may open nobody's record, and is shown what is about nobody alone.
    remind(
        user=user, person_id=None, kind="erasure", key=f"erasure:{row.pk}:{user.pk}", text=text, link=link,
        due_at=clock.now(),
    )  # fmt: skip


def _cancel(sender: Any, *, person: Person, **_: Any) -> None:
    for reminder in Reminder.objects.filter(person_id=person.pk):
        mark(reminder=reminder, state=Reminder.State.CANCELLED, by=None)
