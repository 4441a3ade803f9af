"""What may be laid to treatment or to light: only a draw that was sealed, kept to, finished and, for light, blinded."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from courses import START, change, diary, given, make_course, make_plan
from present import present

from openpbm.course import Course
from openpbm.course.records import Guess
from openpbm.errors import BadInput
from openpbm.outcomes.cause import find_attribution
from openpbm.outcomes.decision.checkpoint_document import checkpoint
from openpbm.outcomes.measures.phases import find_phases
from openpbm.single_case import Allocation, DesignRequest, Masking, Period, Unblinding
from openpbm.single_case.design import seal, verify

FIRST = START - dt.timedelta(days=14)
PAIRS = 6
MASKED = Masking(method="filters", keeper="a pharmacist", looks_alike="yes", feels_alike="yes", checked_on=FIRST)


def blocks(*, blinded: bool = True, seed: int = 3, washout_days: int = 0) -> tuple[Any, Any]:
    request = DesignRequest(
        kind="blocks",
        first_day=FIRST,
        made_on=FIRST,
        blinded=blinded,
        baseline_days=14,
        pairs=PAIRS,
        days_per_period=7,
        analysis_week=12,
        washout_days=washout_days,
    )
    return seal(request, seed=seed, nonce="a" * 32)


def blinded_course(
    *, effect: float = -4.0, guess: Callable[..., Any] = lambda period: "unsure", **changes: Any
) -> Course:
    """Baseline about 7, sham weeks about 7, active weeks better by `effect`; a guess at the end of every week."""
    design, key = blocks(**changes)
    draw = verify(design, key)
    wave = [0.0, 1.0, -1.0, 0.0, 1.0, 0.0, -1.0]
    values = [7.0 + w for w in wave * 2]
    for period in draw.periods:
        values += [7.0 + w + (effect if period.treatment == "active" else 0.0) for w in wave]
    guesses = tuple(Guess(line=period.number + 1, date=period.last_day, guess=guess(period)) for period in draw.periods)
    plan = make_plan(weeks=12)
    return make_course(
        plan=plan,
        sessions=given(plan),
        diary=diary(values),
        design=design,
        design_key=key,
        masking=MASKED,
        guesses=guesses,
    )


def test_days_of_the_wash_out_count_in_no_test_and_in_no_mean() -> None:
    """Three days of each period carry the effect of the one before: sealed as wash-out they are left out."""
    course = blinded_course(washout_days=3)
    draw = verify(present(course.design), course.design_key)
    first_days = {period.first_day + dt.timedelta(days=day) for period in draw.periods for day in range(3)}
    worse = [dataclasses.replace(row, severity=10.0) if row.date in first_days else row for row in course.diary]
    phases = find_phases(course, 13)
    clean, spoilt = (find_attribution(one, phases) for one in (course, dataclasses.replace(course, diary=tuple(worse))))
    assert spoilt.tests == clean.tests
    assert spoilt.tests["blocks"]["statistic"] < -3.0
    assert not first_days & spoilt.active_days
    assert len(spoilt.active_days) == 4 * PAIRS
    assert "3 days of each period left out" in spoilt.reasons[0]


def alternating(period: Period) -> str:
    """Right in one period of two, whatever was drawn."""
    right = period.pair % 2 == 0
    return period.treatment if right else {"active": "sham", "sham": "active"}[period.treatment]


def seen_through(period: Period) -> str:
    return period.treatment


def test_blinded_draw_with_blinding_kept_may_say_light() -> None:
    found = checkpoint(blinded_course(guess=alternating), 13)
    assert found["grade"] == "B"
    assert "because of the light" in found["statement"]
    assert found["attribution"]["tests"]["blocks"]["p"] == pytest.approx(2**-PAIRS)


def test_a_person_who_sees_through_it_never_gets_light() -> None:
    found = checkpoint(blinded_course(guess=seen_through), 13)
    assert "because of the light" not in found["statement"]
    assert "because treatment started (light or expectation)" in found["statement"]
    assert found["attribution"]["tests"]["belief_adjusted"]["p"] == 1.0
    assert found["grade"] == "R"


def test_unsure_throughout_is_no_blinding_check() -> None:
    found = checkpoint(blinded_course(guess=lambda period: "unsure"), 13)
    assert found["grade"] == "R"
    assert "because of the light" not in found["statement"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (None, "how the lamp was masked is not written down"),
        ({"looks_alike": "no"}, "do not look alike"),
        ({"feels_alike": "unknown"}, "nobody checked whether light and no light feel alike"),
        ({"keeper": " "}, "nobody is named"),
        ({"checked_on": None}, "no day is written down"),
        ({"checked_on": START + dt.timedelta(days=1)}, "after the first period began"),
    ],
)
def test_without_a_mask_that_was_checked_nothing_is_laid_to_light(broken: dict[str, Any] | None, said: str) -> None:
    masking = None if broken is None else dataclasses.replace(MASKED, **broken)
    found = checkpoint(dataclasses.replace(blinded_course(guess=alternating), masking=masking), 13)
    assert found["grade"] == "R"
    assert "because of the light" not in found["statement"]
    assert any(said in reason for reason in found["attribution"]["reasons"])


def test_whoever_learnt_the_order_before_the_end_breaks_the_mask() -> None:
    course = blinded_course(guess=alternating)
    last = verify(present(course.design), course.design_key).last_day
    after = last + dt.timedelta(days=1)
    for day, grade in ((last, "R"), (after, "B")):
        told = Unblinding(line=2, date=day, who="clinician", emergency=True, reason="a burn")
        assert checkpoint(dataclasses.replace(course, unblindings=(told,)), 13)["grade"] == grade


def test_a_confounder_takes_the_cause_from_the_record_too() -> None:
    course = blinded_course(guess=alternating)
    blurred = dataclasses.replace(course, timeline=(change(60, "medicine", "pregabalin", "start"),))
    found = checkpoint(blurred, 13)
    assert found["grade"] == "R"
    assert found["attribution"]["cause"] == "treatment_started"
    assert "because of the light" not in found["statement"]


def test_without_guesses_blinding_is_unchecked() -> None:
    course = dataclasses.replace(blinded_course(), guesses=())
    found = checkpoint(course, 13)
    assert found["grade"] == "R"
    assert "because of the light" not in found["statement"]


def test_a_lamp_that_does_nothing_is_not_the_cause() -> None:
    found = checkpoint(blinded_course(effect=0.0, guess=alternating), 13)
    assert found["attribution"]["cause"] == "none"
    assert found["symptom_verdict"] == "unchanged"


@pytest.mark.parametrize("week", [4, 6, 11])
def test_the_draw_is_analysed_once_at_the_announced_time(week: int) -> None:
    """Looking before the last period is over earns nothing: the seal stays shut."""
    found = checkpoint(blinded_course(guess=alternating), week)
    assert found["attribution"]["due"] is False
    assert "because" not in found["statement"]


def test_without_the_key_nothing_is_tested() -> None:
    course = dataclasses.replace(blinded_course(guess=alternating), design_key=None)
    found = checkpoint(course, 13)
    assert found["grade"] in ("U", "W")
    assert "still sealed" in str(found["attribution"]["reasons"])


def test_a_changed_draw_is_refused() -> None:
    course = blinded_course()
    key: dict[str, Any] = dict(present(course.design_key))
    changed = key | {"treatments": list(reversed(key["treatments"]))}
    with pytest.raises(BadInput, match="commitment"):
        checkpoint(dataclasses.replace(course, design_key=changed), 13)


def randomised_start(*, keep: bool = True) -> tuple[Course, Allocation]:
    request = DesignRequest(
        kind="start", first_day=FIRST, made_on=FIRST, blinded=False, baseline_days=8, start_points=(9, 30)
    )
    design, _ = seal(request, seed=11, nonce="b" * 32)
    start = present(verify(design).start_day)
    plan = make_plan(weeks=8)
    begin = start if keep else start + dt.timedelta(days=2)
    rows = [row for row in given(plan) if row.date > begin]
    first = dataclasses.replace(rows[0], line=999, date=begin, status="extra")
    before = (begin - FIRST).days
    wave = [0.0, 1.0, -1.0, 0.0, 0.5]
    values = [7.0 + wave[k % 5] for k in range(before)] + [2.0 + wave[k % 5] for k in range(70 - before)]
    return make_course(plan=plan, sessions=(first, *rows), diary=diary(values), design=design), verify(design)


def test_randomised_start_says_treatment_started_and_never_light() -> None:
    course, draw = randomised_start()
    found = checkpoint(course, (draw.last_day - START).days // 7 + 2)
    assert found["grade"] == "R"
    assert found["attribution"]["tests"]["start"]["p"] == pytest.approx(1 / 22)
    assert "because treatment started (light or expectation)" in found["statement"]
    assert "because of the light" not in found["statement"]


def test_a_start_on_another_day_than_drawn_is_no_randomised_start() -> None:
    course, draw = randomised_start(keep=False)
    found = checkpoint(course, (draw.last_day - START).days // 7 + 2)
    assert found["grade"] == "U"
    assert "the lot had drawn" in str(found["attribution"]["reasons"])
