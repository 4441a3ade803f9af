"""Which files and tests run on one database: what they check cannot differ on the other, or is checked there by others.

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
        "test_care_band_chart.py",
        "test_care_contrast.py",
        "test_care_learn_break_even.py",
        "test_care_learn_pages.py",
        "test_care_page_weight.py",
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
        # With a NUL in every field too: a statement that carries one fails on both.
        "access/test_care_matrix.py",
        "accounts/test_care_first_password.py",
        "accounts/test_care_staff.py::test_each_page_is_for_its_role_alone",
        "api/test_care_api_every_post.py::test_nobody_else_writes_whether_the_body_is_sound_or_not",
        "events/test_care_event_report.py::test_who_may_open_it",
    ),
    "orders of posts, judged by rules before anything is written; what a database refuses and who comes second is tried"
    " on both by sessions/test_care_database_refuses.py and server/test_care_double_submit.py": (
        "screening/test_care_taken_back.py",
        "sessions/test_care_session_machine.py",
    ),
    "how often a list asks that is cut into pages or made of rows of several kinds; on PostgreSQL all pages are counted"
    " by test_care_query_counts.py": (
        "audit/test_care_read_log.py::test_many_people_are_noted_in_as_few_queries_as_few",
        "devices/test_care_lamps.py::test_the_list_asks_as_little_of_the_database_for_many_as_for_few",
        "home/test_care_answered_red_flags.py::test_fifty_of_them_cost_no_more_queries_than_ten",
        "home/test_care_worklist.py::test_fifty_people_cost_no_more_queries_than_ten",
    ),
    "files and headers, read before anything is written": (
        "devices/test_care_import_fuzz.py",
        "devices/test_care_instrument_files.py",
        "devices/test_care_lamp_files.py",
        "accounts/test_care_client_address.py",
        "api/test_care_api_every_post.py::test_a_body_of_another_shape_is_refused",
        "server/test_care_request_log.py",
    ),
    "what a page shows and what its form refuses; what it writes is an action with tests of its own": (
        "checkpoints/test_care_checkpoint_page.py",
        "checkpoints/test_care_course_pages.py",
        "devices/test_care_commissioning.py",
        "devices/test_care_lamp_entry.py",
        "events/test_care_event_report.py::test_whatever_is_sent_is_answered_on_the_page",
        "home/test_care_blocked_course.py::test_what_a_clinician_only_tries_out_touches_nothing",
        "home/test_care_today.py",
        "people/test_care_intake_pages.py",
        "people/test_care_people_pages.py",
        "plans/test_care_plan_pages.py",
        "plans/test_care_what_if.py",
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
    """Deselect the tests that the other database has, unless the command line names their file itself."""
    if gone := sorted(name for name in _names(SQLITE) | _names(POSTGRESQL) if not _is_there(name)):
        raise pytest.UsageError(f"tests/care/one_database.py names {', '.join(gone)}, which is not there")
    on_postgresql = connection.vendor == "postgresql"
    elsewhere = _names(SQLITE if on_postgresql else POSTGRESQL)
    asked_for = {Path(argument.partition("::")[0]).resolve() for argument in config.args}
    left_out = {
        one
        for one in items
        if one.path not in asked_for
        and (not elsewhere.isdisjoint(_names_of(one)) or (on_postgresql and not _asks_a_database(one)))
    }
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [one for one in items if one not in left_out]


def _is_there(name: str) -> bool:
    file, _, test = name.partition("::")
    path = CARE / file
    return path.exists() and (not test or f"def {test}(" in path.read_text(encoding="utf-8"))


def _names_of(item: pytest.Item) -> set[str]:
    """The file and the test in it, as the tables write them."""
    if not item.path.is_relative_to(CARE):
        return set()
    file = item.path.relative_to(CARE).as_posix()
    return {file, f"{file}::{getattr(item, 'originalname', None) or item.name}"}


def _asks_a_database(item: pytest.Item) -> bool:
    if item.path.parent.name in ("server", "browser"):
        return True  # which bring databases of their own
    fixtures = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def _names(table: dict[str, tuple[str, ...]]) -> set[str]:
    return {name for names in table.values() for name in names}
