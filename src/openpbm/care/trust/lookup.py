"""What an auditor sees: entries and looks of their own clinic, by person and day."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Q, QuerySet

from openpbm.care.trust.models import AuditEntry, Clinic, ReadEntry, User

__all__ = ["accounts_in", "clinics_of", "codes_of", "entries_of", "looks_of", "person_with_code", "reading_at_length"]


def _people() -> Any:
    # By name: people are a layer above, and here only their ids, codes and clinics are asked for.
    return apps.get_model("people", "Person")._default_manager


def person_with_code(clinic: Clinic, code: str) -> uuid.UUID | None:
    """The id of the clinic's person with that code; None for none, also for one of another clinic."""
    found: uuid.UUID | None = (
        _people().filter(clinic=clinic, code__iexact=code.strip()).values_list("pk", flat=True).first()
    )
    return found


def codes_of(clinic: Clinic, ids: set[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """The codes of those people, in one query."""
    return dict(_people().filter(clinic=clinic, pk__in=ids - {None}).values_list("pk", "code"))


def clinics_of(user: User) -> dict[int | None, uuid.UUID | None]:
    """The clinics an account has to do with, each with the account's own person where that is a patient there.

    None stands for no clinic at all.
    """
    own = _people().filter(user=user).values_list("clinic_id", "pk").first()
    found: dict[int | None, uuid.UUID | None] = {row.clinic_id: None for row in user.member_of()}
    helped = _people().filter(helpers__user=user, helpers__ended_at=None, clinic__isnull=False)
    found |= dict.fromkeys(helped.values_list("clinic_id", flat=True))
    if own is not None:
        found |= {own[0]: own[1]}
    return found or {None: None}


def accounts_in(entries: Iterable[Any]) -> dict[str, str]:
    """The names of the accounts that entries are about, by row id, in one query."""
    ids = {entry.row_id for entry in entries if getattr(entry, "table", "") == User._meta.db_table}
    return {str(user.pk): user.shown_name() for user in User.objects.filter(pk__in=ids or {0})}


def entries_of(clinic: Clinic, **by: Any) -> QuerySet[AuditEntry]:
    """The clinic's entries, newest first."""
    people = _people().filter(clinic=clinic).values("pk")
    rows = AuditEntry.objects.filter(Q(clinic=clinic) | Q(person_id__in=people))
    return rows.filter(_chosen(clinic, **by)).select_related("actor").order_by("-number")


def looks_of(clinic: Clinic, **by: Any) -> QuerySet[ReadEntry]:
    """Who looked at a record of the clinic, newest first."""
    rows = ReadEntry.objects.filter(person_id__in=_people().filter(clinic=clinic).values("pk"))
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
    if until is not None and until < dt.date.max:
        chosen &= Q(at__lt=dt.datetime.combine(until + dt.timedelta(days=1), dt.time.min, zone))
    return chosen


@contextmanager
def reading_at_length() -> Iterator[None]:
    """Transactions in here read a snapshot and keep no writer waiting (SQLite's would take the lock at once)."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    mode = connection.transaction_mode  # type: ignore[attr-defined]
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]
