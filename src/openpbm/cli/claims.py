"""`openpbm claims`: what the brief says about light, whether it stands, and what may be said instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpbm.cli.terminal import print_json

if TYPE_CHECKING:
    from openpbm.planning.claims_ledger import LedgerRow

__all__ = ["claims"]

_WIDEST = 80


def claims(as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False) -> None:
    """Hold the claims of the brief against sources and against our own numbers."""
    from openpbm.planning.claims_ledger import claims_ledger

    rows = claims_ledger()
    if as_json:
        print_json([_as_json(row) for row in rows])
    else:
        _print(rows)


def _as_json(row: LedgerRow) -> dict[str, Any]:
    claim = row.claim
    return {
        "id": claim.id,
        "claim": claim.claim,
        "where": claim.where,
        "status": claim.status,
        "correction": claim.correction,
        "source": claim.source,
        "computed": None if row.computed is None else row.computed.values,
    }


def _print(rows: tuple[LedgerRow, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    from openpbm.facts.claims import STATUS_WORDS
    from openpbm.facts.notice import NOTICE

    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    title = "What is said about light, and what holds"
    table = Table(title=title, title_justify="left", show_lines=True, expand=True)
    table.add_column("It is said", ratio=5)
    table.add_column("We find it", no_wrap=True, min_width=10)
    table.add_column("What may be said instead", ratio=8)
    for row in rows:
        # Every row of the brief has a status.
        word = STATUS_WORDS[row.claim.status] if row.claim.status else ""
        table.add_row(row.claim.claim, word, row.text)
    console.print(table)
    counts = [(word, sum(row.claim.status == status for row in rows)) for status, word in STATUS_WORDS.items()]
    console.print(f"{len(rows)} claims: {', '.join(f'{word} {count}' for word, count in counts)}.")
    console.print("Not shown means that nobody has tested it well enough, not that it is false.")
    console.print(NOTICE)
    console.print("Sources and numbers: openpbm claims --json")
