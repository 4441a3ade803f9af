"""What a column may hold, as the database itself checks it: a slip in a script or a console is refused like any other.

Forms and actions say first, and in words, what is wrong. These are for what comes past them.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

__all__ = ["at_least", "between", "one_of"]


def one_of(field: str, values: Iterable[str], *, name: str) -> models.CheckConstraint:
    """The column holds one of these words."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": sorted(values)}), name=name)


def between(field: str, least: float, most: float, *, name: str) -> models.CheckConstraint:
    """The column holds a number from `least` to `most`, or nothing where it may be empty.

    PostgreSQL takes NaN for greater than every number, so `most` keeps it out; SQLite keeps it as nothing.
    """
    within = models.Q(**{f"{field}__gte": least, f"{field}__lte": most})
    return models.CheckConstraint(condition=within | models.Q(**{f"{field}__isnull": True}), name=name)


def at_least(field: str, least: float, *, name: str) -> models.CheckConstraint:
    """The column holds a number of at least `least`, or nothing where it may be empty."""
    enough = models.Q(**{f"{field}__gte": least})
    return models.CheckConstraint(condition=enough | models.Q(**{f"{field}__isnull": True}), name=name)
