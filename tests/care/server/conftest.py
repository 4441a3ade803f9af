"""Both databases: a test that takes `database_url` runs on SQLite (None) and on PostgreSQL."""

from __future__ import annotations

import pytest
from care.services import new_database, postgres_server


@pytest.fixture(scope="session")
def postgres():
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    if request.param == "sqlite":
        return None
    return new_database(request.getfixturevalue("postgres"))
