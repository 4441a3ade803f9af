"""Picture: the doses of two plans against depth, one over the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from openpbm.errors import BadInput, Problem
from openpbm.picture_style import MUTED, new_figure, picture_style
from openpbm.planning import Plan

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_overlay", "write_overlay"]

# Told apart by their dashes too, for a printer without colours.
_LINES = (("#1f5f99", "-"), ("#b35900", "--"))
# Less is no light to speak of, and is left out; a logarithm needs something to stand on below that.
_LEAST_J_CM2, _DARK_J_CM2 = 1e-4, 1e-12


def draw_overlay(first: Plan, second: Plan) -> Figure:
    """Fluence of one session against depth at each plan's first place, all wavelengths together: median, p5 to p95."""
    with picture_style():
        figure = new_figure(7.2, 4.6)
        axes = figure.add_axes((0.1, 0.14, 0.86, 0.7))
        for plan, (colour, dashes) in zip((first, second), _LINES, strict=True):
            curve = plan.curves[0]
            line = curve.all_light
            if line is None:
                continue
            points = line.points
            depth = [point.depth_mm for point in points]
            low, middle, high = (
                [max(_DARK_J_CM2, getattr(point.fluence_j_cm2, name)) for point in points]
                for name in ("p5", "median", "p95")
            )
            away = "" if plan.placement.distance_mm is None else f" at {plan.placement.distance_mm / 10.0:g} cm"
            words = f"{plan.lamp.name}{away}, {plan.session_minutes:g} min, {plan.verdict.replace('_', ' ')}"
            axes.plot(depth, middle, color=colour, linestyle=dashes, label=words)
            axes.fill_between(depth, low, high, color=colour, alpha=0.15, linewidth=0)
            axes.axvline(curve.target_depth_mm.median, color=colour, linestyle=":", linewidth=1.0)
        axes.set_yscale("log")
        axes.set_ylim(bottom=_LEAST_J_CM2)
        axes.set_xlabel("depth below the skin's surface [mm]")
        axes.set_ylabel("fluence in one session [J/cm²]")
        figure.legend(loc="upper left", bbox_to_anchor=(0.09, 0.99), frameon=False)
        note = "Line: middle case. Shading: p5 to p95. Dotted: middle depth of the target. No leave to treat."
        figure.text(0.1, 0.02, note, fontsize=7.5, color=MUTED)
        return figure


def write_overlay(first: Plan, second: Plan, path: Path) -> None:
    """Draw both into a PNG file. Raises BadInput where a plan holds no dose, or the file cannot be written."""
    for name, plan in (("first", first), ("second", second)):
        if not plan.curves:
            raise BadInput(Problem(f"{name} plan", message="holds no dose to draw", remedy="compare without --picture"))
    figure = draw_overlay(first, second)
    try:
        figure.savefig(path, format="png", dpi=150)
    except OSError as error:
        message = f"cannot be written ({error.strerror})"
        raise BadInput(Problem("--picture", str(path), message, "name another file")) from error
