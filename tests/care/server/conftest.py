"""Both databases: a test that takes `database_url` runs on SQLite (None) and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from care.services import new_database, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    return new_database(request.getfixturevalue("postgres"))
