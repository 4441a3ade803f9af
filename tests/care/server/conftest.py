"""Both databases: a test that takes `database_url` runs on SQLite (None) and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from care.services import Site, new_database, postgres_server, served


@pytest.fixture(autouse=True)
def _midday() -> None:
    """The machine's own time, since other processes read it."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


DATABASES = ("sqlite", "postgresql")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str | None:
    return _database(request)


@pytest.fixture(scope="session", params=DATABASES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site on either database, begun once for all tests that need one up: it survives what they do to it."""
    with served(tmp_path_factory.mktemp("site") / "data", _database(request)) as site:
        yield site


def _database(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    return new_database(request.getfixturevalue("postgres"))
