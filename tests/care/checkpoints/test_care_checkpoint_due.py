"""A checkpoint that has come is judged once and told once, whatever the number of minutes the worker runs."""

from __future__ import annotations

import datetime as dt

from care.conftest import House
from care.course_rows import release_example, write_course
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from openpbm.care.checkpoints.actions import propose, sign_decision
from openpbm.care.checkpoints.due import judge_what_is_due
from openpbm.care.checkpoints.judge_job import judge_job
from openpbm.care.checkpoints.models import Checkpoint
from openpbm.care.jobs.models import Job, Reminder
from openpbm.care.jobs.registry import handler_of, reminder_sources
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRelease


def begun(person: Person, weeks: int) -> PlanRelease:
    """The example's plan, begun so many weeks ago."""
    start = dt.date(2026, 9, 7)
    shift = person.today() - dt.timedelta(weeks=weeks) - start
    return release_example(person, shift)


def test_one_job_for_each_week_that_has_come(house: House) -> None:
    released = begun(house.alice, 4)
    for _ in range(3):
        judge_what_is_due(timezone.now())
    jobs = Job.objects.filter(kind="checkpoint").order_by("created_at")
    assert [job.payload for job in jobs] == [{"plan": str(released.plan_id), "week": week} for week in (2, 4)]


def test_the_clinic_and_the_person_are_told_once(house: House) -> None:
    released = begun(house.alice, 4)
    for _ in range(2):
        judge_what_is_due(timezone.now())
    told = Reminder.objects.filter(kind="checkpoint", key__contains=f"{released.plan_id}:4:")
    assert {row.user for row in told} == {house.clinician, house.alice.user}
    assert {row.link for row in told} == {reverse("checkpoints:show", kwargs={"person_id": house.alice.pk, "week": 4})}
    assert all("Marker" not in row.text for row in told)


def test_nobody_is_told_of_what_lies_long_ago(house: House) -> None:
    begun(house.alice, 20)
    judge_what_is_due(timezone.now())
    assert Job.objects.filter(kind="checkpoint").count() == 3
    assert not Reminder.objects.filter(kind="checkpoint").exists()


def test_a_day_that_has_not_come_is_not_judged(house: House) -> None:
    begun(house.alice, 1)
    judge_what_is_due(timezone.now())
    assert not Job.objects.filter(kind="checkpoint").exists()


def test_whoever_has_left_is_not_judged(house: House) -> None:
    begun(house.alice, 4)
    house.alice.left_at = timezone.now()
    house.alice.save()
    judge_what_is_due(timezone.now())
    assert not Job.objects.exists()


def test_the_job_judges_and_the_decision_settles_the_clinic_s_reminder(house: House) -> None:
    released = write_course(house.alice)
    now = dt.datetime.combine(released.plan.followed.checkpoint_days[6], dt.time(12), house.alice.zone)
    judge_what_is_due(now)
    job = Job.objects.get(payload={"plan": str(released.plan_id), "week": 6})
    result = handler_of("checkpoint")(job, lambda done, of: None)
    row = Checkpoint.objects.get(pk=result["checkpoint"])
    assert result["href"].endswith("/checkpoints/6/")
    assert judge_job(job, lambda done, of: None) == result
    sign_decision(checkpoint=row, decision="maintain", reason="", by=house.clinician)
    states = dict(Reminder.objects.filter(key__contains=":6:").values_list("user__username", "state"))
    assert states == {"clara": "done", "alice": "due"}


def test_nobody_is_reminded_of_what_was_decided_before_the_worker_came_by(house: House) -> None:
    released = write_course(house.alice)
    row = propose(person=house.alice, week=6, by=None)
    sign_decision(checkpoint=row, decision=row.judgement["decision"], reason="As proposed.", by=house.clinician)
    judge_what_is_due(dt.datetime.combine(released.plan.followed.checkpoint_days[6], dt.time(12), house.alice.zone))
    assert not Reminder.objects.filter(key__contains=f"{released.plan_id}:6:").exists()


def test_the_worker_knows_it() -> None:
    assert judge_what_is_due in reminder_sources()


def test_more_people_are_not_more_questions(house: House, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    begun(house.alice, 4)
    judge_what_is_due(timezone.now())
    with django_assert_num_queries(5):
        judge_what_is_due(timezone.now())
    begun(house.carol, 4)
    begun(house.bob, 2)
    judge_what_is_due(timezone.now())
    with django_assert_num_queries(5):
        judge_what_is_due(timezone.now())
