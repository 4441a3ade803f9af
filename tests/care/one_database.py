"""Which tests run on one database: what they check cannot differ on the other, or is checked there by others.

Models, actions, queries, locks, jobs, audit, backup and the API run on both. So do all pages, as answers to a GET with
rows of everything in the database: on SQLite `access/test_care_matrix.py` asks for every route, on PostgreSQL
`test_care_query_counts.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

__all__ = ["leave_out_what_runs_on_the_other"]

CARE = Path(__file__).parent

SQLITE = {
    "templates, words and colours: nothing of a database is in them": (
        "test_care_contrast.py",
        "test_care_learn_break_even.py",
        "test_care_learn_pages.py",
        "test_care_said_to_people.py",
        "test_care_template_routes.py",
        "home/test_care_ways.py",
        "people/test_care_promises.py",
        "people/test_care_questions.py",
        "sessions/test_care_plain_words.py",
        "vendor/test_care_vendored_assets.py",
    ),
    "who may open and do what, asked of every route and action: its rows are read on both by the tests of access": (
        "access/test_care_actions_require.py",
        "access/test_care_matrix.py",
    ),
    "files and headers, read before anything is written": (
        "devices/test_care_import_fuzz.py",
        "devices/test_care_instrument_files.py",
        "devices/test_care_lamp_files.py",
        "accounts/test_care_client_address.py",
        "server/test_care_request_log.py",
    ),
    "what a page shows and what its form refuses; what it writes is an action with tests of its own": (
        "checkpoints/test_care_checkpoint_page.py",
        "checkpoints/test_care_course_pages.py",
        "home/test_care_today.py",
        "people/test_care_intake_pages.py",
        "people/test_care_people_pages.py",
        "plans/test_care_plan_pages.py",
        "scales/test_care_diary_page.py",
        "scales/test_care_scores.py",
        "screening/test_care_screening_pages.py",
        "sessions/test_care_session_pages.py",
        "sessions/test_care_stop_pages.py",
        "audit/test_care_audit_page.py",
    ),
    "printed and written documents, made of rows that others read on both": (
        "checkpoints/test_care_calendar.py",
        "checkpoints/test_care_case_report.py",
        "checkpoints/test_care_doctor_paper.py",
    ),
}

POSTGRESQL = {
    "how often a page asks, which is counted before any database is reached": ("test_care_query_counts.py",),
    "whatever is sent, held against the database that takes less of it": (
        "access/test_care_nul.py",
        "api/test_care_api_fuzz.py",
    ),
    "the demo clinic, which the server makes on SQLite for the tests in the browser": ("home/test_care_demo.py",),
}


def leave_out_what_runs_on_the_other(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests of the files that the other database has, unless the command line names the file itself."""
    gone = sorted(name for name in _files(SQLITE) | _files(POSTGRESQL) if not (CARE / name).exists())
    if gone:
        raise pytest.UsageError(f"tests/care/one_database.py names {', '.join(gone)}, which is not there")
    on_postgresql = connection.vendor == "postgresql"
    elsewhere = {CARE / name for name in _files(SQLITE if on_postgresql else POSTGRESQL)}
    named = {Path(argument.partition("::")[0]).resolve() for argument in config.args}
    left_out = {
        one
        for one in items
        if one.path not in named and (one.path in elsewhere or (on_postgresql and not _asks_a_database(one)))
    }
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [one for one in items if one not in left_out]


def _asks_a_database(item: pytest.Item) -> bool:
    if item.path.parent.name in ("server", "browser"):
        return True  # which bring databases of their own
    fixtures = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def _files(table: dict[str, tuple[str, ...]]) -> set[str]:
    return {name for names in table.values() for name in names}
