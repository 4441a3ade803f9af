"""What every record is made of, the chain of the audit, and who read whose record.

A record is a row that is only ever added: a correction is a new row that names the one it supersedes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone

from openpbm.care import clock

__all__ = [
    "AuditEntry",
    "ChainHead",
    "DocumentField",
    "InsertOnly",
    "ReadEntry",
    "canonical",
    "log_calendar_access",
    "log_read_access",
    "plain_value",
]


def canonical(content: object) -> str:
    """JSON in ASCII with sorted keys and no spaces; ValueError for a number that is not finite.

    >>> canonical({"b": 1, "a": [1.5, None]})
    '{"a":[1.5,null],"b":1}'
    """
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


class DocumentField(models.TextField):  # type: ignore[type-arg]
    """A JSON document kept as canonical text."""

    # What the stubs of Django's fields ask for: any document goes in and comes out.
    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        """The document as Python values."""
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        """The document as Python values, from a form or a fixture."""
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        """The document as text."""
        return None if value is None else canonical(value)


class InsertOnly(models.Model):
    """A clinical record. Its id is made by whoever writes it down, so that sending it twice is harmless.

    created_at, created_by : when the server took it, and from whom
    body_digest : of what was sent; the same id with another body is a conflict
    audit_number : of the audit's link about it; rows are put in order by it, never by a clock
    computed_fields : what the server adds, and a repeated sending need not match
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    body_digest = models.CharField(max_length=64, editable=False)
    # What came first is told by this alone: a clock that was set back would hide a refusal behind an older yes.
    audit_number = models.BigIntegerField(default=0, editable=False)

    computed_fields: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def content(self, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """Every column as a plain value that is the same before and after the database."""
        fields = [field for field in self._meta.concrete_fields if field.attname not in without]
        return {field.attname: plain_value(field, getattr(self, field.attname)) for field in fields}

    def body(self) -> str:
        """Digest of what was sent."""
        server_side = ("created_at", "body_digest", "audit_number", *self.computed_fields)
        return _digest(self.content(without=server_side))

    def row_digest(self) -> str:
        """Digest of the whole row, as the audit keeps it."""
        return _digest(self.content())


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def plain_value(field: models.Field[Any, Any], value: Any) -> Any:
    """A column's value in one form, the same before and after the database."""
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    # Minus zero plus nothing is zero: the two are equal numbers, and must not give two digests.
    if value is None or isinstance(field, (models.FloatField, models.IntegerField, models.BooleanField)):
        return value if value is None or not isinstance(field, models.FloatField) else float(value) + 0.0
    if isinstance(field, models.DateTimeField):
        moment = field.to_python(value)
        return moment.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")
    if hasattr(field, "from_db_value"):
        return value
    return str(field.to_python(value))


class ChainHead(models.Model):
    """The last link of the audit chain; its one row is the lock under which the next link is made.

    at : the moment of the last link, which no later one may lie before
    """

    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)
    at = models.DateTimeField(null=True)


class AuditEntry(models.Model):
    """One link: who did what to which row, chained to the link before by its digest.

    digest : by the key of the key file, which the database never holds
    key_name : which key that was; an earlier one stays in the key file to check its links
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=64)
    # Ids alone: clinics and people are layers above, and a link of the chain outlives what it names.
    clinic_id = models.BigIntegerField(null=True, db_index=True)
    person_id = models.UUIDField(null=True)
    table = models.CharField(max_length=64, blank=True)
    row_id = models.CharField(max_length=64, blank=True)
    row_digest = models.CharField(max_length=64, blank=True)
    detail = DocumentField(default=dict)
    previous = models.CharField(max_length=64)
    key_name = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)
        # Whether something about a person came after a link is asked for everybody of a clinic at once.
        indexes = (models.Index(fields=["person_id", "number"], name="audit_of_a_person"),)


class ReadEntry(models.Model):
    """Somebody looked at a person's record. Written at once; the worker seals the new ones into the chain.

    actor : None for a calendar that follows its secret address, where nobody signs in
    """

    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(db_index=True)
    route = models.CharField(max_length=96)
    sealed_in = models.BigIntegerField(null=True, db_index=True)


#: Calendars ask again and again: within so long it is the same reading.
_ONE_READING = dt.timedelta(hours=1)


def log_read_access(by: AbstractBaseUser, people: Iterable[uuid.UUID | None], *, route: str) -> None:
    """Write down that somebody saw something of these people; once each, in one query."""
    ids = {one: None for one in people if one is not None}
    # One row by itself is its own transaction; in bulk, Django opens one around it, and a page of one person is common.
    if len(ids) == 1:
        ReadEntry.objects.create(actor_id=by.pk, person_id=next(iter(ids)), route=route)
    elif ids:
        ReadEntry.objects.bulk_create([ReadEntry(actor_id=by.pk, person_id=one, route=route) for one in ids])


def log_calendar_access(person_id: uuid.UUID, *, route: str) -> None:
    """Write down that a calendar followed its secret address; whose calendar that is nobody knows."""
    now = clock.now()
    same = ReadEntry.objects.filter(
        person_id=person_id, route=route, actor=None, at__gt=now - _ONE_READING, at__lte=now
    )
    if not same.exists():
        ReadEntry.objects.create(actor=None, person_id=person_id, route=route)
