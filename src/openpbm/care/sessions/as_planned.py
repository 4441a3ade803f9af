"""What would be passed if the session took place as planned: the records so far with it, against those without it."""

from __future__ import annotations

import dataclasses
import datetime as dt

from openpbm.care.sessions.start_context import StartContext
from openpbm.course.records import RecordedSession
from openpbm.delivery import SessionRecord, find_deviations, match_sessions
from openpbm.delivery.place import Place, planned_places, session_fluence_j_cm2
from openpbm.facts.delivery import tolerance
from openpbm.planning import AllowedPlan
from openpbm.reason import Reason

__all__ = ["Outlook", "course_share", "minutes_left", "outlook", "share_in_words"]

# Below half a minute nothing is left of a session that was broken off.
_LEAST_MINUTES = 0.5


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The course with this session in it.

    new : limits it would pass that were not passed before · before : limits passed already
    record : the session as it would be matched with the plan · earlier : all sessions up to yesterday
    share, share_allowed : at the place that got most, sessions' worth of light with this one, and the most allowed
    """

    new: tuple[Reason, ...]
    before: tuple[Reason, ...]
    record: SessionRecord
    earlier: tuple[SessionRecord, ...]
    place: Place
    share: float
    share_allowed: float


def outlook(context: StartContext) -> Outlook:
    """Match and judge the course as if the session were given just as planned."""
    plan = context.plan
    assert plan is not None
    tomorrow = context.today + dt.timedelta(days=1)
    rows = _rows(context)
    before = find_deviations(plan, match_sessions(context.course, tomorrow))
    course = dataclasses.replace(context.course, sessions=(*context.sessions, *rows))
    records = match_sessions(course, tomorrow)
    shares = {place: course_share(context, records, place) for place in context.places}
    worst = max(shares, key=lambda place: shares[place][0] - shares[place][1])
    return Outlook(
        new=tuple(found for found in find_deviations(plan, records) if found not in before),
        before=before,
        record=next(record for record in records if set(rows) & set(record.rows)),
        earlier=match_sessions(context.course, context.today),
        place=worst,
        share=shares[worst][0],
        share_allowed=shares[worst][1],
    )


def minutes_left(context: StartContext, place: Place) -> float | None:
    """Minutes still to give at a place [min]: all of them, or what a session broken off today left; None is unknown."""
    plan = context.plan
    assert plan is not None
    if not context.resumes:
        return plan.session_minutes
    given = 0.0
    for row in context.sessions:
        if row.date == context.today and (row.site, row.side) == place and row.status != "missed":
            if row.minutes is None:
                return None
            given += row.minutes
    # What has passed since the start counts as light where less was written: nobody saw the lamp go off.
    left = round(plan.session_minutes - max(given, context.light_before.get(place, 0.0)), 2)
    return left if left >= _LEAST_MINUTES else 0.0


def course_share(context: StartContext, records: tuple[SessionRecord, ...], place: Place) -> tuple[float, float]:
    """Sessions' worth of light at one place within the plan's weeks, at most; and how much the whole course allows.

    What nobody wrote down counts as given: missing history is unknown, not zero. Light from nearer than planned counts
    by the inverse square, which no lamp's field exceeds.
    """
    plan = context.plan
    assert plan is not None
    total = 0.0
    for record in records:
        if not plan.start_date <= record.date <= context.last_day:
            continue
        unwritten = record.state == "unknown"
        if unwritten and (context.released_on is None or record.date < context.released_on):
            # It could not take place before the release.
            continue
        # Today's or a later one: it has not taken place, so nothing of it is missing yet.
        if unwritten and record.date >= context.today:
            continue
        for one in record.places:
            if one.place == place and (unwritten or record.lit):
                # The upper end: whatever may have been given counts against the cap.
                ratio = (one.minutes_ratio_range or (1.0, 1.0))[1]
                total += ratio * _nearness(plan, record)
    planned = sum(place in planned_places(session) for session in plan.schedule.sessions)
    return total, planned * tolerance("minutes_ratio_highest")


def share_in_words(plan: AllowedPlan, share: float) -> str:
    """Sessions' worth of light as a fluence where the plan says one."""
    fluence = session_fluence_j_cm2(plan)
    return f"{share:.3g} sessions' worth" if fluence is None else f"{share * fluence[1]:.3g} J/cm²"


def _nearness(plan: AllowedPlan, record: SessionRecord) -> float:
    distances = [row.distance_mm for row in record.rows if row.distance_mm is not None and row.status != "missed"]
    if not plan.placement.distance_mm or not distances or record.distance_state != "nearer":
        return 1.0
    # Never nearer than a millimetre: a distance of nothing, mistyped, would make the dose endless.
    return (plan.placement.distance_mm / max(min(distances), 1.0)) ** 2


def _rows(context: StartContext) -> tuple[RecordedSession, ...]:
    plan = context.plan
    assert plan is not None
    first = 2 + max((row.line for row in context.sessions), default=1)
    return tuple(
        RecordedSession(
            line=first + number,
            date=context.today,
            # A time that no written line has: a line that says the same light as another would count once.
            time=context.moment.time().replace(microsecond=999_999, tzinfo=None),
            site=place[0],
            side=place[1],
            # All of it where nobody knows what is left: counted as too little, it could pass a cap unseen.
            minutes=minutes_left(context, place) or plan.session_minutes,
            distance_mm=plan.placement.distance_mm,
            status="done",
            reason="",
            skin_reaction=None,
        )
        for number, place in enumerate(context.places)
    )
