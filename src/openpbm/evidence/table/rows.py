"""The evidence table as one noun: what ships, what a user added, and both together."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields, replace

from openpbm.facts import studies as shipped
from openpbm.facts.study_rows import Arm, Bias, Dose, Outcome, Study

__all__ = ["ROW_CLASSES", "EvidenceTable", "Fault", "Row", "shipped_table"]

Row = Study | Arm | Dose | Outcome | Bias
#: The files of a folder of evidence, and what a line of each is.
ROW_CLASSES: dict[str, type[Row]] = {"studies": Study, "arms": Arm, "doses": Dose, "outcomes": Outcome, "bias": Bias}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing in a row that cannot be so.

    rule : its id, which a `printed_conflict` names when the text itself prints it so
    table, row, column, value : where it stands
    message : what is wrong, with the limit it breaks
    """

    rule: str
    table: str
    row: str
    column: str
    value: object
    message: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTable:
    """Rows of the five files, each in the order of its file."""

    studies: tuple[Study, ...] = ()
    arms: tuple[Arm, ...] = ()
    doses: tuple[Dose, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    bias: tuple[Bias, ...] = ()

    def __add__(self, other: EvidenceTable) -> EvidenceTable:
        """Both, the other's rows behind these."""
        return EvidenceTable(
            studies=self.studies + other.studies,
            arms=self.arms + other.arms,
            doses=self.doses + other.doses,
            outcomes=self.outcomes + other.outcomes,
            bias=self.bias + other.bias,
        )

    def beside(self, other: EvidenceTable) -> EvidenceTable:
        """These rows as they are where they hold studies; without any, the other's rows with these files in place."""
        if self.studies:
            return self
        return replace(other, **{name: self.rows(name) for name in ROW_CLASSES if self.rows(name)})  # type: ignore[arg-type]

    def about(self, condition: str) -> EvidenceTable:
        """The rows of the studies of one condition."""
        ids = {row.id for row in self.studies if row.condition == condition}
        return EvidenceTable(
            studies=tuple(row for row in self.studies if row.id in ids),
            arms=tuple(row for row in self.arms if row.study in ids),
            doses=tuple(row for row in self.doses if row.study in ids),
            outcomes=tuple(row for row in self.outcomes if row.study in ids),
            bias=tuple(row for row in self.bias if row.study in ids),
        )

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of one of the five files, by its name without the ending."""
        found: tuple[Row, ...] = getattr(self, table)
        return found

    @property
    def size(self) -> int:
        """Rows in all."""
        return sum(len(getattr(self, field.name)) for field in fields(self))


@functools.cache
def shipped_table() -> EvidenceTable:
    """The rows that ship."""
    return EvidenceTable(
        studies=tuple(shipped.studies),
        arms=tuple(shipped.arms()),
        doses=tuple(shipped.doses()),
        outcomes=tuple(shipped.outcomes()),
        bias=tuple(shipped.bias()),
    )
