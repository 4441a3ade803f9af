"""A NUL in any field of any form, in an address or a cookie is answered, and never reaches the database.

SQLite keeps such text, PostgreSQL fails on it: here a statement that carries one fails on both.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from care.access.cross_patient_fixtures import give_everything
from care.access.every_route import fill, route_names
from care.conftest import House, account_of, signed_in
from care.plans.planned_people import answer
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

NUL = "plain\0text"
_MATRIX = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text(encoding="utf-8"))
_TYPED = {"text", "search", "hidden", "email", "tel", "password", "number", "date", "time", "url", ""}


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: where to, and the fields with what stands in them."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], set[str]]] = []
        self.path, self.open, self.select = path, False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = said.get("method", "").lower() == "post"
            if self.open:
                self.found.append((said.get("action") or self.path, {}, set()))
        elif self.open and said.get("name") and tag in ("input", "textarea"):
            self._field(said["name"], "" if tag == "textarea" else said.get("type", ""), said)
        elif self.open and tag == "select":
            self.select = said.get("name", "")
        elif self.open and tag == "option" and self.select and said.get("value"):
            self.found[-1][1].setdefault(self.select, said["value"])

    def _field(self, name: str, kind: str, said: dict[str, str]) -> None:
        _, values, typed = self.found[-1]
        if kind in ("radio", "checkbox"):
            values.setdefault(name, said.get("value", "on"))
        elif kind in _TYPED:
            values.setdefault(name, said.get("value", "") or "1")
            typed.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = False
        elif tag == "select":
            self.select = ""


def refuse_nul(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    for row in params if many else [params]:
        values = row.values() if isinstance(row, dict) else row or ()
        if any(isinstance(value, str) and "\0" in value for value in values):
            raise AssertionError(f"a NUL reached the database: {sql[:80]}")
    return execute(sql, params, many, context)


def each_form(clients: dict[str, Client], known: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str], set[str]]]:
    letters = {"p": "patient", "c": "clinician", "u": "auditor", "a": "admin"}
    for route in route_names():
        for letter in set(_MATRIX[route]["through"]) & letters.keys():
            for path in fill(route, known):
                page = clients[letters[letter]].get(path)
                if page.status_code == 200 and "html" in page.headers["Content-Type"]:
                    for found in Forms(page.content.decode(), path).found:
                        yield letters[letter], *found


def test_no_field_of_any_form_carries_a_nul_to_the_database(house: House) -> None:
    parameters = give_everything(house.alice, house.clinician).parameters
    clients = {
        "patient": signed_in(account_of(house.alice)),
        "clinician": signed_in(house.clinician),
        "auditor": signed_in(house.auditor),
        "admin": signed_in(house.admin),
    }
    tried, wrong = set(), []
    for role, action, values, typed in list(each_form(clients, parameters)):
        for name in sorted(typed - {"csrfmiddlewaretoken"}):
            if (action, name) in tried:
                continue
            tried.add((action, name))
            with transaction.atomic(), connection.execute_wrapper(refuse_nul):
                place = transaction.savepoint()
                try:
                    status: int | str = clients[role].post(action, values | {name: NUL}).status_code
                except AssertionError as error:
                    status = str(error)
                transaction.savepoint_rollback(place)
            if not isinstance(status, int) or status >= 500:
                wrong.append((role, action, name, status))
    assert wrong == []
    assert len(tried) > 150, "the forms were not found"


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
