"""Discrete ordinates against Monte Carlo on 200 random stacks: z-scores, differences, the table and figure of the docs.

`python benchmarks/validation.py --photons 200000` follows the photons (about an hour on one core) and keeps what they
found in tests/transport/photon_stacks.jsonl, beside the tests that read it; interrupted, it goes on where it stopped.
`python benchmarks/validation.py` compares and writes docs/methods/transport-validation.csv and .png; exit code 1 when
a bound is missed. The optical numbers are drawn at random and are not tissue.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict
from pathlib import Path

import numpy as np

from openpbm.transport import Layer, Scene, Source, simulate

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "tests" / "transport" / "photon_stacks.jsonl"
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photons", type=int, help="follow photons first, as many per stack")
    arguments = parser.parse_args()
    if arguments.photons:
        follow_photons(arguments.photons)
