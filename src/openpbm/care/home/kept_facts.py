"""The facts of a clinic as they are kept, and which of them still hold: the audit tells.

Whatever changes a person's record writes a link of the audit about them in the same transaction. Facts that were
computed as of a link hold until a later one about the person is there; so no action has to remember them, and none can
forget them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.dispatch import receiver

from openpbm.care.audit.models import AuditEntry, ChainHead
from openpbm.care.home.clinic_facts import add_the_day, read_facts
from openpbm.care.home.models import PersonFacts
from openpbm.care.home.worklist_items import Facts
from openpbm.care.jobs.registry import reminder_source
from openpbm.care.people.models import Person
from openpbm.care.people.signals import person_erased
from openpbm.facts.table import digest
from openpbm.version import __version__

__all__ = ["facts_of", "keep_facts_up_to_date"]

#: What is written every day by everybody, and says nothing of what a clinic has to do.
_BESIDE_THE_FACTS = ("scales_diaryentry", "scales_scoreentry", "jobs_reminder")
_A_MINUTE = 100
# Beyond so many links since, the question for later ones grows slow: the number is moved on.
_LINKS_BEHIND = 5000


def facts_of(people: Sequence[Person], now: dt.datetime) -> dict[uuid.UUID, Facts]:
    """The facts of each of them by their id, read from the records only where the kept ones do not hold any more."""
    kept = dict(_holding().filter(person__in=people).values_list("person_id", "content"))
    found = {
        person.pk: Facts.from_document(kept[person.pk], now.astimezone(person.zone).date())
        for person in people
        if person.pk in kept
    }
    found |= _keep([person for person in people if person.pk not in kept], now)
    add_the_day(found)
    return found


@reminder_source
def keep_facts_up_to_date(now: dt.datetime) -> None:
    """Compute what is out of date before somebody asks for it, so many people a minute."""
    listed = Person.objects.filter(left_at=None, clinic__isnull=False)
    _keep(list(listed.exclude(pk__in=_holding().values("pk"))[:_A_MINUTE]), now)
    head = _head()
    # Nothing about them happened up to the head, so they hold as of the head.
    behind = PersonFacts.objects.filter(number__lt=head - _LINKS_BEHIND)
    behind.filter(~Exists(_later_links().filter(number__lte=head)), made_by=_made_by()).update(number=head)


@receiver(person_erased)
def _forget_facts(sender: object, *, person: Person, **_: object) -> None:
    PersonFacts.objects.filter(person=person).delete()


def _holding() -> QuerySet[PersonFacts]:
    return PersonFacts.objects.filter(~Exists(_later_links()), made_by=_made_by())


def _later_links() -> QuerySet[AuditEntry]:
    about = Q(person_id=OuterRef("person_id"), number__gt=OuterRef("number"))
    return AuditEntry.objects.filter(about).exclude(table__in=_BESIDE_THE_FACTS)


def _keep(people: Sequence[Person], now: dt.datetime) -> dict[uuid.UUID, Facts]:
    if not people:
        return {}
    # Before the records: a link made meanwhile lies behind this number, and the facts count as out of date.
    number = _head()
    found = read_facts(people, now)
    rows = [
        PersonFacts(person_id=person_id, number=number, made_by=_made_by(), content=facts.to_document())
        for person_id, facts in found.items()
    ]
    PersonFacts.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, unique_fields=["person"],
        update_fields=["number", "made_by", "content"],
    )  # fmt: skip
    return found


def _head() -> int:
    return ChainHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def _made_by() -> str:
    return f"{__version__} {digest()}"
