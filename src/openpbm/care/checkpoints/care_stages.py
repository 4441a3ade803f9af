"""The eight stages of care as one list: whose each is, by when, and what the record shows, on every page the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from openpbm.care.checkpoints.course import build_course, mark_on_page, page_of
from openpbm.care.people.models import Person, Stage
from openpbm.care.people.selectors import StageNow, stages_of
from openpbm.care.plans.selectors import released_plan
from openpbm.outcomes.decision import CareStageRow, assess_care
from openpbm.outcomes.measures import phases_on
from openpbm.report.care_wording import CareRow, care_rows

__all__ = ["CareLine", "care_lines", "care_now"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CareLine:
    """One stage. row : what the clinic set (owner, day, tick, note), None for nothing · shown : what the record shows

    due : the day the clinic set, else the day from which the course asks for it; None without a released plan
    """

    here: StageNow
    due: dt.date | None
    shown: CareRow | None

    @property
    def row(self) -> Stage | None:
        """What the clinic set."""
        return self.here.row

    @property
    def late(self) -> bool:
        """Whether its day is past, nobody ticked it off, and the record does not show it."""
        return self.here.is_past and (self.shown is None or self.shown.lacking)


def care_now(person: Person) -> list[CareLine]:
    """The list as the record stands today; before a plan is released nothing but what the clinic set."""
    plan = released_plan(person)
    if plan is None:
        return [CareLine(here=here, due=_set(here), shown=None) for here in stages_of(person)]
    course = build_course(person, plan)
    return care_lines(person, assess_care(course, phases_on(course, person.today()), mark_on_page))


def care_lines(person: Person, assessed: Iterable[CareStageRow]) -> list[CareLine]:
    """The list as a judgement found it, with whom and by when as they are set today."""
    rows = {row["id"]: row for row in assessed}
    lines = []
    for here in stages_of(person):
        row = rows.get(here.stage.id)
        if row is None:
            lines.append(CareLine(here=here, due=_set(here), shown=None))
            continue
        due = _set(here) or dt.date.fromisoformat(row["due"])
        lines.append(CareLine(here=here, due=due, shown=care_rows([row], page_of)[0]))
    return lines


def _set(here: StageNow) -> dt.date | None:
    return None if here.row is None else here.row.due
