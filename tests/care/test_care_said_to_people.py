"""What pages say to people: that nobody watches, dates and distances as people write them, one word for one thing."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from care.conftest import PASSWORD, House, account_of, make_user, signed_in
from care.course_rows import write_course
from care.plans.planned_people import LAMP, answer, lamp_of, planned, screened
from care.sessions import session_factories
from django import forms
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import openpbm.care
from openpbm.care.checkpoints.doctor_letter import doctor_letter
from openpbm.care.events.actions import report_event
from openpbm.care.people.access import Relation
from openpbm.care.people.actions import book_appointment
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import hold
from openpbm.care.scales.actions import record_score
from openpbm.care.screening.models import ScreeningRow
from openpbm.errors import BadInput, Problem

WATCHES = "Nobody watches these pages live."
ISO = re.compile(r"\b(19|20)\d\d-\d\d-\d\d\b")


def page(user: Any, name: str, person: Person, **more: Any) -> str:
    answered = signed_in(user).get(reverse(name, kwargs={"person_id": person.pk} | more))
    assert answered.status_code == 200
    return answered.content.decode()


# ---- nobody watches ----


def test_the_sentence_stands_in_one_place() -> None:
    care = Path(openpbm.care.__file__).parent
    saying = [path.name for path in care.rglob("*.html") if "watches these pages" in path.read_text(encoding="utf-8")]
    assert saying == ["nobody_watches.html"]


def test_beside_the_notes_of_the_diary(house: House) -> None:
    form = page(house.alice.user, "scales:diary", house.alice)
    notes = form.split('data-field="notes"')[1].split("</details>")[0]
    assert WATCHES in notes


def test_beside_a_score(house: House) -> None:
    entry, _ = record_score(
        person=house.alice, date=house.alice.today(), scale="irls", value=35, source="paper", by=account_of(house.alice)
    )
    assert WATCHES in page(house.alice.user, "scales:score", house.alice, score_id=entry.pk)
    assert WATCHES not in page(house.clinician, "scales:score", house.alice, score_id=entry.pk)


def test_beside_a_hold_on_the_course(house: House) -> None:
    write_course(house.alice)
    assert WATCHES not in page(house.alice.user, "checkpoints:my_course", house.alice)
    hold(person=house.alice, cause="finding", message="The clinic looks first.", by=house.clinician)
    course = page(house.alice.user, "checkpoints:my_course", house.alice)
    assert WATCHES in course.split("The clinic looks first.")[1].split("</section>")[0]


@pytest.mark.parametrize("template", ["plain", "sentence"])
@pytest.mark.parametrize("urgent", [True, False])
def test_beside_what_is_urgent_in_a_judgement(house: House, template: str, urgent: bool) -> None:
    plain = {"urgent": urgent, "advice": "See a doctor first.", "week": 6, "statement": "x", "date": "1 May 2026"}
    newest = SimpleNamespace(judgement={"reasons": [{"text": "A sore."}]})
    context = {"plain": plain, "person": house.alice, "newest": newest}
    shown = render_to_string(f"checkpoints/{template}.html", context)
    assert (WATCHES in shown) is urgent


@pytest.mark.parametrize(("decision", "there"), [("stop", True), ("refer", True), ("continue", False)])
def test_beside_a_decision_to_stop(house: House, decision: str, there: bool) -> None:
    decided = SimpleNamespace(signed_name="Dr. A", decision=decision, reason="x")
    context = {"said": {"urgent": False}, "person": house.alice, "decided": decided, "decided_words": "x"}
    assert (WATCHES in render_to_string("checkpoints/plain.html", context)) is there


# ---- medicines ----


def test_the_diary_sends_a_medicine_to_where_it_is_checked(house: House) -> None:
    form = page(house.alice.user, "scales:diary", house.alice)
    notes = form.split('data-field="notes"')[1].split("</details>")[0]
    assert "A medicine that began or stopped belongs under" in notes
    assert f'href="{reverse("people:timeline", args=[house.alice.pk])}"' in notes
    assert "A change of medicine" not in form


# ---- distances ----


def asked_of(house: House, **changes: Any) -> dict[Any, Any]:
    lamp = lamp_of(house, clinic=None, owner=house.carol.user, by=house.carol.user)
    answer(house.carol, house.carol.user)
    places = {
        "lamps-TOTAL_FORMS": "0", "lamps-INITIAL_FORMS": "0",
        "places-TOTAL_FORMS": "1", "places-INITIAL_FORMS": "0", "places-0-place": "posterior_calf:gastrocnemius",
        "places-0-side": "both",
    }  # fmt: skip
    return places | {"lamp": lamp.pk, "start_date": f"{house.carol.today()}"} | changes


def test_somebody_alone_gives_and_reads_the_distance_in_cm(house: House) -> None:
    sent = asked_of(house, distance_cm="12.5")
    where = reverse("screening:new", args=[house.carol.pk])
    client = signed_in(account_of(house.carol))
    form = client.get(where).content.decode()
    assert 'name="distance_cm"' in form
    assert "mm" not in form.split('data-field="distance_cm"')[1].split("data-field")[0]
    shown = client.post(where, sent)
    row = ScreeningRow.objects.get()
    assert row.case["placement"] == {"distance_mm": 125.0}
    text = client.get(shown["Location"]).content.decode()
    assert "<dt>Distance</dt><dd>12.5 cm</dd>" in text
    request = client.get(reverse("screening:request", args=[house.carol.pk, row.pk])).content.decode()
    assert "<dt>Distance</dt><dd>12.5 cm</dd>" in request


def test_a_distance_left_empty_is_the_usual_one_and_one_too_far_is_said(house: House) -> None:
    where, client = reverse("screening:new", args=[house.carol.pk]), signed_in(account_of(house.carol))
    sent = asked_of(house)
    assert client.post(where, sent | {"distance_cm": "501"}).status_code == 422
    client.post(where, sent | {"distance_cm": ""})
    assert ScreeningRow.objects.get().case["placement"].get("distance_mm") is None


def test_another_plan_of_somebody_alone_begins_from_its_distance_in_cm(house: House) -> None:
    lamp = lamp_of(house, clinic=None, owner=house.carol.user, by=house.carol.user)
    answer(house.carol, house.carol.user)
    plan = planned(screened(house.carol, lamp, house.carol.user), house.carol.user)
    form = page(house.carol.user, "plans:another", house.carol, plan_id=plan.pk)
    assert re.search(r'name="distance_cm" value="15"', form)


def test_clinicians_type_and_read_cm_too(house: House) -> None:
    answer(house.alice, house.clinician)
    row = screened(house.alice, lamp_of(house), house.clinician)
    assert 'name="distance_cm"' in page(house.clinician, "screening:new", house.alice)
    assert "<dt>Distance</dt><dd>15 cm</dd>" in page(
        house.clinician, "screening:show", house.alice, screening_id=row.pk
    )


def test_somebody_alone_measures_their_lamp_at_a_distance_in_cm(house: House) -> None:
    lamp = lamp_of(house, clinic=None, owner=house.carol.user, by=house.carol.user)
    where, client = reverse("devices:measure", args=[lamp.pk]), signed_in(account_of(house.carol))
    assert 'name="distance_mm"' not in client.get(where).content.decode()
    sent = {
        "measured_on": f"{timezone.now():%Y-%m-%d}", "wavelength": "850", "irradiance_mw_cm2": "20",
        "distance_cm": "12.5", "uncertainty_percent": "10", "meter": "Meter",
    }  # fmt: skip
    shown = client.post(where, sent)
    assert shown.status_code == 302
    reading = lamp.measurements.get()
    assert reading.distance_mm == 125.0
    assert "at 12.5 cm" in client.get(shown["Location"]).content.decode()
    correcting = client.get(f"{where}?corrects={reading.pk}").content.decode()
    assert re.search(r'name="distance_cm" value="12.5"', correcting)
    assert client.post(where, sent | {"distance_cm": "600"}).status_code == 422
    assert client.post(where, sent | {"distance_cm": ""}).status_code == 422


def test_staff_measure_in_cm_too(house: House) -> None:
    lamp = lamp_of(house)
    text = signed_in(house.clinician).get(reverse("devices:measure", args=[lamp.pk])).content.decode()
    assert 'name="distance_cm"' in text
    assert 'name="distance_mm"' not in text


def test_the_catalogue_gives_distances_in_cm(house: House) -> None:
    text = signed_in(house.clinician).get(reverse("devices:catalogue")).content.decode()
    assert set(re.findall(r"<dt>Usual distance</dt><dd>[\d.]+ (\w+)", text)) == {"cm"}


# ---- lamps ----


def test_a_lamp_that_is_not_safe_leads_to_the_others(house: House) -> None:
    strong = LAMP | {"emitters": [LAMP["emitters"][0] | {"power_mw": 2000, "rows": 1, "columns": 1}]}
    lamp = lamp_of(house, document=strong, clinic=None, owner=house.carol.user, by=house.carol.user)
    answer(house.carol, house.carol.user)
    row = screened(house.carol, lamp, house.carol.user, distance_mm=50.0)
    text = page(house.carol.user, "screening:show", house.carol, screening_id=row.pk).split("<main")[1]
    assert f'href="{reverse("devices:list")}"' in text


def test_the_lamp_of_the_plan_leads_to_its_measurements_for_whoever_may_open_them(house: House) -> None:
    plan = session_factories.release(house.carol, house.carol.user)
    lamp = reverse("devices:lamp", args=[plan.lamp_id])
    assert f'href="{lamp}"' in page(house.carol.user, "sessions:my_lamp", house.carol)
    session_factories.release(house.alice, house.clinician)
    text = page(house.alice.user, "sessions:my_lamp", house.alice)
    assert "/lamps/" not in text.split("<main")[1]  # the clinic's lamp is not theirs to measure


# ---- dates and faults ----


def test_a_birthday_that_cannot_be_is_said_in_words(house: House) -> None:
    where = reverse("people:details", args=[house.alice.pk])
    sent = {"name": "x", "birth_date": "1066-10-14", "time_zone": "Europe/Berlin"}
    text = signed_in(account_of(house.alice)).post(where, sent).content.decode()
    assert "Check the year: this day lies before 1900 or has not come yet." in text
    assert "1900-01-01" not in text


def test_the_paper_for_a_doctor_writes_its_dates_in_words(house: House) -> None:
    write_course(house.alice)
    report_event(person=house.alice, date=house.alice.today(), kind="headache", detail="x", grade=2, by=house.clinician)
    course = doctor_letter(house.alice, Relation.PATIENT).course
    assert course.effects
    assert course.changes
    assert course.scores
    said = [
        *course.effects,
        *course.changes,
        *(cell for rows in (course.plan, course.scores) for row in rows for cell in row),
    ]
    assert [text for text in said if ISO.search(text)] == []


def test_a_fault_at_its_field_is_a_sentence() -> None:
    class Form(forms.Form):
        date = forms.CharField(required=False)
        name = forms.CharField(required=False)

    form = Form({})
    problems = [
        Problem(key="date", value=dt.date(2030, 1, 1), message="lies ahead", remedy="correct it"),
        Problem(key="name", value="a: b", message="too odd"),
        Problem(key="other", value=3, message="wrong"),
    ]
    add_problems(form, BadInput(problems))
    assert form.errors["date"] == ["Lies ahead; correct it."]
    assert form.errors["name"] == ["Too odd."]
    assert form.errors["__all__"] == ["other = 3: wrong"]


def test_the_red_banner_says_what_a_patient_can_do(house: House) -> None:
    text = page(house.alice.user, "home:today", house.alice).split("Reminders are not running:")[1].split("</div>")[0]
    assert "worker" not in text
    assert "Keep to the dates of your plan" in text


# ---- one word for one thing ----


@pytest.mark.parametrize("name", ["account_login", "account_signup"])
def test_an_account_has_a_login_name_everywhere(db: None, name: str) -> None:
    text = Client().get(reverse(name)).content.decode()
    assert "Login name" in text
    assert "sername" not in re.sub(r'(name|autocomplete|for|id|data-field|aria-describedby)="[^"]*"', "", text)


def test_what_goes_wrong_with_a_login_name_is_said_with_that_word(db: None) -> None:
    make_user("taken")
    client = Client()
    text = client.post(reverse("account_login"), {"login": "taken", "password": "wrong"}).content.decode()
    assert "The login name or the password is not correct." in text
    sent = {"username": "taken", "password1": PASSWORD, "password2": PASSWORD}
    assert "This login name is taken. Choose another." in client.post(reverse("account_signup"), sent).content.decode()


def test_side_effects_are_called_so_wherever_one_goes_to_them(house: House) -> None:
    assert "<span>Side effects</span>" in page(house.alice.user, "home:today", house.alice)
    assert ">Side effects</a>" in page(house.clinician, "home:record", house.alice)


def test_a_plan_on_hold_says_so_in_that_word(house: House) -> None:
    answer(house.alice, house.clinician)
    plan = planned(screened(house.alice, lamp_of(house), house.clinician), house.clinician)
    hold(person=house.alice, cause="question", message="wait", by=house.clinician)
    for name in ("plans:workbench", "plans:release"):
        text = page(house.clinician, name, house.alice, plan_id=plan.pk)
        assert "Sessions are on hold." in text
        assert "are held" not in text


def test_a_button_that_ends_an_appointment_says_that_it_does(house: House) -> None:
    book_appointment(
        person=house.alice, starts_at=timezone.now() + dt.timedelta(days=2), minutes=30, kind="clinic", note="",
        by=house.clinician,
    )  # fmt: skip
    for user in (house.alice.user, house.clinician):
        assert ">Cancel this appointment</button>" in page(user, "people:book", house.alice)
