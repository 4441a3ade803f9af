"""A case report: the record in the order of CARE, the people's own part beside it, no claim beyond the last look."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.course_rows import write_course
from django.urls import reverse

from openpbm.care.audit.verify import verify
from openpbm.care.checkpoints.actions import order_case_report
from openpbm.care.checkpoints.forms import AuthorsForm
from openpbm.care.checkpoints.models import AuthorsPart, CaseReport
from openpbm.care.jobs.models import Job
from openpbm.care.jobs.registry import handler_of
from openpbm.care.people.models import Person
from openpbm.errors import BadInput


def url(name: str, person: Person, **more: Any) -> str:
    return reverse(f"checkpoints:{name}", kwargs={"person_id": person.pk, **more})


def written(person: Person, **changes: Any) -> dict[Any, Any]:
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "title": "Evening light on one calf",
        "authors": "A. Author\nB. Author\n",
        "keywords": "restless legs",
        "patient_perspective": "It was because of the light, I am sure of it.",
        "consent": "on",
        "consent_date": person.today().isoformat(),
        "light_bandwidth": "30 nm",
        "tidier_where": "at home",
    }
    return values | changes


def made(house: House) -> CaseReport:
    write_course(house.alice)
    answer = signed_in(house.clinician).post(url("case_report", house.alice), written(house.alice))
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.get(kind="case_report")
    handler_of("case_report")(job, lambda done, of: None)
    return CaseReport.objects.get()


def test_a_report_is_put_together_and_read(house: House) -> None:
    report = made(house)
    assert report.complete
    client = signed_in(house.clinician)
    # Each field says what the record has put in already, and the report holds the picture of the course.
    form = client.get(url("case_report", house.alice)).content.decode()
    assert "Taken from the plan: " in form
    assert "Taken from the records: " in form
    page = client.get(url("report_page", house.alice, report_id=report.pk))
    text = page.content.decode()
    assert "Evening light on one calf" in text
    assert "In the patient’s own words: “It was because of the light" in text
    assert "not attributable to light" in text
    assert "30 nm" in text
    assert '<svg class="course-picture"' in text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    content = client.get(url("report_json", house.alice, report_id=report.pk)).json()
    assert content["format"] == "openpbm-case-report-1"
    assert "MarkerAlice" not in str(content)
    assert verify().faults == ()


def test_its_texts_lie_sealed(house: House) -> None:
    report = made(house)
    assert b"Evening light" not in bytes(report.sealed_content)
    assert b"sure of it" not in bytes(AuthorsPart.objects.get().sealed_document)


def test_the_page_says_what_a_draft_lacks(house: House) -> None:
    write_course(house.alice)
    sent = written(house.alice, consent="", consent_date="")
    signed_in(house.clinician).post(url("case_report", house.alice), sent)
    handler_of("case_report")(Job.objects.get(kind="case_report"), lambda done, of: None)
    text = signed_in(house.clinician).get(url("case_report", house.alice)).content.decode()
    assert "The newest one is a draft" in text
    assert "written consent to publication" in text
    report = house.alice.case_reports.get()
    paper = signed_in(house.clinician).get(url("report_page", house.alice, report_id=report.pk)).content.decode()
    assert "written consent to publication" in paper
    assert "case_report.toml" not in paper
    assert 'value="Evening light on one calf"' in text
    # What the record fills in lies folded away, below what only people can say, and open where something is written.
    own, _, recorded = text.partition("<details open><summary>Title, abstract")
    assert 'name="patient_perspective"' in own
    assert 'name="abstract"' in recorded


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("discussion", "She was cured because of the light.", "says more than is known"),
        ("consent_date", "1850-01-01", "before 1900"),
        ("title", "Light cured her legs", "says more than is known"),
    ],
)
def test_a_claim_or_an_impossible_day_stands_at_its_field(house: House, field: str, value: str, said: str) -> None:
    write_course(house.alice)
    answer = signed_in(house.clinician).post(url("case_report", house.alice), written(house.alice, **{field: value}))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert isinstance(form, AuthorsForm)
    assert said in str(form.errors[field])
    assert not Job.objects.exists()


def test_the_action_itself_refuses_a_claim(house: House) -> None:
    write_course(house.alice)
    with pytest.raises(BadInput, match="says more than is known"):
        order_case_report(person=house.alice, document={"discussion": "Light cured it."}, by=house.clinician)
    assert not AuthorsPart.objects.exists()


def test_a_patient_of_a_clinic_writes_none_and_another_clinic_reads_none(house: House) -> None:
    report = made(house)
    assert signed_in(account_of(house.alice)).get(url("case_report", house.alice)).status_code == 403
    for user in (house.helper, house.other_clinician, house.bob.user):
        client = signed_in(user)
        for name, more in (("case_report", {}), ("report_page", {"report_id": report.pk})):
            assert client.get(url(name, house.alice, **more)).status_code == 403
    own = url("report_page", house.carol, report_id=report.pk)
    assert signed_in(account_of(house.carol)).get(own).status_code == 403
