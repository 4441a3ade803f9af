"""Everything that is checked of an evidence table, and what of it the texts themselves print so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openpbm.errors import Problem
from openpbm.evidence.table.arm_checks import people_faults, spread_faults, standardised_faults
from openpbm.evidence.table.dose import dose_faults
from openpbm.evidence.table.outcome_checks import is_known_outcome, outcome_faults
from openpbm.evidence.table.rows import ROW_CLASSES, EvidenceTable, Fault
from openpbm.facts.conditions import conditions
from openpbm.facts.studies import EVIDENCE_ONLY
from openpbm.files import suggest

__all__ = ["Checked", "Conflict", "check_table"]

#: What a review's arms are called without rows of their own.
_ARMS_OF_REVIEWS = {"light", "sham", "control", "placebo", "drug"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A fault that the text itself prints: kept as printed, and said."""

    fault: Fault
    words: str


@dataclass(frozen=True, slots=True)
class Checked:
    """problems : what must be mended; conflicts : what is printed so and stays"""

    problems: tuple[Problem, ...]
    conflicts: tuple[Conflict, ...]

    def to_dict(self) -> dict[str, list[dict[str, str | float | int | bool | None]]]:
        """Both as JSON, a conflict with its rule and its words."""
        printed = [
            _problem(one.fault).to_dict() | {"rule": one.fault.rule, "printed": one.words} for one in self.conflicts
        ]
        return {"problems": [problem.to_dict() for problem in self.problems], "printed_so": printed}


def check_table(table: EvidenceTable) -> Checked:
    """Hold every row against itself, its study and arithmetic."""
    faults = [
        *_names(table),
        *_verified(table),
        *people_faults(table),
        *(fault for dose in table.doses for fault in dose_faults(dose)),
        *_lit_shams(table),
        *(fault for row in table.outcomes for fault in outcome_faults(row)),
        *spread_faults(table),
        *standardised_faults(table),
    ]
    notes = {
        (kind, row.id): _said(getattr(row, "printed_conflict", "")) for kind in ROW_CLASSES for row in table.rows(kind)
    }
    open_faults, conflicts = [], []
    for fault in faults:
        words = notes.get((fault.table, fault.row), {}).get(fault.rule)
        if words is None:
            open_faults.append(fault)
        else:
            conflicts.append(Conflict(fault, words))
    stale = _stale(notes, conflicts)
    return Checked(tuple(map(_problem, [*open_faults, *stale])), tuple(conflicts))


def _said(printed_conflict: str) -> dict[str, str]:
    parts = [part.partition(":") for part in printed_conflict.split("|") if part.strip()]
    return {rule.strip(): words.strip() for rule, _, words in parts}


def _stale(notes: dict[tuple[str, str], dict[str, str]], conflicts: Iterable[Conflict]) -> list[Fault]:
    met = {(conflict.fault.table, conflict.fault.row, conflict.fault.rule) for conflict in conflicts}
    remedy = "name the rule that the row breaks, or take the note away"
    return [
        Fault("printed_conflict", table, row, "printed_conflict", rule, "the row does not break that rule", remedy)
        for (table, row), rules in notes.items()
        for rule in rules
        if (table, row, rule) not in met
    ]


def _problem(fault: Fault) -> Problem:
    return Problem(
        f"{fault.row}.{fault.column}", fault.value, fault.message, fault.remedy, document=f"{fault.table}.csv"
    )


def _names(table: EvidenceTable) -> Iterator[Fault]:
    yield from _twice(table)
    yield from _unknown_studies(table)
    yield from _unknown_arms(table)
    for study in table.studies:
        known = {*conditions.ids, *EVIDENCE_ONLY}
        if study.condition not in known:
            remedy = suggest(study.condition, known)
            yield Fault("known", "studies", study.id, "condition", study.condition, "not a known condition", remedy)
    for row in table.outcomes:
        if not is_known_outcome(row.outcome):
            remedy = "take a scale of ours (openpbm scales) or a name of outcome_names.csv"
            yield Fault("known", "outcomes", row.id, "outcome", row.outcome, "not a known outcome", remedy)


def _lit_shams(table: EvidenceTable) -> Iterator[Fault]:
    shams = {arm.id for arm in table.arms if arm.role == "sham"}
    for dose in table.doses:
        lit = [
            column for column in ("power_mw", "irradiance_mw_cm2", "energy_j", "fluence_j_cm2") if getattr(dose, column)
        ]
        if dose.id in shams and lit:
            message, remedy = "a sham that gives light", "call the arm light, or leave its light out"
            yield Fault("lit_sham", "doses", dose.id, lit[0], getattr(dose, lit[0]), message, remedy)


def _twice(table: EvidenceTable) -> Iterator[Fault]:
    # An outcome may be told twice, once from the abstract and once from the data; a study or an arm may not.
    for kind in ("studies", "arms", "bias"):
        for id, count in Counter(row.id for row in table.rows(kind)).items():
            if count > 1:
                yield Fault("twice", kind, id, "id", count, "given more than once", "keep one row")


def _unknown_studies(table: EvidenceTable) -> Iterator[Fault]:
    known = {study.id for study in table.studies}
    for kind, rows in (
        ("arms", table.arms),
        ("doses", table.doses),
        ("outcomes", table.outcomes),
        ("bias", table.bias),
    ):
        for row in rows:
            if row.study not in known:
                yield Fault("known", kind, row.id, "study", row.study, "no such study", suggest(row.study, known))


def _unknown_arms(table: EvidenceTable) -> Iterator[Fault]:
    known = {arm.id for arm in table.arms}
    reviews = {study.id for study in table.studies if study.kind == "review"}
    named = [("doses", row.id, row.study, row.arm) for row in table.doses]
    named += [("outcomes", row.id, row.study, arm) for row in table.outcomes for arm in (row.arm, row.versus) if arm]
    for kind, id, study, arm in named:
        if f"{study}.{arm}" not in known and not (study in reviews and arm in _ARMS_OF_REVIEWS):
            yield Fault("known", kind, id, "arm", arm, "no such arm", "add it to arms.csv or correct its name")


def _verified(table: EvidenceTable) -> Iterator[Fault]:
    remedy = "say where it was read, or verified = false"
    for kind, rows in (
        ("studies", table.studies),
        ("arms", table.arms),
        ("doses", table.doses),
        ("outcomes", table.outcomes),
    ):
        for row in rows:
            if row.verified and row.read_in in ("not read", "title"):
                message = "verified means read in an abstract or paper"
                yield Fault("verified", kind, row.id, "verified", row.read_in, message, remedy)
