"""The paper for one's doctor: everything asked for, nothing claimed, readable by a screen reader."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.course_rows import write_course
from django.urls import reverse

from openpbm.care.checkpoints.actions import propose
from openpbm.care.checkpoints.doctor_letter import doctor_letter
from openpbm.care.events.actions import report_event
from openpbm.care.people.access import Relation
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import hold


def pdf_of(user: Any, person: Person) -> Any:
    answer = signed_in(user).get(reverse("checkpoints:doctor_pdf", kwargs={"person_id": person.pk}))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"/MarkInfo" in answer.content or b"pdfuaid" in answer.content
    ran = subprocess.run(["pdftotext", "-", "-"], input=answer.content, capture_output=True, check=True)
    shown = ran.stdout.decode()
    return shown.count("\f"), " ".join(shown.split())


def test_a_course_on_two_pages_at_most(house: House) -> None:
    write_course(house.alice)
    row = propose(person=house.alice, week=6, by=None)
    pages, text = pdf_of(house.alice.user, house.alice)
    assert pages <= 2
    for said in (
        "Alice MarkerAlice", "Restless legs", "posterior calf".capitalize(), "a measurement of the lamp",
        "J/cm² (between", "15 of the 18 sessions", "At least 372 J/cm²", "International",
        row.judgement["statement"][:60], "ferrous sulfate", "eadache", "investigational", "Dr. Example",
    ):  # fmt: skip
        assert said in text, said


def test_without_a_plan_it_says_so(house: House) -> None:
    _, text = pdf_of(house.carol.user, house.carol)
    assert "none was released; no light is planned" in text


@pytest.mark.parametrize("written", ["#panic()", '*bold* $x$ @ref <a> \\ #import "x": *', "= heading\n- item"])
def test_what_a_person_wrote_is_never_read_as_markup(house: House, written: str) -> None:
    write_course(house.alice)
    report_event(
        person=house.alice,
        date=house.alice.today(),
        kind="headache",
        detail=written,
        grade=2,
        by=account_of(house.alice),
    )
    _, text = pdf_of(house.alice.user, house.alice)
    assert " ".join(written.split()) in text


def test_many_effects_stay_on_two_pages(house: House) -> None:
    write_course(house.alice)
    for _ in range(30):
        report_event(
            person=house.alice,
            date=house.alice.today(),
            kind="headache",
            detail="x" * 300,
            grade=1,
            by=account_of(house.alice),
        )
    pages, text = pdf_of(house.alice.user, house.alice)
    assert pages <= 2
    assert "older ones" in text


def test_a_hold_stands_on_it(house: House) -> None:
    write_course(house.alice)
    hold(person=house.alice, cause="finding", message="The clinic wants to look first.", by=house.clinician)
    assert doctor_letter(house.alice, Relation.PATIENT).course.holds == ["The clinic wants to look first."]
    assert "Sessions are on hold." in pdf_of(house.alice.user, house.alice)[1]
