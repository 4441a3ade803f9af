"""Makes tests/cases.py importable from every test folder; where OPENPBM_NO_SKIP=1, what was skipped has failed."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from _pytest import main
from hypothesis import settings

from openpbm.care.call_stack import in_one_piece

# Machines are shared: how long an example takes is asked in benchmarks, never in a test.
settings.register_profile("openpbm", deadline=None)
settings.load_profile("openpbm")

sys.path.insert(0, str(Path(__file__).parent))


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


class SkipsFail:
    """A check that did not run has shown nothing: `run-tests` counts it as failed."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        return _failed(report)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        return _failed(report)


def _failed(report: Report) -> Report:
    if report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"skipped, and a skip is a failure here: {report.longrepr}"
    return report


# The collector looks after a hundred thousand new objects and not after seven hundred: it took a tenth of the time of
# the web application's tests, and what they leave behind is small.
gc.set_threshold(100_000, 20, 20)


def pytest_collection_finish() -> None:
    # What was imported stays to the end: the collector need not walk half a million objects each time it looks.
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> object:
    # Tests call as deep as pages do, and deeper.
    return in_one_piece(main.pytest_runtestloop, session)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """The tests' database, which Django's own command makes, gets its tables as soon as an installation does."""
    from django.core.management.commands import migrate
    from django.db.migrations import executor, state

    from openpbm.care.server.new_tables import LibrariesFirst, NewTables

    with pytest.MonkeyPatch.context() as patched:
        for module in (executor, state):
            patched.setattr(module, "ProjectState", NewTables)
        patched.setattr(migrate, "MigrationExecutor", LibrariesFirst)
        yield


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("OPENPBM_NO_SKIP") == "1":
        config.pluginmanager.register(SkipsFail())
