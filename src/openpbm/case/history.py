"""What the trouble feels like and what was tried before, as a case tells it: read into the words of the tables."""

from __future__ import annotations

from openpbm.errors import BadInput, Problem
from openpbm.facts.felt import read_felt, red_flags_felt, write_felt
from openpbm.facts.treatments import treatment_of, treatments
from openpbm.files import JsonObject, suggest

__all__ = ["read_history"]

_FELT = "condition.sensations"
_TRIED = "person.treatments"


def read_history(raw: JsonObject, problems: list[Problem]) -> None:
    """Put `condition.sensations` and the treatments of a case into one form, every problem named.

    A red flag among the sensations answers its question of the screening with yes; against a no it is a problem.
    """
    complaint, person = raw.get("condition"), raw.get("person")
    if isinstance(complaint, dict) and "sensations" in complaint:
        _read_sensations(complaint, person, problems)
    if isinstance(person, dict) and isinstance(person.get("treatments"), list):
        for number, row in enumerate(person["treatments"]):
            if isinstance(row, dict):
                _read_treatment(f"{_TRIED}[{number}]", row, problems)


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
    findings = person.setdefault("findings", {}) if isinstance(person, dict) else None
    if not isinstance(findings, dict):
        # Its shape is named by the check of the person.
        return
    for code in (str(rule.when.finding) for rule in red_flags_felt(felt)):
        if findings.get(code) is False:
            message = f"names {code}, which person.findings answers with no"
            problems.append(Problem(_FELT, text, message, "correct one of the two"))
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
