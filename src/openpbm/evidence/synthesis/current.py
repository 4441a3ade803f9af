"""The trials of a condition as they stand today: the rows that ship, and those of the reader's own folder."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from openpbm.errors import BadInput, Problem
from openpbm.evidence.synthesis.gaps import GapFinding, gap_register
from openpbm.evidence.synthesis.statement import make_statement
from openpbm.evidence.synthesis.summary import ConditionSummary, summarise
from openpbm.evidence.table.add import evidence_with
from openpbm.evidence.table.rows import ROW_CLASSES, EvidenceTable, shipped_table
from openpbm.facts.conditions import conditions
from openpbm.facts.studies import EVIDENCE_ONLY, FOLDER_VARIABLE, EvidenceStatement, kept_statement

__all__ = [
    "current_gaps",
    "current_summary",
    "current_table",
    "evidence_statement",
    "known_condition",
    "pooled_conditions",
]


def pooled_conditions() -> tuple[str, ...]:
    """Every condition that a statement can be made for: those with a plan, and those with trials alone."""
    return (*conditions.ids, *(name for name in EVIDENCE_ONLY if name != "background"))


def known_condition(name: str) -> str:
    """The name, where it is one of them; BadInput with all of them where it is not."""
    if name in pooled_conditions():
        return name
    remedy = f"one of {', '.join(pooled_conditions())}"
    raise BadInput(Problem(key="condition", value=name, message="is not known", remedy=remedy))


def evidence_statement(condition: str) -> EvidenceStatement:
    """What is known of light for a condition: certainty and statement, from every row there is today.

    The one place a plan, a page and a document take it from. It is kept for the rows that ship
    (facts/data/evidence/statements.json, written by `scripts/refresh-evidence`); any other row, or one of the reader's
    own folder, has it made again.
    """
    return kept_statement(condition) or make_statement(current_summary(condition))


def current_table(own: Path | None = None) -> EvidenceTable:
    """The rows that ship and those of the reader's own folder.

    own : that folder; None for the one the environment names
    """
    return evidence_with(_own_folder(own))


def current_summary(condition: str, own: Path | None = None) -> ConditionSummary:
    """The trials of a condition put together, from every row there is today; `own` as for the table."""
    folder = _own_folder(own)
    return _summary(condition, folder, _last_change(folder))


def current_gaps(condition: str, own: Path | None = None) -> tuple[GapFinding, ...]:
    """What is not known of a condition today."""
    folder = _own_folder(own)
    return _gaps(condition, folder, _last_change(folder))


# Kept until a file of the reader's folder changes: a page asks for all of them at every request.
@functools.lru_cache(maxsize=128)
def _summary(condition: str, folder: Path | None, changed: tuple[int, ...]) -> ConditionSummary:
    table = evidence_with(folder)
    shipped = {study.id for study in shipped_table().studies}
    return summarise(table, condition, own_ids=[study.id for study in table.studies if study.id not in shipped])


@functools.lru_cache(maxsize=128)
def _gaps(condition: str, folder: Path | None, changed: tuple[int, ...]) -> tuple[GapFinding, ...]:
    return gap_register(evidence_with(folder), _summary(condition, folder, changed))


def _own_folder(own: Path | None) -> Path | None:
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if own is None and named else own


def _last_change(folder: Path | None) -> tuple[int, ...]:
    if folder is None:
        return ()
    files = (folder / f"{name}.csv" for name in ROW_CLASSES)
    return tuple(file.stat().st_mtime_ns for file in files if file.is_file())
