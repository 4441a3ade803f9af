"""When the light came: how regular, how far ahead of the symptoms, whether the skin was looked at, how often it took.

Everything here describes what was written down. Nobody drew the times or the number of sessions by lot, so that none
of it says what would have happened otherwise.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from openpbm.course.circadian import ClockProfile, lead_before_onset, onset_profile, session_regularity
from openpbm.course.records import Course, RecordedSession
from openpbm.delivery.match import match_sessions
from openpbm.delivery.session_record import SessionRecord
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.measures.diary_change import diary_measure
from openpbm.outcomes.measures.measure import Measure, finite_or_none
from openpbm.outcomes.measures.phases import Phases

__all__ = ["Timing", "describe_timing"]

_FORTNIGHT_DAYS = 14
_DESCRIPTIVE = (
    "Descriptive: the number of sessions was not drawn by lot, and what came before carries over into what came after."
    " That it held with fewer is a reason to ask about fewer, not a proof that fewer are enough."
)


class Regularity(TypedDict):
    """How regular the starts were; `index` is the share of session days within an hour of the usual start [-]."""

    index: float | None
    usual_start: str | None
    spread_minutes: float | None
    days_with_light: int
    days_with_a_time: int


class LeadState(TypedDict):
    """Minutes ahead of the usual onset, and what that is called."""

    minutes: float | None
    state: str


class Lead(TypedDict):
    """The usual onset, and how far ahead of it light began and was planned to begin."""

    usual_onset: str | None
    onset_spread_minutes: float | None
    onset_days: int
    onset_from: str
    onset_by_hour: list[int]
    planned: LeadState
    given: LeadState


class SkinCheck(TypedDict):
    """How often the skin was looked at, and the day after written about."""

    days_with_light: int
    days_looked_at: int
    share: float | None
    reactions: dict[str, int]
    next_days_due: int
    next_days_written: int


class FortnightRow(TypedDict):
    """Two weeks as JSON; `held` null where the mean or the sessions are unknown."""

    first: str
    last: str
    sessions_a_week: float | None
    days_rated: int
    mean_severity: float | None
    held: bool | None


class SessionsAWeek(TypedDict):
    """The fewest sessions a week with which the benefit held, null where that is not known, with a reason."""

    baseline_mean: float | None
    held_at_or_below: float | None
    fortnights: list[FortnightRow]
    fewest_with_benefit: float | None
    reason: str
    note: str


class Timing(TypedDict):
    """When the light came; `sessions_a_week` null while nothing may be said of symptoms."""

    regularity: Regularity
    lead: Lead
    skin_check: SkinCheck
    sessions_a_week: SessionsAWeek | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fortnight:
    """Two weeks. `sessions_a_week` None where a session of theirs is unknown; `severities` of the days rated."""

    first: dt.date
    sessions_a_week: float | None
    severities: tuple[float, ...]

    @property
    def mean(self) -> float | None:
        """Mean severity, None without enough rated days."""
        enough = len(self.severities) >= outcome_limit("least_recent_days")
        return math.fsum(self.severities) / len(self.severities) if enough else None


def describe_timing(course: Course, phases: Phases, *, symptoms: bool = True) -> Timing:
    """Regularity, lead before the usual onset, skin checks and sessions a week, as plain JSON content.

    `regularity.index` : share of session days that start within an hour of the usual start, 0-1
    `lead` : of the planned and of the usual given start before the usual onset of the days before light, where those
        have one, else of all days rated so far; `state` is "as meant" 60-120 min ahead
    `skin_check` : share of days with light on which something was written about the skin, and on how many the day
        after was written about as well
    `sessions_a_week` : each two weeks from the first session on with their sessions a week and mean severity, and the
        fewest with which the benefit held: a mean below the baseline by at least the smallest change that matters
    symptoms : False leaves `sessions_a_week` out, which speaks of symptoms
    Shares are null where there is nothing to share. Only lines from before the checkpoint count.
    """
    given = [row for row in course.sessions if row.date < phases.as_of and row.status != "missed"]
    return {
        "regularity": _regularity(given),
        "lead": _lead(course, phases, given),
        "skin_check": _skin_check(course, phases, given),
        "sessions_a_week": _sessions_a_week(course, phases) if symptoms else None,
    }


def _regularity(given: Sequence[RecordedSession]) -> Regularity:
    clock = session_regularity(given)
    days = len({row.date for row in given})
    return {
        "index": clock.within_hour,
        "usual_start": _time(clock.median),
        "spread_minutes": clock.spread_minutes,
        "days_with_light": days,
        "days_with_a_time": clock.count,
    }


def _lead(course: Course, phases: Phases, given: Sequence[RecordedSession]) -> Lead:
    known = [row for row in course.diary if row.date < phases.as_of]
    before = onset_profile(row for row in known if row.date < phases.began)
    onset = before if before.median is not None else onset_profile(known)
    planned = lead_before_onset(course.plan.schedule.sessions, onset.median)
    start = session_regularity(given).median
    # The given start takes the planned one's place, so that both leads are computed alike.
    as_given = tuple(dataclasses.replace(session, start_time=start) for session in course.plan.schedule.sessions)
    actual = lead_before_onset(as_given, onset.median)
    return {
        "usual_onset": _time(onset.median),
        "onset_spread_minutes": onset.spread_minutes,
        "onset_days": onset.count,
        "onset_from": _onset_from(before, onset),
        "onset_by_hour": list(onset.by_hour),
        "planned": {"minutes": planned.minutes, "state": planned.state},
        "given": {"minutes": actual.minutes, "state": actual.state},
    }


def _onset_from(before: ClockProfile, onset: ClockProfile) -> str:
    if onset.median is None:
        return "unknown"
    return "days before light" if onset is before else "all days so far"


def _skin_check(course: Course, phases: Phases, given: Sequence[RecordedSession]) -> SkinCheck:
    lit = {row.date for row in given}
    looked = {row.date for row in given if row.skin_reaction is not None}
    written = looked | {row.date for row in course.events if row.date < phases.as_of}
    # The day after the last session may still lie ahead.
    due_next = {day for day in lit if day + dt.timedelta(days=1) < phases.as_of}
    next_day = sum(day + dt.timedelta(days=1) in written for day in due_next)
    reactions = Counter(row.skin_reaction for row in given if row.skin_reaction is not None)
    return {
        "days_with_light": len(lit),
        "days_looked_at": len(looked),
        "share": len(looked) / len(lit) if lit else None,
        "reactions": dict(sorted(reactions.items())),
        "next_days_due": len(due_next),
        "next_days_written": next_day,
    }


def _sessions_a_week(course: Course, phases: Phases) -> SessionsAWeek:
    diary = diary_measure(course.diary, phases)
    important = diary.important_change()
    too_few = diary.counts[0] < outcome_limit("least_baseline_days")
    level = None if too_few or important is None else diary.baseline_mean - important
    rows = [_row(two_weeks, level) for two_weeks in _fortnights(course, phases, diary)]
    # Two weeks without light are left out: that a benefit outlasted it does not make none the fewest.
    lit = [row for row in rows if row["held"] is not None and row["sessions_a_week"]]
    tried = {row["sessions_a_week"] or 0.0 for row in lit}
    held = {row["sessions_a_week"] or 0.0 for row in lit if row["held"]}
    return {
        "baseline_mean": finite_or_none(diary.baseline_mean),
        "held_at_or_below": level,
        "fortnights": rows,
        "fewest_with_benefit": min(held, default=None),
        "reason": _why(level, tried, held),
        "note": _DESCRIPTIVE,
    }


def _why(level: float | None, tried: set[float], held: set[float]) -> str:
    if level is None:
        return f"at least {outcome_limit('least_baseline_days'):g} days rated before the first session are needed"
    if not tried:
        least = outcome_limit("least_recent_days")
        return f"no two weeks of light with every session known and at least {least:g} days rated"
    if not held:
        return "with no number of sessions was the benefit seen to hold"
    if len(tried) == 1:
        return f"only {max(tried):g} sessions a week were tried: nothing is known of fewer"
    return ""


def _row(two_weeks: _Fortnight, level: float | None) -> FortnightRow:
    mean = two_weeks.mean
    held = None
    if mean is not None and level is not None and two_weeks.sessions_a_week is not None:
        held = mean <= level
    return {
        "first": two_weeks.first.isoformat(),
        "last": (two_weeks.first + dt.timedelta(days=_FORTNIGHT_DAYS - 1)).isoformat(),
        "sessions_a_week": two_weeks.sessions_a_week,
        "days_rated": len(two_weeks.severities),
        "mean_severity": mean,
        "held": held,
    }


def _fortnights(course: Course, phases: Phases, diary: Measure) -> list[_Fortnight]:
    """Every whole two weeks from the first session to the checkpoint; a single week says too little by itself."""
    if phases.last_given is None:
        return []
    records = match_sessions(course, phases.as_of)
    severity = {reading.date: reading.value for reading in diary.readings}
    fortnights = []
    for number in range((phases.as_of - phases.began).days // _FORTNIGHT_DAYS):
        first = phases.began + dt.timedelta(days=number * _FORTNIGHT_DAYS)
        days = [first + dt.timedelta(days=n) for n in range(_FORTNIGHT_DAYS)]
        rated = tuple(severity[day] for day in days if day in severity)
        fortnights.append(_Fortnight(first=first, sessions_a_week=_sessions(records, days), severities=rated))
    return fortnights


def _sessions(records: Sequence[SessionRecord], days: Sequence[dt.date]) -> float | None:
    """Days with light a week; None where a session of these two weeks is unknown."""
    inside = [record for record in records if record.date in days]
    if any(record.state == "unknown" for record in inside):
        return None
    return len({record.date for record in inside if record.lit}) / 2


def _time(time: dt.time | None) -> str | None:
    return None if time is None else time.isoformat("minutes")
