"""Ring shares without photons against Monte Carlo: the error table of the docs and the table that chooses the order.

`python benchmarks/lateral_spread.py --photons 1500000` follows the photons (half an hour on one core) and keeps what
they found in tests/transport/photon_shares.jsonl, beside the tests that read it; interrupted, it goes on where it
stopped. `python benchmarks/lateral_spread.py` compares, writes docs/methods/lateral-spread.csv and .png and
src/openpbm/transport/spread_errors.csv, and prints how long 400 tissues take; exit code 1 when a bound is missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openpbm.device import BeamComponent, beam
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.picture_style import MUTED, SERIES, new_figure, picture_style, save_picture
from openpbm.planning.light import DEPTH_MM, RADIUS_EDGES_MM, stacks_of
from openpbm.tissue import draw_tissues, middle_tissue
from openpbm.transport import Incidence, Layer, PlaneStacks, Scene, Source, green_function
from openpbm.transport.lateral_spread import NARROW_BOUND, ORDERS, WIDE_BOUND, RingShares, ring_shares

Array = NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "tests" / "transport" / "photon_shares.jsonl"
RADII = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 22.5,
         25, 30, 35, 40, 45, 50, 60, 70, 85, 100]  # fmt: skip
DEPTHS = [0.1, 0.3, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40]
TISSUES = {
    "calf, 850 nm, skin type 2": ("posterior_calf", 2, 850.0),
    "wrist, 850 nm, skin type 2": ("volar_wrist", 2, 850.0),
    "calf, 630 nm, skin type 6": ("posterior_calf", 6, 630.0),
}
ARRAYS = {
    "array 10 x 10 at 150 mm": (Emitters(wavelength_nm=850.0, power_mw=10.0, half_angle_deg=30.0, rows=10, columns=10,
                                         pitch_mm=20.0), 150.0),
    "array 4 x 4 at 20 mm": (Emitters(wavelength_nm=850.0, power_mw=10.0, half_angle_deg=60.0, rows=4, columns=4,
                                      pitch_mm=12.0), 20.0),
}  # fmt: skip
NARROW = ["Gaussian 1 mm", "Gaussian 2 mm", "Gaussian 3 mm", "Gaussian 5 mm", "disc 5 mm"]
TABLE = ROOT / "src" / "openpbm" / "transport" / "spread_errors.csv"
PICTURE = ROOT / "docs" / "methods" / "lateral-spread.png"
DIFFERENCES = ROOT / "docs" / "methods" / "lateral-spread.csv"
ERRORS = ("narrow_error", "wide_error")
SCATTERING = [1.0, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.0]
ABSORPTION = [0.3, 1.0, 3.0]


@dataclass(frozen=True, slots=True)
class Row:
    """One point on the axis: the share by photons with its standard error, and without them."""

    stack: str
    light: str
    field: str
    order: int | None
    depth_mm: float
    photons: float
    error: float
    share: float
    lit: bool

    @property
    def wide(self) -> bool:
        return self.field not in NARROW

    @property
    def difference(self) -> float:
        return self.share / self.photons - 1.0 if self.photons else math.inf

    @property
    def relative_error(self) -> float:
        return self.error / self.photons if self.photons else math.inf

    @property
    def tells(self) -> bool:
        """Whether it counts: where spread is asked for, and the photons were many."""
        return self.depth_mm >= 1 and self.relative_error <= 0.03 and self.lit


def person(skin_type: int) -> Person:
    return Person(age_years=50, sex="female", height_cm=166, weight_kg=69, skin_type=skin_type)


def tissue(site_id: str, skin_type: int, wavelength_nm: float) -> tuple[Layer, ...]:
    """The layers of a middling tissue, as they are followed now; what is kept holds those of its own day."""
    optics = middle_tissue(sites[site_id], person(skin_type)).optics([wavelength_nm])
    depths = [None if math.isinf(mm) else float(mm) for mm in optics.thickness_mm[0]]
    values = (getattr(optics, name)[0, :, 0].tolist() for name in ("mu_a_per_mm", "mu_s_per_mm", "g", "n"))
    return tuple(
        Layer(name=name, thickness_mm=depth, mu_a_per_mm=mu_a, mu_s_per_mm=mu_s, g=g, n=n)
        for name, depth, mu_a, mu_s, g, n in zip(optics.layers, depths, *values, strict=True)
    )


def media() -> dict[str, tuple[Layer, ...]]:
    """Half spaces and stacks with one layer that scatters little, or absorbs much: where the orders part."""
    found = {}
    for reduced in SCATTERING:
        middle = Layer(name="thin", thickness_mm=3.0, mu_a_per_mm=0.005, mu_s_per_mm=10 * reduced, g=0.9, n=1.34)
        skin = Layer(name="skin", thickness_mm=1.5, mu_a_per_mm=0.03, mu_s_per_mm=15.0, g=0.87, n=1.4)
        muscle = Layer(name="muscle", thickness_mm=None, mu_a_per_mm=0.03, mu_s_per_mm=9.0, g=0.93, n=1.39)
        found[f"layer of 3 mm, {reduced:g}/mm reduced scattering"] = (skin, middle, muscle)
        if reduced >= 0.05:
            only = Layer(name="all", thickness_mm=None, mu_a_per_mm=0.02, mu_s_per_mm=10 * reduced, g=0.9, n=1.4)
            found[f"half space, {reduced:g}/mm reduced scattering"] = (only,)
    for mu_a in ABSORPTION:
        only = Layer(name="all", thickness_mm=None, mu_a_per_mm=mu_a, mu_s_per_mm=10.0, g=0.9, n=1.4)
        found[f"half space, {mu_a:g}/mm absorption"] = (only,)
    return found


def lights() -> dict[str, tuple[float, ...]]:
    """Incidence cosines of equal power: a laser, a pad on the skin, the arrays."""
    found = {"normal": (1.0,), "Lambertian": tuple(np.sqrt((np.arange(16) + 0.5) / 16).tolist())}
    return found | {name: component(name).incidence_cosines for name in ARRAYS}


def component(name: str) -> BeamComponent:
    emitters, distance_mm = ARRAYS[name]
    lamp = Lamp(id="lamp", name=name, kind="panel", output_status="measured", emitters=(emitters,))
    return beam(lamp, distance_mm).components[0]


def fields(light: str) -> dict[str, Array]:
    """Mean irradiance on each ring and beyond the last: that of the array, or of spots and discs."""
    inner, outer = np.square(RADII[:-1], dtype=float), np.square(RADII[1:], dtype=float)
    if light in ARRAYS:
        return {light: array_rings(light)}
    found = {}
    for width in (1.0, 2.0, 3.0, 5.0, 10.0):
        tail = np.exp(-2 * inner / width**2) - np.exp(-2 * outer / width**2)
        found[f"Gaussian {width:g} mm"] = np.append(tail * width**2 / 2 / (outer - inner), 0.0)
    for diameter in (5, 10, 20, 50, 100):
        found[f"disc {diameter} mm"] = np.append(np.where(outer <= diameter**2 / 4, 1.0, 0.0), 0.0)
    return found


def array_rings(name: str) -> Array:
    shares = (np.arange(8) + 0.5) / 8
    squares = np.square(np.append(RADII, 1.3 * RADII[-1]), dtype=float)
    radii = np.sqrt(squares[:-1, None] + shares * np.diff(squares)[:, None])[..., None]
    angles = 2 * np.pi * (np.arange(48) + 0.5) / 48
    rings = component(name).irradiance_mw_cm2(radii * np.cos(angles), radii * np.sin(angles)).mean(axis=(1, 2))
    return np.asarray((rings / rings.max()).round(5))


def jobs() -> Iterator[tuple[str, str, tuple[Layer, ...]]]:
    """Every stack with every light it is tried in; the media in normal light only."""
    for name, layers in media().items():
        yield name, "normal", layers
    for light in lights():
        for name, (site, skin_type, wavelength_nm) in TISSUES.items():
            yield name, light, tissue(site, skin_type, wavelength_nm)


def follow(photons: int) -> None:
    """Follow what is not kept yet, a line of JSON for each."""
    kept = set()
    if KEPT.exists():
        kept = {(row["stack"], row["light"]) for row in map(json.loads, KEPT.read_text().splitlines())}
    for seed, (stack, light, layers) in enumerate(jobs(), start=20261130):
        if (stack, light) in kept:
            continue
        row = followed(stack, light, layers, photons if stack in TISSUES else photons // 5, seed)
        with KEPT.open("a") as stream:
            stream.write(json.dumps(row) + "\n")
        print(stack, light, flush=True)


def followed(stack: str, light: str, layers: tuple[Layer, ...], photons: int, seed: int) -> dict[str, object]:
    """Shares of every field on its axis, against the endless plane in the same photons, with standard errors."""
    cosines = lights()[light]
    # Bins so narrow that a share on their middle is the share of their mean.
    edges = [depth * side for depth in DEPTHS for side in (0.97, 1.03)]
    scene = Scene(layers=layers, source=Source(kind="tabulated", cosines=cosines), photons=photons, seed=seed)
    run = green_function(scene, edges, RADII, threads=1)
    areas = np.pi * np.diff(np.square(RADII))[:, None]
    rings = np.concatenate([run.batch_fluence_rate_per_mm2 * areas, run.batch_overflow[:, None]], axis=1)[..., ::2]
    plane = rings.sum(axis=1)
    shares = {}
    for name, weights in fields(light).items():
        field = np.einsum("r,brz->bz", weights, rings)
        share = field.sum(axis=0) / np.maximum(plane.sum(axis=0), 1e-300)
        spread = (field - share * plane).std(axis=0, ddof=1) / math.sqrt(len(plane))
        error = spread / np.maximum(plane.mean(axis=0), 1e-300)
        shares[name] = [[float(f"{a:.5g}"), float(f"{b:.2g}")] for a, b in zip(share, error, strict=True)]
    return {
        "stack": stack,
        "light": light,
        "photons": photons,
        "seed": seed,
        "layers": [asdict(layer) for layer in layers],
        "cosines": [round(cosine, 6) for cosine in cosines],
        "radius_edges_mm": RADII,
        "depth_mm": DEPTHS,
        "weights": {name: [float(f"{w:.5g}") for w in weights] for name, weights in fields(light).items()},
        "shares": shares,
    }


def kept_rows() -> list[Row]:
    """Every kept point: its shares by photons and without."""
    rows = []
    for run in map(json.loads, KEPT.read_text().splitlines()):
        lit = lit_depths(run)
        for order in (None, *ORDERS):
            spread = computed(run, order)
            for field, weights in run["weights"].items():
                own = np.array(weights) @ spread.shares[0, 0]
                for depth, (share, error), value, seen in zip(
                    run["depth_mm"], run["shares"][field], own, lit, strict=True
                ):
                    rows.append(Row(run["stack"], run["light"], field, order, depth, share, error, float(value), seen))
    return rows


def lit_depths(run: dict[str, Any]) -> list[bool]:
    """Where even the narrowest field is known to 15 %: with fewer photons a standard error is itself luck."""
    depths = zip(*run["shares"].values(), strict=True)
    return [all(error < 0.15 * share for share, error in fields) for fields in depths]


def computed(run: dict[str, Any], order: int | None) -> RingShares:
    layers = [Layer(**layer) for layer in run["layers"]]
    stacks = PlaneStacks.of(
        [math.inf if layer.thickness_mm is None else layer.thickness_mm for layer in layers],
        *([getattr(layer, name) for layer in layers] for name in ("mu_a_per_mm", "mu_s_per_mm", "g", "n")),
    )
    light = Incidence.of_cosines(run["cosines"])
    return ring_shares(stacks, light, np.array(run["depth_mm"]), np.array(run["radius_edges_mm"]), order=order)


def write_table(rows: list[Row]) -> None:
    """What each order misses in each medium, beyond three standard errors, from 1 mm on: what chooses the order.

    Never less than where more is scattered; the first row of the surface holds tissues and absorbers too.
    """
    found = []
    for where, name in (("surface", "half space"), ("buried", "layer of 3 mm")):
        for order in ORDERS:
            stacks = {stack for stack in TISSUES | media() if stack.endswith(("absorption", "type 2", "type 6"))}
            errors = [0.0, 0.0]
            for scattering in SCATTERING:
                stacks.add(f"{name}, {scattering:g}/mm reduced scattering")
                own = [row for row in rows if row.stack in stacks and row.order == order and row.tells]
                errors = [max(least, worst(own, wide=wide)) for wide, least in enumerate(errors)]
                if where == "buried" or scattering >= 0.05:
                    found.append([where, f"{scattering:g}", order, *(f"{error:.4f}" for error in errors)])
    with TABLE.open("w", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["where", "reduced_scattering_per_mm", "order", *ERRORS])
        table.writerows(found)


def worst(rows: list[Row], *, wide: int) -> float:
    return max(abs(row.difference) - 3 * row.relative_error for row in rows if row.wide == wide)


def write_differences(rows: list[Row]) -> int:
    """The difference at every point of the tissues; how many miss their bound."""
    missed = 0
    with DIFFERENCES.open("w", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(
            ["tissue", "light", "field", "depth_mm", "share_photons", "standard_error", "share", "difference_percent"]
        )
        for row in rows:
            if row.stack not in TISSUES or row.order is not None:
                continue
            table.writerow(
                [row.stack, row.light, row.field, f"{row.depth_mm:g}", f"{row.photons:.5g}", f"{row.error:.2g}",
                 f"{row.share:.5g}", f"{100 * row.difference:.2f}"]
            )  # fmt: skip
            bound = (WIDE_BOUND if row.wide else NARROW_BOUND) + 3 * row.relative_error
            missed += row.tells and abs(row.difference) > bound
    return missed


def print_differences(rows: list[Row]) -> None:
    """The largest difference by field and depth, over tissues and lights, where photons tell 3 %; percent."""
    own = [row for row in rows if row.stack in TISSUES and row.order is None and row.relative_error <= 0.03]
    shown = [depth for depth in DEPTHS if depth != 25]
    print("| field | " + " | ".join(f"{depth:g} mm" for depth in shown) + " |")
    print("|---" * (len(shown) + 1) + "|")
    for field in dict.fromkeys(row.field for row in own):
        cells = [largest([row for row in own if row.field == field and row.depth_mm == depth]) for depth in shown]
        print(f"| {field} | " + " | ".join(cells) + " |")


def largest(rows: list[Row]) -> str:
    if not rows:
        return "-"
    worst_row = max(rows, key=lambda row: abs(row.difference))
    return f"{100 * worst_row.difference:+.1f} ({100 * worst_row.relative_error:.1f})"


def print_weak_scattering() -> None:
    """The table that chooses the order, in percent."""
    with TABLE.open(newline="") as stream:
        found = {
            (row["where"], float(row["reduced_scattering_per_mm"]), row["order"]): row for row in csv.DictReader(stream)
        }
    for scattering in SCATTERING:
        keys = [(where, scattering, str(order)) for where in ("surface", "buried") for order in ORDERS]
        cells = [f"{scattering:g}/mm"]
        for row in (found.get(key) for key in keys):
            cells.append("-" if row is None else " / ".join(f"{100 * float(row[c]):.1f}" for c in ERRORS))
        print("| " + " | ".join(cells) + " |")


def draw(rows: list[Row]) -> None:
    """Difference from photons against depth: fields below 10 mm and from 10 mm on, with their bounds."""
    with picture_style():
        figure = new_figure(8.0, 3.6)
        panels = figure.subplots(1, 2, sharex=True)
        for axes, wide, bound in zip(panels, (False, True), (NARROW_BOUND, WIDE_BOUND), strict=True):
            own = [row for row in rows if row.stack in TISSUES and row.order is None and row.wide == wide]
            for number, stack in enumerate(TISSUES):
                here = [row for row in own if row.stack == stack and row.relative_error <= 0.03]
                depth = np.array([row.depth_mm for row in here]) * 1.03 ** (number - 1)
                difference = [100 * row.difference for row in here]
                error = [100 * row.relative_error for row in here]
                color = SERIES[number][0]
                axes.errorbar(depth, difference, error, fmt="os^"[number], ms=2.5, lw=0.7, color=color, label=stack)
            for side in (-100 * bound, 100 * bound):
                axes.axhline(side, color=MUTED, lw=0.8, ls=":")
            axes.set(xscale="log", xlabel="depth [mm]", ylim=(-8, 8), title=("below 10 mm", "from 10 mm on")[wide])
            axes.set_xticks([0.1, 0.3, 1, 3, 10, 30], ["0.1", "0.3", "1", "3", "10", "30"])
        panels[0].set_ylabel("difference from photons [%]")
        panels[1].legend(fontsize=7, frameon=False, loc="lower left")
        figure.tight_layout()
        save_picture(figure, PICTURE)


def print_speed() -> None:
    """400 drawn calves on the grid of a plan."""
    stacks = stacks_of(draw_tissues(sites["posterior_calf"], person(2), count=400, seed=1), 850.0)
    clock, processor = time.perf_counter(), time.process_time()
    spread = ring_shares(stacks, Incidence.plane_wave(), DEPTH_MM, RADIUS_EDGES_MM)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    orders = {order: int((spread.order == order).sum()) for order in ORDERS}
    print(f"400 tissues, {DEPTH_MM.size} depths, {RADIUS_EDGES_MM.size} rings: {clock:.2f} s by the clock,")
    print(f"{processor:.2f} s of processor time; stacks by order: {orders}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photons", type=int, help="follow the photons that are not kept yet: so many a tissue")
    asked = parser.parse_args()
    if asked.photons:
        follow(asked.photons)
        return 0
    rows = kept_rows()
    write_table(rows)
    missed = write_differences(rows)
    draw(rows)
    print_differences(rows)
    print_weak_scattering()
    print_speed()
    print(f"{missed} points miss their bound")
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
