"""Checks the course against the calendar: 1-2 h before onset, a day apart, inside the protocol, checkpoints 2-4-6."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import pytest
from cases import make_case

from openpbm.errors import BadInput
from openpbm.facts.conditions import Protocol, conditions
from openpbm.planning.document import Schedule
from openpbm.planning.prescription import SessionLength
from openpbm.planning.schedule import make_schedule, session_start, time_reasons, together_reasons, total_minutes
from openpbm.safety import screen

ALL = [row for one in conditions for row in one.protocols]
BRIEF = next(row for row in ALL if row.id == "rls_primary_brief")


def course(
    folder: Path, protocol: Protocol = BRIEF, minutes: float = 25.0, iron: bool = False, **changes: Any
) -> Schedule:
    length = SessionLength(exposure_minutes=minutes)
    return make_schedule(make_case(folder, **changes), protocol, length, iron_in_question=iron)


def starts(schedule: Schedule) -> list[dt.datetime]:
    return [dt.datetime.combine(one.date, one.start_time) for one in schedule.sessions if one.start_time]


@pytest.mark.parametrize("protocol", ALL, ids=lambda row: row.id)
def test_the_course_stays_inside_its_protocol(tmp_path: Path, protocol: Protocol) -> None:
    made = course(tmp_path, protocol)
    assert protocol.sessions_per_week[0] <= made.sessions_per_week <= protocol.sessions_per_week[1]
    assert protocol.weeks[0] <= made.weeks <= protocol.weeks[1]
    assert len(made.sessions) == made.sessions_per_week * made.weeks
    assert [one.number for one in made.sessions] == list(range(1, len(made.sessions) + 1))


@pytest.mark.parametrize("protocol", ALL, ids=lambda row: row.id)
def test_sessions_lie_at_least_a_day_apart(tmp_path: Path, protocol: Protocol) -> None:
    times = starts(course(tmp_path, protocol))
    assert min(later - one for one, later in itertools.pairwise(times)) >= dt.timedelta(hours=24)


def test_weeks_and_weekdays_follow_the_calendar(tmp_path: Path) -> None:
    made = course(tmp_path)
    assert made.sessions[0].date == dt.date(2026, 12, 1)
    for one in made.sessions:
        assert one.weekday == calendar.day_name[one.date.weekday()]
        assert one.week == 1 + (one.date - dt.date(2026, 12, 1)).days // 7


def minutes_of(clock: dt.time) -> int:
    return clock.hour * 60 + clock.minute


@pytest.mark.parametrize("total_minutes", [2.0, 25.0, 44.0, 60.0, 240.0])
@pytest.mark.parametrize("onset", ["21:30", "18:07", "12:00", "08:00", "23:30"])
def test_a_session_starts_one_to_two_hours_before_onset(onset: str, total_minutes: float) -> None:
    begins = dt.time.fromisoformat(onset)
    planned = session_start(begins, total_minutes)
    assert planned.rule == "before_onset"
    assert 60 <= minutes_of(begins) - minutes_of(planned.start) <= 120
    assert planned.start.minute % 5 == 0


@pytest.mark.parametrize("bedtime", [None, "20:00", "22:45", "00:30", "08:15"])
@pytest.mark.parametrize("total_minutes", [2.0, 25.0, 120.0])
def test_nobody_is_woken_for_light(total_minutes: float, bedtime: str | None) -> None:
    """Opened when cramps at 03:00 had their sessions at 01:30 at night."""
    sleeps = dt.time.fromisoformat(bedtime) if bedtime else None
    for minute in range(0, 24 * 60, 7):
        planned = session_start(dt.time(minute // 60, minute % 60), total_minutes, sleeps)
        assert dt.time(7) <= planned.start <= dt.time(21, 30)
        if planned.rule == "before_bedtime" and bedtime in (None, "20:00", "22:45"):
            assert minutes_of(planned.start) + total_minutes <= minutes_of(sleeps or dt.time(22, 30)) - 30


@pytest.mark.parametrize("onset", ["00:30", "03:00", "05:15", "07:30", "23:59"])
def test_an_onset_at_night_has_its_session_before_bedtime(tmp_path: Path, onset: str) -> None:
    made = course(tmp_path, minutes=12.0, condition__usual_onset=onset, person__bedtime="22:00")
    assert (made.sessions[0].date, made.sessions[0].start_time) == (dt.date(2026, 12, 1), dt.time(21, 5))


def test_a_session_off_its_onset_is_said(tmp_path: Path) -> None:
    length = SessionLength(exposure_minutes=20.0)
    night = make_case(tmp_path, condition__usual_onset="03:00", condition__diagnosis="nocturnal_cramps")
    (said,) = time_reasons(night, length)
    assert (said.rule, said.level) == ("session_before_bedtime", "caution")
    assert "03:00" in said.message
    assert time_reasons(make_case(tmp_path), length) == []


@pytest.mark.parametrize(
    ("minutes", "rules"),
    [
        (59.9, []),
        (60.0, [("session_long", "caution")]),
        (120.0, [("session_long", "caution")]),
        (121.0, [("session_too_long", "absolute")]),
    ],
)
def test_a_session_nobody_keeps_up_is_no_plan(tmp_path: Path, minutes: float, rules: list[tuple[str, str]]) -> None:
    """Opened when 214 minutes passed without a word; here both calves one after the other count together."""
    found = time_reasons(make_case(tmp_path, sites__0__side="both"), SessionLength(exposure_minutes=minutes))
    assert [(reason.rule, reason.level) for reason in found if reason.rule.startswith("session_")] == rules


@pytest.mark.parametrize(("minutes", "refused"), [(30.0, False), (31.0, True)])
def test_nobody_holds_a_point_for_half_an_hour_and_more(tmp_path: Path, minutes: float, refused: bool) -> None:
    laser = {"wavelength_nm": 830, "power_mw": 3, "spot_diameter_mm": 8}
    device = {"kind": "laser", "output_status": "claimed", "contact": True, "emitters": [laser]}
    case = make_case(tmp_path, device=device, placement=..., sites__0__side="left")
    found = [reason.rule for reason in time_reasons(case, SessionLength(exposure_minutes=minutes, points=2))]
    assert ("point_too_long" in found) is refused


@pytest.mark.parametrize(
    ("after", "said"), [(20.0, None), (19.0, "again once"), (7.0, "again 2 times"), (5.0, "3 times")]
)
def test_a_lamp_that_switches_off_within_a_session_is_switched_on_again(
    tmp_path: Path, after: float, said: str | None
) -> None:
    case = make_case(tmp_path, device__auto_off_minutes=after)
    found = [one.message for one in time_reasons(case, SessionLength(exposure_minutes=20.0))]
    assert (said in found[0]) if said else found == []


def test_without_an_onset_nine_in_the_evening_counts(tmp_path: Path) -> None:
    made = course(tmp_path, condition__usual_onset=...)
    assert made.sessions == course(tmp_path, condition__usual_onset="21:00").sessions


def test_checkpoints_fall_under_light_and_after_it(tmp_path: Path) -> None:
    """Weeks 2, 4, 6, 12 and four weeks without light, as the brief asks; 8 and 10 as some scales do."""
    made = course(tmp_path)
    assert made.weeks == 6
    assert [(one.week, one.date) for one in made.checkpoints] == [
        (2, dt.date(2026, 12, 15)),
        (4, dt.date(2026, 12, 29)),
        (6, dt.date(2027, 1, 12)),
        (8, dt.date(2027, 1, 26)),
        (10, dt.date(2027, 2, 9)),
        (12, dt.date(2027, 2, 23)),
    ]
    assert "four weeks without light" in made.checkpoints[4].about
    assert all(one.about for one in made.checkpoints)


def test_iron_in_question_marks_the_weeks(tmp_path: Path) -> None:
    assert course(tmp_path).confounded_weeks == ()
    (marked,) = course(tmp_path, iron=True).confounded_weeks
    assert (marked.from_week, marked.to_week) == (0, 12)


@pytest.mark.parametrize(
    ("heads", "side", "positions"), [(1, "both", 2), (2, "both", 1), (4, "both", 1), (1, "left", 1)]
)
def test_a_head_lies_on_one_place_at_a_time(tmp_path: Path, heads: int, side: str, positions: int) -> None:
    """Both calves with one head are two positions one after the other, with two heads one."""
    made = course(tmp_path, device__heads=heads, sites__0__side=side)
    assert made.positions_per_session == positions
    assert made.total_minutes_per_session == positions * made.minutes_per_session
    sides = ["left", "right"] if side == "both" else [side]
    assert made.sessions[0].placements == tuple(f"posterior_calf {one}" for one in sides)


def test_every_site_has_its_placement(tmp_path: Path) -> None:
    sites = [{"site": "posterior_calf", "side": "left"}, {"site": "foot_sole", "side": "both"}]
    made = course(tmp_path, sites=sites)
    assert made.sessions[0].placements == ("posterior_calf left", "foot_sole left", "foot_sole right")
    assert made.positions_per_session == 3


def test_a_leap_day_is_a_day(tmp_path: Path) -> None:
    made = course(tmp_path, course__start_date="2028-02-28")
    assert dt.date(2028, 3, 1) in [one.date for one in made.sessions]
    assert made.checkpoints[0].date == dt.date(2028, 3, 13)


FOUR_LIMBS = [{"site": "foot_sole", "side": "both"}, {"site": "posterior_calf", "side": "both"}]


@pytest.mark.parametrize(("at_once", "heads", "positions"), [(1, 1, 4), (2, 1, 2), (3, 1, 2), (4, 1, 1), (2, 2, 1)])
def test_places_lit_together_count_once(tmp_path: Path, at_once: int, heads: int, positions: int) -> None:
    """A panel that lights both legs at once counted twice."""
    case = make_case(tmp_path, sites=FOUR_LIMBS, placement__places_at_once=at_once, device__heads=heads)
    length = SessionLength(exposure_minutes=20.0)
    assert total_minutes(case, length) == 20.0 * positions


@pytest.mark.parametrize(
    ("at_once", "changes", "rule"),
    [
        (1, {}, None),
        (2, {"placement__distance_mm": 300}, "places_together"),
        (4, {"placement__distance_mm": 300}, "places_too_far_apart"),
        (2, {"device__emitters": [{"wavelength_nm": 850, "irradiance_mw_cm2": 30, "at_distance_mm": 150}]},
         "places_together_unknown"),
    ],
)  # fmt: skip
def test_what_is_lit_together_must_be_reached(
    tmp_path: Path, at_once: int, changes: dict[str, Any], rule: str | None
) -> None:
    screening = screen(make_case(tmp_path, sites=FOUR_LIMBS, placement__places_at_once=at_once, **changes))
    assert screening.exposure is not None
    assert [reason.rule for reason in together_reasons(screening.case, screening.exposure)] == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"device__contact": True, "placement__distance_mm": 0}, "lights one place"),
        ({"device__emitters": [{"wavelength_nm": 808, "power_mw": 100, "spot_diameter_mm": 12}]}, "lights one spot"),
        ({"sites": [{"site": "posterior_calf", "side": "left"}]}, "only 1 place is treated"),
    ],
)
def test_no_lamp_lights_more_places_than_it_can(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        make_case(tmp_path, placement__places_at_once=2, **changes)
