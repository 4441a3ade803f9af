"""A screening in words, for its own page and for the person it is about."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from openpbm.care.people.models import Person
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.selectors import newest_screening
from openpbm.files import JsonObject
from openpbm.reason import Reason
from openpbm.wording import ACTIONS, URGENCY, VerdictWords, date_in_words, units_as_printed, verdict_words

__all__ = ["ScreeningView", "no_light", "present_screening", "reason_in_words", "words_of"]

_HEAVIER_THAN_RELATIVE = ("red_flag", "refer_before", "absolute")
# Of a screening alone: the words of a plan would promise a schedule that nobody has computed yet.
_ALLOWED = VerdictWords(
    title="Light may be planned",
    meaning="Nothing in the answers stops it. Whether minutes within the safety limits reach the target is"
    " known once the plan is made. This does not say that light will help.",
    next_step="Read the cautions, then make the plan. No light before a plan is released.",
    sign="✓",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkupShown:
    """A test before light: what it found and when, and why it is due; "" where it is not."""

    name: str
    found: str
    why_due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningView:
    """A screening in words: verdict, reasons and cautions, with how soon in words.

    workup : the tests before light; empty where a screening of before did not list them
    """

    screening: ScreeningRow
    words: VerdictWords
    reasons: tuple[Reason, ...]
    cautions: tuple[Reason, ...]
    workup: tuple[WorkupShown, ...]

    @property
    def verdict(self) -> str:
        """The verdict, for the badge's colour and sign."""
        return self.screening.verdict


def present_screening(row: ScreeningRow) -> ScreeningView:
    """Put a screening into words."""
    return ScreeningView(
        screening=row,
        words=words_of(row),
        reasons=tuple(map(reason_in_words, row.reasons)),
        cautions=tuple(map(reason_in_words, row.cautions)),
        workup=tuple(map(_tested, row.result.get("workup", ()))),
    )


def _tested(line: JsonObject) -> WorkupShown:
    day = date_in_words(line["date"]) if line["date"] else ""
    found = ", ".join(part for part in (units_as_printed(line["found"]), day) if part)
    return WorkupShown(name=line["name"], found=found, why_due=line["why"] if line["due"] else "")


def words_of(row: ScreeningRow) -> VerdictWords:
    """The verdict of a screening in words."""
    return _ALLOWED if row.verdict == "allowed" else verdict_words(row.verdict)


def no_light(person: Person, *, has_plan: bool) -> ScreeningView | None:
    """Why the newest screening gives no light; None where it allows light.

    A sign that somebody must see first is about the person and is shown whatever plan there is. Any other refusal is of
    that lamp and place, so it is shown only where no plan is in force.
    """
    row = newest_screening(person)
    if row is None or not (row.verdict == "refer" or (row.verdict == "refused" and not has_plan)):
        return None
    view = present_screening(row)
    # What a clinician may still release is not why there is no light.
    gravest = tuple(reason for reason in view.reasons if reason.level in _HEAVIER_THAN_RELATIVE)
    return dataclasses.replace(view, reasons=gravest)


def reason_in_words(reason: Reason) -> Reason:
    """The reason with how soon and what to do as a person would say it."""
    urgency, action = reason.urgency or "", reason.action or ""
    return dataclasses.replace(
        reason, urgency=URGENCY.get(urgency, urgency) or None, action=ACTIONS.get(action, action) or None
    )
