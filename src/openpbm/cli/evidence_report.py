"""`openpbm evidence report` and `gaps`: what the trials of a condition say together, and what is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openpbm.cli.terminal import print_json, writing

__all__ = ["gaps", "report"]


def report(
    condition: Annotated[str, typer.Argument(help="Id of a condition, as `openpbm evidence list` shows it.")],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the page, the PDF and the data go.")],
    own: Annotated[Path | None, typer.Option("--with", help="Folder of your own studies.")] = None,
) -> None:
    """Write what the trials of a condition say: statement, forest plot, funnel, flow, bias, certainty, gaps.

    Run again into the same folder, it also says what changed since.
    """
    from openpbm.evidence.synthesis import known_condition
    from openpbm.report.evidence.publish import publish_evidence_report

    with writing("--out", out):
        written = publish_evidence_report(known_condition(condition), out, own)
    typer.echo(f"written: {', '.join(str(path) for path in written)}")


def gaps(
    condition: Annotated[str | None, typer.Option("--condition", help="Only of this condition.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """List what is not known: what the table holds of each gap, what would close it, how large a trial could."""
    from openpbm.evidence.synthesis import current_gaps, known_condition, pooled_conditions

    names = pooled_conditions() if condition is None else (known_condition(condition),)
    findings = [row for name in names for row in current_gaps(name)]
    if as_json:
        print_json([row.to_dict() for row in findings])
        return
    for row in findings:
        typer.echo(f"{row.condition}, {row.gap.name.lower()}: {row.gap.question}")
        typer.echo(f"  held: {row.holds}\n  to close it: {row.gap.closes} {row.size}")
