"""`openpbm plan --check`: the light at the target by both ways, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from openpbm.cli.terminal import progress_bar

if TYPE_CHECKING:
    from openpbm.planning.check_light import LightCheck
    from openpbm.safety import Screening

__all__ = ["checked_light", "light_check_content", "print_light_check"]


def checked_light(screening: Screening, seed: int, threads: int | None) -> tuple[LightCheck, ...]:
    """Run the photons, with a bar."""
    from openpbm.planning.check_light import check_light

    with progress_bar("counting photons") as show:
        return check_light(screening, seed=seed, threads=threads, progress=show)


def light_check_content(rows: tuple[LightCheck, ...]) -> list[dict[str, Any]]:
    """The rows as JSON: fluence rates in mW/cm2, difference and error as shares."""
    return [asdict(row) | {"difference": row.difference, "relative_error": row.relative_error} for row in rows]


def print_light_check(rows: tuple[LightCheck, ...]) -> None:
    """One line a wavelength: fluence rate by discrete ordinates and by photons, and how far they lie apart."""
    from rich.console import Console

    console = Console(highlight=False)
    first = rows[0]
    console.print(
        f"\n[bold]Checked by photons[/] at the {first.structure.replace('_', ' ')}, {first.depth_mm:.1f} mm deep in the"
        " middle tissue, at the stated output"
    )
    for row in rows:
        console.print(
            f"  {row.wavelength_nm:g} nm: {row.solved_mw_cm2:.4g} mW/cm²; {row.photons:,} photons give"
            f" {row.photons_mw_cm2:.4g}, which makes {row.difference:+.1%} (standard error {row.relative_error:.1%})"
        )
