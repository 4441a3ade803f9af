"""The diary over HTTP: sent once or ten times it is there once; nobody else's; strangers get nothing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from django.test import Client

from openpbm.care.people.models import Person

BODY = {
    "id": str(uuid.UUID(int=5)),
    "date": "2026-11-20",
    "entered_at": "2026-11-20T20:00:00Z",
    "answers": {"severity": 6},
    "notes": "",
}


def post(client: Client, person: Person, body: Any = BODY) -> Any:
    return client.post(f"/api/people/{person.pk}/diary", body, content_type="application/json")


def test_sent_again_it_is_the_same_record(house: House) -> None:
    client = signed_in(account_of(house.alice))
    first, again = post(client, house.alice), post(client, house.alice)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json()["content"] == again.json()["content"]
    assert house.alice.diary.count() == 1


def test_the_same_id_with_another_body_is_a_conflict(house: House) -> None:
    client = signed_in(account_of(house.alice))
    post(client, house.alice)
    other = post(client, house.alice, BODY | {"answers": {"severity": 2}})
    assert other.status_code == 409
    assert house.alice.diary.get().answers == {"severity": 6}


def test_a_helper_and_the_clinic_write_for_the_person(house: House) -> None:
    for number, user in enumerate((house.helper, house.clinician)):
        body = BODY | {"id": str(uuid.UUID(int=100 + number))}
        assert post(signed_in(user), house.alice, body).status_code == 201


@pytest.mark.parametrize("who", ["bob", "other_clinician", "auditor", "admin"])
def test_nobody_else_writes_or_reads(house: House, who: str) -> None:
    reader = getattr(house, who)
    client = signed_in(getattr(reader, "user", reader))
    assert post(client, house.alice).status_code == 403
    assert client.get(f"/api/people/{house.alice.pk}/diary").status_code == 403
    assert house.alice.diary.count() == 0


def test_a_record_that_does_not_exist_looks_like_one_that_is_not_yours(house: House) -> None:
    client = signed_in(account_of(house.bob))
    real = client.get(f"/api/people/{house.alice.pk}/diary")
    unreal = client.get(f"/api/people/{uuid.UUID(int=1)}/diary")
    assert (real.status_code, real.content) == (unreal.status_code, unreal.content)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["me", "people", "nothing/like/this", "", f"people/{uuid.UUID(int=1)}/diary"])
def test_a_stranger_gets_nothing(path: str) -> None:
    assert Client().get(f"/api/{path}").status_code in (401, 403)


def test_a_problem_names_the_key_as_its_sender_knows_it(house: House) -> None:
    answer = signed_in(account_of(house.alice)).post(
        f"/api/people/{house.alice.pk}/diary", {"id": "x", "sleep": 3}, content_type="application/json"
    )
    keys = {problem["key"] for problem in answer.json()["problems"]}
    assert {"id", "date", "sleep"} <= keys
    assert not any("body" in key for key in keys)


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b"null",
        b'{"id": 1e999}',
        b'{"a": NaN}',
        b'{"notes": "\\ud800"}',
        b'{"notes": "\\u0000"}',
        b"\xff\xfe",
        b'{"answers": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"answers": {"severity": 1' + b"0" * 400 + b"}}",
        b'{"notes": "' + b"x" * 3_000_000 + b'"}',
    ],
    ids=lambda raw: raw[:20].decode("ascii", "replace"),
)
def test_what_cannot_be_kept_is_refused(house: House, raw: bytes) -> None:
    answer = signed_in(account_of(house.alice)).post(
        f"/api/people/{house.alice.pk}/diary", raw, content_type="application/json"
    )
    assert answer.status_code in (400, 422)
    assert all(problem["message"] for problem in answer.json()["problems"]), "the reason is told"


@pytest.mark.parametrize("depth", [100, 400, 900])
def test_a_body_may_be_as_deep_as_it_likes(house: House, depth: int) -> None:
    """Whatever walks through it must not fall: it is refused for what it is."""
    deep: list[Any] = [[]]
    for _ in range(depth):
        deep = [deep]
    client = signed_in(account_of(house.alice))
    assert post(client, house.alice, BODY | {"answers": {"areas": deep}}).status_code == 400
    intake = {"id": BODY["id"], "document": {"person": {"findings": deep}, "condition": {"programme": "rls"}}}
    path = f"/api/people/{house.alice.pk}/intakes"
    assert client.post(path, intake, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    "changes", [{"answers": {"severity": 11}}, {"answers": {"nonsense": 1}}, {"date": "2199-01-01"}, {"extra": 1}]
)
def test_an_answer_out_of_range_is_refused(house: House, changes: dict[str, Any]) -> None:
    answer = post(signed_in(account_of(house.alice)), house.alice, BODY | changes)
    assert answer.status_code in (400, 422)
    assert house.alice.diary.count() == 0
