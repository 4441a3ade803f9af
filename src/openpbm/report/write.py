"""Everything a person reads of one plan, into one folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpbm.planning import Plan

__all__ = ["write"]


def write(plan: Plan, folder: Path) -> tuple[Path, ...]:
    """Write report, home sheet and the pictures whose data the plan carries; return the paths, in that order.

    folder : an existing folder; making the whole of it appear at once is the caller's business.
    No clock, no network, no random number: the same plan gives the same bytes. Raises OSError where `folder`
    cannot be written.
    """
    content = plan.to_json_dict()
    pictures = _draw_pictures(content, folder)
    drawn = frozenset(path.name for path in pictures)
    pages = (
        _write_page(folder / "report.html", _report_page(content, drawn)),
        _write_page(folder / "home_sheet.html", _home_page(content)),
    )
    return pages + pictures


def _draw_pictures(plan: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    from openpbm.report.calendar import draw_calendar
    from openpbm.report.dose_depth import draw_dose_depth
    from openpbm.report.irradiance_map import draw_irradiance_map

    paths: list[Path] = []
    curves = [curve for curve in plan.get("curves") or [] if _has_dose(curve)]
    if curves:
        paths.append(draw_dose_depth(curves, folder / "dose_depth.png"))
    if plan.get("irradiance_map"):
        paths.append(draw_irradiance_map(plan["irradiance_map"], folder / "irradiance_map.png"))
    schedule = plan.get("schedule")
    if schedule and schedule["sessions"]:
        paths.append(draw_calendar(schedule, folder / "calendar.png"))
    return tuple(paths)


def _has_dose(curve: Mapping[str, Any]) -> bool:
    """Whether there is a fluence to draw: without minutes the light field is known but its dose is zero."""
    return any(
        float(point["fluence_j_cm2"]["median"]) > 0.0 for entry in curve["wavelengths"] for point in entry["points"]
    )


def _report_page(plan: Mapping[str, Any], pictures: frozenset[str]) -> str:
    from openpbm.report.clinical_report import render_report

    return render_report(plan, pictures)


def _home_page(plan: Mapping[str, Any]) -> str:
    from openpbm.report.home_sheet import render_home_sheet

    return render_home_sheet(plan)


def _write_page(path: Path, text: str) -> Path:
    # newline="\n": the bytes are the same on every system.
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
