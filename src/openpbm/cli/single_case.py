"""`openpbm single-case DATA.csv` and `openpbm single-case design`: a person's series, and the draw sealed before it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from openpbm.cli.terminal import print_json
from openpbm.errors import BadInput

__all__ = ["app"]

_INDICES = (
    ("nap", "share of pairs in which B is better"),
    ("tau", "pairs better less pairs worse"),
    ("tau_u", "tau less the trend of A"),
    ("tau_bc", "tau with the slope of A taken away"),
    ("pnd", "B points better than the best A"),
    ("pem", "B points better than the median of A"),
    ("pand", "points left once the overlap is removed"),
    ("ird", "improvement rate difference"),
)


class _FileOrDesign(TyperGroup):
    """A first word that names no command is the file to analyse, so that the command needs no word of its own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["analyse", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_FileOrDesign,
    no_args_is_help=True,
    help="One person's series: `openpbm single-case DATA.csv --better lower|higher` says how far the days with"
    " treatment lie from those before; `openpbm single-case design` draws the start or the order by lot beforehand."
    " The word analyse may be left out (write ./design for a file of that name).",
)


@app.command("analyse")
def analyse(
    data: Annotated[Path, typer.Argument(help="CSV with columns phase (A|B), value and, if wanted, time, case.")],
    better: Annotated[Literal["lower", "higher"], typer.Option(help="Which way is better on this scale.")],
    start_points: Annotated[
        str | None,
        typer.Option(metavar="FROM:TO", help="Starts that could have been drawn: place of the first B, from 1."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Overlap, slopes, two straight lines and, where the start was drawn by lot, the exact test."""
    from openpbm.cli.series_file import read_cases
    from openpbm.single_case import analyse as run

    limits = read_start_points(start_points) if start_points is not None else None
    answer = run(read_cases(data), better, limits)
    if as_json:
        print_json(answer)
    else:
        _print(data.name, answer)


def read_start_points(text: str) -> tuple[int, int]:
    """FROM:TO as two whole numbers, BadInput for anything else.

    >>> read_start_points("15:34")
    (15, 34)
    """
    found = re.fullmatch(r"\s*([0-9]{1,6})\s*:\s*([0-9]{1,6})\s*", text)
    if found is None or not 2 <= int(found[1]) <= int(found[2]):
        raise BadInput(f"--start-points {text}: must be FROM:TO, both from 2 and FROM not after TO; write 15:34")
    return int(found[1]), int(found[2])


def _print(name: str, answer: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    n, cases = answer["n"], answer["cases"]
    many = f", {len(cases)} cases" if len(cases) > 1 else ""
    console.print(
        f"{name}: {n['A']} days before (A), {n['B']} with treatment (B), {answer['missing']} missing{many};"
        f" {answer['better']} is better",
        style="bold",
    )
    table = Table("overlap", "", "what it is", title_justify="left")
    for key, words in _INDICES:
        table.add_row(key, _shown(answer[key]), words)
    console.print(table)
    for label, part in cases.items():
        title = f"{label}: " if len(cases) > 1 else ""
        slopes = part["theil_sen"]
        console.print(f"{title}slope per unit of time: A {_shown(slopes['A'])}, B {_shown(slopes['B'])} (Theil-Sen)")
        lines = ", ".join(
            f"{term} {_shown(fit['estimate'])} (se {_shown(fit['standard_error'])})"
            for term, fit in part["piecewise"].items()
        )
        console.print(f"{title}two lines: {lines}")
    test = answer["randomisation_test"]
    if test is not None:
        console.print(
            f"randomisation test: mean of B less mean of A {_shown(test['statistic'])}, p {_shown(test['p'])}"
            f" one-sided, {test['distribution_size']} possible results"
        )
    for note in answer["notes"]:
        console.print(f"- {note}")


def _shown(value: float | None) -> str:
    return "not known" if value is None else f"{value:.3g}"
