"""Rows that many tests begin with: written by the application once a run, put back as they were after that."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection
from django.utils import timezone
from present import present

__all__ = ["once"]

Made = TypeVar("Made")
Rows = dict[str, tuple[list[str], Counter[tuple[Any, ...]]]]


@dataclass(frozen=True)
class Snapshot:
    """The rows that were added, by table, and what the maker of them gave; what may change stands in `added` whole."""

    added: Rows
    made: Any
    changed: list[str]

    def put_back(self) -> Any:
        with connection.cursor() as cursor:
            for table in self.changed:
                cursor.execute(f"DELETE FROM {table}")
            for table, (columns, rows) in self.added.items():
                names = ", ".join(map(connection.ops.quote_name, columns))
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", list(rows))
        return copy.deepcopy(self.made)


_taken: dict[Hashable, Snapshot] = {}


def once(name: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` gives, with the rows it writes; called the first time, remembered from then on.

    name : of everything it depends on. It must find the same rows each time, and change none of them
    """
    # Of each clock its own: what was written at the tests' midday may lie ahead of the machine's time.
    key = (name, timezone.now)
    if key in _taken:
        made: Made = _taken[key].put_back()
        return made
    before = dict(_everything())
    made = make()
    added = {table: (columns, rows - before[table][1]) for table, (columns, rows) in _everything()}
    changed = [table for table, (_, rows) in _everything() if before[table][1] - rows]
    # The head of the audit moves on with every link.
    if set(changed) - {"audit_chainhead"}:
        raise AssertionError(f"{name}: changes rows that were there before, in {', '.join(changed)}")
    _taken[key] = Snapshot({table: told for table, told in added.items() if told[1]}, copy.deepcopy(made), changed)
    return made


def _everything() -> Iterator[tuple[str, tuple[list[str], Counter[tuple[Any, ...]]]]]:
    """Every row of every table, as the database keeps it."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            columns = [present(field.column) for field in model._meta.concrete_fields]
            # A sign before the name keeps SQLite's driver from making dates of what is text in the table.
            sign = "+" if connection.vendor == "sqlite" else ""
            names = ", ".join(sign + connection.ops.quote_name(column) for column in columns)
            cursor.execute(f"SELECT {names} FROM {connection.ops.quote_name(model._meta.db_table)}")
            yield model._meta.db_table, (columns, Counter(map(_hashable, cursor.fetchall())))


def _hashable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
