"""The evidence table: read, checked, multiplied out, listed, added to."""

from openpbm.evidence.table.add import add_study, evidence_with
from openpbm.evidence.table.check import Checked, Conflict, check_table
from openpbm.evidence.table.citations import as_bibtex, as_ris
from openpbm.evidence.table.dose import CompleteDose, complete, missing
from openpbm.evidence.table.folder import read_folder, template_columns
from openpbm.evidence.table.listing import StudyEntry, as_list, entries
from openpbm.evidence.table.rows import EvidenceTable, Fault, shipped_table

__all__ = [
    "Checked",
    "CompleteDose",
    "Conflict",
    "EvidenceTable",
    "Fault",
    "StudyEntry",
    "add_study",
    "as_bibtex",
    "as_list",
    "as_ris",
    "check_table",
    "complete",
    "entries",
    "evidence_with",
    "missing",
    "read_folder",
    "shipped_table",
    "template_columns",
]
