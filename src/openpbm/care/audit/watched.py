"""Rows that may change and that rights hang on: what each of their columns holds is told to the audit at every save.

A row changed or made behind the application's back differs from what the audit says last. Digests are kept by column,
so that saving one column vouches for that column alone, and not for what somebody else wrote into another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar, Self

from django.db import models, transaction

from openpbm.care.audit.ledger import record_row_written
from openpbm.care.audit.models import canonical, plain_value
from openpbm.care.encryption.signing import sign

__all__ = ["Watched"]


class Watched(models.Model):
    """A row whose changes the audit can prove. Change it with `save`: a queryset's `update` would look like a forgery.

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
