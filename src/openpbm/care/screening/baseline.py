"""Whether a course has a before: the days of diary that stand between its first line and the first session."""

from __future__ import annotations

import datetime as dt

from openpbm.care.people.models import Person
from openpbm.files import JsonObject

__all__ = ["BASELINE", "begins_sooner", "proposed_start", "with_baseline"]

#: What the brief asks for, and the least of it.
BASELINE, LEAST_BASELINE = dt.timedelta(days=14), dt.timedelta(days=7)
_FINDING = "baseline_diary_kept"


def proposed_start(person: Person) -> dt.date:
    """Two weeks after the diary began; where none is kept yet, two weeks from today, and never before tomorrow."""
    today: dt.date = person.today()
    return max((_diary_began(person) or today) + BASELINE, today + dt.timedelta(days=1))


def with_baseline(answers: JsonObject, person: Person, start_date: dt.date | None) -> JsonObject:
    """Section `person` of a case, saying whether the diary holds a baseline by that day.

    A yes stands: a diary may be kept on paper. A no was true when it was said, and the diary may have begun since.
    """
    findings = answers.get("findings") or {}
    if start_date is None or _kept_elsewhere(answers):
        return answers
    began = _diary_began(person)
    kept = began is not None and start_date - began >= LEAST_BASELINE
    return answers | {"findings": findings | {_FINDING: kept}}


def begins_sooner(answers: JsonObject, person: Person, start_date: dt.date) -> bool:
    """Whether that first day leaves less than two weeks of diary before it, even if the diary began today."""
    if _kept_elsewhere(answers):
        return False
    return start_date < (_diary_began(person) or person.today()) + BASELINE


def baseline_words(answers: JsonObject, person: Person, today: dt.date) -> str:
    """How far the two weeks of diary before the first light are; "" once they are kept, here or elsewhere."""
    day = (today - (_diary_began(person) or today)).days + 1
    if _kept_elsewhere(answers) or day > BASELINE.days:
        return ""
    return f"Light can begin after two weeks of diary: day {day} of {BASELINE.days}."


def _kept_elsewhere(answers: JsonObject) -> bool:
    return (answers.get("findings") or {}).get(_FINDING) is True


def _diary_began(person: Person) -> dt.date | None:
    began: dt.date | None = person.diary.order_by("date").values_list("date", flat=True).first()
    return began
