"""The answers as a person reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpbm.care.people.intake_forms import PROGRAMMES, SEXES, SKIN_TYPES
from openpbm.care.people.questions import GROUPS, asked_codes, complaint_of, question
from openpbm.facts.treatments import treatment_of
from openpbm.facts.workup import workup_test_of
from openpbm.files import JsonObject
from openpbm.wording import date_in_words, quantity, unit_in_words

__all__ = ["Answered", "summary_of"]

_WORDS = {True: "Yes", False: "No", "unknown": "Not known"}
NOT_SAID = "Not said"
EFFECTS = {
    "much": "helped much", "some": "helped some", "none": "did not help", "worse": "made it worse",
    "unknown": "effect not known",
}  # fmt: skip
WHY_STOPPED = {
    "no_effect": "did not help", "wore_off": "stopped helping", "adverse_effect": "side effects",
    "augmentation": "symptoms began earlier or spread", "dependence": "dependence, or fear of it", "cost": "its price",
    "finished": "meant to end", "own_wish": "own wish", "other": "another reason",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answers in short.

    facts : (label, answer) of what is no question
    yes, unknown : questions answered with yes, with doubt
    open : how many questions that matter were left open
    no : how many were answered with no
    """

    facts: tuple[tuple[str, str], ...]
    yes: tuple[str, ...]
    unknown: tuple[str, ...]
    no: int
    open: int


def summary_of(document: JsonObject) -> Answered:
    """What was said, what was not."""
    person = document.get("person") or {}
    findings = dict(person.get("findings") or {})
    asked = asked_codes(document)
    answers = {code: findings.get(code) for group in GROUPS for code in group.codes if code in asked}
    return Answered(
        facts=_facts(document, person),
        yes=tuple(question(code) for code, answer in answers.items() if answer is True),
        unknown=tuple(question(code) for code, answer in answers.items() if answer == "unknown"),
        no=sum(answer is False for answer in answers.values()),
        open=sum(answer is None for answer in answers.values()),
    )


def _facts(document: JsonObject, person: JsonObject) -> tuple[tuple[str, str], ...]:
    complaint = document.get("condition") or {}
    condition = complaint_of(document)
    skin = dict(SKIN_TYPES).get(str(person.get("skin_type")), NOT_SAID)
    rows = [
        ("What is treated", _what(complaint, condition)),
        ("Confirmed by", complaint.get("confirmed_by") or "Nobody yet"),
        ("Usually begins at", complaint.get("usual_onset") or NOT_SAID),
        ("Goes to bed at", person.get("bedtime") or NOT_SAID),
        ("Age", _with_unit(person.get("age_years"), "years")),
        ("Sex", dict(SEXES).get(person.get("sex") or "", NOT_SAID)),
        ("Height", _with_unit(person.get("height_cm"), "cm")),
        ("Weight", _with_unit(person.get("weight_kg"), "kg")),
        ("Skin", skin),
        ("Pregnant", _WORDS.get(person.get("pregnant"), NOT_SAID)),
        ("Medicines", _medicines(person.get("medications"))),
    ]
    rows += _tried(person.get("treatments"))
    rows += [(f"Tested: {_test(row)}", _found(row)) for row in person.get("workup") or ()]
    labs = person.get("labs") or {}
    if labs:
        rows.append(("Ferritin", _with_unit(labs.get("ferritin_ug_l"), "µg/L")))
        rows.append(("Transferrin saturation", _with_unit(labs.get("transferrin_saturation_percent"), "%")))
        rows.append(("Blood test on", _day(labs.get("date") or labs.get("ferritin_date"))))
        if other := labs.get("transferrin_saturation_date"):
            rows.append(("Saturation test on", _day(other)))
    # A man is not asked, and a line that says he did not answer would read as a gap.
    male = person.get("sex") == "male"
    return tuple(row for row in rows if not (male and row[0] == "Pregnant"))


def _tried(rows: list[JsonObject] | None) -> list[tuple[str, str]]:
    """A line for each treatment that was tried; where nobody was asked none, so that it does not read as a gap."""
    if rows is None:
        return []
    if not rows:
        return [("Tried before", "Nothing")]
    return [(f"Tried before: {_treatment(row)}", _outcome(row)) for row in rows]


def _treatment(row: JsonObject) -> str:
    known = treatment_of(str(row.get("treatment")))
    named = row.get("name") or (known.plain_name.partition(",")[0] if known else row.get("treatment"))
    return ", ".join(str(part) for part in (named, row.get("dose")) if part)


def _test(row: JsonObject) -> str:
    known = workup_test_of(str(row.get("test")))
    return str(known.plain_name if known else row.get("test"))


def _found(row: JsonObject) -> str:
    """Result, finding and day of a test."""
    if row.get("done") is False:
        return "not done"
    result, unit = row.get("result"), row.get("unit") or ""
    number = "" if result is None else f"{result:g} {unit_in_words(unit)}".rstrip()
    finding = {"normal": "normal", "abnormal": "not normal"}.get(row.get("finding") or "", "")
    day = _day(row.get("date")) if row.get("date") else "day not said"
    return ", ".join(part for part in (number, finding, day) if part)


def _outcome(row: JsonObject) -> str:
    """What it did, since when, and why it was stopped."""
    stopped = WHY_STOPPED.get(row.get("stopped_because") or "", "")
    said = EFFECTS[row.get("effect") or "unknown"]
    parts = [
        said,
        " to ".join(_day(day) for day in (row.get("since"), row.get("until")) if day),
        "still used" if row.get("still_taken") else "",
        f"stopped: {stopped}" if stopped and stopped != said else "",
        f"side effects: {row['adverse_effects']}" if row.get("adverse_effects") else "",
    ]
    return "; ".join(part for part in parts if part)


def _what(complaint: JsonObject, condition: Any) -> str:
    if condition is None:
        return NOT_SAID
    return str(condition.plain_name) if complaint.get("diagnosis") else PROGRAMMES[condition.programme]


def _with_unit(value: float | None, unit: str) -> str:
    return NOT_SAID if value is None else f"{quantity(value, 3)} {unit}"


def _day(day: str | None) -> str:
    return date_in_words(day) if day else NOT_SAID


def _medicines(names: list[str] | None) -> str:
    if names is None:
        return NOT_SAID
    return ", ".join(names) or "None"
