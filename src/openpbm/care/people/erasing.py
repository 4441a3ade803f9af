"""Forgetting a person: their key is thrown away, what names them goes, and a list outside the backups remembers it.

A backup made before still holds the wrapped key. So whoever was erased stands in a file beside the database, and a
restore erases them again before anybody is let in.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from openpbm.care import clock
from openpbm.care.audit import ledger
from openpbm.care.audit.verify import further_check
from openpbm.care.encryption.signed_lines import SignedLine, change_lines, read_lines, signed_line
from openpbm.care.people.models import Appointment, IntakeDraft, Person, PersonKey, Stage
from openpbm.care.people.signals import person_erased

__all__ = [
    "WHAT_GOES",
    "WHAT_STAYS",
    "erase_again",
    "erased_with_a_key",
    "erasures_file",
    "forget",
    "list_as_erased",
    "listed_as_erased",
]

#: For the page on which erasure is asked for, and for those who decide.
WHAT_GOES = (
    "Name, birth date and contact.",
    "Everything written in free words: goals, notes, what was said about effects, letters and reports.",
    "The account and its second factor, the access of helpers, the calendar address, reminders and the"
    " devices that show them.",
)
#: What, why, and for how long.
WHAT_STAYS = (
    (
        "Under a code and without a name: answers about health, plans, sessions, the diary's figures, scores, what was"
        " agreed to, and the kind of effects that were reported.",
        "Those who treat must be able to show what was done, and a record with gaps proves nothing.",
        "As long as the record of this site is kept. Nobody opens it on a page any more.",
    ),
    (
        "The audit: who wrote and who looked, and when, under the same code.",
        "It shows that nothing was changed, and that the erasure was done.",
        "As long as the record of this site is kept.",
    ),
    (
        "Backups made before.",
        "They are whole copies, kept apart from this site.",
        "Until whoever runs the site deletes them. If one is put back, the person is erased again before anybody is"
        " let in.",
    ),
)


def forget(person: Person) -> None:
    """Throw the person's key away, and what else says who they were. Call it inside a transaction; it is for good."""
    now = clock.now()
    key = PersonKey.objects.select_for_update().get(pk=person.pk)
    key.wrapped, key.forgotten_at = None, now
    key.save(update_fields=["wrapped", "forgotten_at"])
    person.sealed_identity, person.left_at, person.letter_at = b"", now, None
    person.save(update_fields=["sealed_identity", "left_at", "letter_at"])
    for grant in person.helpers.filter(ended_at=None):
        grant.ended_at = now
        grant.save(update_fields=["ended_at"])
    IntakeDraft.objects.filter(person=person).delete()
    Appointment.objects.filter(person=person).update(note="")
    Stage.objects.filter(person=person).update(note="")
    _close_account(person)
    person_erased.send(sender=Person, person=person)


def _close_account(person: Person) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.usersessions.models import UserSession

    user = person.user
    # Somebody who also works here, or helps somebody else, keeps the account for that.
    if user is None or user.is_member or user.helping.filter(ended_at=None).exists():
        return
    # A login name may be a name. The password goes, and with it every session that holds.
    user.username, user.display_name, user.email = f"erased-{uuid.uuid4().hex[:12]}", "", ""
    user.first_name = user.last_name = ""
    user.sealed_address, user.confirmed_address = b"", ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
    Authenticator.objects.filter(user=user).delete()
    # Network address and browser of each sign-in.
    UserSession.objects.filter(user=user).delete()


def erasures_file() -> Path:
    """Who was erased, outside the database and its backups."""
    return Path(settings.ERASURES_FILE)


def listed_as_erased() -> list[uuid.UUID]:
    """Who was erased, by the list outside the database. BadInput where the list cannot be read."""
    # A line whose key has left in a rotation counts as well: it can only make somebody be forgotten once more.
    return [uuid.UUID(str(line.content["person"])) for line in read_lines(erasures_file()) if line.signed is not False]


def list_as_erased(ids: Iterable[uuid.UUID]) -> None:
    """Put people on the list, once each. BadInput where it cannot be written."""

    def with_them(lines: list[SignedLine]) -> list[SignedLine]:
        there = {line.content.get("person") for line in lines}
        at = clock.now().isoformat(timespec="seconds")
        return [*lines, *(signed_line(erasures_file(), person=str(one), at=at) for one in ids if str(one) not in there)]

    change_lines(erasures_file(), with_them)


@further_check
def erased_with_a_key() -> Iterator[str]:
    """For the verification: nobody on the list may be readable again."""
    for person in _back_again():
        yield f"{person.code}: was erased, and has a key again"


def _back_again() -> QuerySet[Person]:
    return Person.objects.filter(pk__in=listed_as_erased(), key__wrapped__isnull=False).order_by("pk")


@transaction.atomic
def erase_again() -> int:
    """Forget everybody on the list who has a key again, as after a restore; returns how many."""
    back = list(_back_again())
    for person in back:
        forget(person)
        ledger.record_event("person_erased_again", by=None, person_id=person.pk, clinic_id=person.clinic_id, row=person)
    list_as_erased(PersonKey.objects.filter(wrapped=None).values_list("pk", flat=True))
    return len(back)
