"""The table as a list: each study with its arms, light, figures and risk of bias, what is computed marked as such."""

from __future__ import annotations

import dataclasses
import datetime as dt

from openpbm.evidence.table.dose import complete, missing
from openpbm.evidence.table.rows import EvidenceTable
from openpbm.facts.study_rows import Arm, Bias, Dose, Outcome, Study

__all__ = ["StudyEntry", "as_list", "entries"]


@dataclasses.dataclass(frozen=True, slots=True)
class StudyEntry:
    """One study with everything that belongs to it."""

    study: Study
    arms: tuple[Arm, ...]
    doses: tuple[Dose, ...]
    outcomes: tuple[Outcome, ...]
    bias: tuple[Bias, ...]


def entries(table: EvidenceTable) -> tuple[StudyEntry, ...]:
    """One entry a study, in the order of the table."""
    return tuple(
        StudyEntry(
            study=study,
            arms=tuple(row for row in table.arms if row.study == study.id),
            doses=tuple(row for row in table.doses if row.study == study.id),
            outcomes=tuple(row for row in table.outcomes if row.study == study.id),
            bias=tuple(row for row in table.bias if row.study == study.id),
        )
        for study in table.studies
    )


def as_list(table: EvidenceTable) -> list[dict[str, object]]:
    """What `openpbm evidence list --json` prints: blanks are null, and each dose says what of it was computed."""
    return [
        {
            **_plain(entry.study),
            "arms": [_plain(row) for row in entry.arms],
            "doses": [_dose(row) for row in entry.doses],
            "outcomes": [_plain(row) for row in entry.outcomes],
            "bias": [_plain(row) for row in entry.bias],
        }
        for entry in entries(table)
    ]


def _plain(row: Study | Arm | Dose | Outcome | Bias) -> dict[str, object]:
    return {field.name: _value(getattr(row, field.name)) for field in dataclasses.fields(row)}


def _value(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return None if value == "" else value


def _dose(row: Dose) -> dict[str, object]:
    whole = complete(row)
    computed = {column: round(whole.values[column], 6) for column in whole.computed}
    return {**_plain(row), "computed": computed, "missing": list(missing(row))}
