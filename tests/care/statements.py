"""What a request asks the database, statement by statement, whatever the time of day it is asked at."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

__all__ = ["statements_of"]

_TABLE = re.compile(r'(?:FROM|INTO|UPDATE) "(\w+)"')


@contextmanager
def statements_of(client: Client) -> Iterator[list[str]]:
    """The statements of the requests of that client inside the block, each as its verb and table, once it has ended.

    A session notes every half minute when its user was last seen, which takes three statements more. Where rows
    are filled in for longer than that, two requests would differ by them: the note is made here, before the block.
    """
    session = client.session
    session["seen_at"] = time.time()
    session.save()
    statements: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield statements
    statements.extend(_shape(query["sql"]) for query in queries)


def _shape(sql: str) -> str:
    table = _TABLE.search(sql)
    return f"{sql.split()[0]} {table[1]}" if table else sql.split()[0]
