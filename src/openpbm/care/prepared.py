"""Questions to the database that are put into SQL once.

Every page asks who somebody is, what they may see, how their course stands. Django builds the SQL of a question each
time it is asked, which takes several times as long as the answer. Here the SQL is kept, and the values are filled in;
of an answer nothing is kept.
"""

from __future__ import annotations

import datetime as dt
import inspect
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet, Value
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

__all__ = ["Prepared"]

Row = TypeVar("Row")


class Prepared(Generic[Row]):
    """A question whose SQL is kept, one for each kind of database.

    build : gives the queryset, of models or of `values_list`, for a place in the SQL as each of its arguments. A place
        is compared with a column (`filter(person=person)`), and None equals nothing
    places : the names of its arguments, where its signature does not tell them
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], places: Iterable[str] = ()) -> None:
        self._build = build
        self._places = tuple(places) or tuple(inspect.signature(build).parameters)
        self._kept: dict[str, _Kept] = {}

    def rows(self, **values: Any) -> list[Row]:
        """Every row for these values. A model stands for its primary key, and the rows know it by a column so named."""
        connection = connections["default"]
        kept = self._kept.get(connection.vendor)
        if kept is None:
            queryset = self._build(**{name: _Place(name) for name in self._places})
            kept = self._kept[connection.vendor] = _Kept(queryset, connection)
        return list(kept.ask(connection, values))

    def first(self, **values: Any) -> Row | None:
        """The first of the rows, None without any; whoever expects more than one cuts the queryset."""
        return next(iter(self.rows(**values)), None)


class _Place(Value):
    """Stands in the SQL for a value of that name."""

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class _Kept:
    """The SQL of a queryset on one kind of database, and how its rows are made."""

    def __init__(self, queryset: Any, connection: Any) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        self._sql, self._params = compiler.as_sql()
        columns = [column for column, *_ in compiler.select]
        self._converters = list(compiler.get_converters(columns).items())
        self._locks = queryset.query.select_for_update and connection.features.has_select_for_update
        self._of_models = queryset._iterable_class is ModelIterable
        self._flat = queryset._iterable_class is FlatValuesListIterable
        if self._of_models:
            fields = compiler.klass_info["select_fields"]
            self._model, self._own = compiler.klass_info["model"], slice(fields[0], fields[-1] + 1)
            self._names = [column.target.attname for column in columns[self._own]]
            # The stubs are of a later Django.
            self._related: Any = get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[call-arg]
            self._annotated = list(compiler.annotation_col_map.items())
            self._owners = {field.name: field for field in self._model._meta.concrete_fields if field.is_relation}

    def ask(self, connection: Any, values: dict[str, Any]) -> Iterator[Any]:
        if self._locks and connection.get_autocommit():
            raise TransactionManagementError("rows are locked until a transaction ends, and none has begun")
        filled = [
            _for_database(values[one.value], connection) if isinstance(one, _Place) else one for one in self._params
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, filled)
            found = cursor.fetchall()
        for row in found:
            converted = self._converted(list(row), connection)
            yield self._model_of(converted, connection.alias, values) if self._of_models else self._values_of(converted)

    def _converted(self, row: list[Any], connection: Any) -> list[Any]:
        for position, (converters, column) in self._converters:
            for convert in converters:
                row[position] = convert(row[position], column, connection)
        return row

    def _values_of(self, row: list[Any]) -> Any:
        return row[0] if self._flat else tuple(row)

    def _model_of(self, row: list[Any], alias: str, values: dict[str, Any]) -> Any:
        made = self._model.from_db(alias, self._names, row[self._own])
        for related in self._related:
            related.populate(row, made)
        for name, position in self._annotated:
            setattr(made, name, row[position])
        for name, value in values.items():
            if isinstance(value, Model) and name in self._owners:
                self._owners[name].set_cached_value(made, value)
        return made


def _for_database(value: Any, connection: Any) -> Any:
    """The value as the database takes it."""
    if isinstance(value, Model):
        value = value.pk
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
