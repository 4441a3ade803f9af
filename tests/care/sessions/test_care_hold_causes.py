"""Every hold is lifted on a page that shows what it rests on: skin, a session, a withdrawal, a checkpoint."""

from __future__ import annotations

import datetime as dt

import pytest
from care.conftest import House, account_of, signed_in
from care.course_rows import write_course
from care.sessions.session_factories import agree, release, write
from django.apps import apps
from django.urls import reverse

from openpbm.care.audit.models import InsertOnly
from openpbm.care.checkpoints.actions import propose, sign_decision
from openpbm.care.people.actions import record_consent
from openpbm.care.people.models import Consent
from openpbm.care.plans.hold_causes import cause_of
from openpbm.care.plans.models import Hold
from openpbm.care.sessions.actions import record_skin_check


def lift_page(house: House, hold: Hold) -> str:
    where = reverse("plans:lift_hold", kwargs={"person_id": hold.person_id, "hold_id": hold.pk})
    answer = signed_in(house.clinician).get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_hold_for_sore_skin_shows_session_skin_and_note(house: House) -> None:
    agree(house.alice)
    plan = release(house.alice, house.clinician, start=house.alice.today() - dt.timedelta(days=7))
    row, _ = write(plan, house.alice.today() - dt.timedelta(days=1), looked=False)
    record_skin_check(
        record=row, moment="24h", reaction="blister", note="Marker: on the shin", by=account_of(house.alice)
    )
    page = lift_page(house, Hold.objects.get())
    for said in ("A blister or burn", "Marker: on the shin", "15 min", "Evening panel"):
        assert said in page


def test_a_hold_for_light_taken_back_shows_the_line_and_its_correction(house: House) -> None:
    agree(house.alice)
    plan = release(house.alice, house.clinician, start=house.alice.today())
    row, _ = write(plan, house.alice.today())
    write(plan, house.alice.today(), supersedes=row, status="missed", minutes=None, reason="a slip of the pen",
          skin_reaction="", places=(("posterior_calf", "left"),))  # fmt: skip
    page = lift_page(house, Hold.objects.get())
    assert "a slip of the pen" in page
    assert "missed" in page


def test_a_hold_for_a_withdrawal_shows_what_was_withdrawn_and_whether_it_was_given_again(house: House) -> None:
    for given in (True, False):
        record_consent(person=house.alice, purpose=Consent.Purpose.LIGHT, given=given, by=account_of(house.alice))
    page = lift_page(house, Hold.objects.get())
    assert "Investigational light treatment" in page
    assert "Given again since" in page


def test_a_hold_of_a_checkpoint_shows_statement_and_decision(house: House) -> None:
    write_course(house.alice)
    judged = propose(person=house.alice, week=2, by=None)
    sign_decision(checkpoint=judged, decision="stop", reason="Her skin is sore.", by=house.clinician)
    page = lift_page(house, Hold.objects.get())
    assert "Her skin is sore." in page
    assert judged.judgement["statement"][:30] in page


@pytest.mark.django_db
def test_whatever_a_hold_can_be_about_has_a_page_that_shows_it() -> None:
    """Tables that holds name today; a new one is added to those that are shown before it is added here."""
    about = {"AdverseEvent", "SessionRecord", "Consent", "Change", "Checkpoint", "CheckpointDecision"}
    tables = {model.__name__: model._meta.db_table for model in apps.get_models() if issubclass(model, InsertOnly)}
    from openpbm.care.plans.hold_causes import _causes

    assert {tables[name] for name in about} <= set(_causes)
    assert cause_of(Hold(cause="question", message="Wait.")) is None
