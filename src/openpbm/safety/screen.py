"""Screening: every rule, every reason, one verdict; beside them the candidacy checklist, never a score, and work-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Literal

from openpbm.case import Case
from openpbm.device import FieldUnknown, lights_body, treatment_distance_mm
from openpbm.facts.conditions import CandidacyItem
from openpbm.facts.rules import computed
from openpbm.facts.workup import WorkupTest, workup_tests
from openpbm.person import WorkupResult
from openpbm.reason import GRAVEST_FIRST, Level, Reason
from openpbm.safety.lamp_check import Exposure, expose, lamp_reasons
from openpbm.safety.person_check import (
    IronTest,
    State,
    answer_reasons,
    iron_reasons,
    iron_tests,
    is_confirmed,
    medicine_reasons,
    state_of_test,
)
from openpbm.safety.whole_body import body_heat_reasons

__all__ = [
    "ChecklistItem",
    "Screening",
    "Verdict",
    "WorkupLine",
    "candidacy",
    "screen",
    "verdict_of",
    "with_reasons",
    "workup",
]

Verdict = Literal["refer", "refused", "needs_clinician", "ask", "allowed"]
Status = Literal["yes", "no", "unknown"]

_VERDICT_OF_LEVEL: dict[Level, Verdict] = {
    "red_flag": "refer",
    "refer_before": "refer",
    "absolute": "refused",
    "relative": "needs_clinician",
    "ask": "ask",
    "stop": "refused",
    "caution": "allowed",
    "note": "allowed",
}
# Referral stands above refusal: whoever needs a doctor must hear that, whatever else forbids the lamp.
_WORST_FIRST: tuple[Verdict, ...] = ("refer", "refused", "needs_clinician", "ask", "allowed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One line of the candidacy checklist. The lines never add up to a score."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    text: str
    status: Status
    message: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkupLine:
    """One test of the work-up: whether it was done, what it found, and whether it is due.

    state : what it is worth for this course; `not_done` was said, `missing` is not known
    due : whether it is asked for in this programme and does not count yet
    found, date : the newest result in words, empty where there is none, and its day
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    name: str
    why: str
    state: State | Literal["not_done"]
    due: bool
    found: str
    date: dt.date | None
    due_again_after_days: float
    source: str
    verified: bool

    @property
    def words(self) -> str:
        """Name and what is lacking: never done, without its day, or too old."""
        given = "" if self.date is None else f" of {self.date.isoformat()}"
        lacking = {
            "old": f"the one{given} is older than {self.due_again_after_days:g} days at the first session",
            "undated": "its day is not given",
            "after_start": f"the one{given} lies after the first session",
            "not_done": "not done",
        }
        return f"{self.name} ({lacking[self.state]})" if self.state in lacking else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """The verdict with all its reasons, not the worst alone.

    `exposure` is None when the lamp's field is not known, or where the case only refers.
    """

    case: Case
    verdict: Verdict
    reasons: tuple[Reason, ...]
    cautions: tuple[Reason, ...]
    candidacy: tuple[ChecklistItem, ...]
    workup: tuple[WorkupLine, ...]
    exposure: Exposure | None

    def to_dict(self) -> dict[str, Any]:
        """The screening as JSON."""
        return {
            "verdict": self.verdict,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "cautions": [reason.to_dict() for reason in self.cautions],
            "candidacy": [asdict(item) for item in self.candidacy],
            "workup": [asdict(line) | {"date": line.date and line.date.isoformat()} for line in self.workup],
        }


def screen(case: Case) -> Screening:
    """Screen a person, a condition, sites and a lamp. Unknown is not "no": what must be known and is not, is asked.

    >>> from pathlib import Path
    >>> from openpbm.case import read_case
    >>> screening = screen(read_case(Path("examples/restless_legs.toml")))
    >>> screening.verdict, [caution.rule for caution in screening.cautions]
    ('allowed', ['lamp_claimed'])
    """
    exposure = _exposure(case)
    found = [
        *answer_reasons(case),
        *medicine_reasons(case),
        *iron_reasons(case),
        *_workup_reasons(case),
        *([] if exposure is None else lamp_reasons(case, exposure)),
        *_body_reasons(case, exposure),
    ]
    return with_reasons(
        Screening(
            case=case,
            verdict="allowed",
            reasons=(),
            cautions=(),
            candidacy=candidacy(case),
            workup=workup(case),
            exposure=None if isinstance(exposure, FieldUnknown) else exposure,
        ),
        found,
    )


def _body_reasons(case: Case, exposure: Exposure | FieldUnknown | None) -> list[Reason]:
    """Heat in the body, of a lamp that lights all of it."""
    if not lights_body(case.device) or not isinstance(exposure, Exposure):
        return []
    return body_heat_reasons(case, exposure, None)


def with_reasons(screening: Screening, found: list[Reason]) -> Screening:
    """The screening with more reasons: released ones become cautions, and the verdict is drawn again."""
    # Reasons that need light (reach, skin, eye) are found by planning and come back through this one verdict
    # (decision 0005).
    judged = [_released(reason, screening.case) for reason in found]
    reasons = (*screening.reasons, *(reason for reason in judged if reason.level != "caution"))
    reasons = tuple(sorted(reasons, key=lambda reason: GRAVEST_FIRST.index(reason.level)))
    cautions = (*screening.cautions, *(reason for reason in judged if reason.level == "caution"))
    return replace(screening, verdict=verdict_of(reasons), reasons=reasons, cautions=cautions)


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """The worst verdict among the reasons; `allowed` when there is none."""
    return min((_VERDICT_OF_LEVEL[reason.level] for reason in reasons), key=_WORST_FIRST.index, default="allowed")


def _released(reason: Reason, case: Case) -> Reason:
    """A relative reason that a named clinician released goes on as a caution; nothing else can be released."""
    if reason.level != "relative" or reason.rule not in case.release.rules:
        return reason
    return replace(reason, level="caution", message=f"Released by {case.release.by}: {reason.message}")


def _exposure(case: Case) -> Exposure | FieldUnknown | None:
    """What the lamp puts on the skin; None where a case only refers: without a place, or at one for a specialist."""
    if not case.sites or case.at_specialist_site:
        return None
    try:
        return expose(case, treatment_distance_mm(case.device, case.placement.distance_mm))
    # An irradiance nobody knows is one reason among the others; raised, it would hide all of them.
    except FieldUnknown as unknown:
        return unknown


def candidacy(case: Case) -> tuple[ChecklistItem, ...]:
    """One line per item of the condition's checklist, in its order."""
    return tuple(
        ChecklistItem(id=item.id, text=item.text, status=_status(item, case), message=item.message, source=item.source)
        for item in case.condition.condition().candidacy
    )


def _status(item: CandidacyItem, case: Case) -> Status:
    if item.id == "diagnosis_confirmed":
        return "yes" if is_confirmed(case) else "unknown"
    if item.id == "iron_done":
        # Values without a date, or old ones, are no test that was done: it is asked for again.
        return "yes" if all(test.state == "recent" for test in iron_tests(case)) else "unknown"
    if (case.person.treatments and _told_by_treatments(item, case)) or (case.person.workup and _settled(item, case)):
        return "yes"
    answer = case.person.findings.get(item.finding, "unknown") if item.finding else "unknown"
    if not isinstance(answer, bool):
        return "unknown"
    return "yes" if answer else "no"


def _told_by_treatments(item: CandidacyItem, case: Case) -> bool:
    """Whether what was tried before answers a line with yes: that it is written down, or that it was not enough."""
    tried = case.person.treatments or ()
    if item.id == "earlier_treatments_recorded":
        return any(row.effect != "unknown" for row in tried)
    return item.id == "reason_for_light" and any(row.fell_short for row in tried)


def workup(case: Case) -> tuple[WorkupLine, ...]:
    """What was looked for before light: each test of the programme, and each that was done beside these."""
    programme, given = case.condition.condition().programme, _newest_results(case)
    iron = dict(zip(("ferritin", "transferrin_saturation"), iron_tests(case), strict=True))
    lines = {
        test.id: _iron_line(test, iron[test.id]) if test.in_labs else _line(test, given.get(test.id), case)
        for test in workup_tests
        if programme in test.programmes or test.id in given
    }
    # One questionnaire of several is enough.
    instead = {test.stands_for for test in workup_tests if test.stands_for in lines and _counts(lines.get(test.id))}
    return tuple(
        replace(line, due=line.state != "recent" and id not in instead and programme in workup_tests[id].programmes)
        for id, line in lines.items()
    )


def _newest_results(case: Case) -> dict[str, WorkupResult]:
    """The newest of each test; one without its day stands behind those that have one."""
    rows = sorted(case.person.workup, key=lambda row: (row.done, row.date or dt.date.min))
    return {row.test: row for row in rows}


def _counts(line: WorkupLine | None) -> bool:
    return line is not None and line.state == "recent"


def _line(test: WorkupTest, given: WorkupResult | None, case: Case) -> WorkupLine:
    if given is None:
        return _with_state(test, "missing", "", None)
    if not given.done:
        return _with_state(test, "not_done", "", None)
    state = state_of_test(True, given.date, case.course.start_date, test.due_again_after_days)
    return _with_state(test, state, given.words, given.date)


def _iron_line(test: WorkupTest, iron: IronTest) -> WorkupLine:
    found = "" if iron.value is None else f"{iron.value:g} {iron.unit}"
    return _with_state(test, iron.state, found, iron.date)


def _with_state(test: WorkupTest, state: State | Literal["not_done"], found: str, date: dt.date | None) -> WorkupLine:
    return WorkupLine(
        id=test.id,
        name=test.plain_name,
        why=test.why,
        state=state,
        due=False,
        found=found,
        date=date,
        due_again_after_days=test.due_again_after_days,
        source=test.source,
        verified=test.verified,
    )


def _workup_reasons(case: Case) -> list[Reason]:
    """What results call for: a caution with whom to ask, or doubt whether the pain is one of nerves."""
    rows = [(workup_tests[row.test], row) for row in _newest_results(case).values() if row.done]
    return [
        computed(test.rule, test=test.plain_name, result=row.words)
        for test, row in rows
        if test.counts(row.result, row.finding)
    ]


def _settled(item: CandidacyItem, case: Case) -> bool:
    """Whether every test that a line of the checklist asks for was done and still counts."""
    lines = {line.id: line for line in workup(case)}
    needed = [test.id for test in workup_tests if test.settles is not None and test.settles == item.finding]
    return bool(needed) and all(_counts(lines.get(id)) for id in needed)
