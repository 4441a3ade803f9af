"""What a column may hold: said once, in the model, for the form, the API, the action and the database itself.

`field_problems` says in words what is wrong, before anything is written; the constraints refuse what comes past it, a
slip in a script or a console.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from openpbm.errors import Problem

__all__ = ["Within", "at_least", "choices_of", "field_problems", "longest", "one_of"]


@dataclass(frozen=True)
class Within:
    """The limits of a number, as a validator of its column. `above`: the least is no number it can be."""

    least: int
    most: int
    above: bool = False

    def __call__(self, value: float) -> None:
        """ValidationError for a number outside; not-a-number lies outside of all limits."""
        beyond = value <= self.least if self.above else value < self.least
        if beyond or not math.isfinite(value) or value > self.most:
            raise ValidationError(f"must be {self}", code="limits")

    def __str__(self) -> str:
        return f"above {self.least:g}, at most {self.most:g}" if self.above else f"from {self.least:g} to {self.most:g}"

    def deconstruct(self) -> tuple[str, tuple[int, int, bool], dict[str, Any]]:
        """How a migration writes it down."""
        return f"{__name__}.Within", (self.least, self.most, self.above), {}

    def constraint(self, field: str, *, name: str) -> models.CheckConstraint:
        """The column holds such a number, or nothing where it may be empty.

        PostgreSQL takes NaN for greater than every number, so `most` keeps it out; SQLite keeps it as nothing.
        """
        beyond = "gt" if self.above else "gte"
        inside = models.Q(**{f"{field}__{beyond}": self.least, f"{field}__lte": self.most})
        return models.CheckConstraint(condition=inside | models.Q(**{f"{field}__isnull": True}), name=name)


def one_of(field: str, values: Iterable[str], *, name: str) -> models.CheckConstraint:
    """The column holds one of these words."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": sorted(map(str, values))}), name=name)


def at_least(field: str, least: float, *, name: str) -> models.CheckConstraint:
    """The column holds a number of at least `least`, or nothing where it may be empty."""
    enough = models.Q(**{f"{field}__gte": least})
    return models.CheckConstraint(condition=enough | models.Q(**{f"{field}__isnull": True}), name=name)


def choices_of(words: Iterable[str]) -> list[tuple[str, str]]:
    """A column's choices, of words that need no other words to be shown."""
    return [(word, word) for word in words]


def longest(model: type[models.Model], field: str) -> int:
    """How many characters the column holds, for the form and the API."""
    length = model._meta.get_field(field).max_length  # type: ignore[union-attr]
    assert isinstance(length, int)
    return length


def field_problems(row: models.Model, *names: str) -> list[Problem]:
    """What is wrong with these columns of a row not yet written, by what the model says of them; one problem each."""
    found = (_field_problem(row, name) for name in names)
    return [problem for problem in found if problem is not None]


def _field_problem(row: models.Model, name: str) -> Problem | None:
    field: models.Field[Any, Any] = row._meta.get_field(name)  # type: ignore[assignment]
    value = getattr(row, name)
    if field.blank and value in field.empty_values:
        return None
    try:
        field.clean(value, row)
    except ValidationError as error:
        return _in_words(field, value, error.error_list[0])
    return None


def _in_words(field: models.Field[Any, Any], value: Any, error: ValidationError) -> Problem:
    if field.choices and error.code in ("invalid_choice", "blank", "null"):
        known = ", ".join(str(word) for word, _ in field.flatchoices if word)
        return Problem(field.name, value, f"must be one of {known}")
    if error.code in ("blank", "null"):
        return Problem(key=field.name, message="empty", remedy=str(field.help_text) or "it is needed")
    if error.code == "max_length":
        return Problem(field.name, value, f"{len(value)} characters, at most {field.max_length}", "shorten it")
    return Problem(field.name, value, " ".join(error.messages))
