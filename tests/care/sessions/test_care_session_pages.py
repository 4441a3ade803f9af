"""The pages of a session, as a patient, a helper and a clinician walk through them, without any script."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from care.conftest import PASSWORD, House, account_of, signed_in
from care.sessions.session_factories import LEFT, agree, release, write
from django.test import Client
from django.urls import reverse
from present import present

from openpbm.care.audit.ledger import append
from openpbm.care.people.models import Intake, Person
from openpbm.care.plans.actions import hold
from openpbm.care.sessions.models import SessionRecord, SessionStart, SkinCheck
from openpbm.care.sessions.skin import skin_advice


@pytest.fixture
def plan(house: House) -> Any:
    agree(house.alice)
    return release(house.alice, house.clinician)


def url(name: str, person: Person, **more: Any) -> str:
    return reverse(f"sessions:{name}", kwargs={"person_id": person.pk, **more})


def hidden_id(response: Any) -> Any:
    return present(re.search(r'name="id" value="([0-9a-f-]{36})"', response.content.decode())).group(1)


def begin(client: Client, person: Person) -> Any:
    page = client.get(url("guide", person))
    return client.post(url("guide", person), {"id": hidden_id(page), "ready": "on", "begin": "1"})


def finish(client: Client, person: Person, start: Any, **changes: Any) -> Any:
    data = {
        "minutes_0": "15", "minutes_1": "15", "pauses_0": "[[60, 20]]", "pauses_1": "", "distance_cm": "15",
        "reason": "", "skin_reaction": "none", "confirmed": "on",
    }  # fmt: skip
    return client.post(url("run", person, start_id=start.pk), data | changes)


def test_a_patient_prepares_begins_and_writes_down(house: House, plan: Any) -> None:
    client = signed_in(account_of(house.alice))
    page = client.get(url("guide", house.alice)).content.decode()
    for words in (
        "Set the distance: 15 cm",
        "eye",
        "posterior_calf_left.svg",
        "Begin the session",
        "No children or pets",
    ):
        assert words in page
    answer = begin(client, house.alice)
    start = SessionStart.objects.get()
    assert answer.url == url("run", house.alice, start_id=start.pk)
    assert client.get(url("guide", house.alice))["Location"] == answer.url
    running = client.get(answer.url).content.decode()
    assert 'data-minutes="15.00"' in running
    assert "kitchen timer" in running
    assert finish(client, house.alice, start).url == answer.url
    rows = SessionRecord.objects.order_by("side")
    assert [(row.side, row.minutes, row.status, row.distance_mm) for row in rows] == [
        ("left", 15.0, "done", 150.0),
        ("right", 15.0, "done", 150.0),
    ]
    assert rows[0].pauses == [[60.0, 20.0]]
    assert "Come back tomorrow" in client.get(answer.url).content.decode()
    assert "Today’s session is written down" in client.get(url("guide", house.alice)).content.decode()


def test_a_button_pressed_twice_begins_one_session(house: House, plan: Any) -> None:
    client = signed_in(account_of(house.alice))
    data = {"id": str(uuid.uuid4()), "ready": "on", "begin": "1"}
    first = client.post(url("guide", house.alice), data)
    again = client.post(url("guide", house.alice), data)
    assert first["Location"] == again["Location"]
    assert SessionStart.objects.count() == 1


def test_a_second_device_that_ends_the_session_otherwise_changes_nothing(house: House, plan: Any) -> None:
    client = signed_in(account_of(house.alice))
    begin(client, house.alice)
    start = SessionStart.objects.get()
    finish(client, house.alice, start)
    finish(client, house.alice, start, minutes_0="3", minutes_1="3", reason="other phone")
    assert list(SessionRecord.objects.values_list("minutes", flat=True)) == [15.0, 15.0]


def test_a_shorter_session_needs_its_reason_and_can_be_gone_on_with(house: House, plan: Any) -> None:
    client = signed_in(account_of(house.alice))
    begin(client, house.alice)
    start = SessionStart.objects.get()
    short = {"minutes_0": "15", "minutes_1": "6"}
    assert "Say in a word why" in finish(client, house.alice, start, **short).content.decode()
    assert not SessionRecord.objects.exists()
    finish(client, house.alice, start, **short, reason="the phone rang")
    page = client.get(url("run", house.alice, start_id=start.pk)).content.decode()
    assert "Go on with the rest today" in page
    resumed = url("guide", house.alice) + f"?resumes={start.pk}"
    guide = client.get(resumed)
    assert "Back of the calf, right: 9 minutes" in guide.content.decode()
    client.post(resumed, {"id": hidden_id(guide), "ready": "on", "begin": "1", "resumes": str(start.pk)})
    again = SessionStart.objects.get(resumes=start)
    assert (again.minutes, again.places()) == (9.0, [("posterior_calf", "right")])


def test_what_was_cut_short_is_not_gone_on_with_under_a_hold(house: House, plan: Any) -> None:
    client = signed_in(account_of(house.alice))
    begin(client, house.alice)
    start = SessionStart.objects.get()
    finish(client, house.alice, start, minutes_0="15", minutes_1="6", reason="the phone rang")
    hold(person=house.alice, cause="finding", message="Wait.", by=house.clinician)
    page = client.get(url("run", house.alice, start_id=start.pk)).content.decode()
    assert "Session saved" in page
    assert "Go on with the rest today" not in page


def test_a_refusal_is_shown_as_reasons_with_the_way_out(house: House, plan: Any) -> None:
    hold(person=house.alice, cause="red_flag", message="new weakness in the leg", by=house.clinician)
    client = signed_in(account_of(house.alice))
    answer = client.get(url("guide", house.alice))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "new weakness in the leg" in page
    assert "openpbm_assumption" in page
    assert "Begin the session" not in page
    assert begin_anyway(client, house.alice).status_code == 200
    assert not SessionStart.objects.exists()


def begin_anyway(client: Client, person: Person) -> Any:
    return client.post(url("guide", person), {"id": str(uuid.uuid4()), "ready": "on", "begin": "1"})


def test_a_clinician_overrides_with_reason_and_password_only(house: House, plan: Any) -> None:
    append(Intake(person=house.alice, document={}), by=house.clinician, action="intake", person_id=house.alice.pk)
    client = signed_in(house.clinician)
    page = client.get(url("guide", house.alice))
    assert "Sign and begin" in page.content.decode()
    assert "No children or pets" in page.content.decode()
    data = {"id": hidden_id(page), "reason": "answers checked on the phone", "override": "1"}
    client.post(url("guide", house.alice), data | {"password": PASSWORD})
    assert not SessionStart.objects.exists()  # the list is never left out
    data["ready"] = "on"
    wrong = client.post(url("guide", house.alice), data | {"password": "guess"})
    assert "not your password" in wrong.content.decode()
    assert not SessionStart.objects.exists()
    client.post(url("guide", house.alice), data | {"password": PASSWORD})
    assert SessionStart.objects.get().signed_name == "Clara"
    assert "Sign and begin" not in signed_in(account_of(house.alice)).get(url("guide", house.alice)).content.decode()


def test_a_session_is_written_down_afterwards_and_corrected(house: House, plan: Any) -> None:
    client = signed_in(house.helper)
    page = client.get(url("record", house.alice))
    data = {
        "id": hidden_id(page), "date": house.alice.today().isoformat(), "time": "08:00", "status": "missed",
        "places": ["posterior_calf|left", "posterior_calf|right"], "minutes": "", "distance_cm": "15", "reason": "",
    }  # fmt: skip
    assert "Say in a word why" in client.post(url("record", house.alice), data).content.decode()
    data["reason"] = "away from home"
    assert client.post(url("record", house.alice), data).status_code == 302
    assert client.post(url("record", house.alice), data).status_code == 302  # sent again
    assert list(SessionRecord.objects.values_list("status", flat=True)) == ["missed", "missed"]
    old = SessionRecord.objects.get(side="left")
    page = client.get(url("correct", house.alice, record_id=old.pk))
    change = {
        "id": hidden_id(page), "date": data["date"], "time": "08:00", "status": "done",
        "places": ["posterior_calf|left"], "minutes": "15", "distance_cm": "15", "reason": "",
    }  # fmt: skip
    client.post(url("correct", house.alice, record_id=old.pk), change)
    newest = SessionRecord.objects.get(supersedes=old)
    assert (newest.status, newest.minutes) == ("done", 15.0)
    assert client.get(url("correct", house.alice, record_id=old.pk)).status_code == 404


def test_a_day_to_come_cannot_be_written_down(house: House, plan: Any) -> None:
    tomorrow = house.alice.today() + dt.timedelta(days=1)
    data = {
        "id": str(uuid.uuid4()), "date": tomorrow.isoformat(), "status": "done", "places": ["posterior_calf|left"],
        "minutes": "15",
    }  # fmt: skip
    page = signed_in(account_of(house.alice)).post(url("record", house.alice), data)
    assert "still to come" in page.content.decode()
    assert not SessionRecord.objects.exists()


def test_the_skin_is_asked_about_and_a_blister_holds_the_course(house: House, plan: Any) -> None:
    write(plan, house.alice.today(), looked=False, skin_reaction="")
    client = signed_in(account_of(house.alice))
    page = client.get(url("skin", house.alice))
    assert "right after" in page.content.decode()
    client.post(url("skin", house.alice), {"id": hidden_id(page), "reaction": "blister", "note": "size of a coin"})
    assert SkinCheck.objects.filter(moment="after", reaction="blister").count() == 2
    page = client.get(url("skin", house.alice))
    assert "Your course is on hold" in page.content.decode()
    assert house.alice.holds.filter(cause="skin_reaction").exists()
    assert b"coin" not in bytes(present(SkinCheck.objects.first()).sealed_note)


def test_after_the_look_of_the_day_after_nobody_is_sent_to_look_again() -> None:
    """The page told whoever had answered on the day after to look again tomorrow."""
    assert present(skin_advice("none")).text == "That is as expected. Look again tomorrow."
    assert present(skin_advice("none", moment="24h")).text == "That is as expected."


@pytest.mark.parametrize("name", ["guide", "list", "record", "skin", "my_lamp"])
def test_every_page_says_so_where_there_is_no_plan(house: House, name: str) -> None:
    answer = signed_in(account_of(house.bob)).get(url(name, house.bob))
    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["guide", "list", "record", "skin", "my_lamp"])
def test_pages_are_for_the_person_their_helper_and_their_clinician(house: House, plan: Any, name: str) -> None:
    address = url(name, house.alice)
    for user in (house.alice.user, house.helper, house.clinician):
        assert signed_in(user).get(address).status_code == 200
    for user in (house.bob.user, house.carol.user, house.other_clinician, house.auditor, house.admin):
        assert signed_in(user).get(address).status_code == 403
        nobody = reverse(f"sessions:{name}", kwargs={"person_id": uuid.uuid4()})
        assert signed_in(user).get(nobody).status_code == 403


def test_another_persons_session_is_not_found_under_ones_own_address(house: House, plan: Any) -> None:
    begin(signed_in(account_of(house.alice)), house.alice)
    start = SessionStart.objects.get()
    row = write(plan, house.alice.today(), places=(LEFT,))[0]
    client = signed_in(account_of(house.bob))
    agree(house.bob)
    release(house.bob, house.other_clinician)
    assert client.get(url("run", house.bob, start_id=start.pk)).status_code == 404
    assert client.get(url("correct", house.bob, record_id=row.pk)).status_code == 404
