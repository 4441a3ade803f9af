"""What a course would be stands beside a judgement for a clinician alone, says why where it is not, decides nothing."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest
from asserted_arrows import asserted
from care.conftest import House, account_of, signed_in
from care.course_rows import write_course
from django.urls import reverse

from openpbm.care.audit.verify import verify
from openpbm.care.checkpoints import expected_course
from openpbm.care.checkpoints.actions import propose
from openpbm.care.checkpoints.course import build_course
from openpbm.care.checkpoints.expected_course import EXPECT, expect_beside, order_expectation, scores_by_day
from openpbm.care.checkpoints.expected_view import present_expected
from openpbm.care.checkpoints.models import Checkpoint, ExpectedCourse
from openpbm.care.jobs.models import Job
from openpbm.care.jobs.registry import handler_of
from openpbm.care.people.models import Person
from openpbm.case import read_case
from openpbm.facts.scales import outcome_scale

CASE = Path(__file__).parents[3] / "examples" / "restless_legs.toml"


@pytest.fixture
def judged(house: House) -> Checkpoint:
    write_course(house.alice)
    return propose(person=house.alice, week=6, by=None)


def page(house: House, by: object) -> str:
    address = reverse("checkpoints:show", kwargs={"person_id": house.alice.pk, "week": 6})
    return " ".join(signed_in(by).get(address).content.decode().split())  # type: ignore[arg-type]


def test_a_clinician_sees_bands_behind_the_scores_and_nothing_else_changes(
    house: House, judged: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = page(house, house.clinician)
    assert "is not here yet" in before
    monkeypatch.setattr(expected_course, "_case", lambda plan: read_case(CASE))
    handler_of("checkpoint")(Job(payload={"week": 6}, person_id=house.alice.pk), lambda done, of: None)
    job = Job.objects.get(kind=EXPECT)
    for _ in range(2):
        handler_of(EXPECT)(job, lambda done, of: None)
    row = ExpectedCourse.objects.get()
    assert expect_beside(judged, by=house.clinician) == row
    course, person = row.document["course"], row.document["personal"]
    after = page(house, house.clinician)
    assert after.count('class="band-chart"') == 2
    assert f"Effective sample size {person['effective_people']:.0f} of 200 virtual people" in after
    assert after.count('class="band-dot"') == len(person["scores"]) + 1 > 3
    assert course["start"] == pytest.approx(
        sum(each["points"] for each in person["scores"] if each["day"] <= 0)
        / sum(each["day"] <= 0 for each in person["scores"])
    )
    # The judgement, what it proposes and what may be signed are to the letter what they were.
    without = r'<section class="card stack" aria-labelledby="expected">.*?</section>'
    token = r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"'
    assert re.sub(f"{without}|{token}", "", after) == re.sub(f"{without}|{token}", "", before)
    (section,) = re.findall(without, after)
    assert asserted(re.sub(r"<[^>]+>", " . ", section)) == []
    assert "virtual people" not in page(house, account_of(house.alice))
    assert verify().faults == ()


def test_a_page_without_bands_says_why(house: House, judged: Checkpoint) -> None:
    """The example's screening holds no case, as one that a newer version can no longer read."""
    expect_beside(judged, by=None)
    shown = page(house, house.clinician)
    assert "There is none. It cannot be drawn. screening: " in shown
    assert "band-chart" not in shown


def test_without_a_clinic_nobody_would_read_it_and_it_is_not_drawn(house: House) -> None:
    order_expectation(Checkpoint(person=house.carol))
    assert not Job.objects.exists()


def test_scores_are_those_of_the_scale_up_to_the_day_and_not_from_long_before(house: House) -> None:
    write_course(house.alice)
    course = build_course(house.alice)
    first = course.plan.schedule.sessions[0].date
    found = scores_by_day(course, outcome_scale("irls"), first + dt.timedelta(days=20))
    written = {(row.date - first).days: row.value for row in course.scores if row.scale == "irls"}
    assert found == {day: value for day, value in written.items() if -28 <= day <= 20}
    assert 1 < len(found) < len(written)
    assert scores_by_day(course, outcome_scale("bctq.symptoms"), first) == {}
    rated = {(row.date - first).days: row.severity for row in course.diary if row.severity is not None}
    weekly = scores_by_day(course, outcome_scale("daily_severity"), first + dt.timedelta(days=20))
    assert list(weekly) == sorted(weekly)
    assert [min(weekly), max(weekly)] == pytest.approx([-10.5, 17.5])
    assert weekly[3.5] == pytest.approx(np.mean([rated[day] for day in range(7) if day in rated]))


def test_words_are_of_the_numbers() -> None:
    days = [float(day) for day in range(71)]

    def band(low: float, high: float) -> dict[str, list[float]]:
        return {"p5": [low] * 71, "median": [low] * 71, "p95": [high] * 71}

    course = {
        "name": "restless legs", "maximum": 40.0, "start": 26.5, "start_known": False, "days": days,
        "sham": band(6.0, 30.0), "total": band(5.0, 29.5), "specific": band(-4.25, -0.01), "weight_null": 0.71,
        "important_change": 3.0, "chance_of_gain": 0.074,
    }  # fmt: skip
    person = {
        "scores": [{"day": 14.0, "points": 21.0}], "specific": band(-2.0, 0.0), "weight_null": 0.703,
        "chance_of_gain": 0.04, "effective_people": 73.3, "shrinkage": -0.12, "rests_on_enough": True,
    }  # fmt: skip
    view = present_expected({"course": course, "personal": person, "people": 6000})
    assert "6.0 to 30.0 points under a lamp without light, and at 5.0 to 29.5" in view.scores_sentence
    assert "by −4.2 to 0.0 points in 90 of 100 before the person's scores, and by −2.0 to 0.0" in view.specific_sentence
    assert [(row.before, row.after) for row in view.outlooks] == [("71 %", "70 %"), ("7 %", "4 %")]
    assert "Effective sample size 73 of 6,000 virtual people. Shrinkage: the scores added 12 %" in view.rests_on
    unscored = present_expected({"course": course, "personal": person | {"scores": []}, "people": 6000})
    assert unscored.rests_on == "No score under light is known, so all 6,000 virtual people count alike."


def test_only_who_may_know_the_person_may_have_it_drawn(house: House, judged: Checkpoint) -> None:
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        expect_beside(judged, by=house.other_clinician)
    assert Person.objects.get(pk=house.alice.pk).expected_courses.count() == 0
