"""Trials that nobody held, as rows of the evidence table."""

from __future__ import annotations

from openpbm.evidence.table import EvidenceTable
from openpbm.facts.study_rows import Arm, Outcome, Study


def sham_trial(id: str, *, condition: str = "rls_primary", unit: str = "people", **figures: object) -> EvidenceTable:
    """Twenty people in each arm, light against sham, with what is printed of them at week 4."""
    study = Study(
        id=id, condition=condition, kind="randomised", design="RCT, sham", result="as printed", source="invented",
        read_in="full text",
    )  # fmt: skip
    arms = tuple(
        Arm(study=id, arm=role, role=role, n_randomised=20, n_analysed=20, unit=unit, read_in="full text")  # type: ignore[arg-type]
        for role in ("light", "sham")
    )
    printed = {
        "study": id, "arm": "light", "versus": "sham", "outcome": "irls", "weeks": 4.0, "measure": "difference",
        "place": "table 2", "read_in": "full text",
    }  # fmt: skip
    row = Outcome(**{**printed, **figures})  # type: ignore[arg-type]
    return EvidenceTable(studies=(study,), arms=arms, outcomes=(row,))
