"""A NUL in an address, a cookie or a reason is answered, and never reaches the database.

SQLite keeps such text, PostgreSQL fails on it: here a statement that carries one fails on both. The fields of all forms
are tried by test_care_matrix.py, which has every page before it.
"""

from __future__ import annotations

from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.plans.planned_people import answer
from django.db import connection
from django.test import Client
from django.urls import reverse

NUL = "plain\0text"


def refuse_nul(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    for row in params if many else [params]:
        values = row.values() if isinstance(row, dict) else row or ()
        if any(isinstance(value, str) and "\0" in value for value in values):
            raise AssertionError(f"a NUL reached the database: {sql[:80]}")
    return execute(sql, params, many, context)


def test_the_reason_under_new_answers_is_refused_in_words(house: House) -> None:
    client = signed_in(account_of(house.alice))
    check = reverse("people:intake_step", args=[house.alice.pk, "check"])
    answer(house.alice, house.clinician)
    client.post(reverse("people:intake_step", args=[house.alice.pk, "about"]), {"age_years": "52"})
    with connection.execute_wrapper(refuse_nul):
        refused = client.post(check, {"reason": NUL})
    assert refused.status_code == 400
    assert "control character" in refused.content.decode()
    assert client.post(check, {"reason": "a new medicine"}).status_code == 302


@pytest.mark.parametrize("path", ["/people/%00/", "/clinic/audit/?code=%00", "/learn/?%00=1", "/no%00where"])
def test_an_address_with_a_nul_is_refused(house: House, path: str) -> None:
    refused = signed_in(house.auditor).get(path)
    assert refused.status_code == 400
    assert "NUL" in refused.content.decode()


def test_so_is_a_cookie_and_the_api_says_it_in_json(house: House) -> None:
    client = Client(headers={"cookie": 'session="\\000aaaaaaaaaaaa"'})
    with connection.execute_wrapper(refuse_nul):
        assert client.get("/").status_code == 400
    told = Client().get("/api/people?x=%00")
    assert (told.status_code, told.headers["Content-Type"]) == (400, "application/json")
