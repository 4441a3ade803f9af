"""The blinded test of a person as their pages and their course read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypedDict

from openpbm.care.n_of_1.models import SealedDesign
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.prepared import Prepared
from openpbm.course.records import Guess
from openpbm.files import JsonObject
from openpbm.single_case import Masking, SheetRow, Unblinding

__all__ = ["BlindedTest", "blinded_test", "design_keys", "design_lines", "newest_design", "todays_setting"]

# Lines of a course's files count from 2: the first holds the names of the columns.
_FIRST_LINE = 2
_NEWEST = Prepared(lambda person: SealedDesign.objects.filter(person=person).order_by("-audit_number")[:1])
_NEWEST_OF_PLAN = Prepared(
    lambda person, plan: SealedDesign.objects.filter(person=person, plan=plan).order_by("-audit_number")[:1]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindedTest:
    """Where a test stands on a day.

    row : the period that day lies in, None before the first, after the last and once it was stopped
    to_guess : periods that are over, or end that day, without a guess
    over : every period is over; then the order is for everyone
    """

    design: SealedDesign
    row: SheetRow | None
    to_guess: tuple[SheetRow, ...]
    over: bool
    stopped: bool


class DesignLines(TypedDict, total=False):
    """What a course holds of a blinded test, by the names of `openpbm.course.Course`."""

    design: JsonObject
    design_key: JsonObject | None
    masking: Masking
    guesses: tuple[Guess, ...]
    unblindings: tuple[Unblinding, ...]


def newest_design(person: Person, plan: PlanRow | None = None) -> SealedDesign | None:
    """The design drawn last, of one plan where that is named."""
    # Hardly anybody has one, and every page of a course asks: what belongs to it is fetched where there is one.
    if plan is None:
        return _NEWEST.first(person=person)
    return _NEWEST_OF_PLAN.first(person=person, plan=plan)


def blinded_test(person: Person, date: dt.date) -> BlindedTest | None:
    """The newest test of a person; None where none was ever drawn."""
    design = newest_design(person)
    if design is None:
        return None
    rows, stopped = design.sheet().rows, hasattr(design, "stop")
    guessed = set(design.guesses.values_list("period", flat=True))
    now = [row for row in rows if row.first_day <= date <= row.last_day and not stopped]
    return BlindedTest(
        design=design,
        row=now[0] if now else None,
        to_guess=tuple(row for row in rows if row.last_day <= date and row.number not in guessed and not stopped),
        over=date > design.last_day,
        stopped=stopped,
    )


def todays_setting(person: Person, date: dt.date) -> str:
    """What the person does with the lamp that day, by their sheet; "" where no blinded test is going on."""
    test = blinded_test(person, date)
    return test.row.person if test is not None and test.row is not None else ""


def design_keys(person: Person) -> list[str]:
    """The keys of everything a course holds of blinded tests: another list, and something was written down since."""
    rows = person.n_of_1_designs.values_list("pk", "guesses__pk", "unblindings__pk", "stop__pk")
    return sorted({str(key) for row in rows for key in row if key is not None})


def design_lines(person: Person, plan: PlanRow) -> DesignLines:
    """What a course holds of the newest test of that plan; empty where there is none."""
    design = newest_design(person, plan)
    if design is None:
        return {}
    # Nobody is shown the order as long as somebody may guess, the engine of the checkpoint neither: its words tell.
    guesses = design.guesses.order_by("period")
    unblindings = design.unblindings.order_by("date", "audit_number")
    told = [row.to_core(line) for line, row in enumerate(unblindings, _FIRST_LINE)]
    if hasattr(design, "stop"):
        # From then on the order is open to everyone, the person too.
        line = _FIRST_LINE + len(told)
        told.append(
            Unblinding(line=line, date=design.stop.date, who="person", emergency=False, reason=design.stop.reason)
        )
    return {
        "design": design.design,
        "design_key": design.key() if design.open_to_all() else None,
        "masking": design.masking(),
        "guesses": tuple(
            Guess(line=line, date=row.date, guess=row.belief)  # type: ignore[arg-type]
            for line, row in enumerate(guesses, _FIRST_LINE)
        ),
        "unblindings": tuple(told),
    }
