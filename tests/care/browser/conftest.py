"""A real browser on the real site: `openpbm serve` with the demo clinic, Debian's Chromium."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from care.browser.visitors import Visitors
from care.services import chromium, openpbm, postgres_server, served
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# A machine with other work to do answers late; nothing here is about speed.
expect.set_options(timeout=20_000)
TESTS, HERE = Path(__file__).parents[2], Path(__file__).parent
# One visitor at a time: each process of the server would read every template for itself.
QUICK = {"OPENPBM_PLAN_QUALITY": "quick", "OPENPBM_WEB_PROCESSES": "1", "PYTHONPATH": str(TESTS)}
PROGRAM = (sys.executable, str(HERE / "quick_openpbm.py"))
# A page is looked at for a moment: to compile its scripts for long use takes more time than it saves.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--js-flags=--no-opt --no-maglev"]
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture(autouse=True)
def _midday() -> None:
    """The machine's own time, since other processes read it."""


# One browser for this folder and not one for all: while it runs, its event loop belongs to this thread, which Django
# takes for asynchronous code. Here they take turns; elsewhere Django's tests would be told of it.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield running
        running.close()
        # Beside the loop Django has opened a connection of its own, which would keep the database from being dropped.
        connections.close_all()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitors]:
    """The demo clinic on SQLite; a backup of it, made before anybody came, lies beside its data."""
    data = tmp_path_factory.mktemp("browser") / "data"
    with served(data, demo=True, settings=QUICK, program=PROGRAM) as site:
        _until_first_jobs_are_done(data)
        made = openpbm("backup", _backup_beside(data), "--with-keys", "--data-dir", data, data_dir=data)
        assert made.returncode == 0, made.stderr
        yield Visitors(site)


@pytest.fixture(scope="session")
def demo_on_postgresql(demo: Visitors, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitors]:
    """The same clinic on PostgreSQL, restored and not made a second time: its plans are half a minute of work."""
    data = tmp_path_factory.mktemp("browser-postgresql") / "data"
    with postgres_server() as url:
        backup = _backup_beside(demo.site.data_dir)
        restored = openpbm("restore", backup, "--data-dir", data, data_dir=data, database_url=url)
        assert restored.returncode == 0, restored.stderr
        with served(data, url, settings=QUICK, program=PROGRAM) as site:
            yield Visitors(replace(site, credentials=demo.site.credentials))


def _until_first_jobs_are_done(data: Path, *, within_s: float = 300) -> None:
    """Until every course is judged: what still waited would be computed once more on the copy, some twenty seconds."""
    deadline = time.monotonic() + within_s
    with closing(sqlite3.connect(f"file:{data / 'openpbm.sqlite3'}?mode=ro", uri=True)) as connection:
        while time.monotonic() < deadline:
            states = {state for (state,) in connection.execute("SELECT DISTINCT state FROM jobs_job")}
            if states and not states & {"queued", "running"}:
                return
            time.sleep(0.5)
    raise RuntimeError(f"the worker of the demo clinic does not come to an end: {states}")


def _backup_beside(data: Path) -> Path:
    return data.parent / "as-made.tar.gz"


@pytest.fixture(params=["sqlite", "postgresql"])
def clinic(request: pytest.FixtureRequest) -> Visitors:
    """The demo clinic on one database after the other."""
    name = "demo" if request.param == "sqlite" else "demo_on_postgresql"
    visitors: Visitors = request.getfixturevalue(name)
    return visitors


Opener = Callable[..., Page]


@pytest.fixture(scope="package")
def _kept(browser: Browser) -> Iterator[dict[tuple[object, ...], Page]]:
    """The pages of those who have signed in: somebody's next visit is from the same browser, which knows the files."""
    pages: dict[tuple[object, ...], Page] = {}
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.fixture
def opened(browser: Browser, _kept: dict[tuple[object, ...], Page]) -> Iterator[Opener]:
    """Opens the page of a visitor, on a desktop or a phone; at the end nothing may have gone wrong in a console.

    A stranger's is new each time: who has signed in on it would be in the next test.
    """
    strangers: list[Page] = []
    wrong: list[str] = []

    def _open(site: Visitors, name: str | None, *, phone: bool = False, **options: object) -> Page:
        key = (site.url, name, phone, *map(str, options.items()))
        if name is not None and key in _kept:
            page = _kept[key]
        else:
            page = _new_page(site.context(browser, name, **((PHONE if phone else DESKTOP) | options)))
        if name is None:
            strangers.append(page)
        else:
            _kept[key] = page
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if _is_fault(said.text) else None)
        return page

    yield _open
    for page in strangers:
        page.context.close()
    assert not wrong


def _new_page(context: BrowserContext) -> Page:
    context.set_default_timeout(20_000)
    return context.new_page()


def _is_fault(said: str) -> bool:
    return "Content Security Policy" in said or "Uncaught" in said
