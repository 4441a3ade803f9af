"""Picture: irradiance on the skin with contour lines, the outline of the site and a scale."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpbm.picture_style import INK, MUTED, new_figure, picture_style, save_picture
from openpbm.planning.document.exposure import IrradianceMap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_irradiance_map"]

#: Below this relative spread the field is flat and a contour line would only trace rounding noise.
FLAT_FIELD = 0.02
#: Share of the map that must lie above half the peak before contour lines are numbered.
ROOM_FOR_NUMBERS = 0.05
SHADES = 64


def draw_irradiance_map(irradiance_map: IrradianceMap, path: Path) -> Path:
    """Draw irradiance at the skin [mW/cm2] over x and y [mm] into the PNG `path`.

    Returns `path`. The same map gives the same bytes.
    """
    import numpy as np
    from matplotlib.ticker import MaxNLocator

    x_mm = np.asarray(irradiance_map.x_mm, dtype=float)
    y_mm = np.asarray(irradiance_map.y_mm, dtype=float)
    irradiance_mw_cm2 = np.asarray(irradiance_map.irradiance_mw_cm2, dtype=float)
    peak = float(irradiance_mw_cm2.max())
    with picture_style():
        figure = new_figure(6.4, 5.2)
        axes = figure.add_axes((0.11, 0.1, 0.72, 0.82))
        # Levels must rise even where the map is dark all over.
        shades = np.linspace(0.0, max(peak, 1e-9), SHADES + 1)
        image = axes.contourf(x_mm, y_mm, irradiance_mw_cm2, levels=shades, cmap="cividis", antialiased=False)
        bar = figure.colorbar(image, cax=figure.add_axes((0.85, 0.14, 0.03, 0.74)))
        bar.set_label("irradiance at the skin, mW/cm²")
        bar.outline.set_visible(False)
        bar.locator = MaxNLocator(6)
        bar.update_ticks()
        if peak > 0.0 and float(np.ptp(irradiance_mw_cm2)) > FLAT_FIELD * peak:
            _draw_contours(axes, x_mm, y_mm, irradiance_mw_cm2, peak)
        _draw_site(axes, irradiance_map.site_width_mm, irradiance_map.site_height_mm)
        _draw_scale(axes, float(np.ptp(x_mm)), float(x_mm.min()), float(y_mm.min()))
        axes.set_aspect("equal")
        axes.set_xlim(float(x_mm.min()), float(x_mm.max()))
        axes.set_ylim(float(y_mm.min()), float(y_mm.max()))
        axes.set_xlabel("across, mm   (lines: 10, 25, 50, 75, 90 % of the peak)")
        axes.set_ylabel("along, mm")
        # Beside the axes: a title of theirs is laid out against every tick.
        heading = f"Irradiance at the skin, output as stated: peak {peak:.3g} mW/cm²"
        figure.text(0.11, 0.94, heading, fontsize=10, fontweight="bold")
        return save_picture(figure, path)


def _draw_contours(axes: Axes, x_mm: Any, y_mm: Any, irradiance_mw_cm2: Any, peak: float) -> None:
    levels = [peak * share for share in (0.1, 0.25, 0.5, 0.75, 0.9) if irradiance_mw_cm2.min() < peak * share]
    lines = axes.contour(
        x_mm, y_mm, irradiance_mw_cm2, levels=levels, colors="white", linewidths=0.9, linestyles="solid", alpha=0.9
    )
    # Around a small spot the numbers would cover the lines they name; there the scale at the side must do.
    roomy = float((irradiance_mw_cm2 > 0.5 * peak).mean()) > ROOM_FOR_NUMBERS
    labels = axes.clabel(lines, fmt=lambda level: f"{level:.3g}", fontsize=8, inline=True) if roomy else []
    for label in labels:
        # Pale centre, dark rim: a dark number reads on the first, a white one on the second.
        label.set_color("white" if float(label.get_text()) < 0.6 * peak else INK)
    dark = [INK if level > 0.6 * peak else "white" for level in levels]
    lines.set_edgecolor(dark)


def _draw_site(axes: Axes, width_mm: float, height_mm: float) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle(
            (-width_mm / 2.0, -height_mm / 2.0), width_mm, height_mm, fill=False, edgecolor=INK, linewidth=3.2, zorder=4
        )
    )
    axes.add_patch(
        Rectangle(
            (-width_mm / 2.0, -height_mm / 2.0),
            width_mm,
            height_mm,
            fill=False,
            edgecolor="white",
            linewidth=1.4,
            linestyle=(0, (4, 2)),
            zorder=5,
        )
    )
    axes.annotate(
        f"site {width_mm:g} × {height_mm:g} mm",
        xy=(0.0, height_mm / 2.0),
        xytext=(0, -5),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=8.5,
        color="white",
        bbox={"facecolor": INK, "edgecolor": "none", "pad": 2.0, "alpha": 0.85},
        zorder=6,
    )


def _draw_scale(axes: Axes, width_mm: float, left_mm: float, bottom_mm: float) -> None:
    length_mm = next((step for step in (100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0) if step <= 0.3 * width_mm), width_mm)
    start_mm, height_mm = left_mm + 0.04 * width_mm, bottom_mm + 0.05 * width_mm
    axes.plot(
        [start_mm, start_mm + length_mm], [height_mm, height_mm], color=MUTED, linewidth=6.0, solid_capstyle="butt"
    )
    axes.plot(
        [start_mm, start_mm + length_mm], [height_mm, height_mm], color="white", linewidth=3.0, solid_capstyle="butt"
    )
    axes.annotate(
        f"{length_mm:g} mm",
        xy=(start_mm + length_mm / 2.0, height_mm),
        xytext=(0, 5),
        textcoords="offset points",
        ha="center",
        fontsize=8.5,
        color="white",
        bbox={"facecolor": INK, "edgecolor": "none", "pad": 1.5, "alpha": 0.7},
    )
