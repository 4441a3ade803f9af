"""The trials of a condition as they stand today: the rows that ship, and those of the reader's own folder."""

from __future__ import annotations

import os
from pathlib import Path

from openpbm.evidence.synthesis.statement import make_statement
from openpbm.evidence.synthesis.summary import ConditionSummary, summarise
from openpbm.evidence.table.add import evidence_with
from openpbm.evidence.table.rows import shipped_table
from openpbm.facts.studies import FOLDER_VARIABLE, EvidenceStatement, kept_statement

__all__ = ["current_summary", "evidence_statement"]


def evidence_statement(condition: str) -> EvidenceStatement:
    """What is known of light for a condition: certainty and statement, from every row there is today.

    The one place a plan, a page and a document take it from. It is kept for the rows that ship
    (facts/data/evidence/statements.json, written by `scripts/refresh-evidence`); any other row, or one of the reader's
    own folder, has it made again.
    """
    return kept_statement(condition) or make_statement(current_summary(condition))


def current_summary(condition: str, own: Path | None = None) -> ConditionSummary:
    """The trials of a condition put together: those that ship and those of the reader's own folder.

    own : that folder; None for the one the environment names
    """
    named = os.environ.get(FOLDER_VARIABLE)
    if own is None and named:
        own = Path(named)
    table = evidence_with(own)
    shipped = {study.id for study in shipped_table().studies}
    return summarise(table, condition, own_ids=[study.id for study in table.studies if study.id not in shipped])
