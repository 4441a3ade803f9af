"""The one way a record is written: the row and its link of the audit chain, in one transaction or not at all."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar, Self, TypeVar, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from openpbm.care import clock
from openpbm.care.audit.models import AuditEntry, ChainHead, InsertOnly, ReadEntry, canonical, plain_value
from openpbm.care.encryption.sealing import current_key_name, sign
from openpbm.care.prepared import Prepared
from openpbm.errors import OpenPBMError

__all__ = [
    "ROW_WRITTEN", "ClockBehind", "Conflict", "Watched", "append", "clock_is_behind", "link_digest", "read_digest",
    "record_event", "record_row_written", "seal_reads",
]  # fmt: skip

#: The action of a link that tells what columns of a watched row hold.
ROW_WRITTEN = "row_written"

Row = TypeVar("Row", bound=InsertOnly)


class Conflict(OpenPBMError):
    """The id is taken by a record with another content; nothing was written."""


class ClockBehind(OpenPBMError):
    """The server's clock lies before the last entry of the audit: nothing is written until it is set right."""


#: Clocks are set right by fractions of a second while they run.
_SLACK = dt.timedelta(seconds=2)
_LOCKED_HEAD = Prepared(lambda: ChainHead.objects.select_for_update().filter(pk=1))


def clock_is_behind() -> bool:
    """Whether now lies before the last entry of the audit."""
    head = ChainHead.objects.filter(pk=1).first()
    return head is not None and _behind(head)


def _behind(head: ChainHead) -> bool:
    return head.at is not None and clock.now() < head.at - _SLACK


# Without a savepoint: an error ends the whole transaction of the action, so one here would cost two statements of
# every record and save nothing.
@transaction.atomic(savepoint=False)
def append(
    row: Row,
    *,
    by: AbstractBaseUser | None,
    action: str,
    person_id: uuid.UUID | None = None,
    clinic_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> tuple[Row, bool]:
    """Write a record once. Returns (the row, whether it is new).

    The same id with the same body gives the row that is there; with another body, Conflict.
    """
    # Before looking: two sendings of one id then come one after the other.
    head = _lock()
    # Which model accounts are is settled above this layer.
    row.created_by = cast(Any, by)
    row.body_digest = row.body()
    there = _by_id(type(row)).first(id=row.pk)
    if there is not None:
        if there.body_digest != row.body_digest:
            raise Conflict(
                f"{row._meta.verbose_name} {row.pk}: is recorded already with another content; what is recorded stays."
                " Send a correction under a new id that supersedes it"
            )
        return there, False
    row.audit_number = head.number + 1
    # Insert or fail, never an update: a row of this kind is written once.
    row.save(force_insert=True)
    _link(
        head,
        by=by,
        action=action,
        person_id=person_id,
        clinic_id=clinic_id,
        table=row._meta.db_table,
        row_id=str(row.pk),
        row_digest=row.row_digest(),
        detail=detail or {},
    )
    return row, True


@functools.cache
def _by_id(rows: type[Row]) -> Prepared[Row]:
    return Prepared(lambda id: rows._default_manager.filter(pk=id))


@transaction.atomic(savepoint=False)
def record_event(
    action: str,
    *,
    by: AbstractBaseUser | None,
    person_id: uuid.UUID | None = None,
    clinic_id: int | None = None,
    row: models.Model | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write down an act on a row that may change (a lamp's name, a role, a reminder): what was before, what is now."""
    return _link(
        _lock(),
        by=by,
        action=action,
        person_id=person_id,
        clinic_id=clinic_id,
        table="" if row is None else row._meta.db_table,
        row_id="" if row is None else str(row.pk),
        row_digest="",
        detail=detail or {},
    )


@transaction.atomic(savepoint=False)
def record_row_written(row: Any, columns: Sequence[models.Field[Any, Any]]) -> AuditEntry:
    """Tell what these columns of a watched row hold from now on."""
    head, key_name = _lock(), current_key_name()
    return _link(
        head, by=None, action=ROW_WRITTEN, person_id=None, clinic_id=None, table=row._meta.db_table, row_id=str(row.pk),
        row_digest="", detail={field.attname: row.column_digest(field, key_name) for field in columns},
    )  # fmt: skip


def _lock() -> ChainHead:
    head = _LOCKED_HEAD.first()
    # The very first entry.
    if head is None:
        ChainHead.objects.get_or_create(pk=1)
        head = ChainHead.objects.select_for_update().get(pk=1)
    if _behind(head):
        raise ClockBehind(
            f"the clock of the server says {clock.now():%Y-%m-%d %H:%M} UTC, and the last entry was made at"
            f" {head.at:%Y-%m-%d %H:%M} UTC. Nothing is written until the clock is right; call whoever runs the server"
        )
    return head


def _link(head: ChainHead, *, by: AbstractBaseUser | None, **what: Any) -> AuditEntry:
    entry = AuditEntry(number=head.number + 1, at=clock.now(), actor=cast(Any, by), previous=head.digest, **what)
    entry.key_name = current_key_name()
    entry.digest = link_digest(entry)
    entry.save(force_insert=True)
    # Never back, not by a fraction of a second either.
    head.number, head.digest, head.at = entry.number, entry.digest, max(entry.at, head.at or entry.at)
    head.save()
    return entry


def link_digest(entry: AuditEntry) -> str:
    """Digest of a link by the key it names: of everything in it and of the link before; "" for a key we do not hold."""
    content = {
        "number": entry.number,
        "at": entry.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "action": entry.action,
        "clinic": entry.clinic_id,
        "person": None if entry.person_id is None else str(entry.person_id),
        "table": entry.table,
        "row": entry.row_id,
        "row_digest": entry.row_digest,
        "detail": entry.detail,
        "previous": entry.previous,
        "key": entry.key_name,
    }
    return sign(canonical(content), entry.key_name)


@transaction.atomic
def seal_reads(limit: int = 5000) -> int:
    """Put the digest of the unsealed read entries into the chain; returns how many were sealed."""
    head = _lock()
    reads = list(ReadEntry.objects.filter(sealed_in=None).order_by("id")[:limit])
    if not reads:
        return 0
    # The head is locked until the end, so no other link takes this number before the reads name it.
    number = head.number + 1
    detail = {"count": len(reads), "digest": read_digest(reads)}
    _link(
        head, by=None, action="reads_sealed", person_id=None, clinic_id=None, table="audit_readentry", row_id="",
        row_digest="", detail=detail,
    )  # fmt: skip
    ReadEntry.objects.filter(pk__in=[read.pk for read in reads]).update(sealed_in=number)
    return len(reads)


def read_digest(reads: list[ReadEntry]) -> str:
    """Digest of read entries in the order of their ids."""
    lines = [
        [
            read.pk,
            read.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds"),
            read.actor_id,
            str(read.person_id),
            read.route,
        ]
        for read in reads
    ]
    return hashlib.sha256(canonical(lines).encode()).hexdigest()


class Watched(models.Model):
    """A row that may change and that rights hang on: the audit is told what each column holds, whenever it is saved.

    A row changed or made behind the application's back differs from what the audit says last. Digests are kept by
    column, so that saving one column vouches for that column alone, and not for what somebody else wrote into another.
    Change it with `save`: a queryset's `update` would look like a forgery.

    unwatched : columns that change without an act of anybody, such as when somebody was last seen
    """

    unwatched: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Self:
        """The row, which remembers what the database held."""
        row = super().from_db(db, field_names, values, **more)
        row._hold(field_names)
        return row

    def save(
        self,
        *,
        force_insert: bool | tuple[models.base.ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Write the row, and tell the audit what the written columns hold; both or neither."""
        fields = None if update_fields is None else frozenset(update_fields)
        changed = [field for field in self.watched_columns() if self._is_written(field, fields)]
        with transaction.atomic(using=using, savepoint=False):
            super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=fields)
            if changed:
                record_row_written(self, changed)
        self._hold(field.attname for field in changed)

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Read the row again, and remember what the database held."""
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        self._hold(field.attname for field in self._meta.concrete_fields)

    # Never changed, only replaced: rows share the empty one.
    _held: ClassVar[dict[str, Any]] = {}

    def _hold(self, names: Iterable[str]) -> None:
        held = {name: self.__dict__[name] for name in names if name in self.__dict__}
        self.__dict__["_held"] = self._held | held

    @classmethod
    def watched_columns(cls) -> Sequence[models.Field[Any, Any]]:
        """The columns that are told to the audit."""
        return [field for field in cls._meta.concrete_fields if field.name not in cls.unwatched]

    def column_digest(self, field: models.Field[Any, Any], key_name: str) -> str:
        """Signature of what a column of this row holds."""
        value = plain_value(field, getattr(self, field.attname))
        place = [self._meta.db_table, str(self.pk), field.attname]
        return sign(canonical([*place, value]), key_name)[:32]

    def _is_written(self, field: models.Field[Any, Any], fields: frozenset[str] | None) -> bool:
        if fields is not None and not {field.name, field.attname} & fields:
            return False
        # A column that nobody touched is not vouched for: somebody may have changed it behind our back.
        name = field.attname
        return name in self.__dict__ and (name not in self._held or self._held[name] != self.__dict__[name])
