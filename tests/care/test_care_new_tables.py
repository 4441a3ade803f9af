"""The tables of a new database, which are made one by one and not as Django makes them, are those of the models."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models
from present import present


@pytest.mark.django_db
def test_tables_are_those_of_the_models() -> None:
    """Columns, which may be empty, whom each refers to and what is unique, as Django makes them from the models."""
    introspection = connection.introspection
    tables = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    assert len(tables) > 40
    with connection.cursor() as cursor:
        for model in tables:
            table, fields = model._meta.db_table, model._meta.local_concrete_fields
            made = {column.name: column.null_ok for column in introspection.get_table_description(cursor, table)}
            assert made == {field.column: field.null for field in fields}, table
            constraints = introspection.get_constraints(cursor, table)
            foreign = [one for one in constraints.values() if one["foreign_key"]]
            referring = {tuple(one["columns"]): one["foreign_key"] for one in foreign}
            assert referring == {(field.column,): _target(field) for field in fields if _target(field)}, table
            unique = [set(one["columns"]) for one in constraints.values() if one["unique"] or one["primary_key"]]
            assert [field.name for field in fields if field.unique and {field.column} not in unique] == [], table
            named = {one.name for one in model._meta.constraints} | {one.name for one in model._meta.indexes}
            assert named <= constraints.keys(), table


def _target(field: models.Field[object, object]) -> tuple[str, str] | None:
    if not isinstance(field, models.ForeignKey):
        return None
    return field.target_field.model._meta.db_table, present(field.target_field.column)
