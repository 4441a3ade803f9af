"""A blinded test on the web: sealed before the baseline, shown to the keeper alone, in the end to everyone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from care.conftest import PASSWORD, House, account_of, signed_in
from care.n_of_1.blinded_people import BEGINS, DRAWN, Calendar, blinded, calendar, draw, guess_all, live, with_plan
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from openpbm.care.audit.models import AuditEntry
from openpbm.care.checkpoints.actions import propose
from openpbm.care.checkpoints.course import build_course
from openpbm.care.checkpoints.export.archive import files_of
from openpbm.care.n_of_1.actions import guess_period, stop_design, unblind
from openpbm.care.n_of_1.models import PeriodGuess, SealedDesign, Unblinding
from openpbm.care.n_of_1.selectors import blinded_test, todays_setting
from openpbm.care.people.access import Relation
from openpbm.errors import BadInput
from openpbm.single_case import verify

WORDS = ("no light", "gives light", '"active"', '"sham"', "active", "sham")


@pytest.fixture
def told(house: House) -> Iterator[Calendar]:
    with calendar() as days:
        yield days


def page(user: Any, route: str, house: House, *more: str) -> str:
    answer = signed_in(user).get(reverse(f"n_of_1:{route}", args=[house.alice.pk, *more]))
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_nobody_but_the_keeper_is_shown_the_order(house: House, told: Calendar) -> None:
    design = blinded(house)
    told.day = BEGINS
    treatments = design.key()["treatments"]
    for user in (account_of(house.alice), house.helper, house.clinician):
        for name in ("show", "sheet"):
            text = page(user, name, house)
            assert design.sheet().rows[0].person in text
            assert not any(f"<td>{row.keeper}</td>" in text for row in design.sheet().rows), name
        shown = page(user, "file", house, "design")
        assert "treatments" not in shown
        refused = signed_in(user).get(reverse("n_of_1:file", args=[house.alice.pk, "design-key"]))
        assert refused.status_code == 403
        assert not any(word in refused.content.decode() for word in WORDS)
    course = build_course(house.alice)
    assert (course.design_key, course.design) == (None, design.design)
    where = reverse("n_of_1:keeper_sheet", args=[design.pk])
    sheet = signed_in(house.admin).get(where).content.decode()
    assert sheet.count("<td>light</td>") == treatments.count("active")
    assert AuditEntry.objects.filter(action="n_of_1_sheet_opened").count() == 1
    for other in (house.clinician, account_of(house.alice), house.helper, house.auditor):
        assert signed_in(other).get(where).status_code == 403


def test_the_session_page_says_the_setting_of_the_period(house: House, told: Calendar) -> None:
    design = blinded(house)
    assert todays_setting(house.alice, DRAWN) == ""
    told.day = BEGINS
    text = signed_in(account_of(house.alice)).get(reverse("sessions:guide", args=[house.alice.pk])).content.decode()
    assert design.sheet().rows[0].person in text


def test_sealed_before_the_baseline_or_not_at_all(house: House, told: Calendar) -> None:
    """What would break the design is refused before anything is drawn, each with what to do."""
    with_plan(house)
    for changes, said in (
        ({"first_day": DRAWN - dt.timedelta(days=1)}, "before the draw"),
        ({"first_day": BEGINS - dt.timedelta(days=3)}, "baseline_days"),
        ({"pairs": 20}, "after the plan"),
        ({"looks_alike": "no"}, "can be told apart"),
        ({"keeper": house.clinician}, "keeper"),
        ({"checked_on": DRAWN + dt.timedelta(days=1)}, "has not come yet"),
        ({"method": "hope"}, "method"),
    ):
        with pytest.raises(BadInput, match=said):
            draw(house, **changes)
    assert not SealedDesign.objects.exists()
    with pytest.raises(PermissionDenied), transaction.atomic():
        draw(replace(house, clinician=account_of(house.alice)))


def test_one_test_at_a_time_and_one_guess_a_period(house: House, told: Calendar) -> None:
    design = blinded(house)
    with pytest.raises(BadInput, match="another blinded test"):
        draw(house)
    patient = account_of(house.alice)
    with pytest.raises(BadInput, match="not open for a guess"):
        guess_period(person=house.alice, by=patient, period=1, belief="active")
    told.day = BEGINS + dt.timedelta(days=2)
    test = blinded_test(house.alice, told.day)
    assert test is not None
    assert [row.number for row in test.to_guess] == [1]
    answer = signed_in(patient).post(
        reverse("n_of_1:guess", args=[house.alice.pk]), {"period": "1", "belief": "active"}
    )
    assert answer.status_code == 302
    with pytest.raises(BadInput, match="was guessed already"):
        guess_period(person=house.alice, by=patient, period=1, belief="sham")
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodGuess(design=design, period=1, date=told.day, belief="sham", body_digest="x").save()


def test_the_last_guess_is_made_before_the_order_is_open(house: House, told: Calendar) -> None:
    design, patient = blinded(house), account_of(house.alice)
    told.day = design.last_day + dt.timedelta(days=2)
    assert build_course(house.alice).design_key is None
    assert "It was" not in page(patient, "show", house)
    guess_period(person=house.alice, by=patient, period=12, belief="active")
    told.day += dt.timedelta(days=1)
    assert build_course(house.alice).design_key is not None
    with pytest.raises(BadInput, match="a guess is none any more"):
        guess_period(person=house.alice, by=patient, period=11, belief="active")


def test_who_learns_a_period_is_written_down_first(house: House, told: Calendar) -> None:
    design = blinded(house)
    told.day = BEGINS
    where = reverse("n_of_1:open", args=[house.alice.pk])
    client = signed_in(house.clinician)
    sent = {"who": "clinician", "emergency": "on", "reason": "Burn on the calf, dose needed", "password": "wrong"}
    assert client.post(where, sent).status_code == 422
    assert not Unblinding.objects.exists()
    assert client.post(where, sent | {"password": PASSWORD}).status_code == 302
    told_to = page(house.clinician, "show", house)
    keeper = design.sheet().rows[0].keeper
    assert f"<strong>{keeper}</strong>" in told_to
    assert "Burn on the calf" not in page(account_of(house.alice), "show", house)
    assert f"<strong>{keeper}</strong>" not in page(account_of(house.alice), "show", house)
    with pytest.raises(PermissionDenied), transaction.atomic():
        unblind(person=house.alice, by=house.helper, who="helper", emergency=False, reason="wants to know it")


def right_in_half(number: int, treatment: str) -> str:
    other = {"active": "sham", "sham": "active"}[treatment]
    return treatment if (number // 2) % 2 else other


@pytest.mark.parametrize("broken", ["nothing", "mask", "told", "guesses", "stopped"])
def test_a_simulated_test_is_worth_b_and_r_with_anything_broken(house: House, told: Calendar, broken: str) -> None:
    design = blinded(house, feels_alike="unknown" if broken == "mask" else "yes")
    live(house, design, told)
    if broken == "told":
        unblind(
            person=house.alice, by=house.clinician, who="clinician", emergency=True, reason="Burn, had to know the dose"
        )
    guess_all(house, design, (lambda number, treatment: treatment) if broken == "guesses" else right_in_half)
    if broken == "stopped":
        stop_design(person=house.alice, by=house.clinician, reason="The person moves away")
    told.day = design.last_day + dt.timedelta(days=8)
    judged = propose(person=house.alice, week=6, by=house.clinician).judgement
    assert (judged["grade"] == "B") == (broken == "nothing"), judged["attribution"]
    assert ("because of the light" in judged["statement"]) == (broken == "nothing")


def test_the_record_that_is_taken_along_tells_no_more_than_the_pages(house: House, told: Calendar) -> None:
    """Before the end the key is in no file; afterwards the course in it is judged like the rows."""
    design = blinded(house)
    told.day = BEGINS
    unblind(person=house.alice, by=house.clinician, who="clinician", emergency=True, reason="Burn, had to know it")
    for reader in (Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN):
        files = files_of(house.alice, reader)
        assert "course/design.key.json" not in files
        assert not any(
            word in text for text in files.values() for word in ("treatments", design.key()["nonce"], "Burn")
        )
    told.day = design.last_day + dt.timedelta(days=3)
    files = files_of(house.alice, Relation.PATIENT)
    assert json.loads(files["course/design.key.json"])["treatments"] == design.key()["treatments"]
    assert "Burn" in files["course/unblindings.csv"]


def test_afterwards_anybody_can_check_the_order(house: House, told: Calendar, tmp_path: Path) -> None:
    design = blinded(house)
    told.day = design.last_day + dt.timedelta(days=3)
    patient = account_of(house.alice)
    files = [json.loads(page(patient, "file", house, name)) for name in ("design", "design-key")]
    draw = verify(*files)
    assert [period.treatment for period in draw.periods] == design.key()["treatments"]
    assert "It was" in page(patient, "show", house)
    files[1]["treatments"][0] = {"active": "sham", "sham": "active"}[files[1]["treatments"][0]]
    with pytest.raises(BadInput, match="does not match its commitment"):
        verify(*files)


def test_the_power_is_shown_before_anything_is_signed(house: House, told: Calendar) -> None:
    """With three pairs the exact test cannot reach p 0.05, and the page says so."""
    blinded(house)
    stop_design(person=house.alice, by=house.clinician, reason="The person moves away")
    sent = {"first_day": DRAWN.isoformat(), "pairs": "3", "days_per_period": "7", "half_life_days": "2"}
    sent |= {"method": "filters", "keeper": str(house.admin.pk), "checked_on": DRAWN.isoformat()}
    sent |= {"looks_alike": "yes", "feels_alike": "yes"}
    where, client = reverse("n_of_1:draw", args=[house.alice.pk]), signed_in(house.clinician)
    text = client.post(where, sent | {"power": "1"}).content.decode()
    assert "cannot reach p 0.05" in text
    assert client.post(where, sent).status_code == 422
    assert SealedDesign.objects.count() == 1
    assert client.post(where, sent | {"password": PASSWORD}).status_code == 302
    assert SealedDesign.objects.count() == 2
