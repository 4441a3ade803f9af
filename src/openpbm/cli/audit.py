"""`openpbm audit verify`: whether the record is still what was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from openpbm.cli.serve import DataDir

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="The audit: every write is linked to the one before it.")


@app.callback()
def _root() -> None:
    """Keeps `verify` a command of its own."""


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print the finding as JSON.")] = False,
    heads: Annotated[
        list[Path], typer.Option("--heads", help="A copy of audit-heads.jsonl kept elsewhere, to compare with as well.")
    ] = [],  # noqa: B006 (the parser makes its own)
    data_dir: DataDir = Path("openpbm-data"),
) -> None:
    """Walk the whole chain, every record it names and every sealed read, and compare its end with what was noted.

    Exit status 3 when something was changed.
    """
    from openpbm.care.server.installation import database_faults, open_installation

    open_installation(data_dir)
    # Only now: a module with models cannot be imported before Django is set up.
    from openpbm.care.audit.verify import noted_words
    from openpbm.care.audit.verify import verify as verify_audit

    with database_faults("audit"):
        found = verify_audit(*heads)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2))
    else:
        for problem in found.faults:
            typer.echo(problem)
        state = "holds" if found.ok else "does not hold"
        typer.echo(
            f"The audit {state}: {found.entries} entries, {found.rows} records, {found.reads} looks at a record"
            f" ({found.unsealed_reads} not sealed yet); it ends with {found.head[:16]}"
        )
        typer.echo(noted_words(found.noted_heads, found.last_noted))
    if not found.ok:
        # 3 and not 1: a broken chain is a finding, and the program that found it works.
        raise typer.Exit(3)
