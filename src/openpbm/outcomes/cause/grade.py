"""The evidence grade of one course: how it was arranged, lowered by what else happened meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.cause.attribution import Attribution, Cause
from openpbm.outcomes.cause.confounding import ConfoundedWindow
from openpbm.outcomes.measures import Measure, Phases
from openpbm.wording import said_once

__all__ = ["Grade", "allowed_cause", "grade_evidence"]

Letter = Literal["U", "W", "R", "B"]

_ARRANGED = {
    "U": "before and after in one person, without a comparison",
    "W": "before, under and after light in one person, without a lot or blinding",
    "R": "the start or the order was drawn by lot, but the person knew or could know",
    "B": "blinded on and off in an order drawn by lot, with the blinding checked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """U uncontrolled, W withdrawal, R randomised start or order, B blinded; and why.

    arranged : how the course was arranged; blurred_by : the changes that lowered the grade
    """

    letter: Letter
    arranged: str
    blurred_by: tuple[ConfoundedWindow, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, in sentences: the arrangement first, then what lowered the grade."""
        return (self.arranged, *(one.dated for one in said_once((w.said, w.first) for w in self.blurred_by)))


def grade_evidence(
    attribution: Attribution, measure: Measure | None, windows: Sequence[ConfoundedWindow], phases: Phases
) -> Grade:
    """The grade, one step lower where something else that matters began, stopped or changed in the compared days."""
    withdrawn = measure is not None and _withdrawn(measure)
    undrawn: Letter = "W" if withdrawn else "U"
    arranged: Letter = undrawn if attribution.design == "U" else attribution.design
    # Without its lot a design is worth what the same days would be without one, which may still be a withdrawal.
    lower: dict[Letter, Letter] = {"B": "R", "R": undrawn, "W": "U", "U": "U"}
    # The days without light count only where they raise the grade; elsewhere a change made then blurs nothing.
    last = phases.off[1] if phases.off is not None and withdrawn else phases.recent[1]
    blurred = [w for w in windows if w.lowers_grade and w.first <= last and w.last >= phases.baseline[0]]
    letter = lower[arranged] if blurred else arranged
    return Grade(letter=letter, arranged=_ARRANGED[arranged], blurred_by=tuple(blurred))


def allowed_cause(grade: Grade, attribution: Attribution) -> Cause:
    """The cause the tests support, no further than the grade allows: light only with B, the start only with R or B."""
    if grade.letter not in ("R", "B"):
        return "none"
    if attribution.cause == "light" and grade.letter != "B":
        return "treatment_started"
    return attribution.cause


def _withdrawn(measure: Measure) -> bool:
    least = outcome_limit("least_off_days") if measure.source == "diary" else 1
    return measure.counts[2] >= least and measure.counts[0] > 0 and measure.counts[1] > 0
