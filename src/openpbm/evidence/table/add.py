"""Taking a new study: refused with every reason, or written into the user's own folder of evidence."""

from __future__ import annotations

from pathlib import Path

from openpbm.errors import BadInput, Problem
from openpbm.evidence.table.check import Checked, check_table
from openpbm.evidence.table.folder import read_folder, write_folder
from openpbm.evidence.table.rows import ROW_CLASSES, EvidenceTable, shipped_table

__all__ = ["add_study", "evidence_with"]

_NEW = "give the new study an id of its own, or correct the old row"


def evidence_with(folder: Path | None) -> EvidenceTable:
    """The rows that ship and those of a user's folder, where there is one."""
    if folder is None or not _holds_rows(folder):
        return shipped_table()
    return shipped_table() + read_folder(folder)


def _holds_rows(folder: Path) -> bool:
    return any((folder / f"{name}.csv").is_file() for name in ROW_CLASSES)


def add_study(file: Path, folder: Path) -> tuple[EvidenceTable, Checked]:
    """Read a file, check it beside everything that is held, and write it into the folder; BadInput refuses it whole.

    Returns the rows taken, and what was found of them (its problems are none).
    """
    new = read_folder(file)
    own = EvidenceTable()
    if _holds_rows(folder):
        own = read_folder(folder)
    held = shipped_table() + own
    known = {study.id for study in held.studies}
    problems = [
        Problem(f"{study.id}.id", study.id, "is in the table already", _NEW, document=file.name)
        for study in new.studies
        if study.id in known
    ]
    if not new.studies:
        problems.append(Problem(file.name, message="holds no study", remedy="start from: openpbm evidence template"))
    # Beside what is held, so that the same people in two rows are seen; alone where an id stands in both.
    beside = held + new
    if problems:
        beside = new
    problems += check_table(beside).problems
    if problems:
        raise BadInput(problems)
    write_folder(folder, own + new)
    return new, check_table(new)
