"""Augmentation alarm: onset at least two hours earlier, round the clock, and only with a dopamine medicine."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from courses import make_plan

from openpbm.course.records import Course, DiaryDay, Event, TimelineChange
from openpbm.outcomes.harm.augmentation import augmentation_alarm
from openpbm.planning import AllowedPlan
from openpbm.planning.document import Provenance
from openpbm.reason import Reason

BEGAN = dt.date(2026, 12, 1)
AS_OF = BEGAN + dt.timedelta(weeks=6)
PRAMIPEXOLE = TimelineChange(
    line=2, date=BEGAN - dt.timedelta(days=99), kind="medicine", name="pramipexole", action="continue", dose=""
)


PLAN = make_plan(start=BEGAN)
MADE_HERE = Provenance(
    openpbm="0", python="3", numpy="2", facts_digest="", transport_digest="", overrides=None, seed=1,
    scenarios=1, light_error=0.0,
)  # fmt: skip


def screened(*cautions: str) -> AllowedPlan:
    """A plan that was made here, with these cautions."""
    return dataclasses.replace(PLAN, provenance=MADE_HERE, cautions=tuple(caution(rule) for rule in cautions))


def caution(rule: str) -> Reason:
    return Reason(rule=rule, level="caution", kind="safety", message="m", source="s", verified=True)


def days(onset: dt.time, first: dt.date, count: int) -> list[DiaryDay]:
    return [
        DiaryDay(
            line=number,
            date=first + dt.timedelta(days=number),
            entered_at=None,
            severity=5.0,
            onset=onset,
            sleep_minutes=None,
            bother=None,
        )
        for number in range(count)
    ]


def course(
    before: dt.time,
    after: dt.time,
    *,
    timeline: tuple[TimelineChange, ...] = (PRAMIPEXOLE,),
    plan: AllowedPlan = PLAN,
    events: tuple[Event, ...] = (),
    count: int = 14,
) -> Course:
    diary = days(before, BEGAN - dt.timedelta(days=14), count) + days(after, AS_OF - dt.timedelta(days=14), count)
    return Course(plan=plan, diary=tuple(diary), timeline=timeline, events=events)


@pytest.mark.parametrize(
    ("before", "after", "shift", "alarm"),
    [
        (dt.time(21), dt.time(19), -2.0, True),
        (dt.time(22, 20), dt.time(20, 20), -2.0, True),
        (dt.time(21), dt.time(19, 1), -1.9833, False),
        (dt.time(0, 30), dt.time(22, 0), -2.5, True),
        (dt.time(23, 30), dt.time(0, 30), 1.0, False),
        (dt.time(20), dt.time(23), 3.0, False),
        (dt.time(1), dt.time(23, 30), -1.5, False),
    ],
)
def test_alarm_at_two_hours_earlier_the_short_way_round_midnight(
    before: dt.time, after: dt.time, shift: float, alarm: bool
) -> None:
    found = augmentation_alarm(course(before, after), BEGAN, AS_OF)
    assert found.onset_shift_hours == pytest.approx(shift, abs=1e-3)
    assert found.alarm is alarm
    assert found.decision == ("refer" if alarm else None)
    if alarm:
        assert "prescriber" in found.text
        assert "not a failure of light" in found.text
        assert "do not change the medicine" in found.text


@pytest.mark.parametrize(
    ("timeline", "plan", "applies"),
    [
        ((PRAMIPEXOLE,), PLAN, True),
        ((), PLAN, None),
        ((), screened(), False),
        ((), screened("dopaminergic_augmentation"), True),
        ((), screened("medications_unknown"), None),
    ],
)
def test_only_with_a_dopamine_medicine(
    timeline: tuple[TimelineChange, ...], plan: AllowedPlan, applies: bool | None
) -> None:
    found = augmentation_alarm(course(dt.time(21), dt.time(18), timeline=timeline, plan=plan), BEGAN, AS_OF)
    assert found.applies is applies
    assert found.alarm is (applies is True)
    assert any("ask about one" in mark.message for mark in found.marks) == (applies is not True)


def test_symptoms_that_spread_are_a_sign_as_well() -> None:
    spread = Event(line=2, date=BEGAN + dt.timedelta(days=20), kind="symptoms in arms", detail="", grade=None)
    same = dt.time(21)
    assert augmentation_alarm(course(same, same, events=(spread,)), BEGAN, AS_OF).alarm
    assert not augmentation_alarm(course(same, same, events=(spread,)), BEGAN, BEGAN + dt.timedelta(days=14)).alarm
    assert not augmentation_alarm(course(same, same), BEGAN, AS_OF).alarm


def test_the_sign_of_the_screening_speaks_of_a_dopamine_medicine_by_itself() -> None:
    suspected = Event(line=2, date=BEGAN, kind="augmentation", detail="", grade=None)
    found = augmentation_alarm(course(dt.time(21), dt.time(21), timeline=(), events=(suspected,)), BEGAN, AS_OF)
    assert found.alarm


def test_too_few_onsets_are_said_and_raise_no_alarm() -> None:
    found = augmentation_alarm(course(dt.time(21), dt.time(17), count=4), BEGAN, AS_OF)
    assert found.onset_shift_hours is None
    assert not found.alarm
    assert any("too few onset" in mark.message for mark in found.marks)
