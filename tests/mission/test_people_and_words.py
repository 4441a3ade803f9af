"""One person from the first symptom on, work in a clinic and at home, and words of one person that are no evidence."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html

import pytest
from care.conftest import House, account_of, build_house, signed_in
from care.db_snapshot import once
from care.plans.planned_people import answer, lamp_of, screened
from cases import changed
from courses import START, diary, make_course, make_plan
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openpbm.care.accounts.models import User
from openpbm.care.devices.models import Lamp
from openpbm.care.people.lifestyle import habits_of
from openpbm.care.people.models import Person
from openpbm.care.people.selectors import changes_of
from openpbm.care.scales.actions import record_diary, record_score
from openpbm.care.screening.models import ScreeningRow
from openpbm.case import case_of
from openpbm.course.records import DiaryDay
from openpbm.facts.claims import brief_claims
from openpbm.facts.studies import studies
from openpbm.outcomes.cause import confounded_windows
from openpbm.outcomes.decision import checkpoint
from openpbm.report.home_sheet import render_home_sheet
from openpbm.safety import screen

#: What Sarah took before: it made her sick and dizzy, then her legs worse.
PRAMIPEXOLE = {
    "treatment": "pramipexole", "name": "pramipexole", "dose": "0.25 mg", "since": "2025-03-01",
    "until": "2026-06-01", "effect": "worse", "stopped_because": "augmentation",
    "adverse_effects": "nausea, dizziness",
}  # fmt: skip


@pytest.fixture
def house(db: None) -> House:
    """The clinic that every test of the web application has."""
    return once("house", build_house)


def _evenings(ratings: list[float]) -> tuple[DiaryDay, ...]:
    """Crawling legs from 21:30 on, eased by walking about."""
    return tuple(
        dataclasses.replace(day, onset=dt.time(21, 30), sensations="left leg: crawling", relieved_by_movement=True)
        for day in diary(ratings)
    )


def test_r_001_01_one_person_from_the_first_symptom_to_the_checkpoint() -> None:
    """Sarah: what she feels, the medicine that failed her, the screening, a baseline, six weeks, a decision."""
    case = case_of(
        changed(
            person__treatments=[PRAMIPEXOLE],
            condition__sensations="left leg: crawling; right leg: tingling",
        )
    )
    asked = screen(case)
    assert asked.verdict == "allowed"
    assert {item.id: item.status for item in asked.candidacy}["reason_for_light"] == "yes"
    rules = {caution.rule for caution in asked.cautions}
    assert "augmentation_before" in rules
    assert "baseline_missing" not in rules
    (tried,) = case.person.treatments or ()
    assert (tried.treatment, tried.adverse_effects) == ("dopamine_agonist", "nausea, dizziness")
    judged = checkpoint(make_course(diary=_evenings([7.0] * 14 + [3.0] * 42), treatments=(tried,)), 6)
    # The medicine is stopped: what was augmentation then raises no alarm now.
    assert not [row for row in judged["reasons"] if row["about"] == "medicine"]
    assert judged["sensations"] is not None
    assert judged["sensations"]["rows"][0]["change"] == "as_before"
    assert judged["decision"] in {"continue", "maintain"}
    earlier = tuple(
        dataclasses.replace(day, onset=dt.time(17, 30) if day.date >= START else day.onset)
        for day in _evenings([7.0] * 56)
    )
    taken = dataclasses.replace(tried, until=None, still_taken=True, stopped_because=None)
    alarm = checkpoint(make_course(diary=earlier, treatments=(taken,)), 6)
    assert "see the prescriber" in " ".join(row["text"] for row in alarm["reasons"] if row["about"] == "medicine")
    assert alarm["decision"] == "refer"


@pytest.mark.django_db
def test_r_001_14_relief_by_moving_is_asked_and_the_diary_answers_the_screening(house: House) -> None:
    """A week of days on which moving helped fulfils the criterion; a week of days without any denies it."""
    answer(house.alice, house.clinician, person__findings={})
    lamp = lamp_of(house)
    client = signed_in(account_of(house.alice))
    assert "Did moving ease it?" in html.unescape(
        client.get(reverse("scales:diary", args=[house.alice.pk])).content.decode()
    )
    assert "not_relieved_by_movement" in _asked(_screened(house, lamp))
    _diary(house.alice, eased=True)
    assert "not_relieved_by_movement" not in _asked(_screened(house, lamp))
    _diary(house.alice, eased=False)
    row = _screened(house, lamp)
    assert {reason.level for reason in row.reasons if reason.rule == "not_relieved_by_movement"} == {"refer_before"}


@pytest.mark.django_db
def test_questionnaires_filled_in_here_reach_the_screening(house: House) -> None:
    """Two questions of the mood form and the total of a form about nerve pain: each warns as in a case file."""
    answer(house.alice, house.clinician)
    by, today, lamp = account_of(house.alice), house.alice.today(), lamp_of(house)
    assert not {"workup_low_mood", "workup_nerve_pain_in_doubt"} & _cautions(_screened(house, lamp))
    mood = {"1": 2.0, "2": 2.0} | {str(item): 0.0 for item in range(3, 10)}
    record_score(person=house.alice, date=today, scale="phq9", items=mood, value=None, source="app", by=by)
    record_score(person=house.alice, date=today, scale="dn4", items=None, value=2.0, source="paper", by=by)
    row = _screened(house, lamp)
    assert {"workup_low_mood", "workup_nerve_pain_in_doubt"} <= _cautions(row)
    results = {line["test"]: line["result"] for line in row.case["person"]["workup"]}
    assert results == {"dn4_score": 2.0, "phq2": 4.0}


def _screened(house: House, lamp: Lamp) -> ScreeningRow:
    return screened(house.alice, lamp, house.clinician)


def _asked(row: ScreeningRow) -> set[str]:
    return {reason.rule for reason in row.reasons}


def _cautions(row: ScreeningRow) -> set[str]:
    return {caution.rule for caution in row.cautions}


def _diary(person: Person, *, eased: bool) -> None:
    """Seven days, the older ones overwritten."""
    for ago in range(7):
        record_diary(
            person=person, date=person.today() - dt.timedelta(days=ago), entered_at=timezone.now(),
            answers={"severity": 5, "relieved_by_movement": eased}, by=account_of(person),
        )  # fmt: skip


@pytest.mark.django_db
def test_r_001_28_a_clinic_and_a_home_each_do_their_own_work(house: House) -> None:
    """The clinic screens its patients and keeps a list of them; at home one person does it alone, and nobody else's."""

    def status(who: User, name: str, *args: object) -> int:
        return signed_in(who).get(reverse(name, args=args)).status_code

    patient, alone = account_of(house.alice), account_of(house.carol)
    assert [status(who, "home:worklist") for who in (house.clinician, patient, alone)] == [200, 403, 403]
    assert [status(who, "screening:new", house.alice.pk) for who in (house.clinician, patient)] == [200, 403]
    assert [status(who, "screening:new", house.carol.pk) for who in (alone, house.clinician)] == [200, 403]
    assert [status(who, "home:today", house.alice.pk) for who in (patient, alone)] == [200, 403]


@pytest.mark.django_db
def test_r_002_12_the_word_of_one_person_is_no_evidence() -> None:
    """It stands on the page of claims as unproven, and no row of the trials rests on it."""
    row = brief_claims["unknown_cause_at_home"]
    assert row.status == "unproven"
    assert "One person’s word is not a test." in html.unescape(Client().get("/learn/claims/").content.decode()).replace(
        "'", "’"
    )
    assert not [one.id for one in studies if one.source.startswith("brief") or "testimon" in one.design.lower()]
    # A published report of one case is told, and never pooled.
    assert {one.kind for one in studies if "case report" in one.design} <= {"uncontrolled", "review"}


@pytest.mark.django_db
def test_r_004_15_food_drink_sleep_and_movement_are_kept_or_marked_as_changed(house: House) -> None:
    """What was written first moves nothing; a later wording is a change on the timeline, with its day, in the print."""
    client, page = signed_in(account_of(house.alice)), reverse("people:lifestyle", args=[house.alice.pk])
    today = house.alice.today()
    for days_ago, coffee in ((40, "two cups before noon"), (10, "none after breakfast"), (5, "none after breakfast")):
        sent = {"caffeine": coffee, "food": "three meals, supper at 19:00", "date": today - dt.timedelta(days=days_ago)}
        assert client.post(page, sent).status_code == 302
    rows = [(row.kind, row.action, row.name) for row in house.alice.changes.order_by("audit_number")]
    assert rows == [
        ("food", "continue", "three meals, supper at 19:00"),
        ("caffeine", "continue", "two cups before noon"),
        ("caffeine", "change", "none after breakfast"),
    ]
    shown = client.get(page).content.decode()
    assert "none after breakfast" in shown
    assert "changed on" in shown
    habits = [(habit.kind.name, habit.says) for habit in habits_of(house.alice)]
    sheet = render_home_sheet(make_plan(), habits=habits)
    assert "<strong>Caffeine</strong>: none after breakfast." in sheet
    assert "Food, drink, sleep, movement" in render_home_sheet(make_plan())
    windows = confounded_windows(changes_of(house.alice), today - dt.timedelta(days=28), today)
    assert [(window.kind, window.lowers_grade) for window in windows] == [("caffeine", True)]
