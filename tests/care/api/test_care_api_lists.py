"""A list longer than one answer says where the rest is, and nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from care.conftest import House, account_of, make_person, signed_in
from django.test import Client

from openpbm.care.api import responses
from openpbm.care.people.actions import record_change
from openpbm.care.people.models import Person


def walk(client: Client, path: str) -> list[list[dict[str, Any]]]:
    """Every part of a list, by the links."""
    parts = []
    while path:
        answer = client.get(path)
        assert answer.status_code == 200
        parts.append(answer.json())
        link = answer.headers.get("Link", "")
        assert not link or link.endswith('>; rel="next"')
        path = link[1 : link.index(">")] if link else ""
    return parts


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "MOST_ROWS", 2)


def test_the_records_of_a_person_are_all_reached(house: House, few: None) -> None:
    names = [f"stretch {number}" for number in range(5)]
    for name in names:
        record_change(
            person=house.alice, date=dt.date(2026, 5, 4), kind="stretching", name=name, action="start", dose="",
            by=account_of(house.alice),
        )  # fmt: skip
    parts = walk(signed_in(account_of(house.alice)), f"/api/people/{house.alice.pk}/changes")
    assert [len(part) for part in parts] == [2, 2, 1]
    assert [row["content"]["name"] for part in parts for row in part] == names[::-1]


def test_a_full_answer_without_more_has_no_link(house: House, few: None) -> None:
    make_person("xenia", house.clinic)
    parts = walk(signed_in(house.clinician), "/api/people")
    assert [len(part) for part in parts] == [2]


def test_the_people_of_a_clinic_are_all_reached(house: House, few: None) -> None:
    for name in ("xenia", "yara", "zoe"):
        make_person(name, house.clinic)
    parts = walk(signed_in(house.clinician), "/api/people")
    found = {row["code"] for part in parts for row in part}
    assert found == set(Person.objects.filter(clinic=house.clinic).values_list("code", flat=True))


@pytest.mark.parametrize("offset", ["-1", "x", "99999999999999999999"])
def test_a_part_that_cannot_be_asked_for_is_refused(house: House, offset: str) -> None:
    assert signed_in(house.clinician).get(f"/api/people?offset={offset}").status_code == 422


def test_the_description_says_how_to_go_on(client: Client) -> None:
    paths = json.loads(client.get("/api/openapi.json").content)["paths"]
    lists = {
        path: rows["get"]
        for path, rows in paths.items()
        if rows.get("get", {}).get("operationId", "").startswith("list_")
    }
    assert len(lists) == 13
    for path, operation in lists.items():
        said = {one["name"]: one.get("description", "") for one in operation["parameters"]}
        assert 'rel="next"' in said["offset"], path
