"""After week 6: does what was gained last without light, with fewer sessions, and who sees that it does not?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from courses import START, change, diary, event, given, make_course, make_plan, scores

from openpbm.course.records import Course
from openpbm.outcomes.decision import checkpoint

# From day to day without a pattern: what follows one day says nothing of the next.
_SPREAD = (0.5, -1.0, 0.0, 1.0, -0.5, 0.5, -1.0, 1.0, 0.0, -0.5, 1.0, -1.0, 0.5)


def _like(level: float, days: int) -> list[float]:
    return [level + _SPREAD[day % len(_SPREAD)] for day in range(days)]


_BEFORE = _like(8.0, 14)
_UNDER_LIGHT = [*_like(4.0, 7), *_like(2.5, 35)]
_LATER = START + dt.timedelta(weeks=7)


@pytest.mark.parametrize(("since", "word", "decision"), [(7.0, "relapse", "maintain"), (2.5, "lasts", "stop")])
def test_r_001_11_four_weeks_without_light_tell_whether_it_lasts(since: float, word: str, decision: str) -> None:
    """Gained 5.5 of 8 points: 7 is more than half of them lost, 2.5 hardly any."""
    written = diary([*_BEFORE, *_UNDER_LIGHT, *_like(since, 28)])
    found = checkpoint(make_course(diary=written), 10)
    assert (found["stage"], found["lasting"]["word"], found["decision"]) == ("after", word, decision)
    assert (found["lasting"]["source"], found["lasting"]["verified"]) == ("openpbm_assumption", False)
    assert checkpoint(make_course(diary=written), 6)["lasting"]["word"] == "not_asked"


def test_r_001_11_two_scores_five_points_up_are_a_relapse_though_half_of_the_gain_is_kept() -> None:
    up = scores({-8: 30, -1: 30, 28: 10, 35: 10, 41: 10, 58: 16, 68: 16})
    once = scores({-8: 30, -1: 30, 28: 10, 35: 10, 41: 10, 58: 10, 68: 16})
    assert checkpoint(make_course(scores=up), 10)["lasting"]["word"] == "relapse"
    assert checkpoint(make_course(scores=once), 10)["lasting"]["word"] == "lasts"


def test_r_001_11_a_planned_pause_in_a_long_course_counts_as_without_light() -> None:
    """Twelve weeks are planned; light pauses from week 6 on. Unwritten sessions alone would prove no stop."""
    plan = make_plan(weeks=12)
    pause = change(42, "light", "planned pause", "stop", dose="4 weeks")
    course = make_course(
        plan=plan,
        sessions=given(plan, weeks=6),
        diary=diary([*_BEFORE, *_UNDER_LIGHT, *_like(7.0, 28)]),
    )
    assert checkpoint(course, 10)["stage"] != "after"
    paused = checkpoint(replace(course, timeline=(pause,)), 10)
    assert (paused["stage"], paused["lasting"]["word"], paused["grade"]) == ("after", "relapse", "W")


@pytest.mark.parametrize(
    ("per_week", "now", "rule"),
    [
        (2, 2.5, "maintenance_step_down"),
        (1, 2.5, "maintenance_last_step"),
        (1, 7.0, "maintenance_relapse"),
    ],
)
def test_r_002_04_fewer_sessions_step_down_while_it_holds_and_go_back_where_it_does_not(
    per_week: int, now: float, rule: str
) -> None:
    """The least that holds is looked for from above: one step down a time, and back where half of the gain is lost."""
    found = checkpoint(_kept_up(per_week, _like(now, 16)), 2)
    assert (found["stage"], found["reasons"][0]["id"]) == ("maintenance", rule)
    assert (found["adherence"]["due"], found["adherence"]["extra"]) == (2 * per_week, 0)


def test_r_003_13_the_course_after_a_relapse_is_judged_by_itself() -> None:
    """A relapse written down before the second course is why it began, and no relapse of it; harm stands first."""
    course = _kept_up(3, _like(2.5, 16))
    before = replace(course, events=(event(45, "relapse"),))
    assert checkpoint(before, 2)["lasting"]["word"] == "lasts"
    hurt = replace(course, events=(event(52, "blister", grade=2),))
    assert checkpoint(hurt, 2)["decision"] == "stop"


def _kept_up(per_week: int, since: list[float]) -> Course:
    """Six weeks three times a week, then two weeks of fewer sessions under a plan of their own."""
    first = make_plan()
    days = [_LATER + dt.timedelta(days=7 * week + 2 * one) for week in range(2) for one in range(per_week)]
    second = make_plan(start=_LATER, weeks=2, days=days, sessions_per_week=per_week)
    written = [*_BEFORE, *_UNDER_LIGHT, *_like(2.5, 7), *since]
    return make_course(plan=second, sessions=(*given(first), *given(second)), diary=diary(written))
