"""Which outcome decides, and when none may: cramps that fell by 85 % once read "stop the light"."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from courses import START, diary, make_course, make_plan, scores

from openpbm.course.records import Course, DiaryDay, Spasm
from openpbm.facts.conditions import conditions, primary_outcomes
from openpbm.facts.scales import outcome_scale
from openpbm.outcomes.decision.checkpoint_document import checkpoint
from openpbm.outcomes.decision.judgement import judge

#: Daily ratings, a digit a day, `-` for none; the first fourteen before the light.
DOUBLE_MINUTES = "666788-7-78765865466-55434433455564445336-245333456353444265645445-4456433-63134534535667526665334"
STOPPED_IN_WEEK_3 = "78889665-8785747775665-5444-6354-34"
CRAMPS_PLAN = make_plan(condition_id="nocturnal_cramps")


def rated(digits: str) -> tuple[DiaryDay, ...]:
    return diary([None if digit == "-" else float(digit) for digit in digits])


def cramps(before: int, after: int, days: int = 56) -> tuple[Spasm, ...]:
    """`before` cramps a night for fourteen nights, then `after` in every fifth."""
    nights = [(day, before if day < 0 else after * (day % 5 == 0)) for day in range(-14, days - 14)]
    return tuple(
        Spasm(
            line=2, date=START + dt.timedelta(days=day), time=dt.time(2, n), muscle="calf", seconds=60.0, pain=5.0,
            trigger="",
        )
        for day, count in nights
        for n in range(count)
    )  # fmt: skip


def word(course: Course, week: int = 6) -> str:
    return judge(course, week).symptom_verdict


def test_every_condition_names_scales_that_can_be_followed() -> None:
    for row in conditions:
        assert len(set(row.primary_outcomes)) == len(row.primary_outcomes)
        for id in row.primary_outcomes:
            assert outcome_scale(id).for_change, id
            assert not outcome_scale(id).is_change, id


@pytest.mark.parametrize(
    ("condition", "first"),
    [
        ("nocturnal_cramps", "cramp_diary"),
        ("rls_primary", "daily_severity"),
        ("cipn", "mtns"),
        ("phn", "daily_severity"),
    ],
)
def test_first_outcome(condition: str, first: str) -> None:
    assert primary_outcomes(condition)[0] == first


def test_cramps_decide_for_cramps() -> None:
    """Cramps fell to a tenth while the worst symptom of the day stayed: the light once was stopped for it."""
    same = diary([4.0, 3.0, 5.0, 4.0] * 14)
    found = checkpoint(make_course(plan=CRAMPS_PLAN, diary=same, spasms=cramps(2, 1)), 6)
    assert found["symptom_verdict"] == "improved"
    assert found["decision"] == "maintain"
    assert "cramps in a week" in found["statement"]


def test_cramps_that_doubled_are_worse_and_none_left_is_better() -> None:
    rare, often = cramps(1, 12), cramps(3, 0)
    written = diary([4.0] * 56)
    assert word(make_course(plan=CRAMPS_PLAN, diary=written, spasms=rare)) in ("worse", "somewhat_worse")
    assert word(make_course(plan=CRAMPS_PLAN, diary=written, spasms=often)) == "improved"


def test_the_same_cramps_do_not_decide_for_restless_legs() -> None:
    found = judge(make_course(diary=diary([4.0, 3.0, 5.0, 4.0] * 14), spasms=cramps(2, 1)), 6)
    assert found.deciding is not None
    assert found.deciding.scale.id == "daily_severity"
    assert found.symptom_verdict != "improved"


def test_a_primary_outcome_without_data_leaves_it_to_the_next_and_says_so() -> None:
    rows = scores({-8: 28, -1: 27, 14: 3, 21: 2, 28: 2})
    found = checkpoint(make_course(scores=rows), 4)
    assert found["symptom_verdict"] == "improved"
    assert any("decided instead" in row["text"] for row in found["reasons"])
    without = checkpoint(make_course(plan=CRAMPS_PLAN, diary=diary([7.0] * 14 + [3.0] * 42)), 6)
    assert without["symptom_verdict"] == "improved"
    assert any("no cramp" in row["text"] or "Cramp diary" in row["text"] for row in without["reasons"])


@pytest.mark.parametrize(("before", "after"), [(10.0, 4.0), (8.5, 0.0), (14.0, 6.0)])
def test_halving_a_mild_irls_counts(before: float, after: float) -> None:
    """A fall by 9 was asked of somebody who began at 8.5; half of the baseline is published as a response too."""
    rows = scores({-8: before, -1: before, 14: after, 21: after, 28: after, 35: after})
    found = judge(make_course(scores=rows), 6)
    assert found.symptom_verdict == "improved"


def test_a_model_against_the_plain_means_is_inconclusive_and_said() -> None:
    """6.75 before and 4.38 at week 4, while the model of the same days said +2.1."""
    found = checkpoint(make_course(diary=rated(DOUBLE_MINUTES)), 4)
    assert found["symptom_verdict"] == "inconclusive"
    assert found["measures"][0]["plain_change"] == pytest.approx(-2.37, abs=0.05)
    assert "contradict each other" in found["statement"]


def test_plain_and_model_agree_in_ordinary_courses() -> None:
    """The guard must not silence people: 40 simulated responders, none of them doubted at week 6."""
    random = np.random.default_rng(4)
    for _ in range(40):
        days = np.round(6 + 1.5 * random.standard_normal(56) - 3.0 * (np.arange(56) >= 16))
        assert judge(make_course(diary=diary([float(v) for v in days])), 6).deciding.model_doubt == ""  # type: ignore[union-attr]


@pytest.mark.parametrize("week", [8, 12])
def test_values_of_weeks_ago_say_nothing_of_now(week: int) -> None:
    """The diary ended in week 3; at week 12 the page still said "now"."""
    plan = make_plan(weeks=12)
    rows = {"plan": plan, "diary": rated(STOPPED_IN_WEEK_3)}
    found = checkpoint(make_course(**rows), week)
    assert found["symptom_verdict"] == "not_assessed"
    assert found["decision"] == "inconclusive"
    assert "days before this checkpoint" in found["statement"]
    late = checkpoint(make_course(plan=plan, scores=scores({-8: 25, -1: 25, 14: 10, 21: 10})), week)
    assert late["symptom_verdict"] != "improved"


def test_the_statement_is_dated() -> None:
    found = checkpoint(make_course(diary=rated(DOUBLE_MINUTES)), 6)
    assert "up to 14 February 2027" in found["statement"]
    assert " now" not in found["statement"]


ZERO: list[Any] = [
    {"diary": diary([0.0] * 56)},
    {"diary": diary([0.0, 0.0, 1.0, 0.0, 1.0] * 12)},
    {"scores": scores({-8: 0, -1: 1, 14: 0, 21: 0, 28: 0})},
    {"plan": make_plan(condition_id="cipn"), "scores": scores({-8: 44, -1: 44, 21: 44, 28: 44, 35: 44}, "fact_ntx")},
]


@pytest.mark.parametrize("rows", ZERO)
def test_no_room_to_improve_is_not_assessed(rows: dict[str, Any]) -> None:
    """All zero before and after once read "no change that matters, stop"."""
    found = checkpoint(make_course(**rows), 6)
    assert found["symptom_verdict"] == "not_assessed"
    assert found["decision"] == "inconclusive"
    assert "no room" in found["statement"]


def test_a_worsening_from_nothing_is_heard() -> None:
    assert word(make_course(diary=diary([0.0, 1.0] * 7 + [4.0, 5.0, 4.0] * 14))) == "worse"


def new_cramps(per_night: int, first: int = 20, every: int = 1) -> tuple[Spasm, ...]:
    return tuple(
        Spasm(
            line=2, date=START + dt.timedelta(days=day), time=dt.time(2, n), muscle="calf", seconds=60.0, pain=5.0,
            trigger="",
        )
        for day in range(first, 42, every)
        for n in range(per_night)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "written", "expected"),
    [
        (new_cramps(2), 56, "worse"),
        (new_cramps(1, 28), 56, "worse"),
        (new_cramps(2, 28), 14, "worse"),  # no diary line under light: its days count as days without a cramp
        (new_cramps(1, 28, 5), 56, "somewhat_worse"),
    ],
)
def test_cramps_that_came_under_light_are_heard(found: tuple[Spasm, ...], written: int, expected: str) -> None:
    """None before the light and twenty under it once read "not assessed": a ratio to nothing cannot be had."""
    assert word(make_course(plan=CRAMPS_PLAN, diary=diary([4.0] * written), spasms=found)) == expected


def test_new_cramps_are_said_where_they_do_not_decide() -> None:
    found = checkpoint(make_course(diary=diary([4.0] * 56), spasms=new_cramps(2)), 6)
    assert any("One of the measures got clearly worse" in row["text"] for row in found["reasons"])
