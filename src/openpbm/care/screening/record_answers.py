"""What the person's own record says to the questions of a screening, where the answers say nothing themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from openpbm.care.people.models import Person
from openpbm.care.screening.baseline import with_baseline
from openpbm.facts.workup import WorkupTest, workup_tests
from openpbm.files import JsonObject

__all__ = ["with_record"]

_MOVING, _STILL = "relieved_by_movement", "not_relieved_by_movement"
#: So many days of diary that say whether moving eased it are an answer; older ones tell of another time.
_FEWEST_DAYS, _LOOKED_BACK = 7, dt.timedelta(days=28)


def with_record(answers: JsonObject, person: Person, start_date: dt.date | None) -> JsonObject:
    """Section `person` of a case with what the record adds: a baseline, filled scales, relief by moving."""
    return with_baseline(_with_scores(_with_relief(answers, person), person), person, start_date)


def _with_scores(answers: JsonObject, person: Person) -> JsonObject:
    """Each questionnaire of the work-up that was filled in here, beside the results that were written down."""
    known = answers.get("workup") or []
    filled = [row for row in _filled(person) if row not in known]
    return answers | {"workup": [*known, *filled]} if filled else answers


def _filled(person: Person) -> Iterator[JsonObject]:
    asked = {test.scale: test for test in workup_tests if test.scale is not None}
    rows = person.scores.filter(newer=None, scale__in=asked).order_by("date", "audit_number")
    newest = {row.scale: row for row in rows}
    for scale, row in newest.items():
        points = _points(asked[scale], row.items or {}, row.score.value)
        if points is not None:
            unit = asked[scale].units[0].unit
            yield {"test": asked[scale].id, "result": points, "unit": unit, "date": row.date.isoformat()}


def _points(test: WorkupTest, items: JsonObject, total: float | None) -> float | None:
    """The result in the test's own points; None where an item of it was left out."""
    if not test.scale_items:
        return total
    given = [items[item] for item in test.scale_items if items.get(item) is not None]
    if len(given) < len(test.scale_items):
        return None
    return float(sum(given))


def _with_relief(answers: JsonObject, person: Person) -> JsonObject:
    """Whether moving eases it, as the diary has it, where the question was not answered with yes or no."""
    findings = answers.get("findings") or {}
    if isinstance(findings.get(_STILL), bool):
        return answers
    since = person.today() - _LOOKED_BACK
    days = person.diary.filter(newer=None, date__gte=since).values_list("answers", flat=True)
    eased = [day[_MOVING] for day in days if day.get(_MOVING) is not None]
    # Half the days with relief fulfil the criterion, a week without any denies it; between the two a person asks.
    if len(eased) < _FEWEST_DAYS or 0 < sum(eased) < len(eased) / 2:
        return answers
    return answers | {"findings": findings | {_STILL: not any(eased)}}
