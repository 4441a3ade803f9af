"""Every route x everybody: who gets through, and that nobody else's answer holds a word of the record.

The routes come from the URL table, what is expected from matrix.toml; a route without a row there fails.
"""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from care.access.cross_patient_fixtures import Belongings, give_everything, mark_of
from care.access.every_route import fill, route_names
from care.conftest import House, account_of, build_house, signed_in
from django.db import transaction
from django.test import Client

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


class Answers:
    """What everybody was answered on every route, asked once for the whole file."""

    def __init__(self, house: House, alice: Belongings, bob: Belongings) -> None:
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
        self.found: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
        for client in self.clients.values():
            client.raise_request_exception = False
        for route in route_names():
            for role in ROLES:
                for method in ("get", "post"):
                    paths = fill(route, alice.parameters)
                    self.found[route, role, method] = [self.ask(role, method, path) for path in paths]
        self.crossed = list(self._cross(alice, bob))

    def ask(self, role: str, method: str, path: str) -> tuple[int, str]:
        """Ask, and undo whatever it did, signing out included."""
        cookies = copy.deepcopy(self.clients[role].cookies)
        with transaction.atomic():
            if method == "post":
                kind = "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"
                answer = self.clients[role].post(path, b"{}" if "json" in kind else b"", content_type=kind)
            else:
                answer = self.clients[role].get(path)
            body = answer.getvalue() if answer.streaming else answer.content
            transaction.set_rollback(True)
        self.clients[role].cookies = cookies
        return answer.status_code, body.decode("utf-8", errors="replace") + str(answer.headers)

    def _cross(self, alice: Belongings, bob: Belongings) -> Any:
        """bob asks for something of alice's under his own id, and his clinician under the id of her patient."""
        for route in route_names():
            mine = bob.parameters | {
                key: value for key, value in alice.parameters.items() if key not in ("person_id", "week")
            }
            # Where the address names nothing of hers it is his own page, which was asked for above.
            for path in sorted(set(fill(route, mine)) - set(fill(route, bob.parameters))):
                for role in ("patient_b", "clinician_b"):
                    yield route, role, path, *self.ask(role, "get", path)


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock(), transaction.atomic():
        house = build_house()
        alice = give_everything(house.alice, house.clinician)
        bob = give_everything(house.bob, house.other_clinician)
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
            for status, _ in answers.found[route, role, method]:
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
                for _, body in answers.found[route, role, method]:
                    assert mark.lower() not in body.lower(), f"{route} {method} as {role}"


def test_nothing_of_hers_opens_under_his_id(answers: Answers) -> None:
    assert answers.crossed
    leaks = [
        f"{route} as {role}: {status} {path}"
        for route, role, path, status, body in answers.crossed
        if answers.marks["a"].lower() in body.lower() or (status >= 500 and route != "healthz")
    ]
    assert leaks == []
