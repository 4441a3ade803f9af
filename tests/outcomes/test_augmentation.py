"""Augmentation alarm: onset at least two hours earlier, round the clock, and only with a dopamine medicine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from openpbm.course.records import Course, DiaryDay, Event, TimelineChange
from openpbm.course.released_plan import ReleasedPlan
from openpbm.outcomes.harm.augmentation import augmentation_alarm

BEGAN = dt.date(2026, 12, 1)
AS_OF = BEGAN + dt.timedelta(weeks=6)
PRAMIPEXOLE = TimelineChange(
    line=2, date=BEGAN - dt.timedelta(days=99), kind="medicine", name="pramipexole", action="continue", dose=""
)


def plan(document: Mapping[str, Any]) -> ReleasedPlan:
    return ReleasedPlan(
        start_date=BEGAN,
        weeks=6,
        sessions_per_week=3.0,
        sessions=(),
        checkpoints=(),
        minutes=20.0,
        distance_mm=None,
        irradiance_mw_cm2=None,
        irradiance_upper_mw_cm2=None,
        fluence_j_cm2=None,
        output_status="claimed",
        programme="rls",
        condition="rls_primary",
        document=document,
    )


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
    document: Mapping[str, Any] | None = None,
    events: tuple[Event, ...] = (),
    count: int = 14,
) -> Course:
    diary = days(before, BEGAN - dt.timedelta(days=14), count) + days(after, AS_OF - dt.timedelta(days=14), count)
    return Course(plan=plan(document or {}), diary=tuple(diary), timeline=timeline, events=events)


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
    ("timeline", "document", "applies"),
    [
        ((PRAMIPEXOLE,), {}, True),
        ((), {}, None),
        ((), {"cautions": []}, False),
        ((), {"cautions": [{"rule": "dopaminergic_augmentation"}]}, True),
        ((), {"cautions": [{"rule": "medications_unknown"}]}, None),
        ((), {"person": {"medications": ["Rotigotine patch"]}}, True),
        ((), {"person": {"medications": ["ibuprofen"]}}, False),
        ((), {"person": {"medications": None}}, None),
    ],
)
def test_only_with_a_dopamine_medicine(
    timeline: tuple[TimelineChange, ...], document: Mapping[str, Any], applies: bool | None
) -> None:
    found = augmentation_alarm(course(dt.time(21), dt.time(18), timeline=timeline, document=document), BEGAN, AS_OF)
    assert found.applies is applies
    assert found.alarm is (applies is True)
    assert any("ask about one" in mark for mark in found.marks) == (applies is not True)


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
    assert any("too few onset" in mark for mark in found.marks)
    assert found.to_dict()["onset_shift_hours"] is None
