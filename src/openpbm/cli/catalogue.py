"""`openpbm devices` and `openpbm sites`: what a case file may name."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from openpbm.cli.terminal import print_json

__all__ = ["devices", "sites"]

AsJson = Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")]


def devices(as_json: AsJson = False) -> None:
    """List the lamps that ship, with what their makers claim."""
    from openpbm.facts.lamps import lamp_catalogue

    if as_json:
        print_json([asdict(lamp) for lamp in lamp_catalogue])
        return
    table = _table("id", "lamp", "wavelengths", "output", "checked")
    for lamp in lamp_catalogue:
        wavelengths = ", ".join(f"{w:g}" for w in sorted({emitters.wavelength_nm for emitters in lamp.emitters}))
        table.add_row(
            lamp.id, lamp.name, f"{wavelengths} nm", lamp.output_status, "yes" if lamp.verified else "unverified"
        )
    _show(table)


def sites(as_json: AsJson = False) -> None:
    """List the body sites, their target structures and how deep these lie in a middling adult."""
    # The command has the table's name.
    from openpbm.facts.sites import sites as table_of_sites
    from openpbm.person import Person
    from openpbm.tissue import nominal_scenario

    rows = [
        {
            "id": here.id,
            "name": here.plain_name,
            "targets": [
                {"id": target.id, "depth_mm": round(nominal_scenario(here, Person()).target_depth_mm[target.id], 1)}
                for target in here.targets
            ],
            "verified": here.verified,
        }
        for here in table_of_sites
    ]
    if as_json:
        print_json(rows)
        return
    table = _table("id", "site", "targets (depth in a middling adult, unverified)")
    for row in rows:
        targets = ", ".join(f"{target['id']} ({target['depth_mm']:g} mm)" for target in row["targets"])  # type: ignore[attr-defined]
        table.add_row(str(row["id"]), str(row["name"]), targets)
    _show(table)


def _table(*columns: str):  # type: ignore[no-untyped-def]
    from rich.table import Table

    return Table(*columns)


def _show(table: object) -> None:
    from rich.console import Console

    Console().print(table)
