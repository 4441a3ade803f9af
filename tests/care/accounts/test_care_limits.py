"""What one account may ask for: so many pages, so much long work, so large a form; the others are served meanwhile."""

from __future__ import annotations

import json
import time

import pytest
from care.conftest import House, account_of, build_house, make_person, signed_in
from django.test import Client

from openpbm.care.accounts.limits import MOST_JOBS_AN_HOUR, MOST_OPEN_JOBS, TooMany
from openpbm.care.accounts.middleware import Allowance
from openpbm.care.jobs.actions import enqueue
from openpbm.care.jobs.models import Job
from openpbm.care.jobs.registry import handler
from openpbm.errors import BadInput

pytestmark = pytest.mark.django_db

handler("long")(lambda job, progress: {})


def ordered(house: House, **changes: object) -> Job:
    usual: dict[str, object] = {"kind": "long", "payload": {"minutes": 20}, "person_id": house.alice.pk}
    return enqueue(**(usual | {"by": account_of(house.alice)} | changes))  # type: ignore[arg-type]


def test_so_many_at_once_then_so_many_a_second_and_each_account_by_itself() -> None:
    limits = Allowance()
    assert [limits._wait(1, 0.0, 3, 0.5) for _ in range(4)] == [0, 0, 0, 2.0]
    assert limits._wait(2, 0.0, 3, 0.5) == 0, "another account"
    assert limits._wait(1, 1.0, 3, 0.5) == 1.0, "asking again makes nobody wait longer"
    assert limits._wait(1, 2.0, 3, 0.5) == 0
    assert [limits._wait(1, 1000.0, 3, 0.5) for _ in range(4)] == [0, 0, 0, 2.0], "nothing is saved up beyond that"


def test_no_more_accounts_are_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Allowance()
    monkeypatch.setattr(limits, "_MOST_KEPT", 2)
    for account in (1, 2, 3):
        limits._wait(account, 0.0, 1, 1)
    assert list(limits._left) == [2, 3]


def test_beyond_the_limit_pages_and_api_say_when_to_come_back(settings: object) -> None:
    settings.REQUESTS_OF_ONE_ACCOUNT = (1.0, 0.1)  # type: ignore[attr-defined]
    house = build_house()
    client = signed_in(house.alice.user)
    assert client.get("/learn/").status_code == 200
    page, answer = client.get("/learn/"), client.get("/api/me")
    assert (page.status_code, answer.status_code) == (429, 429)
    assert 0 < int(page["Retry-After"]) <= 10
    assert "Wait" in page.content.decode()
    assert "Wait" in answer.json()["detail"][0]
    assert signed_in(house.bob.user).get("/learn/").status_code == 200, "the others are served"
    assert Client().get("/account/login/").status_code == 200, "who has not signed in is counted at the sign-in"


def test_one_open_job_of_a_kind_for_a_person(house: House) -> None:
    first = ordered(house)
    assert ordered(house) == first, "ordered twice it is made once"
    with pytest.raises(BadInput, match="under way"):
        ordered(house, payload={"minutes": 30})
    with pytest.raises(BadInput, match="under way"):
        ordered(house, by=house.clinician)
    Job.objects.filter(pk=first.pk).update(state=Job.State.RUNNING)
    assert ordered(house) == first
    Job.objects.filter(pk=first.pk).update(state=Job.State.DONE)
    assert ordered(house, payload={"minutes": 30}) != first
    assert ordered(house, about="week 4") != ordered(house, about="week 6")


def test_forty_orders_are_one_job(house: House) -> None:
    for minutes in range(40):
        try:
            ordered(house, payload={"minutes": minutes})
        except BadInput:
            assert minutes > 0
    assert Job.objects.filter(kind="long").count() == 1


def test_an_account_has_so_much_open_and_orders_so_much_an_hour(house: House) -> None:
    people = [make_person(f"patient{number}", house.clinic) for number in range(MOST_OPEN_JOBS)]
    for person in people:
        ordered(house, by=house.clinician, person_id=person.pk)
    with pytest.raises(TooMany, match="not done yet"):
        ordered(house, by=house.clinician)
    ordered(house, by=account_of(house.alice))
    # The system orders judgements for everybody, and nobody waits for its share.
    enqueue(kind="long", payload={}, by=None, person_id=house.alice.pk, about="week 2")
    for number in range(MOST_JOBS_AN_HOUR - 1):
        Job.objects.update(state=Job.State.DONE)
        ordered(house, payload={"minutes": number})
    Job.objects.update(state=Job.State.DONE)
    with pytest.raises(TooMany, match="in an hour"):
        ordered(house)


def test_what_the_system_ordered_about_somebody_they_may_follow(house: House) -> None:
    job = enqueue(kind="long", payload={"minutes": 20}, by=None, person_id=house.alice.pk)
    assert ordered(house) == job
    address = f"/jobs/{job.pk}/"
    assert signed_in(house.alice.user).get(address).status_code == 200
    for other in (house.bob.user, house.helper):
        assert signed_in(other).get(address).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({f"{number}": 1 for number in range(150_000)}, separators=(",", ":")),
        json.dumps({"answers": {f"key{number}": 1 for number in range(3000)}}),
        json.dumps({"pauses": [[1, 1]] * 1500}),
        json.dumps([[[]] * 700] * 4),
    ],
)
def test_a_body_of_very_many_keys_is_refused_before_they_are_looked_at(house: House, body: str) -> None:
    """150,000 unknown keys cost eight seconds: each was made a problem with words of its own."""
    client = signed_in(house.alice.user)
    began = time.process_time()
    answer = client.post(f"/api/people/{house.alice.pk}/diary", body, content_type="application/json")
    assert answer.status_code == 400
    assert "keys and values" in answer.json()["problems"][0]["message"]
    assert time.process_time() - began < 2


def test_a_form_of_very_many_fields_is_refused(house: House) -> None:
    client = signed_in(house.alice.user)
    fields = {f"key{number}": "" for number in range(3000)}
    assert client.post(f"/people/{house.alice.pk}/diary/", fields).status_code == 400
    many = "&".join(fields)
    assert client.get(f"/learn/?{many}").status_code == 400
