"""Augmentation: a dopamine medicine that makes restless legs begin earlier and spread.

An alarm sends the person to the prescriber. It never asks for a change of the medicine and never counts against light.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from openpbm.course.circadian import onset_profile
from openpbm.course.mark import Mark
from openpbm.course.records import Course
from openpbm.facts.event_kinds import event_kind
from openpbm.facts.event_words import kinds_named_in
from openpbm.facts.medicine_text import medicines_in
from openpbm.facts.treatments import treatments

__all__ = ["AugmentationAlarm", "augmentation_alarm", "onset_shift_hours"]

#: Median onset this much earlier than at baseline raises the alarm [h] (clinical notes: 2 to 4).
EARLIER_HOURS = 2.0
#: Days at the end that are compared with baseline [day], and onsets needed on each side (our choice).
RECENT_DAYS = 14
FEWEST_ONSETS = 5

_TEXT = (
    "Symptoms come earlier or in more places while a dopamine medicine is taken. That is how augmentation by the"
    " medicine begins: see the prescriber, and do not change the medicine on your own. It is not a failure of light."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentationAlarm:
    """Whether a dopamine medicine may be making things worse.

    applies : a dopamine medicine stands in the timeline, among the treatments still taken, or in the plan; None where
        the plan's medicines are unknown
    alarm : True refers to the prescriber; False is no sign of it, which with marks may be no more than not knowing
    onset_shift_hours : recent less baseline median onset [h], negative is earlier; None is unknown
    signs : what was seen, one sentence each; marks : what could not be told
    """

    applies: bool | None
    alarm: bool
    decision: Literal["refer"] | None
    onset_shift_hours: float | None
    signs: tuple[str, ...]
    text: str
    marks: tuple[Mark, ...]


def augmentation_alarm(course: Course, began: dt.date, as_of: dt.date) -> AugmentationAlarm:
    """The alarm as of a day: `began` is the first day of light, `as_of` the day after the last that counts."""
    applies = _takes_dopaminergic(course, as_of)
    shift = onset_shift_hours(course, began, as_of)
    signs = [f"median onset {-shift:.1f} hours earlier than before"] if shift is not None and _earlier(shift) else []
    for event in course.events:
        for kind in (event_kind(event.kind), *kinds_named_in(event.detail)):
            if kind is not None and kind.what == "augmentation" and event.date <= as_of:
                signs.append(f"{event.date.isoformat()}: {kind.id.replace('_', ' ')}")
    alarm = applies is True and bool(signs)
    return AugmentationAlarm(
        applies=applies,
        alarm=alarm,
        decision="refer" if alarm else None,
        onset_shift_hours=shift,
        signs=tuple(dict.fromkeys(signs)),
        text=_TEXT if alarm else "",
        marks=_marks(applies, shift, signs),
    )


def onset_shift_hours(course: Course, began: dt.date, as_of: dt.date) -> float | None:
    """Median onset of the last 14 days less that of the days before light, the short way round the clock [h].

    None where either side has fewer than 5 onsets, or onsets all round the clock.
    """
    # In a young course the last two weeks would reach back before the light, into the days they are held against.
    recent_first = max(began, as_of - dt.timedelta(days=RECENT_DAYS))
    before = onset_profile(day for day in course.diary if day.date < began)
    recent = onset_profile(day for day in course.diary if recent_first <= day.date < as_of)
    if before.median is None or recent.median is None or min(before.count, recent.count) < FEWEST_ONSETS:
        return None
    # Whole minutes, so that two hours are two hours.
    minutes = _minutes(recent.median) - _minutes(before.median)
    return ((minutes + 720) % 1440 - 720) / 60.0


def _earlier(shift: float) -> bool:
    return shift <= -EARLIER_HOURS


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _takes_dopaminergic(course: Course, as_of: dt.date) -> bool | None:
    """True when one is written down anywhere; None when it is not and the plan does not say which medicines."""
    if any(_dopaminergic(row.name) or _dopaminergic(row.kind) for row in course.timeline if row.date <= as_of):
        return True
    watched = {row.treatment for row in course.treatments if row.still_taken is True}
    if any(treatments[id].watched == "dopamine" for id in watched):
        return True
    # The screening's sign is by its own question one of a dopamine medicine.
    kinds = [event_kind(event.kind) for event in course.events if event.date <= as_of]
    if any(kind is not None and kind.id == "augmentation_suspected" for kind in kinds):
        return True
    return _plan_says(course)


def _plan_says(course: Course) -> bool | None:
    plan = course.plan
    cautions = {caution.rule for caution in plan.cautions}
    if "dopaminergic_augmentation" in cautions:
        return True
    # A plan that was screened for restless legs names a dopamine medicine among its cautions, or says that it cannot.
    screened = plan.provenance is not None and plan.condition.programme == "rls"
    return False if screened and "medications_unknown" not in cautions else None


def _dopaminergic(name: str) -> bool:
    return any("dopaminergic" in medicine.roles for medicine in medicines_in(name))


def _marks(applies: bool | None, shift: float | None, signs: list[str]) -> tuple[Mark, ...]:
    messages = []
    if applies is not False and shift is None:
        few = f"too few onset times to compare; at least {FEWEST_ONSETS} before and in the last days are needed"
        messages.append(few)
    if applies is None:
        messages.append("whether a dopamine medicine is taken is not known; write medicines into the timeline")
    if applies is not True and signs:
        messages.append("onset is earlier, or symptoms spread, without a dopamine medicine being known: ask about one")
    return tuple(Mark(id="doubtful_line", message=message) for message in messages)
