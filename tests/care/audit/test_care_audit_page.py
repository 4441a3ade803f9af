"""The auditor's page: entries of their own clinic alone, by person and day, and whether the chain holds."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from care.conftest import House, signed_in
from care.statements import statements_of
from django.db import connection
from django.test import Client
from django.utils import timezone

from openpbm.care.audit.ledger import append, record_event
from openpbm.care.audit.models import ReadEntry
from openpbm.care.people.models import Intake

AUDIT = "/clinic/audit/"


@pytest.fixture
def auditor(house: House) -> Client:
    record_event("lamp_renamed", by=house.clinician, clinic_id=house.clinic.pk, detail={"before": "old-lamp"})
    record_event(
        "lamp_renamed", by=house.other_clinician, clinic_id=house.other_clinic.pk, detail={"before": "their-lamp"}
    )
    for person, by in ((house.alice, house.clinician), (house.bob, house.other_clinician)):
        append(Intake(person=person, document={"a": 1}), by=by, action="intake", person_id=person.pk)
        ReadEntry.objects.create(actor=by, person_id=person.pk, route="people:record")
    return signed_in(house.auditor)


def shown(answer: Any) -> Any:
    assert answer.status_code == 200
    return answer.content.decode()


def test_entries_of_the_own_clinic_are_shown_and_no_others(house: House, auditor: Client) -> None:
    page = shown(auditor.get(AUDIT))
    assert "old-lamp" in page
    assert house.alice.code in page
    assert "their-lamp" not in page
    assert house.bob.code not in page
    assert "Oscar" not in page
    looks = shown(auditor.get(AUDIT, {"kind": "reads"}))
    assert "Person: record" in looks
    # Words, and neither the name of a route nor of a table.
    assert "people:record" not in looks
    assert "people_intake" not in page
    assert house.alice.code in looks
    assert house.bob.code not in looks


def test_one_person_by_code_and_that_is_a_look_itself(house: House, auditor: Client) -> None:
    page = shown(auditor.get(AUDIT, {"code": house.alice.code.lower()}))
    assert '<td data-label="About">answers' in page
    assert "old-lamp" not in page
    assert ReadEntry.objects.get(actor=house.auditor).person_id == house.alice.pk


def test_the_code_of_another_clinic_is_as_unknown_as_none(house: House, auditor: Client) -> None:
    theirs, none = (shown(auditor.get(AUDIT, {"code": code})) for code in (house.bob.code, "P-NOBODY"))
    token = re.compile(r"[A-Za-z0-9]{64}")  # against forged requests, another in each answer
    assert token.sub("", theirs.replace(house.bob.code, "X")) == token.sub("", none.replace("P-NOBODY", "X"))
    assert "Nobody of this clinic has the code" in theirs


def test_by_day_in_the_clinics_time_zone(house: House, auditor: Client) -> None:

    today = timezone.now().astimezone(ZoneInfo(house.clinic.time_zone)).date()
    assert "old-lamp" in shown(auditor.get(AUDIT, {"since": f"{today}", "until": f"{today}"}))
    assert "old-lamp" not in shown(auditor.get(AUDIT, {"until": f"{today - dt.timedelta(days=1)}"}))
    assert "old-lamp" not in shown(auditor.get(AUDIT, {"since": f"{today + dt.timedelta(days=1)}"}))
    assert shown(auditor.get(AUDIT, {"until": "9999-12-31"}))
    assert "Please check your answers" in shown(auditor.get(AUDIT, {"since": "not a day"}))


def test_verifying_says_that_it_holds_and_what_does_not(house: House, auditor: Client) -> None:
    assert "The audit holds" in shown(auditor.post(AUDIT))
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            on = " ON people_intake" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER people_intake_no_{event}{on}")
        cursor.execute("UPDATE people_intake SET reason = 'other'")
    page = shown(auditor.post(AUDIT))
    assert "was changed after it was written" in page
    assert "The audit holds" not in page


def test_the_page_is_cut_and_makes_no_more_queries_for_more_entries(house: House, auditor: Client) -> None:
    counts = []
    for many in (10, 120):
        for number in range(many):
            append(
                Intake(person=house.alice, document={"n": number, "of": many}),
                by=house.clinician, action="intake", person_id=house.alice.pk,
            )  # fmt: skip
        auditor.get(AUDIT)
        with statements_of(auditor) as queries:
            page = shown(auditor.get(AUDIT))
        counts.append(queries)
    assert counts[0] == counts[1]
    assert "Page 1 of 3" in page
    assert "Page 2 of 3" in shown(auditor.get(AUDIT, {"page": 2}))
