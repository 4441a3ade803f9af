"""Why inverse square is wrong near a panel: irradiance against distance by the sum over LEDs, and by inverse square.

Writes docs/methods/inverse-square.csv and .png; exit code 1 when the sum misses the closed form of an even square of
Lambertian light by 1 %.
"""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openpbm.device import beam
from openpbm.device.led_array import LedArray
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue
from openpbm.picture_style import ACCENT, GRID, INK, MUTED, SERIES, new_figure, picture_style, save_picture

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "methods"
NAME = "inverse-square"
DISTANCES_MM = (50.0, 100.0, 150.0, 200.0, 300.0, 500.0, 1000.0, 2000.0)
# Where a seller states the irradiance from which others are worked out.
STATED_MM = 300.0
_BOUND = 0.01

Array = NDArray[np.float64]


def whole_body_panel() -> Lamp:
    """90 x 30 cm of the same LEDs as the table panel."""
    leds = Emitters(wavelength_nm=850.0, power_mw=1000.0, half_angle_deg=30.0, rows=22, columns=7, pitch_mm=42.0)
    return Lamp(id="tall", name="tall", kind="panel", output_status="claimed", emitters=(leds,))


LAMPS = {"table panel, 25 x 21 cm": lamp_catalogue["panel_660_850"], "tall panel, 92 x 29 cm": whole_body_panel()}


def axial_mw_cm2(lamp: Lamp, distance_mm: float) -> float:
    """Mean irradiance on the 4 x 4 cm under the middle, which the pattern of the LEDs does not disturb [mW/cm2]."""
    return float(sum(part.mean_mw_cm2(42.0, 42.0) for part in beam(lamp, distance_mm).components))


def even_square_mw_cm2(power_mw: float, side_mm: float, distance_mm: float) -> float:
    """Closed form on the axis of a square that shines evenly and by Lambert's law: four corner view factors."""
    half = side_mm / 2.0 / distance_mm
    slant = math.sqrt(1.0 + half**2)
    corner = 2.0 * half / slant * math.atan(half / slant) / (2.0 * math.pi)
    return 100.0 * power_mw / side_mm**2 * 4.0 * corner


def worst_against_closed_form() -> float:
    """Largest difference of the sum over LEDs from the closed form, at distances where single LEDs do not show [-]."""
    count, pitch_mm, worst = 60, 5.0, 0.0
    for distance_mm in (50.0, 100.0, 300.0, 1000.0):
        leds = LedArray(
            power_mw=1.0, half_angle_deg=60.0, rows=count, columns=count, pitch_mm=pitch_mm, distance_mm=distance_mm
        )
        expected = even_square_mw_cm2(float(count**2), count * pitch_mm, distance_mm)
        worst = max(worst, abs(float(leds.irradiance_mw_cm2(0.0, 0.0)) / expected - 1.0))
    return worst


def rows() -> list[list[str]]:
    found = []
    for name, lamp in LAMPS.items():
        stated = axial_mw_cm2(lamp, STATED_MM)
        for distance_mm in DISTANCES_MM:
            true, inverse = axial_mw_cm2(lamp, distance_mm), stated * (STATED_MM / distance_mm) ** 2
            found.append([name, f"{distance_mm / 10.0:g}", f"{true:.3g}", f"{inverse:.3g}", f"{inverse / true:.2f}"])
    return found


def draw() -> Path:
    """Left the irradiance of both panels, by the sum and by inverse square; right how many times that is too much."""
    distances = np.geomspace(40.0, 2000.0, 60)
    with picture_style():
        figure = new_figure(9.0, 3.9)
        left, right = figure.subplots(1, 2)
        for (name, lamp), (colour, dash) in zip(LAMPS.items(), SERIES, strict=False):
            true = np.array([axial_mw_cm2(lamp, mm) for mm in distances])
            inverse = axial_mw_cm2(lamp, STATED_MM) * (STATED_MM / distances) ** 2
            left.plot(distances / 10.0, true, color=colour, linewidth=2.0, label=name)
            left.plot(distances / 10.0, inverse, color=colour, linewidth=1.2, linestyle=dash)
            right.plot(distances / 10.0, inverse / true, color=colour, linewidth=2.0, label=name)
            near = axial_mw_cm2(lamp, STATED_MM) * (STATED_MM / 100.0) ** 2 / axial_mw_cm2(lamp, 100.0)
            shift = (8, 2) if near > 5.0 else (-52, -3)
            words = f"{near:.1f} times"
            right.annotate(words, (10.0, near), textcoords="offset points", xytext=shift, fontsize=8.0, color=colour)
        _finish(left, "Irradiance under the middle [mW/cm²]", "Full: sum over LEDs; broken: inverse square")
        _finish(right, "Inverse square over the sum", "Times too much (too little) by inverse square")
        right.axhline(1.0, color=MUTED, linewidth=0.8)
        left.plot([30.0] * len(LAMPS), [axial_mw_cm2(lamp, STATED_MM) for lamp in LAMPS.values()], "o", color=INK, ms=5)
        left.text(32.0, 700.0, "stated at 30 cm", fontsize=8.0, color=INK)
        left.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
        left.legend(fontsize=8.0, frameon=False, loc="lower left")
        right.set_yticks([0.25, 0.5, 1, 2, 4, 8, 16, 32], ["0.25", "0.5", "1", "2", "4", "8", "16", "32"])
        figure.tight_layout()
        return save_picture(figure, FOLDER / f"{NAME}.png")


def _finish(axes: Any, ylabel: str, title: str) -> None:
    axes.set(xscale="log", yscale="log", xlabel="Distance from the lamp [cm]", ylabel=ylabel)
    axes.set_title(title, fontsize=9.0)
    axes.set_xticks([5, 10, 20, 30, 50, 100, 200], ["5", "10", "20", "30", "50", "100", "200"])
    axes.minorticks_off()
    axes.grid(color=GRID, linewidth=0.6)
    axes.axvline(STATED_MM / 10.0, color=ACCENT, linewidth=0.8, linestyle=(0, (2, 2)))


def main() -> int:
    worst = worst_against_closed_form()
    with (FOLDER / f"{NAME}.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(
            ["lamp", "distance [cm]", "sum over LEDs [mW/cm2]", "inverse square from 30 cm [mW/cm2]",
             "inverse square over the sum"]
        )  # fmt: skip
        table.writerows(rows())
    for row in rows():
        print("  ".join(row))
    draw()
    print(f"an even Lambertian square on its axis against the closed form: {worst:.1e} at most [{_BOUND:g}]")
    return int(worst > _BOUND)


if __name__ == "__main__":
    sys.exit(main())
