"""Counts of failed sign-ins and the like, in a table of their own: none is dropped before its time.

Django's database cache holds 300 entries and throws a part away when there are more, by the alphabet: a few hundred
wrong names freed every account that was held. It also takes every fault of the database for "the entry is there", so
that a full disk told people they had tried too often.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction

from openpbm.care import clock

__all__ = ["Counters", "forget_expired"]

_FOREVER = dt.timedelta(days=36500)


class Counters(BaseCache):
    """Django's cache over `accounts.models.Counter`: for allauth, which counts in a cache, and for our own counts."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or the default where there is none or its time is over."""
        rows = _rows().filter(key=self._key(key, version), expires_at__gt=clock.now())
        return next(iter(rows.values_list("value", flat=True)), default)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep the value, whatever was there."""
        row = _row(key=self._key(key, version), value=value, expires_at=self._until(timeout))
        _rows().bulk_create([row], update_conflicts=True, unique_fields=["key"], update_fields=["value", "expires_at"])

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep the value where there is none; of many at once exactly one does."""
        made, until = self._key(key, version), self._until(timeout)
        over = _rows().filter(key=made, expires_at__lte=clock.now())
        if over.update(value=value, expires_at=until):
            return True
        try:
            with transaction.atomic():
                _row(key=made, value=value, expires_at=until).save(force_insert=True)
        except IntegrityError:
            # The key is there. Any other fault of the database is none of ours to hide.
            return False
        return True

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Another time to live for what is there."""
        rows = _rows().filter(key=self._key(key, version), expires_at__gt=clock.now())
        return bool(rows.update(expires_at=self._until(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget one."""
        return bool(_rows().filter(key=self._key(key, version)).delete()[0])

    def clear(self) -> None:
        """Forget all."""
        _rows().all().delete()

    def _key(self, key: str, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))

    def _until(self, timeout: Any) -> dt.datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return clock.now() + (_FOREVER if seconds is None else dt.timedelta(seconds=seconds))


def forget_expired() -> int:
    """Delete the counts whose time is over; those alone, however many there are."""
    return int(_rows().filter(expires_at__lte=clock.now()).delete()[0])


def _rows() -> Any:
    return _model()._default_manager


def _row(**values: Any) -> Any:
    return _model()(**values)


def _model() -> Any:
    # Django makes its caches before it knows the models.
    from openpbm.care.accounts.models import Counter

    return Counter
