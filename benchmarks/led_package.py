"""What an LED taken as a point misses close to the skin: against a disc of its package or lens that shines evenly.

Writes docs/methods/led-package.csv, and prints it beside what an even pad hides under its diodes; exit code 1 when a
disc's irradiance on its axis misses the closed form.
"""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openpbm.device.led_array import LedArray, cosine_power

Array = NDArray[np.float64]
TABLE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "led-package.csv"
# Diameter [mm] and half angle [deg]: small and large bare packages, a 5 mm lens, the lens of a panel.
PACKAGES = [(3.0, 60.0), (5.0, 60.0), (5.0, 30.0), (20.0, 30.0)]
DISTANCES_MM = [5.0, 10.0, 20.0, 50.0, 100.0]
# The pad and the wrap that ship, by pitch [mm], and how far a cover may hold their 5 mm packages off the skin [mm].
PITCHES_MM, COVERS_MM = [6.0, 25.0], [1.0, 2.0, 3.0, 5.0]
_RINGS, _AZIMUTHS = 200, 36
_BOUND = 1e-3


def disc_points_mm(diameter_mm: float) -> tuple[Array, Array]:
    """Middles of equal areas of a disc."""
    radius = diameter_mm / 2.0 * np.sqrt((np.arange(_RINGS) + 0.5) / _RINGS)[:, None]
    azimuth = 2.0 * math.pi * (np.arange(_AZIMUTHS) + 0.5) / _AZIMUTHS
    return (radius * np.cos(azimuth)).ravel(), (radius * np.sin(azimuth)).ravel()


def disc_mw_cm2(led: LedArray, diameter_mm: float, x_mm: Array) -> Array:
    """Irradiance along x when every emitter is a disc, each point of it with the emitter's own lobe [mW/cm2]."""
    shift_x, shift_y = disc_points_mm(diameter_mm)
    return np.array([led.irradiance_mw_cm2(x - shift_x, shift_y).mean() for x in x_mm])


def disc_on_axis_mw_cm2(led: LedArray, diameter_mm: float) -> float:
    """Closed form for one disc: the power that one point would send onto the disc's image, over the disc's area."""
    radius_mm = diameter_mm / 2.0
    caught = -math.expm1(
        -0.5 * (cosine_power(led.half_angle_deg) + 1.0) * math.log1p((radius_mm / led.distance_mm) ** 2)
    )
    return 100.0 * led.power_mw * caught / (math.pi * radius_mm**2)


def half_width_mm(x_mm: Array, irradiance: Array) -> float:
    """From the axis to half of the irradiance there [mm]."""
    return float(np.interp(-0.5 * irradiance[0], -irradiance, x_mm))


def _percent(ratio: float) -> str:
    # Adding 0 takes the sign from what rounds to nothing.
    return f"{round(100.0 * (ratio - 1.0), 1) + 0.0:+.1f}"


def single_led(half_angle_deg: float, distance_mm: float) -> LedArray:
    return LedArray(
        power_mw=100.0, half_angle_deg=half_angle_deg, rows=1, columns=1, pitch_mm=1.0, distance_mm=distance_mm
    )


def package_rows() -> tuple[list[list[str]], float]:
    """A row for each package and distance, and the worst error of a disc against its closed form."""
    rows, worst = [], 0.0
    for diameter_mm, half_angle_deg in PACKAGES:
        for distance_mm in DISTANCES_MM:
            led = single_led(half_angle_deg, distance_mm)
            x_mm = np.linspace(0.0, diameter_mm + distance_mm, 401)
            point, disc = led.irradiance_mw_cm2(x_mm, 0.0), disc_mw_cm2(led, diameter_mm, x_mm)
            worst = max(worst, abs(disc[0] / disc_on_axis_mw_cm2(led, diameter_mm) - 1.0))
            widths = half_width_mm(x_mm, point), half_width_mm(x_mm, disc)
            rows.append(
                [f"{diameter_mm:g}", f"{half_angle_deg:g}", f"{distance_mm:g}",
                 _percent(point[0] / disc[0]),
                 f"{widths[0]:.2f}", f"{widths[1]:.2f}", _percent(widths[0] / widths[1])]
            )  # fmt: skip
    return rows, worst


def under_a_cover(pitch_mm: float, cover_mm: float) -> tuple[float, float]:
    """Under an array of 5 mm Lambertian discs: straight under one and between four, over the even pad's level [-]."""
    # An odd and an even array: of 20 x 20 pitches or so, the axis lies under a disc and between four of them.
    odd = replace(single_led(60.0, cover_mm), rows=21, columns=21, pitch_mm=pitch_mm)
    even = replace(odd, rows=20, columns=20)
    level = 100.0 * odd.power_mw / pitch_mm**2
    under, between = (float(disc_mw_cm2(array, 5.0, np.zeros(1))[0]) / level for array in (odd, even))
    return under, between


def main() -> int:
    rows, worst = package_rows()
    with TABLE.open("w", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(
            ["package or lens [mm]", "half angle [deg]", "distance [mm]", "irradiance on the axis, point over disc [%]",
             "half width, point [mm]", "half width, disc [mm]", "half width, point over disc [%]"]
        )  # fmt: skip
        table.writerows(rows)
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(f"a disc on its axis against the closed form: {worst:.1e} at most")
    for pitch_mm in PITCHES_MM:
        for cover_mm in COVERS_MM:
            under, between = under_a_cover(pitch_mm, cover_mm)
            print(f"pitch {pitch_mm:g} mm, {cover_mm:g} mm off: {under:.2f} under a disc, {between:.2f} between four")
    return int(worst > _BOUND)


if __name__ == "__main__":
    raise SystemExit(main())
