"""Every route x everybody: who gets through, that nobody else's answer holds a word of the record, and no NUL gets in.

The routes come from the URL table, what is expected from matrix.toml; a route without a row there fails.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from care.access.cross_patient_fixtures import Belongings, give_everything, mark_of
from care.access.every_route import fill, route_names
from care.access.page_forms import Forms
from care.access.test_care_nul import NUL, refuse_nul
from care.conftest import House, account_of, after_midday, build_house, signed_in
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

# The answers are asked once for the file; the mark is what makes pytest set a database up for it.
pytestmark = pytest.mark.django_db

ROLES = (
    "anonymous",
    "patient_a",
    "patient_b",
    "helper_a",
    "clinician_a",
    "clinician_b",
    "auditor",
    "admin",
)
_TABLE = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text(encoding="utf-8"))
_SHORT = dict(zip("opbhcdua", ROLES, strict=True))
#: The status, and the body with the headers.
Answer = tuple[int, str]


class Answers:
    """What everybody is answered on every route, each asked once for the whole file, when a test first wants it."""

    def __init__(self, house: House, alice: Belongings, bob: Belongings) -> None:
        self.alice, self.bob = alice, bob
        self.marks = {"a": mark_of(house.alice), "b": mark_of(house.bob)}
        self.clients = {
            "anonymous": Client(),
            "patient_a": signed_in(account_of(house.alice)),
            "patient_b": signed_in(account_of(house.bob)),
            "helper_a": signed_in(house.helper),
            "clinician_a": signed_in(house.clinician),
            "clinician_b": signed_in(house.other_clinician),
            "auditor": signed_in(house.auditor),
            "admin": signed_in(house.admin),
        }
        self._found: dict[tuple[str, str, str], list[Answer]] = {}
        for client in self.clients.values():
            client.raise_request_exception = False

    def found(self, route: str, role: str, method: str) -> list[Answer]:
        """The answers on what is alice's, one for each shape of the route's address."""
        key = route, role, method
        if key not in self._found:
            self._found[key] = [self.ask(role, method, path) for path in fill(route, self.alice.parameters)]
        return self._found[key]

    def ask(self, role: str, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """Ask, and undo whatever it did, signing out included; a post without a form is empty."""
        # Cookies are replaced and never changed in place.
        cookies = SimpleCookie()
        cookies.update(self.clients[role].cookies)
        with transaction.atomic():
            if method == "get":
                answer = self.clients[role].get(path)
            elif form is not None:
                answer = self.clients[role].post(path, form)
            else:
                kind = "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"
                answer = self.clients[role].post(path, b"{}" if "json" in kind else b"", content_type=kind)
            body = answer.getvalue() if answer.streaming else answer.content
            transaction.set_rollback(True)
        self.clients[role].cookies = cookies
        return answer.status_code, body.decode("utf-8", errors="replace") + str(answer.headers)

    def crossed(self) -> Iterator[tuple[str, str, str, int, str]]:
        """bob asks for something of alice's under his own id, and his clinician under the id of her patient."""
        theirs = self.bob.parameters
        mine = theirs | {key: value for key, value in self.alice.parameters.items() if key not in ("person_id", "week")}
        for route in route_names():
            # Where the address names nothing of hers it is his own page, which she cannot be found on.
            for path in sorted(set(fill(route, mine)) - set(fill(route, theirs))):
                for role in ("patient_b", "clinician_b"):
                    yield route, role, path, *self.ask(role, "get", path)


@pytest.fixture
def _django_db_helper() -> None:
    """No transaction for each test: all of them stand in the one of the file, and each answer is undone."""


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as clock:
        # The rows are written at the time at which the tests ask for them.
        clock.setattr(timezone, "now", after_midday)
        # However long it takes, nobody was last seen half a minute ago: every request would note that, and be undone.
        began = time.time()
        clock.setattr(time, "time", lambda: began)
        house = build_house()
        alice = give_everything(house.alice, house.clinician)
        bob = give_everything(house.bob, house.other_clinician)
        connection.check_constraints()
        yield Answers(house, alice, bob)
        transaction.set_rollback(True)


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(_TABLE) == set(route_names())


@pytest.mark.parametrize("route", sorted(_TABLE))
def test_who_gets_through(route: str, answers: Answers) -> None:
    row = _TABLE[route]
    through = {_SHORT[letter] for letter in row["through"]}
    for role in ROLES:
        for method in ("get", "post"):
            for status, _ in answers.found(route, role, method):
                told = f"{route} {method} as {role}: {status}"
                if role in through:
                    assert status in row[method], told
                else:
                    assert status in _refusals(route, role), told
                assert status < 500 or route == "healthz", told


def _refusals(route: str, role: str) -> tuple[int, ...]:
    """How somebody without business here is turned away; 405 where nobody may send that at all."""
    if role != "anonymous":
        return (403, 405)
    return (401,) if route.startswith("api:") else (302, 405)


@pytest.mark.parametrize("route", sorted(_TABLE))
def test_no_word_of_a_record_reaches_anybody_else(route: str, answers: Answers) -> None:
    not_a, not_b = (
        ("anonymous", "patient_b", "clinician_b", "admin", "auditor"),
        ("patient_a", "helper_a", "clinician_a"),
    )
    for method in ("get", "post"):
        for roles, mark in ((not_a, answers.marks["a"]), (not_b, answers.marks["b"])):
            for role in roles:
                if role == "admin" and route.startswith("devices:"):
                    continue  # the administrator sees to the clinic's lamps, whose names carry the mark here
                for _, body in answers.found(route, role, method):
                    assert mark.lower() not in body.lower(), f"{route} {method} as {role}"


def test_nothing_of_hers_opens_under_his_id(answers: Answers) -> None:
    crossed = list(answers.crossed())
    assert crossed
    leaks = [
        f"{route} as {role}: {status} {path}"
        for route, role, path, status, body in crossed
        if answers.marks["a"].lower() in body.lower() or (status >= 500 and route != "healthz")
    ]
    assert leaks == []


def each_form(answers: Answers) -> Iterator[tuple[str, str, dict[str, str], set[str]]]:
    """Each form of each page that somebody around alice was shown: who, where it goes, its values, what is typed."""
    for route in route_names():
        for role in ("patient_a", "clinician_a", "auditor", "admin"):
            paths = fill(route, answers.alice.parameters)
            for path, (status, page) in zip(paths, answers.found(route, role, "get"), strict=True):
                if status == 200:
                    for form in Forms(page, path).found:
                        yield role, *form


def test_no_field_of_any_form_carries_a_nul_to_the_database(answers: Answers) -> None:
    tried, wrong = set(), []
    for role, action, values, typed in each_form(answers):
        for name in sorted(typed - {"csrfmiddlewaretoken"}):
            if (action, name) in tried:
                continue
            tried.add((action, name))
            with connection.execute_wrapper(refuse_nul):
                status, said = answers.ask(role, "post", action, values | {name: NUL})
            if status >= 500:
                wrong.append((role, action, name, said[:200]))
    assert wrong == []
    assert len(tried) > 150, "the forms were not found"
