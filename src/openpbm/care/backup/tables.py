"""Every table as lines of JSON that mean the same on either database, and back."""

from __future__ import annotations

import base64
import datetime as dt
import itertools
import json
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from openpbm.errors import BadInput, Problem

__all__ = ["LEFT_OUT", "applied_migrations", "dump_tables", "load_tables", "models_at", "models_of", "reset_counters"]

#: Sign-ins that hold now, and what is only kept to be quick: a restored site begins without them.
LEFT_OUT = ("django_session", "usersessions_usersession")
_AT_ONCE = 500
#: A row can be a whole plan of 150 kB: so many are in memory at once.
_READ_AT_ONCE = 100


def applied_migrations() -> list[list[str]]:
    """The migrations the database has, as [application, name]."""
    loader = MigrationLoader(connection)
    return [list(key) for key in sorted(loader.applied_migrations)]


def models_at(applied: list[list[str]]) -> list[type[models.Model]]:
    """The tables as they were when just those migrations were applied."""
    loader = MigrationLoader(connection)
    known = [(app, name) for app, name in applied if (app, name) in loader.graph.nodes]
    return models_of(loader.project_state(known))


def models_of(state: ProjectState) -> list[type[models.Model]]:
    """The tables that belong into a backup, as they are in that state."""
    found = state.apps.get_models(include_auto_created=True)
    kept = [model for model in found if model._meta.managed and model._meta.db_table not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.db_table)


def dump_tables(folder: Path, tables: list[type[models.Model]]) -> dict[str, int]:
    """Write each table into `folder`; returns how many rows each has. Call it inside one snapshot."""
    folder.mkdir(parents=True)
    return {model._meta.db_table: _dump(folder / f"{model._meta.db_table}.jsonl", model) for model in tables}


def _dump(path: Path, model: type[models.Model]) -> int:
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    count = 0
    with open(path, "w", encoding="ascii") as file:
        file.write(json.dumps(names) + "\n")
        rows = model._base_manager.order_by("pk").values_list(*names)
        for row in rows.iterator(chunk_size=_READ_AT_ONCE):
            plain = [_plain(field, value) for field, value in zip(fields, row, strict=True)]
            file.write(json.dumps(plain, separators=(",", ":")) + "\n")
            count += 1
    return count


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (uuid.UUID, Decimal)):
        return str(value)
    # A document of ours goes as the text it is stored as.
    return field.get_prep_value(value) if hasattr(field, "from_db_value") else value


def load_tables(folder: Path, tables: list[type[models.Model]]) -> dict[str, int]:
    """Fill empty tables from `folder`; returns how many rows each got. Call it inside one transaction."""
    return {model._meta.db_table: _load(folder / f"{model._meta.db_table}.jsonl", model) for model in tables}


def _load(path: Path, model: type[models.Model]) -> int:
    # What migrating put there itself (kinds of content, permissions) comes from the backup as well.
    model._base_manager.all().delete()
    fields = {field.attname: field for field in model._meta.concrete_fields}
    count = 0
    with open(path, encoding="ascii") as file:
        names = json.loads(next(file, "[]"))
        if set(names) != set(fields):
            raise BadInput(
                Problem(
                    message="its columns are not those of this table",
                    remedy="was the backup put together by hand?",
                    document=path.name,
                )
            )
        for lines in _batches(file):
            rows = [dict(zip(names, json.loads(line), strict=True)) for line in lines]
            model._base_manager.bulk_create([model(**_values(fields, row)) for row in rows])
            count += len(rows)
    return count


def _values(fields: dict[str, models.Field[Any, Any]], row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value is None else fields[name].to_python(value) for name, value in row.items()}


def _batches(lines: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(itertools.islice(lines, _AT_ONCE)):
        yield batch


def reset_counters(tables: list[type[models.Model]]) -> None:
    """Let the next row get a number after those that came with the backup."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
