"""A plan's fluence rate beside direct Monte Carlo of the finite panel: photons leave its LEDs.

    python benchmarks/plan.py [--photons 400000]

The planned light takes three steps that this takes none of: one set of angles for all places, rings around the target
by reciprocity, discrete ordinates with spherical harmonics. The photons are followed by a loop of its own, in the
middle tissue of a person, and counted in a disc around the target. Writes docs/methods/plan-monte-carlo.csv; exit code
1 where the two lie more than 3 % and three standard errors apart.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from openpbm.device import Beam, LedArray, beam
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.dose import ring_means
from openpbm.planning.light import DEPTH_MM, compute_fields, stacks_of
from openpbm.planning.site_light import cosines_of
from openpbm.tissue import TissueDraw, middle_tissue
from openpbm.transport.plane_stacks import Incidence

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "methods" / "plan-monte-carlo.csv"
LAMP, PERSON = "panel_660_850", Person(sex="female", age_years=50, height_cm=165, weight_kg=68, skin_type=2)
# Site, structure, distance [mm], wavelength [nm].
ROWS = (
    ("volar_wrist", "median_nerve", 100.0, 850.0),
    ("volar_wrist", "median_nerve", 300.0, 660.0),
    ("volar_wrist", "median_nerve", 300.0, 850.0),
    ("upper_trapezius", "trapezius", 300.0, 850.0),
    ("posterior_calf", "gastrocnemius", 300.0, 850.0),
)
# Counted around the target; light that enters beyond the window adds less than a hundredth there.
DISC_MM, HALF_SLAB_MM, WINDOW_MM = 12.0, 1.0, 70.0
BATCHES = 20
BOUND, STANDARD_ERRORS, WANTED = 0.03, 3.0, 0.01

Floats = NDArray[np.float64]


@numba.njit(error_model="numpy")
def fresnel(n_from: float, n_to: float, cosine: float) -> tuple[float, float]:
    """Reflectance of unpolarised light, and the cosine beyond."""
    sine_squared = (n_from / n_to) ** 2 * (1.0 - cosine * cosine)
    if sine_squared >= 1.0:
        return 1.0, 0.0
    beyond = math.sqrt(1.0 - sine_squared)
    across = (n_from * cosine - n_to * beyond) / (n_from * cosine + n_to * beyond)
    along = (n_from * beyond - n_to * cosine) / (n_from * beyond + n_to * cosine)
    return 0.5 * (across * across + along * along), beyond


@numba.njit(error_model="numpy")
def scattered(ux: float, uy: float, uz: float, g: float) -> tuple[float, float, float]:
    """A new direction, by Henyey and Greenstein."""
    s = 2.0 * np.random.random() - 1.0
    cosine = (s + 0.5 * g * (s * s + 3.0) + g * g * s + 0.5 * g**3 * (s * s - 1.0)) / (1.0 + g * s) ** 2
    sine, turn = math.sqrt(max(0.0, 1.0 - cosine * cosine)), 2.0 * math.pi * np.random.random()
    a, b = sine * math.cos(turn), sine * math.sin(turn)
    if abs(uz) > 0.99999:
        return a, b, math.copysign(cosine, uz * cosine)
    root = math.sqrt(1.0 - uz * uz)
    return (
        (a * ux * uz - b * uy) / root + ux * cosine,
        (a * uy * uz + b * ux) / root + uy * cosine,
        -a * root + uz * cosine,
    )


@numba.njit(error_model="numpy")
def in_the_cylinder(
    x: float, y: float, z: float, ux: float, uy: float, uz: float, length: float, mu_a: float, depth_mm: float
) -> float:
    """How much of a straight path lies in the disc around the target, told by one random point and the weight there."""
    if (z < depth_mm - HALF_SLAB_MM and z + uz * length < depth_mm - HALF_SLAB_MM) or (
        z > depth_mm + HALF_SLAB_MM and z + uz * length > depth_mm + HALF_SLAB_MM
    ):
        return 0.0
    part = np.random.random() * length
    px, py, pz = x + ux * part, y + uy * part, z + uz * part
    inside = abs(pz - depth_mm) <= HALF_SLAB_MM and px * px + py * py <= DISC_MM * DISC_MM
    return length * math.exp(-mu_a * part) if inside else 0.0


@numba.njit(error_model="numpy")
def follow(
    seed: int, photons: int, leds: Floats, exponent: float, distance_mm: float, tops: Floats, mu_a: Floats,
    mu_s: Floats, g: Floats, n: Floats, depth_mm: float,
) -> tuple[float, int]:  # fmt: skip
    """(sum of weight times path in the disc [mm], photons sent out to have `photons` of them meet the window)."""
    np.random.seed(seed)
    total, sent, entered = 0.0, 0, 0
    while entered < photons:
        sent += 1
        led = int(np.random.random() * leds.shape[0])
        uz = np.random.random() ** (1.0 / (exponent + 1.0))
        turn = 2.0 * math.pi * np.random.random()
        tangent = math.sqrt(max(0.0, 1.0 - uz * uz)) / uz
        x = leds[led, 0] + distance_mm * tangent * math.cos(turn)
        y = leds[led, 1] + distance_mm * tangent * math.sin(turn)
        if abs(x) > WINDOW_MM or abs(y) > WINDOW_MM:
            continue
        entered += 1
        reflected, inside = fresnel(1.0, n[0], uz)
        sine = math.sqrt(max(0.0, 1.0 - inside * inside))
        total += life(x, y, sine * math.cos(turn), sine * math.sin(turn), inside, 1.0 - reflected, tops, mu_a, mu_s, g,
                      n, depth_mm)  # fmt: skip
    return total, sent


@numba.njit(error_model="numpy")
def life(
    x: float, y: float, ux: float, uy: float, uz: float, weight: float, tops: Floats, mu_a: Floats, mu_s: Floats,
    g: Floats, n: Floats, depth_mm: float,
) -> float:  # fmt: skip
    """One photon from the surface on: weight times path in the disc around the target [mm]."""
    z, layer, last, counted = 0.0, 0, mu_a.size - 1, 0.0
    while True:
        length = -math.log(1.0 - np.random.random()) / mu_s[layer]
        wall = tops[layer + 1] if uz > 0.0 else tops[layer]
        to_wall = (wall - z) / uz if uz != 0.0 else math.inf
        meets = to_wall <= length
        if meets:
            length = max(0.0, to_wall)
        counted += weight * in_the_cylinder(x, y, z, ux, uy, uz, length, mu_a[layer], depth_mm)
        x, y, z = x + ux * length, y + uy * length, z + uz * length
        weight *= math.exp(-mu_a[layer] * length)
        if weight < 1e-3:
            if np.random.random() > 0.1:
                return counted
            weight *= 10.0
        if not meets:
            ux, uy, uz = scattered(ux, uy, uz, g[layer])
            continue
        z = wall
        beyond = layer + 1 if uz > 0.0 else layer - 1
        outside = n[beyond] if 0 <= beyond <= last else 1.0
        reflected, cosine = fresnel(n[layer], outside, abs(uz))
        if np.random.random() < reflected:
            uz = -uz
            continue
        if beyond < 0 or beyond > last:
            return counted
        ratio = n[layer] / n[beyond]
        ux, uy, uz, layer = ux * ratio, uy * ratio, math.copysign(cosine, uz), beyond


@dataclass(frozen=True, kw_only=True)
class Row:
    site: str
    structure: str
    depth_mm: float
    distance_mm: float
    wavelength_nm: float
    planned_mw_cm2: float
    planned_s: float
    photons_mw_cm2: float
    standard_error_mw_cm2: float
    photons_s: float

    @property
    def difference(self) -> float:
        return self.planned_mw_cm2 / self.photons_mw_cm2 - 1.0

    @property
    def relative_error(self) -> float:
        return self.standard_error_mw_cm2 / self.photons_mw_cm2

    @property
    def holds(self) -> bool:
        return abs(self.difference) <= max(BOUND, STANDARD_ERRORS * self.relative_error)

    @property
    def times_as_long(self) -> float:
        """Photons to one per cent over the planned light [-]."""
        return self.photons_s * (self.relative_error / WANTED) ** 2 / self.planned_s

    def cells(self) -> dict[str, str]:
        return {
            "place": f"{self.site}, {self.structure} at {self.depth_mm:.1f} mm",
            "panel at [cm]": f"{self.distance_mm / 10.0:g}",
            "wavelength [nm]": f"{self.wavelength_nm:g}",
            "planned [mW/cm2]": f"{self.planned_mw_cm2:.4g}",
            "photons [mW/cm2]": f"{self.photons_mw_cm2:.4g}",
            "standard error [%]": f"{100.0 * self.relative_error:.1f}",
            "difference [%]": f"{100.0 * self.difference:+.1f}",
            "planned [s]": f"{self.planned_s:.3f}",
            "photons to 1 % [s]": f"{self.photons_s * (self.relative_error / WANTED) ** 2:.0f}",
            "photons over planned": f"{self.times_as_long:.0f}",
        }


def places_in_the_disc() -> Floats:
    """(places, 2) middles of equal areas of the disc that the photons are counted in [mm]."""
    radius = DISC_MM * np.sqrt((np.arange(4) + 0.5) / 4.0)
    turn = 2.0 * math.pi * np.arange(6) / 6.0
    return np.array([[r * math.cos(t), r * math.sin(t)] for r in radius for t in turn])


def planned(tissue: TissueDraw, lit: Beam, wavelength_nm: float, place: int) -> tuple[float, float]:
    """Fluence rate around the target by the way of a plan [mW/cm2], and the processor time it took [s]."""
    light = Incidence.of_cosines(cosines_of(lit, wavelength_nm))
    compute_fields(tissue, wavelength_nm, light, threads=1)
    begun = time.process_time()
    fields = compute_fields(tissue, wavelength_nm, light, threads=1)
    rings = np.mean([ring_means(lit, wavelength_nm, offset) for offset in places_in_the_disc()], axis=0)
    return float(rings @ fields.fluence_rate[0, :, place]), time.process_time() - begun


def followed(tissue: TissueDraw, leds: LedArray, wavelength_nm: float, depth_mm: float, photons: int) -> list[float]:
    """Fluence rate around the target by photons: mean and standard error [mW/cm2], and processor time [s]."""
    stack: Any = stacks_of(tissue, wavelength_nm)
    thickness = stack.thickness_mm[0]
    tops = np.concatenate([[0.0], np.cumsum(thickness)])
    x, y = leds.emitter_positions_mm()
    fixed = (
        np.column_stack([x, y]), float(np.log(0.5) / np.log(np.cos(np.radians(leds.half_angle_deg)))),
        leds.distance_mm, tops, stack.mu_a_per_mm[0], stack.mu_s_per_mm[0], stack.g[0], stack.n[0], depth_mm,
    )  # fmt: skip
    follow(0, 10, *fixed)
    begun = time.process_time()
    found = [follow(1 + batch, photons // BATCHES, *fixed) for batch in range(BATCHES)]
    seconds = time.process_time() - begun
    volume_mm3 = math.pi * DISC_MM**2 * 2.0 * HALF_SLAB_MM
    levels = 100.0 * leds.total_power_mw * np.array([total / sent for total, sent in found]) / volume_mm3
    return [float(levels.mean()), float(levels.std(ddof=1) / math.sqrt(BATCHES)), seconds]


def row_of(site: str, structure: str, distance_mm: float, wavelength_nm: float, photons: int) -> Row:
    lit = beam(lamp_catalogue[LAMP], distance_mm)
    tissue = middle_tissue(sites[site], PERSON)
    depth_mm = float(tissue.depth_of(structure)[0])
    place = DEPTH_MM.size + tissue.site.targets.index(tissue.site.target(structure))
    (leds,) = [part.light for part in lit.components if part.wavelength_nm == wavelength_nm]
    assert isinstance(leds, LedArray)
    rate, planned_s = planned(tissue, lit, wavelength_nm, place)
    by_photons, error, photons_s = followed(tissue, leds, wavelength_nm, depth_mm, photons)
    return Row(
        site=site, structure=structure, depth_mm=depth_mm, distance_mm=distance_mm, wavelength_nm=wavelength_nm,
        planned_mw_cm2=rate, planned_s=planned_s, photons_mw_cm2=by_photons, standard_error_mw_cm2=error,
        photons_s=photons_s,
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photons", type=int, default=400_000, help="that meet the window, a wavelength")
    asked = parser.parse_args()
    rows = []
    for wanted in ROWS:
        rows.append(row_of(*wanted, asked.photons))
        print("  ".join(rows[-1].cells().values()), flush=True)
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].cells().keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row.cells() for row in rows)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
