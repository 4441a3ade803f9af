"""Courses of light for the demo: planned, released, and lived through up to yesterday, each evening at its own time."""

from __future__ import annotations

import datetime as dt
import functools
import json
import random
import zoneinfo
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit.models import canonical
from openpbm.care.devices.models import Lamp
from openpbm.care.home.demo.past import Past
from openpbm.care.home.demo.people import ZONE
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import release_plan, store_plan
from openpbm.care.plans.models import PlanRow
from openpbm.care.scales.actions import record_diary, record_score
from openpbm.care.screening.actions import release_rule, screen_person
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.session_lamps import ChosenLamp
from openpbm.care.sessions.actions import record_session, record_skin_check
from openpbm.case import Placement, case_of
from openpbm.delivery.place import planned_places
from openpbm.planning import Plan, PlanOverrides

__all__ = ["Lived", "Part", "evening", "give_light", "keep_notes", "plan", "planned", "screened"]

_COMES_BACK = 49  # days after the start


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Where light goes: the lamp, how it stands, those beside it, the places, and from which day, when it suits."""

    lamp: Lamp
    site: str
    side: str
    target: str
    distance_mm: float | None = None
    tilt_deg: float = 0.0
    beside: tuple[ChosenLamp, ...] = ()
    start: dt.date
    weekdays: tuple[str, ...] = ()
    session_time: dt.time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """How a course went.

    before, after : the symptom 0-10 before the light and six weeks into it; between the two it goes evenly
    onset : when it usually begins [h], None where it has no hour
    scores : (scale, days from the start, items or None, total or None)
    missed : numbers of the sessions that did not take place
    felt : what is felt and where, on a day with symptoms; "" says nothing
    silent : days, counted from the start, of which nothing is written
    back : the symptom from the eighth week on where it comes back, None where it stays
    """

    before: float
    after: float
    seed: int
    onset: float | None = None
    scores: Sequence[tuple[str, int, Any, float | None]] = ()
    missed: dict[int, str] = field(default_factory=dict)
    cramps: bool = False
    felt: str = ""
    back: float | None = None
    silent: Collection[int] = ()


def screened(person: Person, part: Part, by: User) -> ScreeningRow:
    """Screened with that lamp at that place."""
    place = {"site": part.site, "side": part.side, "target": part.target}
    placement = Placement(distance_mm=part.distance_mm, tilt_deg=part.tilt_deg)
    lamps = [ChosenLamp(lamp=part.lamp, placement=placement), *part.beside]
    return screen_person(person=person, lamps=lamps, sites=[place], start_date=part.start, by=by,
                         weekdays=part.weekdays, session_time=part.session_time)  # fmt: skip


def plan(
    person: Person, part: Part, by: User, *, rules: dict[str, str] | None = None, statement: str = "Released.",
    early_start: str = "", overrides: PlanOverrides | None = None,
) -> PlanRow:  # fmt: skip
    """Screened, planned and released; `rules` are released first, each with its reason."""
    row = screened(person, part, by)
    for rule, reason in (rules or {}).items():
        row = release_rule(screening=row, rule=rule, reason=reason, by=by)
    stored = planned(row, by, overrides)
    release_plan(plan=stored, statement=statement, early_start=early_start, by=by)
    return PlanRow.objects.select_related("lamp", "person", "release").get(pk=stored.pk)


def planned(row: ScreeningRow, by: User, overrides: PlanOverrides | None = None) -> PlanRow:
    """The plan of a screening, made with little light and not released."""
    return store_plan(screening=row, plan=_made(canonical(row.case), clock.now().date(), overrides), by=by)


@functools.cache
def _made(case: str, today: dt.date, overrides: PlanOverrides | None) -> Plan:
    """Of two people with the same answers, lamp and first day the plan is the same, and made once."""
    from openpbm.planning import Quality, make_plan
    from openpbm.safety import screen

    screening = screen(case_of(json.loads(case), "screening", today=today))
    return make_plan(screening, overrides=overrides, seed=1, quality=Quality(scenarios=16))


def keep_notes(past: Past, person: Callable[[], Person], start: dt.date, lived: Lived, until: dt.date) -> None:
    """Diary and scores of the days before `until`, each in the evening of its day, written by the person."""
    draw = random.Random(lived.seed)
    for offset in range(-14, (until - start).days):
        day = start + dt.timedelta(days=offset)
        answers = _answers(lived, offset, draw)
        if offset in lived.silent or (draw.random() < 0.06 and offset >= 0):
            # Nobody writes every day.
            continue
        past.at(evening(day, 23, 50), functools.partial(_write_day, person, day, answers))
    for scale, offset, items, value in lived.scores:
        day = start + dt.timedelta(days=offset)
        if day < until:
            past.at(evening(day, 21, 30), functools.partial(_fill_in, person, day, scale, items, value))


def give_light(past: Past, row: PlanRow, lived: Lived, *, by: User, until: dt.date) -> None:
    """The sessions of the days before `until`, each written down when it is over."""
    core = row.followed
    ahead = [one for one in core.schedule.sessions if one.date < until]
    for planned in ahead:
        reason = lived.missed.get(planned.number, "")
        last = planned is ahead[-1] and planned.date < until - dt.timedelta(days=1)
        for site, side in planned_places(planned):
            past.at(
                evening(planned.date, 20, 45), functools.partial(_session, past, row, planned.date, (site, side),
                                                                 reason, by=by, look=last),
            )  # fmt: skip


def evening(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A wall clock where the demo's people live."""
    return dt.datetime.combine(day, dt.time(hour, minute), zoneinfo.ZoneInfo(ZONE))


def _session(
    past: Past, row: PlanRow, day: dt.date, place: tuple[str, str], reason: str, *, by: User, look: bool
) -> None:
    core = row.followed
    record, _ = record_session(
        person=row.person, plan=row, lamp=row.lamp, date=day, time=dt.time(20, 0), site=place[0], side=place[1],
        minutes=None if reason else core.session_minutes, distance_mm=core.placement.distance_mm,
        status="missed" if reason else "done", reason=reason, skin_reaction="" if reason else "none", by=by,
    )  # fmt: skip
    if look and not reason:
        looked = functools.partial(record_skin_check, record=record, moment="24h", reaction="none", by=by)
        past.at(evening(day + dt.timedelta(days=1), 20), looked)


def _answers(lived: Lived, offset: int, draw: random.Random) -> dict[str, Any]:
    level = _level(lived, offset)
    worst = min(10.0, max(0.0, round(level + draw.gauss(0, 0.8))))
    answers: dict[str, Any] = {
        "severity": float(worst),
        "sleep_minutes": round(430 - 18 * worst + draw.gauss(0, 20)),
        "bother": max(0.0, worst - 1),
    }
    if lived.onset is not None and worst > 0:
        # Written late in the evening: what has not begun by then is no onset of that day.
        minute = min(23 * 60 + 45, round(lived.onset * 60 + 10 * (lived.before - level) + draw.gauss(0, 15)))
        answers["onset"] = f"{minute // 60 % 24:02d}:{minute % 60:02d}"
    if lived.felt:
        answers["sensations"] = {True: lived.felt, False: "none"}[worst > 0]
    if lived.cramps:
        answers["cramps"] = float(round(worst / 3))
    return answers


def _level(lived: Lived, offset: int) -> float:
    if lived.back is not None and offset >= _COMES_BACK:
        return lived.back
    share = min(1.0, max(0.0, offset / 42))
    return lived.before + (lived.after - lived.before) * share


def _write_day(person: Callable[[], Person], day: dt.date, answers: dict[str, Any]) -> None:
    who = person()
    record_diary(person=who, date=day, entered_at=evening(day, 23, 50), answers=answers, by=_own(who))


def _fill_in(person: Callable[[], Person], day: dt.date, scale: str, items: Any, value: float | None) -> None:
    who = person()
    record_score(person=who, date=day, scale=scale, items=items, value=value, source="app", by=_own(who))


def _own(person: Person) -> User:
    # Everybody in the demo has an account.
    assert person.user is not None
    return person.user
