"""Everything a person reads of one plan, into one folder."""

from __future__ import annotations

from pathlib import Path

from openpbm.planning import Plan
from openpbm.planning.document.dose import Curve

__all__ = ["write"]


def write(plan: Plan, folder: Path) -> tuple[Path, ...]:
    """Write report, home sheet and the pictures whose data the plan carries; return the paths, in that order.

    folder : an existing folder; making the whole of it appear at once is the caller's business.
    No clock, no network, no random number: the same plan gives the same bytes. Raises OSError where `folder`
    cannot be written.
    """
    # The pages pull in jinja2 and the pictures matplotlib; neither is needed to import the package.
    from openpbm.report.clinical_report import render_report
    from openpbm.report.home_sheet import render_home_sheet

    pictures = _draw_pictures(plan, folder)
    drawn = frozenset(path.name for path in pictures)
    pages = (
        _write_page(folder / "report.html", render_report(plan, drawn)),
        _write_page(folder / "home_sheet.html", render_home_sheet(plan)),
    )
    return pages + pictures


def _draw_pictures(plan: Plan, folder: Path) -> tuple[Path, ...]:
    from openpbm.report.calendar import draw_calendar
    from openpbm.report.dose_depth import draw_dose_depth
    from openpbm.report.irradiance_map import draw_irradiance_map

    paths: list[Path] = []
    curves = [curve for curve in plan.curves if _has_dose(curve)]
    if curves:
        paths.append(draw_dose_depth(curves, folder / "dose_depth.png"))
    if plan.irradiance_map is not None:
        paths.append(draw_irradiance_map(plan.irradiance_map, folder / "irradiance_map.png"))
    if plan.schedule is not None:
        paths.append(draw_calendar(plan.schedule, folder / "calendar.png"))
    return tuple(paths)


def _has_dose(curve: Curve) -> bool:
    """Whether there is a fluence to draw: without minutes the light field is known but its dose is zero."""
    return any(point.fluence_j_cm2.median > 0.0 for line in curve.wavelengths for point in line.points)


def _write_page(path: Path, text: str) -> Path:
    # newline="\n": the bytes are the same on every system.
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
