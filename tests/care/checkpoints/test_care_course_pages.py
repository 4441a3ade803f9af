"""Where one is in a course, and what can honestly be said of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.course_rows import write_course
from django.urls import reverse
from present import present
from pytest_django import DjangoAssertNumQueries

from openpbm.care.audit.ledger import append
from openpbm.care.checkpoints.actions import propose
from openpbm.care.checkpoints.course import build_course
from openpbm.care.checkpoints.progress import progress_of
from openpbm.care.checkpoints.progress_chart import now_and_before, planned_and_given, ratings_chart
from openpbm.care.people.models import Change, Person
from openpbm.care.plans.actions import hold


def page(user: Any, name: str, person: Person, **more: Any) -> Any:
    return signed_in(user).get(reverse(f"checkpoints:{name}", kwargs={"person_id": person.pk, **more}))


def test_my_course_says_what_was_done_of_what(house: House) -> None:
    write_course(house.alice)
    text = page(house.alice.user, "my_course", house.alice).content.decode()
    assert "15 of the 18 sessions planned so far were done (83 %)." in text
    assert "Nothing is written about 1, so it counts as not done." in text
    assert "At least 372 J/cm²" in text
    assert "<strong>Nothing.</strong>" in text


def test_a_hold_stands_above_everything_else(house: House) -> None:
    write_course(house.alice)
    hold(person=house.alice, cause="finding", message="The clinic wants to look first.", by=house.clinician)
    text = page(house.alice.user, "my_course", house.alice).content.decode()
    assert text.index("Sessions are on hold") < text.index("Week ") if "Week " in text else True
    assert "The clinic wants to look first." in text


@pytest.mark.parametrize("name", ["my_course", "progress", "export", "calendar"])
def test_without_a_plan_each_page_says_so(house: House, name: str) -> None:
    answer = page(house.alice.user, name, house.alice)
    assert answer.status_code == 200
    assert name == "export" or "plan is released" in answer.content.decode()


def test_before_a_judgement_nothing_is_said_of_the_dots(house: House) -> None:
    write_course(house.alice)
    text = page(house.alice.user, "progress", house.alice).content.decode()
    assert "Nothing was judged yet." in text
    assert "improved" not in text


def test_the_chart_carries_the_engine_s_own_sentence(house: House) -> None:
    write_course(house.alice)
    row = propose(person=house.alice, week=6, by=None)
    text = page(house.alice.user, "progress", house.alice).content.decode()
    assert row.judgement["statement"] in text
    assert "not attributable to light" in text
    assert row.judgement["grade"] == "U"
    assert "How sure one can be about the cause: There is nothing to compare with" in text
    assert "grade U" not in text
    assert "because of the light" not in text


def test_a_line_from_the_future_does_not_blank_the_chart(house: House) -> None:
    write_course(house.alice)
    before = progress_of(build_course(house.alice), house.alice.today())
    far = house.alice.today() + dt.timedelta(days=4000)
    append(Change(person=house.alice, date=far, kind="iron", name="iron", action="start"), by=None, action="x")
    after = progress_of(build_course(house.alice), house.alice.today())
    today = house.alice.today()
    assert ratings_chart(after, today) == ratings_chart(before, today)
    assert after.left_out == before.left_out + 1
    assert len(ratings_chart(after, today).dots) > 50


def test_progress_shows_before_and_now_and_what_was_given_of_what_was_planned(house: House) -> None:
    write_course(house.alice)
    today = house.alice.today()
    shown = progress_of(build_course(house.alice), today)
    before, now = (present(one) for one in now_and_before(shown, today))
    assert before.last < shown.lit_days[0] < now.first
    assert (before.low <= before.mean <= before.high, now.days <= 14) == (True, True)
    weeks = planned_and_given(shown, today)
    assert sum(week.planned for week in weeks) == 18
    assert sum(week.given for week in weeks) == len(set(shown.lit_days))
    text = page(house.alice.user, "progress", house.alice).content.decode()
    assert "echarts" not in text
    assert text.index("band-chart") < text.index("What can be said")


def test_pages_ask_no_more_of_the_database_for_more_days(
    house: House, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    released = write_course(house.alice)
    client = signed_in(account_of(house.alice))
    url = reverse("checkpoints:my_course", kwargs={"person_id": house.alice.pk})
    client.get(url)
    assert released.plan.followed.schedule.weeks == 6
    with django_assert_max_num_queries(40):
        client.get(url)
