"""`openpbm compare A B`: two plans, or two cases, side by side, and both doses in one picture."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpbm.cli.terminal import print_json, progress_bar

if TYPE_CHECKING:
    from openpbm.planning import Plan, PlanDifference

__all__ = ["compare"]

_NAMES = 24


def compare(
    first: Annotated[Path, typer.Argument(help="plan.json, or a case file in TOML that is planned first.")],
    second: Annotated[Path, typer.Argument(help="The other one.")],
    picture: Annotated[
        Path | None, typer.Option("--picture", help="Draw both doses against depth into this PNG file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Hold two plans side by side: lamps, distances, minutes, doses, limits and verdicts."""
    from openpbm.planning import compare_plans

    plans = _plan(first), _plan(second)
    rows = compare_plans(*plans)
    if picture is not None:
        from openpbm.report.compare_picture import write_overlay

        write_overlay(*plans, picture)
    if as_json:
        print_json([asdict(row) for row in rows])
    else:
        _print(rows, first.name, second.name)


def _plan(path: Path) -> Plan:
    from openpbm.planning import load_plan, make_plan

    if path.suffix != ".toml":
        return load_plan(path)
    from openpbm.case import read_case
    from openpbm.safety import screen

    screening = screen(read_case(path))
    with progress_bar("computing light") as show:
        return make_plan(screening, progress=show)


def _print(rows: list[PlanDifference], first: str, second: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1))
    table.add_column("", min_width=_NAMES)
    for name in (first, second):
        table.add_column(name, justify="right", overflow="fold")
    table.add_column("ratio", justify="right", no_wrap=True, min_width=6)
    for row in rows:
        unit = f", {row.unit}" if row.unit not in ("", "1") else ""
        ratio = "" if row.ratio is None else f"{row.ratio:.3g}"
        cells = (_value(row.first, row.first_interval), _value(row.second, row.second_interval), ratio)
        table.add_row(row.name + unit, *cells, style="bold" if row.first != row.second else None)
    Console(highlight=False).print(table)
    typer.echo("Ratio: second over first. In brackets: p5 to p95. Bold: they differ.")
    typer.echo("A dose or a share speaks for no lamp that is refused.")


def _value(value: Any, interval: tuple[float, float] | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, tuple):
        return "\n".join(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return {"True": "yes", "False": "no"}.get(str(value), str(value))
    return f"{value:.4g}" if interval is None else f"{value:.3g} [{interval[0]:.3g}-{interval[1]:.3g}]"
