"""What is taken along is judged by the command line exactly as here, and holds everything about nobody else."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from care.conftest import BORN, PASSWORD, House, account_of, signed_in
from care.course_rows import write_course
from care.sessions.session_factories import agree
from django.apps import apps
from django.urls import reverse

from openpbm.care.audit.ledger import append
from openpbm.care.audit.models import AuditEntry, InsertOnly
from openpbm.care.checkpoints.actions import propose
from openpbm.care.checkpoints.course import build_course
from openpbm.care.checkpoints.doctor_letter import doctor_letter
from openpbm.care.checkpoints.export import archive
from openpbm.care.checkpoints.export.archive import files_of
from openpbm.care.events.actions import report_event
from openpbm.care.people.access import Relation
from openpbm.care.people.models import Consent, Goal, Person
from openpbm.care.scales.actions import record_diary
from openpbm.course import read_course
from openpbm.outcomes.decision.checkpoint_document import checkpoint

FORMULA = '=HYPERLINK("http://example.org"), 2 times\nand a second line'


def unpacked(person: Person, folder: Any) -> Any:
    with zipfile.ZipFile(io.BytesIO(archive(person, Relation.PATIENT))) as packed:
        packed.extractall(folder)
    return folder


def test_an_exported_course_is_judged_as_the_rows_are(house: House, tmp_path: Path) -> None:
    write_course(house.alice)
    record_diary(
        person=house.alice, date=house.alice.today(), entered_at=house.alice.created_at,
        answers={"severity": 2.5, "at_rest": True, "awakenings": 2, "cramps": 2, "pain": 1.25}, notes=FORMULA,
        by=account_of(house.alice),
    )  # fmt: skip
    here = checkpoint(build_course(house.alice), 6)
    there = checkpoint(read_course(unpacked(house.alice, tmp_path) / "course"), 6)
    assert there["statement"] == here["statement"]
    assert there == here
    assert here["decision"] == "maintain"


def test_a_text_that_is_a_formula_is_exact_in_the_course_and_harmless_in_a_spreadsheet(house: House) -> None:
    write_course(house.alice)
    report_event(
        person=house.alice,
        date=house.alice.today(),
        kind="headache",
        detail=FORMULA,
        grade=1,
        by=account_of(house.alice),
    )
    files = files_of(house.alice, Relation.PATIENT)
    details = {
        folder: [row["detail"] for row in csv.DictReader(io.StringIO(files[f"{folder}/events.csv"]))]
        for folder in ("course", "spreadsheets")
    }
    exact = " ".join(FORMULA.split())
    assert exact in details["course"]
    assert f"'{exact}" in details["spreadsheets"]


def test_it_holds_every_row_opened_and_nothing_of_another_person(house: House) -> None:
    write_course(house.alice)
    propose(person=house.alice, week=2, by=None)
    goal = Goal(person=house.alice, number=1)
    goal.sealed_text = house.alice.seal("Sit through a film", f"goal {goal.pk}")
    append(goal, by=house.alice.user, action="goal")
    signed_in(house.clinician).get(reverse("checkpoints:my_course", kwargs={"person_id": house.alice.pk}))
    record = json.loads(files_of(house.alice, Relation.PATIENT)["everything.json"])
    assert record["person"]["name"] == "Alice MarkerAlice"
    assert record["goals"][0]["text"] == "Sit through a film"
    assert len(record["diary"]) == house.alice.diary.count() > 50
    assert record["checkpoints"][0]["judgement"]["week"] == 2
    assert {"actor": "Clara", "page": "checkpoints:my_course"}.items() <= record["looks"][-1].items()
    assert any(act["action"] == "diary" for act in record["audit"])
    text = "".join(files_of(house.alice, Relation.PATIENT).values())
    assert "MarkerBob" not in text
    assert house.bob.code not in text


def test_a_helper_takes_along_what_their_pages_show(house: House) -> None:
    """The file held identity, consents, and which staff read the record when."""
    write_course(house.alice)
    propose(person=house.alice, week=2, by=None)
    agree(house.alice, Consent.Purpose.RECORD)
    signed_in(house.clinician).get(reverse("checkpoints:my_course", kwargs={"person_id": house.alice.pk}))
    files = files_of(house.alice, Relation.HELPER)
    record = json.loads(files["everything.json"])
    assert set(record["person"]) == {"id", "code", "name", "time_zone"}
    hidden = {"consents", "helpers", "screenings", "rule_releases", "hold_lifts", "reminders", "audit", "looks"}
    assert not {*hidden, "case_reports", "authors_parts", "lamp_measurements", "lamp_cleanings"} & set(record)
    assert "Clara" not in "".join(files.values())
    assert BORN.isoformat() not in "".join(files.values())
    assert len(record["diary"]) == house.alice.diary.count()
    assert set(record["checkpoints"][0]["judgement"]) >= {"statement", "advice"}
    assert "proposal" not in record["checkpoints"][0]["judgement"]


def test_a_helper_of_somebody_on_their_own_takes_the_screenings_too(house: House) -> None:
    record = json.loads(files_of(house.carol, Relation.HELPER)["everything.json"])
    assert "screenings" in record
    assert "consents" not in record


def test_a_letter_a_helper_prints_has_no_birth_date(house: House) -> None:
    born = {reader: dict(doctor_letter(house.alice, reader).head)["Born"] for reader in Relation}
    assert f"{BORN:%Y}" not in born[Relation.HELPER]
    assert f"{BORN:%Y}" in born[Relation.PATIENT]
    assert f"{BORN:%Y}" in born[Relation.CLINICIAN]


def test_no_kind_of_record_is_forgotten(house: House) -> None:
    """Every insert-only table has its list in everything.json; a new one fails here until it is added."""
    record = json.loads(files_of(house.alice, Relation.PATIENT)["everything.json"])
    tables = [model for model in apps.get_models() if issubclass(model, InsertOnly)]
    lists = [name for name, rows in record.items() if isinstance(rows, list)]
    others = {"stages", "appointments", "helpers", "lamps", "reminders", "push_devices", "audit", "looks"}
    assert len(set(lists) - others) == len(tables), (lists, [model.__name__ for model in tables])


def test_without_a_plan_the_rest_is_still_there(house: House) -> None:
    files = files_of(house.carol, Relation.PATIENT)
    assert "course/plan.json" not in files
    assert "No plan was released" in files["readme.txt"]
    assert files["course/diary.csv"].startswith("date,")


def export_url(person: Person) -> str:
    return reverse("checkpoints:export", kwargs={"person_id": person.pk})


def test_at_home_the_password_is_asked_again_and_then_the_file_comes(house: House) -> None:
    client = signed_in(account_of(house.alice))
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - 4000}]
    session.save()
    asked = client.post(export_url(house.alice))
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not AuditEntry.objects.filter(action="exported").exists()
    answer = client.post(asked.headers["Location"], {"password": PASSWORD})
    if answer.status_code == 302:
        answer = client.post(answer.headers["Location"])
    assert answer.headers["Content-Type"] == "application/zip"
    assert AuditEntry.objects.get(action="exported").person_id == house.alice.pk


def test_looking_at_the_page_writes_no_file(house: House) -> None:
    answer = signed_in(house.clinician).get(export_url(house.alice))
    assert answer.status_code == 200
    assert not AuditEntry.objects.filter(action="exported").exists()


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_nobody_else_takes_it(house: House, who: str) -> None:
    client = signed_in(getattr(house, who).user)
    assert client.post(export_url(house.alice)).status_code == 403
    assert not AuditEntry.objects.filter(action="exported").exists()


def test_the_pages_load_no_statistics() -> None:
    """The web process stays small: whatever judges loads in the worker alone."""
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.care_settings'; import django; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "import openpbm.care.checkpoints.urls\n"
        "heavy = [n for n in ('numba', 'statsmodels', 'pandas', 'matplotlib', 'scipy.optimize') if n in sys.modules]\n"
        "assert not heavy, heavy"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
