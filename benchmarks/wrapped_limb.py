"""Light that comes together in a limb lit from all round: diffusion in layered cylinders against the closed form.

Writes docs/methods/wrapped-limb.csv; exit code 1 where `roundness_gain` misses the cylinder by more than its docstring
says. Both cylinder and flat skin are solved by finite volumes of 0.1 mm along the depth, a collimated beam that turns
into diffuse light by every layer's own scattering, and the partial-current boundary of skin against air.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

from openpbm.facts.sites import Site, sites
from openpbm.person import Person
from openpbm.planning.wrapped_limb import roundness_gain
from openpbm.tissue import TissueDraw, middle_tissue

Array = NDArray[np.float64]
TABLE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "wrapped-limb.csv"
WAVELENGTHS_NM = (660.0, 850.0)
# As thick as flat skin has to be for its far side not to matter; cells; refraction at the skin (n = 1.4).
_FLAT_MM, _CELL_MM, _REFRACTION = 150.0, 0.1, 2.8
# What the closed form may miss: limbs from 30 mm radius on, and wrist, fingers and toes.
_BOUNDS = {True: 0.03, False: 0.14}


def fluence_rate(tissue: TissueDraw, wavelength_nm: float, radius_mm: float, *, is_round: bool) -> tuple[Array, Array]:
    """Depths [mm], rising, and the fluence rate there under even light on the face, per irradiance [-]."""
    optics = tissue.optics([wavelength_nm])
    absorbs = optics.mu_a_per_mm[0, :, 0]
    turns = optics.mu_s_per_mm[0, :, 0] * (1.0 - optics.g[0, :, 0])
    count = round(radius_mm / _CELL_MM)
    edge = np.linspace(0.0, radius_mm, count + 1)
    middle = 0.5 * (edge[1:] + edge[:-1])
    layer = np.searchsorted(np.cumsum(tissue.thickness_mm[0, :-1]), radius_mm - middle, side="right")
    diffusion = 1.0 / (3.0 * (absorbs + turns))[layer]
    face, weight = np.ones(count + 1), np.full(count, _CELL_MM)
    if is_round:
        face, weight = edge / radius_mm, middle / radius_mm * _CELL_MM
    between = 2.0 * face[1:-1] / _CELL_MM / (1.0 / diffusion[1:] + 1.0 / diffusion[:-1])
    diagonal = absorbs[layer] * weight
    diagonal[:-1] += between
    diagonal[1:] += between
    diagonal[-1] += 1.0 / (2.0 * _REFRACTION + 0.5 * _CELL_MM / diffusion[-1])
    lost = (absorbs + turns)[layer] * _CELL_MM
    straight = np.exp(-(np.cumsum(lost[::-1])[::-1] - 0.5 * lost))
    bands = np.zeros((2, count))
    bands[0, 1:], bands[1] = -between, diagonal
    rate = solveh_banded(bands, turns[layer] * straight * _CELL_MM)
    return (radius_mm - middle)[::-1], np.asarray(rate[::-1])


def gain(tissue: TissueDraw, wavelength_nm: float, radius_mm: float, depth_mm: float | Array) -> Array:
    """Fluence rate in the cylinder over that below flat skin [-]."""
    in_limb = fluence_rate(tissue, wavelength_nm, radius_mm, is_round=True)
    flat = fluence_rate(tissue, wavelength_nm, _FLAT_MM, is_round=False)
    return np.asarray(np.interp(depth_mm, *in_limb) / np.interp(depth_mm, *flat))


def rows_of(site: Site) -> tuple[list[list[str]], float]:
    """A row for each structure of a place, and how far the closed form misses anywhere to two thirds of the radius."""
    assert site.limb_circumference_mm is not None
    girth_mm = math.sqrt(site.limb_circumference_mm.p5 * site.limb_circumference_mm.p95)
    radius_mm, tissue = girth_mm / (2.0 * math.pi), middle_tissue(site, Person())
    depths = np.arange(2.0, 0.66 * radius_mm, 1.0)
    closed = np.array([roundness_gain(depth, girth_mm) for depth in depths])
    worst = max(float(np.abs(closed / gain(tissue, nm, radius_mm, depths) - 1.0).max()) for nm in WAVELENGTHS_NM)
    found = []
    for target in site.targets:
        depth_mm = float(tissue.depth_of(target.id)[0])
        solved = [float(gain(tissue, nm, radius_mm, depth_mm)) for nm in WAVELENGTHS_NM]
        words = [f"{value:.2f}" for value in (*solved, roundness_gain(depth_mm, girth_mm))]
        found.append(
            [site.plain_name, target.id.replace("_", " "), f"{girth_mm / 10.0:.0f}", f"{depth_mm:.0f}", *words]
        )
    return found, worst / _BOUNDS[radius_mm > 30.0]


def main() -> int:
    rows, worst = [], 0.0
    for site in sites:
        if site.limb_circumference_mm is not None:
            here, missed = rows_of(site)
            rows += here
            worst = max(worst, missed)
            print("; ".join(", ".join(row) for row in here), f"({missed:.0%} of what it may miss)")
    head = ["place", "structure", "round, cm", "depth, mm", *(f"{nm:g} nm" for nm in WAVELENGTHS_NM), "closed form"]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])
    return int(worst > 1.0)


if __name__ == "__main__":
    raise SystemExit(main())
