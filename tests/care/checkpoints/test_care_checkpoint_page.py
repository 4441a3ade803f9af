"""The engine proposes, a clinician decides and signs; the person reads both in plain words."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from care.conftest import PASSWORD, House, account_of, signed_in
from care.course_rows import write_course
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from present import present

from openpbm.care.audit.ledger import Conflict
from openpbm.care.audit.verify import verify
from openpbm.care.checkpoints.actions import propose, sign_decision
from openpbm.care.checkpoints.course import page_of
from openpbm.care.checkpoints.models import Checkpoint, CheckpointDecision
from openpbm.care.events.actions import report_event
from openpbm.care.jobs.models import Job
from openpbm.care.people.models import Person
from openpbm.care.plans.selectors import open_holds
from openpbm.care.scales.actions import record_diary
from openpbm.course import Course
from openpbm.course.lines import FILES
from openpbm.errors import BadInput


@pytest.fixture
def judged(house: House) -> Checkpoint:
    write_course(house.alice)
    return propose(person=house.alice, week=6, by=None)


def url(name: str, person: Person, week: int = 6) -> str:
    return reverse(f"checkpoints:{name}", kwargs={"person_id": person.pk, "week": week})


def sent(row: Any, **changes: Any) -> dict[Any, Any]:
    values = {"id": uuid.uuid4(), "judgement": row.pk, "decision": "maintain", "reason": "", "password": PASSWORD}
    return values | changes


def test_the_same_course_is_judged_once(house: House, judged: Checkpoint) -> None:
    assert propose(person=house.alice, week=6, by=None).pk == judged.pk
    assert Checkpoint.objects.count() == 1
    assert verify().faults == ()


def test_who_has_pages_reads_of_no_file_and_no_line(house: House) -> None:
    """What the engine says of the data named files and lines, which were then cut out of its sentences."""
    write_course(house.alice)
    earlier = house.alice.today() - dt.timedelta(days=30)
    report_event(person=house.alice, date=earlier, kind="blister", detail="", grade=1, by=account_of(house.alice))
    row = propose(person=house.alice, week=6, by=None)
    (mark,) = [mark["text"] for mark in row.judgement["data_quality"]["marks"] if "blister" in mark["text"]]
    assert mark == "effects: grade 1 was written; blister is at least grade 2"
    shown = signed_in(house.clinician).get(url("show", house.alice)).content.decode()
    assert "handed out or shown (case report)" in shown
    assert ".csv" not in shown
    assert {page_of(kind.name) for kind in FILES.values() if kind.wanted} <= {
        "diary",
        "forms",
        "sessions",
        "effects",
        "timeline",
    }


def test_a_clinician_reads_every_reason_the_person_plain_words(house: House, judged: Checkpoint) -> None:
    staff = signed_in(house.clinician).get(url("show", house.alice)).content.decode()
    for reason in judged.judgement["reasons"]:
        if reason["about"] in ("decision", "dose", "delivery"):
            assert reason["text"][:40] in staff
    assert "not checked against a source" in staff
    assert "ferrous sulfate" in staff
    # Each measure stands once, over the chances of its changes; what did not happen is not counted.
    assert staff.count('scope="rowgroup"') == len(
        {row["scale"] for row in judged.judgement["probabilities"]["thresholds"]}
    )
    assert "Extra: 0" not in staff
    own = signed_in(account_of(house.alice)).get(url("show", house.alice)).content.decode()
    assert judged.judgement["statement"] in own
    assert "Your clinic has not decided yet." in own
    assert "90 % interval" not in own


def test_what_was_written_since_is_said(house: House, judged: Checkpoint) -> None:
    client = signed_in(house.clinician)
    assert "Something was written down since" not in client.get(url("show", house.alice)).content.decode()
    record_diary(
        person=house.alice,
        date=house.alice.today(),
        entered_at=judged.created_at,
        answers={"severity": 5.0},
        by=account_of(house.alice),
    )
    assert "Something was written down since" in client.get(url("show", house.alice)).content.decode()
    answer = client.post(url("judge", house.alice))
    job = Job.objects.get()
    assert answer.headers["Location"] == reverse("jobs:job", kwargs={"job_id": job.pk})
    assert job.payload == {"plan": str(judged.plan_id), "week": 6}


def test_a_decision_is_signed_and_read_by_the_person(house: House, judged: Checkpoint) -> None:
    answer = signed_in(house.clinician).post(url("decide", house.alice), sent(judged))
    assert answer.status_code == 302
    row = CheckpointDecision.objects.get()
    assert (row.decision, row.signed_name) == ("maintain", "Clara")
    own = signed_in(account_of(house.alice)).get(url("show", house.alice)).content.decode()
    assert "Clara decided" in own
    assert not open_holds(house.alice)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "another"}, "nothing was signed"),
        ({"decision": "stop"}, "Write down why"),
        ({"decision": "cure"}, "Select a valid choice"),
        ({"judgement": uuid.uuid4()}, "judged again meanwhile"),
    ],
)
def test_what_cannot_be_signed_is_said(house: House, judged: Checkpoint, changes: dict[str, Any], said: str) -> None:
    answer = signed_in(house.clinician).post(url("decide", house.alice), sent(judged, **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not CheckpointDecision.objects.exists()


@pytest.mark.parametrize("decision", ["stop", "refer"])
def test_to_stop_or_refer_holds_the_sessions(house: House, judged: Checkpoint, decision: str) -> None:
    signed_in(house.clinician).post(url("decide", house.alice), sent(judged, decision=decision, reason="Skin is sore."))
    [held] = open_holds(house.alice)
    assert "Skin is sore." in held.message
    assert (
        "Leave the lamp off"
        in signed_in(account_of(house.alice))
        .get(reverse("checkpoints:my_course", kwargs={"person_id": house.alice.pk}))
        .content.decode()
    )


def test_a_decision_sent_twice_is_there_once(house: House, judged: Checkpoint) -> None:
    id = uuid.uuid4()
    first, new = sign_decision(id=id, checkpoint=judged, decision="stop", reason="Enough.", by=house.clinician)
    again, new_again = sign_decision(id=id, checkpoint=judged, decision="stop", reason="Enough.", by=house.clinician)
    assert (first.pk, new, new_again) == (again.pk, True, False)
    assert len(open_holds(house.alice)) == 1
    with pytest.raises(Conflict):
        sign_decision(id=id, checkpoint=judged, decision="refer", reason="Enough.", by=house.clinician)


def test_nobody_but_a_clinician_of_the_clinic_decides(house: House, judged: Checkpoint) -> None:
    for user in (house.alice.user, house.helper, house.other_clinician, house.auditor, house.admin):
        with pytest.raises(PermissionDenied):
            sign_decision(checkpoint=judged, decision="maintain", reason="", by=present(user))
        assert signed_in(user).get(url("decide", house.alice)).status_code == 403


def test_a_reason_as_long_as_its_column_is_the_longest(house: House, judged: Checkpoint) -> None:
    with pytest.raises(BadInput, match="401 characters, at most 400"):
        sign_decision(checkpoint=judged, decision="stop", reason="x" * 401, by=house.clinician)


def test_a_week_without_a_checkpoint_is_not_there(house: House, judged: Checkpoint) -> None:
    client = signed_in(house.clinician)
    assert client.get(url("show", house.alice, 5)).status_code == 404
    client.get(url("show", house.alice, 2))
    assert "Nothing was judged yet." in client.get(url("show", house.alice, 2)).content.decode()


def test_alone_the_person_may_have_it_judged_and_a_stop_holds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from openpbm.outcomes import decision as engine

    write_course(house.carol)
    assert signed_in(account_of(house.carol)).post(url("judge", house.carol)).status_code == 302
    write_course(house.alice)
    assert signed_in(account_of(house.alice)).post(url("judge", house.alice)).status_code == 403
    content = engine.checkpoint(_course(house.carol), 6) | {"decision": "stop"}
    monkeypatch.setattr(engine, "checkpoint", lambda course, week, **_: content)
    propose(person=house.carol, week=6, by=None)
    propose(person=house.alice, week=6, by=None)
    assert len(open_holds(house.carol)) == 1
    assert open_holds(house.alice) == []


def _course(person: Person) -> Course:
    from openpbm.care.checkpoints.course import build_course

    return build_course(person)
