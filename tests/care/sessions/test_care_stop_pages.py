"""What stops a session names the page that settles it, for each reader the one that is theirs to open."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import agree, release, write
from django.template.loader import render_to_string
from django.urls import reverse
from present import present

from openpbm.care.people.models import Consent, HelperGrant, Person
from openpbm.care.plans.actions import hold
from openpbm.care.sessions.models import SessionRecord, SessionStart

WATCHES = "Nobody watches these pages live."


def url(name: str, person: Person, **more: Any) -> str:
    return reverse(name, kwargs={"person_id": person.pk} | more)


def guide(user: Any, person: Person) -> str:
    return signed_in(user).get(url("sessions:guide", person)).content.decode()


@pytest.fixture
def carol(house: House) -> Person:
    """On her own, with a plan and everything agreed to; helen helps her too."""
    for purpose in (Consent.Purpose.LIGHT, Consent.Purpose.CAPABLE):
        agree(house.carol, purpose)
    HelperGrant.objects.create(person=house.carol, user=house.helper)
    release(house.carol, house.carol.user)
    return house.carol


def test_a_clinician_opens_the_record_and_their_patient_calls(house: House) -> None:
    agree(house.alice)
    release(house.alice, house.clinician)
    hold(person=house.alice, cause="question", message="wait", by=house.clinician)
    page = guide(house.clinician, house.alice)
    assert f'href="{url("home:record", house.alice)}">Open the record<' in page
    assert "Please call your clinic" not in page
    assert WATCHES not in page
    page = guide(house.alice.user, house.alice)
    assert "Please call your clinic" in page
    assert "Open the record" not in page
    assert WATCHES in page


def test_alone_a_hold_leads_to_where_it_is_settled(house: House, carol: Person) -> None:
    one = hold(person=carol, cause="question", message="wait for the doctor", by=carol.user)
    other = hold(person=carol, cause="skin_reaction", message="sore skin", by=carol.user)
    page = guide(carol.user, carol)
    for held in (one, other):
        assert page.count(f'href="{url("plans:lift_hold", carol, hold_id=held.pk)}"') == 1
    page = guide(house.helper, carol)
    assert "/holds/" not in page
    assert "Only the person can settle this, with a doctor." in page


def test_alone_a_new_screening_is_a_click_away(house: House, carol: Person) -> None:
    write(release(carol, carol.user, start=carol.today() - dt.timedelta(weeks=20), version=2), carol.today())
    for user in (carol.user, house.helper):
        page = guide(user, carol)
        assert "Your course ended on" in page
        assert f'href="{url("screening:new", carol)}"' in page.split("Your course ended on")[1].split("</main>")[0]


def test_a_helper_is_not_sent_to_the_agreement_of_another(house: House) -> None:
    release(house.alice, house.clinician)
    consent = url("people:consent", house.alice)
    assert f'href="{consent}"' in guide(house.alice.user, house.alice)
    page = guide(house.helper, house.alice)
    assert f'href="{consent}"' not in page
    assert "Only the person can agree." in page


def test_a_session_left_open_can_be_gone_to(house: House) -> None:
    page = render_to_string("sessions/_page_that_settles.html", {"page": "open", "person": house.alice})
    assert url("sessions:guide", house.alice) in page


def test_where_a_rule_comes_from_is_folded_away_at_home(house: House) -> None:
    release(house.alice, house.clinician)
    page = guide(house.alice.user, house.alice)
    folded = page.split("Where this rule comes from</summary>")[1].split("</details>")[0]
    assert "openpbm_assumption" in folded
    assert "Where this rule comes from" not in guide(house.clinician, house.alice)


def test_no_session_today_opens_the_form_with_that_chosen(house: House) -> None:
    agree(house.alice)
    release(house.alice, house.clinician)
    page = guide(house.alice.user, house.alice)
    assert WATCHES in page
    href = present(re.search(r'href="([^"]+)">There is no session today', page)).group(1).replace("&amp;", "&")
    form = signed_in(account_of(house.alice)).get(href).content.decode()
    assert re.search(r'value="missed"[^>]* checked', form)
    assert f'value="{house.alice.today():%Y-%m-%d}"' in form


def begun(house: House) -> SessionStart:
    agree(house.alice)
    release(house.alice, house.clinician)
    sent = {"id": str(uuid.uuid4()), "ready": "on", "begin": "1"}
    signed_in(account_of(house.alice)).post(url("sessions:guide", house.alice), sent)
    return SessionStart.objects.get()


def test_a_running_session_says_that_nobody_watches_and_its_distance_as_it_is(house: House) -> None:
    start = begun(house)
    page = signed_in(account_of(house.alice)).get(url("sessions:run", house.alice, start_id=start.pk)).content.decode()
    assert "· 15 cm" in page
    assert WATCHES in page.split("Stop at once")[1].split("</section>")[0]


def test_after_a_session_everybody_is_led_to_a_page_of_that_person(house: House) -> None:
    start = begun(house)
    sent = {
        "minutes_0": "15", "minutes_1": "15", "pauses_0": "", "pauses_1": "", "distance_cm": "15", "reason": "",
        "skin_reaction": "none", "confirmed": "on",
    }  # fmt: skip
    where = url("sessions:run", house.alice, start_id=start.pk)
    signed_in(account_of(house.alice)).post(where, sent)
    page = signed_in(house.clinician).get(where).content.decode()
    assert f'href="{url("home:record", house.alice)}">Back to the record<' in page
    for user in (house.alice.user, house.helper):
        page = signed_in(user).get(where).content.decode()
        assert f'href="{url("home:today", house.alice)}">Back to today<' in page


def test_a_wrong_year_is_said_at_the_field_and_the_form_is_kept(house: House) -> None:
    agree(house.alice)
    plan = release(house.alice, house.clinician)
    sent = {
        "id": str(uuid.uuid4()), "date": "1999-05-04", "status": "done", "places": ["posterior_calf|left"],
        "minutes": "15", "distance_cm": "15", "reason": "kept words",
    }  # fmt: skip
    client = signed_in(account_of(house.alice))
    record, _ = write(plan, house.alice.today())
    for where in (
        url("sessions:record", house.alice), url("sessions:correct", house.alice, record_id=record.pk)
    ):  # fmt: skip
        answered = client.post(where, sent)
        assert answered.status_code == 200
        page = answered.content.decode()
        assert "This is more than a year before the plan began. Check the year." in page
        assert "kept words" in page
        assert "date =" not in page
    assert SessionRecord.objects.filter(reason="kept words").count() == 0


def test_a_record_that_was_corrected_meanwhile_is_said_on_the_form(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(house.alice)
    record, _ = write(release(house.alice, house.clinician), house.alice.today())
    sent = {
        "id": str(uuid.uuid4()), "date": f"{house.alice.today()}", "status": "done",
        "places": [f"{record.site}|{record.side}"], "minutes": "14", "distance_cm": "15", "reason": "first",
    }  # fmt: skip
    everything = SessionRecord.objects.all()
    monkeypatch.setattr("openpbm.care.sessions.views.record.newest_records", lambda person, *_: everything)
    client, where = signed_in(account_of(house.alice)), url("sessions:correct", house.alice, record_id=record.pk)
    assert client.post(where, sent).status_code == 302
    answered = client.post(where, sent | {"id": str(uuid.uuid4()), "reason": "second"})
    assert answered.status_code == 200
    assert "this record was corrected already" in answered.content.decode()
    assert not SessionRecord.objects.filter(reason="second").exists()
