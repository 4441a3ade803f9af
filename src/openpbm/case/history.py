"""What the trouble feels like, what was tried and tested before, as a case tells it: in the words of the tables."""

from __future__ import annotations

from openpbm.errors import BadInput, Problem
from openpbm.facts.felt import read_felt, red_flags_felt, write_felt
from openpbm.facts.treatments import treatment_of, treatments
from openpbm.facts.workup import WorkupTest, workup_test_of, workup_tests
from openpbm.files import JsonObject, suggest

__all__ = ["read_history"]

_FELT = "condition.sensations"
_TRIED = "person.treatments"
_TESTED = "person.workup"


def read_history(raw: JsonObject, problems: list[Problem]) -> None:
    """Put `condition.sensations`, treatments and work-up of a case into one form, every problem named.

    A red flag among the sensations answers its question of the screening with yes, and so does a test that found what
    it asks for; against a no it is a problem.
    """
    complaint, person = raw.get("condition"), raw.get("person")
    if isinstance(complaint, dict) and "sensations" in complaint:
        _read_sensations(complaint, person, problems)
    if isinstance(person, dict) and isinstance(person.get("treatments"), list):
        for number, row in enumerate(person["treatments"]):
            if isinstance(row, dict):
                _read_treatment(f"{_TRIED}[{number}]", row, problems)
    if isinstance(person, dict) and isinstance(person.get("workup"), list):
        for number, row in enumerate(person["workup"]):
            if isinstance(row, dict):
                _read_test(f"{_TESTED}[{number}]", row, person, problems)


def _read_sensations(complaint: JsonObject, person: object, problems: list[Problem]) -> None:
    text = complaint["sensations"]
    if not isinstance(text, str):
        problems.append(Problem(_FELT, text, "must be text", 'write it like "left leg: crawling, burning"'))
        return
    try:
        felt = read_felt(text)
    except BadInput as error:
        problems.extend(Problem(_FELT, row.value, row.message, row.remedy) for row in error.problems)
        return
    complaint["sensations"] = write_felt(felt)
    for rule in red_flags_felt(felt):
        _answer_yes(str(rule.when.finding), person, Problem(_FELT, text), problems)


def _answer_yes(code: str, person: object, said: Problem, problems: list[Problem]) -> None:
    """Answer a question of the screening with yes, as `said` tells; a no beside it is a problem."""
    findings = person.setdefault("findings", {}) if isinstance(person, dict) else None
    if not isinstance(findings, dict):
        # Its shape is named by the check of the person.
        return
    if findings.get(code) is False:
        message = f"names {code}, which person.findings answers with no"
        problems.append(Problem(said.key, said.value, message, "correct one of the two"))
    findings[code] = True


def _read_treatment(key: str, row: JsonObject, problems: list[Problem]) -> None:
    word = row.get("treatment")
    known = treatment_of(word) if isinstance(word, str) else None
    if known is not None:
        row["treatment"] = known.id
    elif isinstance(word, str):
        remedy = f"{suggest(word, treatments.ids)}, or other_treatment with its name"
        problems.append(Problem(f"{key}.treatment", word, "not a listed treatment", remedy))
    since, until = row.get("since"), row.get("until")
    if since is not None and until is not None and str(until) < str(since):
        problems.append(Problem(f"{key}.until", str(until), f"lies before since = {since}", "correct one of the two"))
    if until is not None and row.get("still_taken") is True:
        message = "has an end, and is still taken"
        problems.append(Problem(f"{key}.until", str(until), message, "correct one of the two"))


def _read_test(key: str, row: JsonObject, person: JsonObject, problems: list[Problem]) -> None:
    word = row.get("test")
    known = workup_test_of(word) if isinstance(word, str) else None
    if known is None:
        if isinstance(word, str):
            problems.append(
                Problem(f"{key}.test", word, "not a listed test of the work-up", suggest(word, workup_tests.ids))
            )
        return
    row["test"] = known.id
    if known.in_labs:
        problems.append(Problem(f"{key}.test", word, "has its place in person.labs", "write value and date there"))
        return
    if row.get("done") is False and row.keys() & {"result", "finding", "date"}:
        problems.append(
            Problem(f"{key}.done", False, "was not done, and has a result or a date", "correct one of the two")
        )
        return
    result = row.get("result")
    number = isinstance(result, int | float) and not isinstance(result, bool)
    if number and not _read_result(key, row, known, problems):
        return
    if known.answers_yes is not None and known.counts(result if number else None, row.get("finding")):
        # What was measured stands: the skin does not feel, whatever the tick beside it says.
        _answer_yes(known.answers_yes, person, Problem(f"{key}.test", known.id), problems)


def _read_result(key: str, row: JsonObject, test: WorkupTest, problems: list[Problem]) -> bool:
    """Unit and span of a number; whether it can be."""
    listed = {_plain_unit(one.unit): one for one in test.units}
    if not listed:
        remedy = 'leave the number out and write finding = "normal" or "abnormal"'
        problems.append(Problem(f"{key}.result", row["result"], f"{test.id} has no number", remedy))
        return False
    written = row.get("unit")
    if written is None and len(test.units) == 1:
        written = test.units[0].unit
    chosen = listed.get(_plain_unit(written)) if isinstance(written, str) else None
    if chosen is None:
        units = " or ".join(one.unit for one in test.units)
        problems.append(Problem(f"{key}.unit", written, f"not a unit of {test.id}", f"give {units}"))
        return False
    row["unit"] = chosen.unit
    if not chosen.minimum <= row["result"] <= chosen.maximum:
        remedy = f"give {chosen.minimum:g} to {chosen.maximum:g} {chosen.unit}".removesuffix(" 1")
        problems.append(Problem(f"{key}.result", row["result"], f"cannot be in {chosen.unit}", remedy))
        return False
    return True


def _plain_unit(unit: str) -> str:
    """A unit whatever its case and its micro sign, without spaces."""
    return "".join(unit.replace("\N{MICRO SIGN}", "u").replace("\N{GREEK SMALL LETTER MU}", "u").split()).casefold()
