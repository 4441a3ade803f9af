"""The database itself refuses a second session while one is begun and nothing is written down for it.

No unique index can say it: whether a start is open lies in another table, since no row of a start ever changes.
"""

from __future__ import annotations

from django.db import connections

__all__ = ["guard_one_open_start"]

_NAME = "one_open_start"
_TABLE = "light_sessions_sessionstart"
_MESSAGE = "a session of this person is begun and not written down"
_ANOTHER_IS_OPEN = """
    SELECT 1 FROM light_sessions_sessionstart AS begun
    WHERE begun.person_id = NEW.person_id AND NOT EXISTS (
        SELECT 1 FROM light_sessions_sessionrecord AS written WHERE written.start_id = begun.id
    )
"""
_SQLITE = (
    f"CREATE TRIGGER IF NOT EXISTS {_NAME} BEFORE INSERT ON {_TABLE} WHEN EXISTS ({_ANOTHER_IS_OPEN})"
    f" BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END",
)
_POSTGRESQL = (
    # The row of the person is locked first: of two transactions at once the second sees what the first has begun.
    f"""CREATE OR REPLACE FUNCTION openpbm_one_open_start() RETURNS trigger AS $$
    BEGIN
        PERFORM 1 FROM people_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
        IF EXISTS ({_ANOTHER_IS_OPEN}) THEN
            RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'unique_violation';
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    f"CREATE OR REPLACE TRIGGER {_NAME} BEFORE INSERT ON {_TABLE} FOR EACH ROW"
    " EXECUTE FUNCTION openpbm_one_open_start()",
)


def guard_one_open_start(using: str = "default", **_: object) -> None:
    """Put the trigger there; safe to repeat. After every migration, since remaking a table in SQLite drops it."""
    connection = connections[using]
    if _TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(statement)
