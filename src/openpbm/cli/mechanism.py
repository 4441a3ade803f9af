"""`openpbm mechanism`: what light is said to do, arrow by arrow, with what speaks for and against."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openpbm.cli.terminal import print_json, writing

__all__ = ["mechanism"]

_WIDEST = 80
_BRIEF_WORDS = {
    "said": "",
    "unsaid": "",
    "reversed": "The brief has it the wrong way round.",
    "unsupported": "Nothing at hand supports it.",
}


def mechanism(
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
    export: Annotated[
        Path | None, typer.Option("--export", help="Folder for the models as Antimony, SBML, SED-ML and OMEX.")
    ] = None,
) -> None:
    """Show how light is said to work, how sure anyone is of each step, and what could measure it."""
    from openpbm.mechanism.as_json import graph_as_json

    if export is not None:
        _export(export)
    elif as_json:
        print_json(graph_as_json())
    else:
        _print()


def _export(folder: Path) -> None:
    from openpbm.facts.notice import NOTICE
    from openpbm.mechanism.exchange import export_models

    with writing("--export", folder):
        paths = export_models(folder)
    for path in paths:
        typer.echo(path)
    typer.echo("The person is a middle one and every arrow is on: what would follow if all of them held.")
    typer.echo(NOTICE)


def _print() -> None:
    from rich.console import Console
    from rich.table import Table

    from openpbm.facts.mechanism import GRADE_WORDS, arrows, nodes
    from openpbm.facts.notice import NOTICE

    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    table = Table(title="How light is said to work", title_justify="left", show_lines=True, expand=True)
    table.add_column("step", ratio=5)
    table.add_column("grade", no_wrap=True)
    table.add_column("weight", no_wrap=True)
    table.add_column("for and against", ratio=8)
    for arrow in arrows:
        findings = [f"+ {row.text}" for row in arrow.findings("for")]
        findings += [f"- {row.text}" for row in arrow.findings("against")]
        remark = _BRIEF_WORDS[arrow.brief]
        step = f"{nodes[arrow.origin].plain} → {nodes[arrow.target].plain}\n{arrow.claim} {remark}".rstrip()
        table.add_row(step, arrow.grade, f"{arrow.weight:.2f}", "\n".join(findings))
    console.print(table)
    console.print("Grades: " + "; ".join(f"{grade} {words}" for grade, words in GRADE_WORDS.items()) + ".")
    console.print("Weight: how likely it is taken to be, before any data, that the step exists at such doses.")
    console.print(NOTICE)
    console.print("Sources: openpbm mechanism --json")
