"""What an auditor sees: entries and reads of their own clinic, by person and day."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from openpbm.care.accounts.models import Clinic, User
from openpbm.care.audit.models import AuditEntry, ReadEntry
from openpbm.care.people.models import Person

__all__ = ["accounts_in", "codes_of", "entries_of", "person_with_code", "reads_of"]


def person_with_code(clinic: Clinic, code: str) -> uuid.UUID | None:
    """The id of the clinic's person with that code; None for none, also for one of another clinic."""
    return Person.objects.filter(clinic=clinic, code__iexact=code.strip()).values_list("pk", flat=True).first()


def codes_of(clinic: Clinic, ids: set[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """The codes of those people, in one query."""
    known = [person_id for person_id in ids if person_id is not None]
    return dict(Person.objects.filter(clinic=clinic, pk__in=known).values_list("pk", "code"))


def accounts_in(entries: Iterable[Any]) -> dict[str, str]:
    """The names of the accounts that entries are about, by row id, in one query."""
    ids = {entry.row_id for entry in entries if getattr(entry, "table", "") == User._meta.db_table}
    return {str(user.pk): user.shown_name() for user in User.objects.filter(pk__in=ids or {0})}


def entries_of(clinic: Clinic, **by: Any) -> QuerySet[AuditEntry]:
    """The clinic's entries, newest first."""
    people = Person.objects.filter(clinic=clinic).values("pk")
    # Also entries about this clinic's people that name no clinic, such as what the operator of the site did.
    rows = AuditEntry.objects.filter(Q(clinic_id=clinic.pk) | Q(person_id__in=people))
    return rows.filter(_chosen(clinic, **by)).select_related("actor").order_by("-number")


def reads_of(clinic: Clinic, **by: Any) -> QuerySet[ReadEntry]:
    """Who read a record of the clinic, newest first."""
    rows = ReadEntry.objects.filter(person_id__in=Person.objects.filter(clinic=clinic).values("pk"))
    return rows.filter(_chosen(clinic, **by)).select_related("actor").order_by("-pk")


def _chosen(
    clinic: Clinic,
    *,
    person_id: uuid.UUID | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Q:
    zone, chosen = zoneinfo.ZoneInfo(clinic.time_zone), Q()
    if person_id is not None:
        chosen &= Q(person_id=person_id)
    if since is not None:
        chosen &= Q(at__gte=dt.datetime.combine(since, dt.time.min, zone))
    # The last day that Python knows has no day after it: asked for until then, there is no end to look for.
    if until is not None and until < dt.date.max:
        chosen &= Q(at__lt=dt.datetime.combine(until + dt.timedelta(days=1), dt.time.min, zone))
    return chosen
