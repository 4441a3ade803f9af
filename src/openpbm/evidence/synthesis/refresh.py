"""What is written from the evidence table and kept: the statements beside its rows, and the table of the document."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from openpbm.evidence.synthesis.current import pooled_conditions
from openpbm.evidence.synthesis.statement import make_statement
from openpbm.evidence.synthesis.summary import ConditionSummary, summarise
from openpbm.evidence.table.rows import EvidenceTable, shipped_table
from openpbm.facts.studies import EvidenceStatement, rows_digest

__all__ = ["MARKS", "document_table", "refreshed"]

#: The generated part of docs/evidence.md stands between these.
MARKS = (
    "<!-- made by scripts/refresh-evidence from the evidence table: begin -->",
    "<!-- made by scripts/refresh-evidence: end -->",
)


def refreshed(root: Path, table: EvidenceTable | None = None) -> dict[Path, str]:
    """What each file must hold, by its path in a checkout; `table`: other rows than those that ship."""
    rows = shipped_table() if table is None else table
    summaries = [summarise(rows, condition) for condition in pooled_conditions()]
    made = [make_statement(summary) for summary in summaries]
    document = root / "docs/evidence.md"
    return {
        root / "src/openpbm/facts/data/evidence/statements.json": _as_json(made),
        document: _with_table(document.read_text(encoding="utf-8"), document_table(summaries, made)),
    }


def _as_json(statements: list[EvidenceStatement]) -> str:
    rows = [dataclasses.asdict(statement) for statement in statements]
    return json.dumps({"rows": rows_digest(), "statements": rows}, indent=1, ensure_ascii=False) + "\n"


def document_table(summaries: list[ConditionSummary], statements: list[EvidenceStatement]) -> str:
    """The conditions with studies, one line each, and those without in one line."""
    lines = ["| condition | certainty | trials against sham, of these with a number | statement |", "|---|---|---|---|"]
    for summary, statement in zip(summaries, statements, strict=True):
        if not statement.no_trial:
            counts = f"{len(summary.results)}, {len(summary.numbers)}"
            lines.append(f"| {statement.condition} | {statement.certainty} | {counts} | {statement.text} |")
    without = ", ".join(statement.condition for statement in statements if statement.no_trial)
    lines.append(f"| {without} | none | 0 | no trial found: single-person trial only |")
    return "\n".join(lines)


def _with_table(document: str, table: str) -> str:
    before, _, rest = document.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return f"{before}{MARKS[0]}\n{table}\n{MARKS[1]}{after}"
