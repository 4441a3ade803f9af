"""After the planned weeks: a relapse is seen, a pause holds the light, and fewer sessions are a plan of their own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.home.people_on_course import a_lamp, on_course
from care.plans.planned_people import first_plan
from courses import diary, make_course
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from openpbm.care.audit.ledger import append
from openpbm.care.checkpoints.actions import sign_decision
from openpbm.care.checkpoints.aftercare import courses_so_far, most_per_week, order_next_course, start_pause
from openpbm.care.checkpoints.forms import NextCourseForm
from openpbm.care.checkpoints.models import Checkpoint
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import lift_hold
from openpbm.care.plans.make_plan_job import make_plan_job
from openpbm.care.plans.models import PlanRelease, PlanRow
from openpbm.care.plans.selectors import open_holds
from openpbm.care.sessions.check_start import blocking, check_start
from openpbm.care.sessions.start_context import load_start_context
from openpbm.errors import BadInput
from openpbm.outcomes.decision import checkpoint

_SPREAD = (0.5, -1.0, 0.0, 1.0, -0.5, 0.5, -1.0, 1.0, 0.0, -0.5, 1.0, -1.0, 0.5)


def page(name: str, person: Person, **more: object) -> str:
    return reverse(f"checkpoints:{name}", kwargs={"person_id": person.pk, **more})


def test_r_001_11_a_relapse_stands_on_the_page_and_in_the_worklist(house: House) -> None:
    """Four weeks without light: the judgement is the core's own, of a diary that loses what was gained."""
    start = house.alice.today() - dt.timedelta(weeks=10)
    plan = on_course(house.alice, house.clinician, a_lamp(house.clinic, house.clinician), start, weeks=(2, 4, 6, 10))
    days = [8.0] * 14 + [2.5] * 42 + [7.0] * 28
    written = diary([level + _SPREAD[day % len(_SPREAD)] for day, level in enumerate(days)])
    judgement = checkpoint(make_course(diary=written), 10)
    row = Checkpoint(person=house.alice, plan=plan, week=10, judgement=judgement, course_digest="0" * 64)
    append(row, by=None, action="checkpoint", person_id=house.alice.pk, clinic_id=house.clinic.pk)
    assert row.lasting == "relapse"
    clinician = signed_in(house.clinician)
    assert "what was gained is being lost" in clinician.get(reverse("home:worklist")).content.decode()
    assert "A relapse: " in clinician.get(page("show", house.alice, week=10)).content.decode()
    mine = signed_in(account_of(house.alice))
    assert "A relapse: " in mine.get(page("show", house.alice, week=10)).content.decode()
    after = mine.get(page("after", house.alice)).content.decode()
    assert "go back to the last schedule that held" in after
    assert page("next_course", house.alice) not in after
    # A decision to keep what was reached is one click from the plan it proposes, for who may sign it.
    assert page("next_course", house.alice) not in clinician.get(page("show", house.alice, week=10)).content.decode()
    sign_decision(checkpoint=row, decision="maintain", reason="It held on fewer", by=house.clinician)
    decided = clinician.get(page("show", house.alice, week=10))
    assert f'action="{page("next_course", house.alice)}"' in decided.content.decode()
    assert page("next_course", house.alice) not in mine.get(page("show", house.alice, week=10)).content.decode()
    following = decided.context["following"]
    sent = {
        "id": decided.context["following_id"], "start_date": following.start_date, "weeks": following.schedule.weeks,
        "sessions_per_week": following.schedule.sessions_per_week,
    }  # fmt: skip
    form = NextCourseForm(sent, most=most_per_week(courses_so_far(house.alice)))
    assert form.is_valid(), form.errors


def test_r_001_11_a_planned_pause_holds_the_light_until_it_is_lifted(house: House) -> None:
    start = house.alice.today() - dt.timedelta(weeks=5)
    plan = on_course(house.alice, house.clinician, a_lamp(house.clinic, house.clinician), start)
    with pytest.raises(PermissionDenied):
        start_pause(person=house.alice, weeks=3, by=account_of(house.alice))
    with pytest.raises(BadInput, match="from 2 to 4 weeks"):
        start_pause(person=house.alice, weeks=9, by=house.clinician)
    row = start_pause(person=house.alice, weeks=3, by=house.clinician)
    assert (row.kind, row.action, row.dose) == ("light", "stop", "3 weeks")
    (held,) = open_holds(house.alice)
    context = load_start_context(
        person=house.alice, lamp=plan.lamp, places=[("posterior_calf", "left")], now=timezone.now()
    )
    assert "hold" in [check.rule for check in blocking(check_start(context))]
    lift_hold(hold=held, reason="The pause is over: symptoms came back in the second week.", by=house.clinician)
    assert open_holds(house.alice) == []


def test_r_003_13_fewer_sessions_are_screened_planned_and_released_like_the_first(house: House) -> None:
    plan = first_plan(house)
    release = PlanRelease(person=house.alice, plan=plan, statement="Released", signed_name="Dr. Test")
    append(release, by=house.clinician, action="plan_released", person_id=house.alice.pk)
    core = plan.followed
    later, most = core.start_date + dt.timedelta(weeks=7), int(core.schedule.sessions_per_week)
    asked: dict[str, Any] = {"person": house.alice, "weeks": 2, "start_date": later, "by": house.clinician}
    with pytest.raises(BadInput, match="released before"):
        order_next_course(**asked, sessions_per_week=most + 1)
    with pytest.raises(BadInput, match="begins on"):
        order_next_course(**asked | {"start_date": core.start_date + dt.timedelta(weeks=2)}, sessions_per_week=1)
    assert house.alice.plans.count() == 1
    job = order_next_course(**asked, sessions_per_week=most - 1)
    made = PlanRow.objects.get(pk=make_plan_job(job, lambda done, total: None)["plan"])
    kept = made.followed
    assert (kept.schedule.sessions_per_week, kept.start_date) == (most - 1, later)
    assert kept.session_minutes == pytest.approx(core.session_minutes, abs=0.005)
    assert "override_sessions_below_protocol" in [caution.rule for caution in kept.cautions]
    assert not PlanRelease.objects.filter(plan=made).exists()
