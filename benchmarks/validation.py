"""Discrete ordinates against Monte Carlo on 200 random stacks: z-scores, differences, the table and figure of the docs.

`python benchmarks/validation.py --photons 1000000` follows the photons (half an hour on one core) and keeps what they
found in tests/transport/photon_stacks.jsonl, beside the tests that read it; interrupted, it goes on where it stopped.
Without the option it compares and writes docs/methods/transport-validation.csv and .png; exit code 1 when
a bound is missed. The optical numbers are drawn at random and are not tissue.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openpbm.picture_style import ACCENT, GRID, INK, MUTED, new_figure, picture_style, save_picture
from openpbm.transport import Layer, Scene, Source, depth_light, simulate
from openpbm.transport.discrete_ordinates import DepthBins, discrete_ordinates
from openpbm.transport.plane_field import incident_light, plane_stack

Array = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "tests" / "transport" / "photon_stacks.jsonl"
FOLDER, NAME = ROOT / "docs" / "methods", "transport-validation"
STACKS, SEED, DEPTHS, BIN_MM = 200, 20261130, 12, 0.02


def random_scene(number: int, photons: int) -> Scene:
    """1-6 layers of 0.01 mm to endless, n 1.0-1.5, g -0.5 to 0.98, mu_a 0-5/mm; plane waves and Lambertian light."""
    random = np.random.default_rng([SEED, number])
    count = int(random.integers(1, 7))
    thickness = np.exp(random.uniform(math.log(0.01), math.log(10.0), count)).round(4)
    endless = random.random() < 0.5
    mu_a = np.exp(random.uniform(math.log(1e-3), math.log(5.0), count))
    mu_a[random.random(count) < 0.15] = 0.0
    if endless:
        mu_a[-1] = max(mu_a[-1], 0.01)
    mu_s = np.exp(random.uniform(math.log(0.3), math.log(40.0), count))
    g = random.uniform(-0.5, 0.98, count)
    n = random.uniform(1.0, 1.5, count)
    if random.random() < 0.25:  # tissue is often taken to be of one index
        n[:] = n[0]
    layers = tuple(
        Layer(
            name=str(j),
            thickness_mm=None if endless and j == count - 1 else float(thickness[j]),
            mu_a_per_mm=float(mu_a[j].round(6)),
            mu_s_per_mm=float(mu_s[j].round(5)),
            g=float(g[j].round(4)),
            n=float(n[j].round(4)),
        )
        for j in range(count)
    )
    source = Source(kind="lambertian")
    if number % 4:
        source = Source(kind="uniform", incidence_deg=round(random.uniform(0.0, 85.0), 2))
    above = 1.0
    if random.random() < 0.2:  # a lamp in gel or glass
        above = round(random.uniform(1.0, 1.5), 4)
    bottom = 0.999 * min(20.0, sum(layer.thickness_mm or 20.0 for layer in layers))
    depths = np.exp(np.linspace(math.log(min(0.01, bottom / 4)), math.log(bottom), DEPTHS))
    return Scene(
        layers=layers,
        source=source,
        photons=photons,
        n_above=above,
        n_below=round(random.uniform(1.0, 1.5), 4),
        seed=1000 + number,
        depths_mm=tuple(float(math.floor(1e4 * depth) / 1e4) for depth in depths),
        bin_mm=BIN_MM,
    )


def follow_photons(photons: int) -> None:
    """Simulate what is still missing, one line of the kept file each."""
    done = len(KEPT.read_text().splitlines()) if KEPT.exists() else 0
    for number in range(done, STACKS):
        scene = random_scene(number, photons)
        field = simulate(scene, method="monte_carlo", threads=1)
        photon = {
            "specular": field.specular,
            "reflectance": [field.diffuse_reflectance.value, field.diffuse_reflectance.standard_error],
            "transmittance": [field.transmittance.value, field.transmittance.standard_error],
            "absorbed": [[row.value, row.standard_error] for row in field.absorbed],
            "fluence_rate": [[row.value, row.standard_error] for row in field.fluence_rate],
        }
        rounded = json.loads(json.dumps(photon), parse_float=lambda text: float(f"{float(text):.7g}"))
        with KEPT.open("a") as file:
            file.write(json.dumps({"scene": asdict(scene), "photons": rounded}) + "\n")
        print(f"{number + 1} of {STACKS}: {field.photons_per_second:,.0f} photons per second", flush=True)


@dataclass(frozen=True)
class Compared:
    """One stack by both methods, at the depths where the photons' error is below 1 %."""

    scene: Scene
    value: Array
    estimate: Array
    photons: Array
    photon_error: Array

    @property
    def z(self) -> Array:
        return (self.value - self.photons) / np.hypot(self.estimate, self.photon_error)

    @property
    def excess(self) -> Array:
        """Difference beyond 0.5 %, in standard errors of the photons."""
        return (np.abs(self.value - self.photons) - 0.005 * self.photons) / self.photon_error


def compare(line: str) -> Compared:
    content = json.loads(line)
    raw = content["scene"]
    layers = tuple(Layer(**layer) for layer in raw["layers"])
    source = Source(**{**raw["source"], "cosines": ()})
    scene = Scene(**{**raw, "layers": layers, "source": source, "depths_mm": tuple(raw["depths_mm"])})
    photons, photon_error = np.array(content["photons"]["fluence_rate"]).T
    rows = simulate(scene, method="discrete_ordinates").fluence_rate
    value, estimate = (np.array([getattr(row, name) for row in rows]) for name in ("value", "error_estimate"))
    sure = (photon_error > 0) & (photon_error < 0.01 * photons)
    return Compared(scene, value[sure], estimate[sure], photons[sure], photon_error[sure])


GROUPS: dict[str, Callable[[Scene], bool]] = {
    "all": lambda scene: True,
    "Lambertian": lambda scene: scene.source.kind == "lambertian",
    "plane wave, 0-45 degrees": lambda scene: scene.source.kind == "uniform" and scene.source.incidence_deg < 45,
    "plane wave, 45-85 degrees": lambda scene: scene.source.kind == "uniform" and scene.source.incidence_deg >= 45,
    "layers of one index": lambda scene: len({layer.n for layer in scene.layers}) == 1,
    "layers of unequal indices": lambda scene: len({layer.n for layer in scene.layers}) > 1,
    "light from gel or glass": lambda scene: scene.n_above > 1,
    "g above 0.9 somewhere": lambda scene: max(layer.g for layer in scene.layers) > 0.9,
    "a layer without absorption": lambda scene: min(layer.mu_a_per_mm for layer in scene.layers) == 0,
    "last layer endless": lambda scene: scene.layers[-1].thickness_mm is None,
}
COLUMNS = ("stacks", "depths", "mean_z", "sd_z", "largest_z", "median_difference_percent", "within_3", "within_5")


def table_row(name: str, stacks: list[Compared]) -> dict[str, Any]:
    z = np.concatenate([stack.z for stack in stacks])
    excess = np.concatenate([stack.excess for stack in stacks])
    difference = np.concatenate([np.abs(stack.value / stack.photons - 1) for stack in stacks])
    return {
        "stacks_of": name,
        "stacks": len(stacks),
        "depths": len(z),
        "mean_z": round(float(z.mean()), 3),
        "sd_z": round(float(z.std()), 3),
        "largest_z": round(float(np.abs(z).max()), 2),
        "median_difference_percent": round(100 * float(np.median(difference)), 3),
        "within_3": round(float(np.mean(excess <= 3)), 4),
        "within_5": round(float(np.mean(excess <= 5)), 4),
    }


def coverage(lines: list[str], accuracy: float) -> tuple[float, float]:
    """Share of depths where the error estimate holds the truth (order 60), and the median of error over estimate."""
    inside, ratios = [], []
    for line in lines:
        scene = compare(line).scene
        stack, light = plane_stack(scene), incident_light(scene.source)
        points = np.array([scene.depths_mm])
        found = depth_light(stack, light, points, accuracy=accuracy)
        truth = discrete_ordinates(stack, light, DepthBins(points, points), 60).fluence_rate
        error = np.abs(found.values.fluence_rate - truth)
        inside.append(error <= found.errors.fluence_rate + 1e-9 * truth)
        ratios.append(error / np.maximum(found.errors.fluence_rate, 1e-300))
    return float(np.mean(np.concatenate(inside, axis=2))), float(np.median(np.concatenate(ratios, axis=2)))


def draw(stacks: list[Compared], path: Path) -> None:
    z = np.concatenate([stack.z for stack in stacks])
    difference = 100 * np.concatenate([stack.value / stack.photons - 1 for stack in stacks])
    error = 100 * np.concatenate([stack.photon_error / stack.photons for stack in stacks])
    with picture_style():
        figure = new_figure(8.0, 3.4)
        left, right = figure.subplots(1, 2)
        left.hist(z, bins=np.arange(-4.0, 4.01, 0.25), density=True, color=GRID, edgecolor=MUTED, linewidth=0.5)
        x = np.linspace(-4, 4, 201)
        left.plot(x, np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi), color=ACCENT)
        left.set(xlabel="difference over its error", ylabel="density", title=f"{len(z):,} depths")
        right.plot(error, difference, ".", color=INK, markersize=2.5, alpha=0.5)
        for factor in (-3, 3):
            right.plot([0.0, 1.0], [0.0, factor], color=ACCENT, linewidth=1.0)
        right.set(
            xlabel="standard error of the photons, %", ylabel="difference, %", title="lines: three standard errors"
        )
        right.set(xlim=(0.0, 1.0), ylim=(-4.0, 4.0))
        figure.tight_layout()
        save_picture(figure, path)


def main() -> int:
    lines = KEPT.read_text().splitlines()
    stacks = [compare(line) for line in lines]
    rows = [table_row(name, [stack for stack in stacks if chosen(stack.scene)]) for name, chosen in GROUPS.items()]
    with (FOLDER / f"{NAME}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ("stacks_of", *COLUMNS), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        print(f"{row['stacks_of']:<28}" + "".join(f"{row[column]:>10}" for column in COLUMNS))
    draw(stacks, FOLDER / f"{NAME}.png")
    covers = {accuracy: coverage(lines, accuracy) for accuracy in (1e-2, 1e-3)}
    for accuracy, (share, ratio) in covers.items():
        print(f"asked {accuracy:g}: the estimate holds at {share:.1%} of depths; median error over it {ratio:.3f}")
    whole = rows[0]
    kept = abs(whole["mean_z"]) <= 0.1 and 0.8 <= whole["sd_z"] <= 1.15
    kept &= whole["within_3"] >= 0.995 and whole["within_5"] == 1.0
    kept &= all(share >= 0.95 for share, _ in covers.values())
    print("every bound is kept" if kept else "A BOUND IS MISSED")
    return int(not kept)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photons", type=int, help="follow photons first, as many per stack")
    arguments = parser.parse_args()
    if arguments.photons:
        follow_photons(arguments.photons)
    sys.exit(main())
