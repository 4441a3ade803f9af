"""`openpbm devices` and `openpbm sites`: what a case file may name."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from openpbm.cli.terminal import print_json, progress_bar

__all__ = ["devices", "sites"]

AsJson = Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")]


@dataclass(frozen=True, slots=True)
class _Target:
    """A structure and how deep it lies in a middling adult [mm]."""

    id: str
    depth_mm: float


@dataclass(frozen=True, slots=True)
class _Site:
    """A body site as listed."""

    id: str
    name: str
    targets: tuple[_Target, ...]
    verified: bool


def devices(
    as_json: AsJson = False,
    case: Annotated[Path | None, typer.Option("--for", help="Rank the lamps for this case file.")] = None,
) -> None:
    """List the lamps that ship, with what their makers claim, or rank them for a case."""
    from openpbm.facts.bands import band_of
    from openpbm.facts.lamps import lamp_catalogue

    if case is not None:
        _rank(case, as_json)
        return
    if as_json:
        print_json([asdict(lamp) for lamp in lamp_catalogue])
        return
    table = _table("id", "lamp", "wavelengths", "output", "checked")
    for lamp in lamp_catalogue:
        waves = sorted({emitters.wavelength_nm for emitters in lamp.emitters})
        wavelengths = ", ".join(f"{nm:g} nm ({band_of(nm).name})" for nm in waves)
        table.add_row(lamp.id, lamp.name, wavelengths, lamp.output_status, "yes" if lamp.verified else "unverified")
    _show(table)


def _rank(path: Path, as_json: bool) -> None:
    from openpbm.case import read_case
    from openpbm.facts.lamps import lamp_catalogue
    from openpbm.planning.rank_lamps import rank_lamps

    case = read_case(path)
    with progress_bar("trying lamps") as show:
        ranked = rank_lamps(case, lamp_catalogue, progress=show)
    if as_json:
        print_json([asdict(lamp) | {"reasons": [_reason(*each) for each in lamp.reasons]} for lamp in ranked])
        return
    table = _table("lamp", "verdict", "inside", "cm", "min in all", "what decides, or speaks against it")
    for lamp in ranked:
        share = "" if lamp.chance_in_window is None else f"{lamp.chance_in_window:.0%}"
        away = "" if lamp.distance_mm is None else f"{lamp.distance_mm / 10.0:g}"
        minutes = "" if lamp.total_minutes is None else f"{lamp.total_minutes:.4g}"
        words = "\n".join(text for _, text in lamp.reasons) or ", ".join(map(_in_words, lamp.binds))
        table.add_row(lamp.id, lamp.verdict, share, away, minutes, words)
    _show(table)
    typer.echo("Inside: share of computed cases as in the trials, not the chance that light helps. No plan: run plan.")


def _in_words(rule: str) -> str:
    return rule.removeprefix("override_").replace("_", " ")


def _reason(rule: str, message: str) -> dict[str, str]:
    return {"rule": rule, "message": message}


def sites(as_json: AsJson = False) -> None:
    """List the body sites, their target structures and how deep these lie in a middling adult."""
    # The command has the table's name.
    from openpbm.facts.sites import sites as table_of_sites
    from openpbm.person import Person
    from openpbm.tissue import middle_tissue

    rows = []
    for here in table_of_sites:
        depths_mm = middle_tissue(here, Person()).target_depth_mm[0].tolist()
        targets = tuple(_Target(target.id, round(mm, 1)) for target, mm in zip(here.targets, depths_mm, strict=True))
        rows.append(_Site(here.id, here.plain_name, targets, here.verified))
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    table = _table("id", "site", "targets (depth in a middling adult, unverified)")
    for row in rows:
        shown = ", ".join(f"{target.id} ({target.depth_mm:g} mm)" for target in row.targets)
        table.add_row(row.id, row.name, shown)
    _show(table)


def _table(*columns: str):  # type: ignore[no-untyped-def]
    from rich.table import Table

    return Table(*columns)


def _show(table: object) -> None:
    from rich.console import Console

    Console().print(table)
