"""What must be there before the site opens: tables, keys, the demo clinic."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openpbm.errors import BadInput, Problem

__all__ = ["prepare"]

# Any number, the same for every server of one PostgreSQL database.
_ONE_AT_A_TIME = 7266901


def prepare(*, demo: bool = False, credentials: Path | None = None) -> None:
    """Bring the database to this version and make what is missing. Safe to repeat."""
    from django.conf import settings

    from openpbm.care.plans.quality import check_quality
    from openpbm.care.server.new_tables import bring_up_to_date

    check_quality(settings.PLAN_QUALITY)
    with _database_to_oneself():
        _refuse_a_newer_database()
        # The tables first: only they tell whether a key file is missing, or not yet made.
        bring_up_to_date()
        check_key(settings.KEY_FILE)
        _hold_if_it_came_back()
    if demo:
        from openpbm.care.home.demo import make_demo

        make_demo(credentials)


def _hold_if_it_came_back() -> None:
    from openpbm.care.audit.noted_heads import heads_file, note_head
    from openpbm.care.plans.restored import hold_if_it_came_back

    held = hold_if_it_came_back()
    if held is not None:
        print(
            f"The database was put back to an earlier state, or its notes in {heads_file()} are gone: what was written"
            f" since may be missing. {held} courses are held until somebody has looked through each record.",
            file=sys.stderr,
        )
    note_head()


def check_key(path: Path) -> None:
    """Make the key file where nothing was sealed or signed yet; BadInput when it is missing or not the right one."""
    from openpbm.care.audit.models import AuditEntry
    from openpbm.care.encryption.keys import key_ring, make_key
    from openpbm.care.encryption.sealing import key_is_known, unwrap
    from openpbm.care.people.models import PersonKey

    sealed = PersonKey.objects.exclude(wrapped=None).first()
    last = AuditEntry.objects.order_by("-number").first()
    if sealed is None and last is None:
        make_key(path)
        key_ring(path)
    if sealed is not None and sealed.wrapped is not None:
        unwrap(bytes(sealed.wrapped), str(sealed.pk))
    if last is not None and not key_is_known(last.key_name):
        raise BadInput(
            Problem(
                key=str(path),
                message=f"the key file is not the one that signed the audit (its last entry names key {last.key_name})",
                remedy="put the right key file back",
            )
        )


def _refuse_a_newer_database() -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations) | set(loader.replacements)
    ahead = sorted(f"{app} {name}" for app, name in loader.applied_migrations if (app, name) not in known)
    if ahead:
        raise BadInput(
            Problem(
                message=f"the database was written by a newer version of openpbm (it has {ahead[-1]})",
                remedy="install that version again, or restore a backup made before",
            )
        )


@contextmanager
def _database_to_oneself() -> Iterator[None]:
    """Two servers that start at once on one PostgreSQL database migrate it one after the other."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


def main() -> int:
    """The process that `serve` starts first; a fault is one line, never a traceback."""
    # As for every command: what is read stays to the end.
    gc.set_threshold(50_000)
    parser = argparse.ArgumentParser()
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--credentials", type=Path)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpbm.care.settings")
    try:
        import django
        from django.db import DatabaseError

        django.setup()
        try:
            prepare(demo=asked.demo, credentials=asked.credentials)
        except DatabaseError as error:
            said = " ".join(str(error).split())
            raise BadInput(
                Problem(message=f"the database cannot be used: {said}", remedy="see to DATABASE_URL or the data folder")
            ) from None
    except BadInput as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
