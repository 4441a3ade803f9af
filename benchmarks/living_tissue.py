"""Living tissue: the weighted samples that ship are made here, and the model is held against what was measured.

Run as `python benchmarks/living_tissue.py` to see the figures of docs/methods/tissue.md (3 minutes), with `--write` to
make the samples of `facts/data/tissue/conditioned` again after a prior, a rival's weight or a measurement changed. The
exit code is 1 where a measurement that was left out is missed, more than one lies outside the band, or the light at the
reference calf muscle spans more than 40-fold.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np

from openpbm.facts.living_tissue import (
    TABLE_COLUMNS,
    InVivoMeasurement,
    SampledTissue,
    in_vivo_measurements,
    prior_rows,
)
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.light import stacks_of
from openpbm.tissue import draw_tissues
from openpbm.tissue.conditioning import Band, band, draw_priors, resampled, weights_by_measurements
from openpbm.tissue.diffuse_light import layered_reflectance
from openpbm.tissue.in_vivo_predictions import predict
from openpbm.tissue.optics import layer_optics, makeup_of
from openpbm.transport import Incidence, Layer, Scene, Source, depth_light, green_function

DATA = Path(__file__).parents[1] / "src/openpbm/facts/data/tissue"
VERSION, PRIOR_TISSUES, SAMPLE_TISSUES, SEED = 1, 10_000, 512, 20261130
#: What is drawn is ours, from rows that each have a source of their own.
SOURCE = "openpbm_prior"
INPUTS = (
    "living_priors.csv",
    "living_correlations.csv",
    "rival_weights.csv",
    "in_vivo_measurements.csv",
    "water_temperature.csv",
)
#: A forearm, one index: thickness [mm], absorption and reduced scattering [1/mm], anisotropy.
FOREARM_MM, FOREARM_MU_A = (1.2, 3.5, np.inf), (0.014, 0.0046, 0.025)
FOREARM_MU_S_PRIME, FOREARM_G = (1.3, 1.09, 0.67), (0.855, 0.9, 0.93)
RINGS_MM, PATH_STEP = (0.0, 13.0, 17.0, 18.0, 22.0, 27.0, 33.0), 0.0015
Predictions = dict[str, np.ndarray]
#: Samples that ship, with the site whose own measurements count in full.
SITES = {"posterior_calf": "posterior_calf", "volar_wrist": "volar_wrist", "general": ""}
#: Layers over a muscle that is aimed at [mm]: they put the sample into an order in which light falls.
ORDER_MM = {"dermis": 1.3, "subcutis": 6.0, "muscle": 8.0}


def inputs_digest() -> str:
    return hashlib.sha256(b"\0".join((DATA / name).read_bytes() for name in INPUTS)).hexdigest()


def attenuation(sample: SampledTissue, site: str) -> np.ndarray:
    endless = np.full((len(sample.weight), len(ORDER_MM)), np.inf)
    optics = layer_optics(tuple(ORDER_MM), endless, np.zeros(len(sample.weight)), makeup_of(sample, site), [810.0])
    return optics.mu_eff_per_mm[:, :, 0] @ np.array([*ORDER_MM.values()])


def write(name: str, sample: SampledTissue) -> None:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["source", "weight", *TABLE_COLUMNS, *sample.scores])
    for number, weight in enumerate(sample.weight):
        tables = (sample.tables[kind][number] for kind in TABLE_COLUMNS)
        lines.writerow(
            [SOURCE, f"{weight:.9g}", *tables, *(f"{scores[number]:.2f}" for scores in sample.scores.values())]
        )
    (DATA / "conditioned").mkdir(exist_ok=True)
    (DATA / "conditioned" / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")


def predictions_of(sample: SampledTissue, *, anatomy_varies: bool, without: tuple[str, ...] = ()) -> Predictions:
    return {
        row.id: predict(row, sample, without=without, anatomy_varies=anatomy_varies) for row in in_vivo_measurements
    }


def left_out(
    sample: SampledTissue, alike: Predictions, seen: Predictions, measurement: InVivoMeasurement
) -> tuple[Band, bool]:
    """The model's band for a measurement that did not count in the weights, and whether its median is near enough."""
    others = {id: values for id, values in alike.items() if id != measurement.id}
    weight = weights_by_measurements(sample, others, tuple(in_vivo_measurements), measurement.site)
    found = band(seen[measurement.id], weight)
    low, high = measurement.value / measurement.factor, (measurement.high or measurement.value) * measurement.factor
    return found, low <= found.median <= high


def report_left_out(sample: SampledTissue, heading: str, without: tuple[str, ...] = ()) -> tuple[int, int]:
    """How many measurements are missed, and how many lie outside the band, each left out of the weights."""
    alike, seen = (predictions_of(sample, anatomy_varies=varies, without=without) for varies in (False, True))
    print(f"\n{heading}\n{'measurement':<26}{'measured':>12}{'p5':>9}{'median':>9}{'p95':>9}  within X, in the band")
    missed = outside = 0
    for measurement in in_vivo_measurements:
        found, near = left_out(sample, alike, seen, measurement)
        holds = found.holds(measurement.middle)
        missed, outside = missed + (not near), outside + (not holds)
        print(
            f"{measurement.id:<26}{measurement.middle:>12.3g}{found.p5:>9.3g}{found.median:>9.3g}{found.p95:>9.3g}"
            f"  {near} (X {measurement.factor:g}), {holds}"
        )
    return missed, outside


def deep_light(seed: int, wavelength_nm: float, count: int = 400) -> np.ndarray:
    """Fluence rate per irradiance at the reference calf muscle under a broad beam, skin type III, (tissue,)."""
    person = Person(age_years=50, sex="female", height_cm=165, weight_kg=68.06, skin_type=3)
    people = draw_tissues(sites["posterior_calf"], person, count=count, seed=seed)
    depths_mm = people.depth_of("gastrocnemius")[:, None]
    lit = depth_light(stacks_of(people, wavelength_nm), Incidence.plane_wave(), depths_mm, accuracy=5e-3)
    return lit.values.fluence_rate[:, 0, 0]


def report_span() -> bool:
    """The light at the reference calf muscle over five seeds; whether it spans more than 40-fold."""
    print("\nfluence rate per irradiance at the reference calf muscle (400 tissues): p5, median, p95, p95/p5 by seed")
    spans = []
    for wavelength in (660.0, 850.0):
        for seed in range(1, 6):
            found = band(deep_light(seed, wavelength))
            spans.append((wavelength, found.p95 / found.p5))
            print(f"{wavelength:g} nm {found.p5:>10.4g}{found.median:>10.4g}{found.p95:>10.4g}{spans[-1][1]:>8.1f}")
    return any(span > 40 for wavelength, span in spans if wavelength == 850.0)


def forearm_scene(more_absorption_per_mm: float, photons: int) -> Scene:
    layers = zip(("dermis", "subcutis", "muscle"), FOREARM_MM, FOREARM_MU_A, FOREARM_MU_S_PRIME, FOREARM_G, strict=True)
    return Scene(
        layers=tuple(
            Layer(
                name=name,
                thickness_mm=None if np.isinf(thickness) else thickness,
                mu_a_per_mm=mu_a + more_absorption_per_mm,
                mu_s_per_mm=mu_s_prime / (1.0 - g),
                g=g,
                n=1.4,
            )
            for name, thickness, mu_a, mu_s_prime, g in layers
        ),
        source=Source(kind="uniform"),
        photons=photons,
        seed=3,
    )


def report_path_length(photons: int) -> None:
    """Mean path from how light falls with absorption, by photons and by layered diffusion, ring by ring."""
    print(f"\nmean path over a forearm, {photons:,} photons twice: ring, photons +- error, diffusion [mm]")
    more, less = (
        green_function(forearm_scene(sign * PATH_STEP, photons), np.array([0.0, 0.5]), np.array(RINGS_MM))
        for sign in (1, -1)
    )
    for ring in (1, 3, 5):
        batches = [run.batch_fluence_rate_per_mm2[:, ring, 0] for run in (more, less)]
        means = [rates.mean() for rates in batches]
        errors = [rates.std(ddof=1) / mean / np.sqrt(len(rates)) for rates, mean in zip(batches, means, strict=True)]
        path = np.log(means[1] / means[0]) / (2 * PATH_STEP)
        inner, outer = RINGS_MM[ring], RINGS_MM[ring + 1]
        diffuse = np.log(ring_light(-PATH_STEP, inner, outer) / ring_light(PATH_STEP, inner, outer)) / (2 * PATH_STEP)
        print(f"{inner:g}-{outer:g} {path:.1f} +- {np.hypot(*errors) / (2 * PATH_STEP):.1f} {diffuse:.1f}")


def ring_light(more_absorption_per_mm: float, inner_mm: float, outer_mm: float) -> float:
    distances = np.linspace(inner_mm, outer_mm, 9)
    light = [
        layered_reflectance(
            float(distance),
            thickness_mm=np.array([FOREARM_MM]),
            mu_a_per_mm=np.array([FOREARM_MU_A]) + more_absorption_per_mm,
            mu_s_prime_per_mm=np.array([FOREARM_MU_S_PRIME]),
            n=np.full(3, 1.4),
        )
        for distance in distances
    ]
    return float(distances @ np.abs(light)[:, 0])


def write_samples(tissues: int) -> None:
    sample = draw_priors(tissues, SEED)
    alike = predictions_of(sample, anatomy_varies=False)
    for name, site in SITES.items():
        weight = weights_by_measurements(sample, alike, tuple(in_vivo_measurements), site)
        small = resampled(sample, weight, attenuation(sample, site), SAMPLE_TISSUES)
        print(f"{name}: {1 / np.sum(weight**2):,.0f} of {tissues:,} count; {len(small.weight)} ship")
        write(name, small)
    lines = (
        f'source = "{SOURCE}"',
        f"version = {VERSION}",
        f"prior_tissues = {tissues}",
        f"inputs = {json.dumps(INPUTS)}",
        f'inputs_sha256 = "{inputs_digest()}"',
    )
    (DATA / "conditioned" / "record.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="make the samples that ship again, and nothing else")
    parser.add_argument("--tissues", type=int, default=PRIOR_TISSUES)
    parser.add_argument("--photons", type=int, default=0, help="hold the diffusion against photons, and nothing else")
    parser.add_argument("--sources", action="store_true", help="also leave out every prior source in turn")
    options = parser.parse_args()
    if options.write:
        write_samples(options.tissues)
        return
    if options.photons:
        report_path_length(options.photons)
        return
    failed = report_span()
    missed, outside = report_left_out(draw_priors(options.tissues, SEED), "each measurement left out")
    failed = failed or missed > 0 or outside > 1
    if options.sources:
        few = draw_priors(2000, SEED)
        for source in sorted({row.source for row in prior_rows() if row.role == "estimate"} - {"openpbm_prior"}):
            _, outside = report_left_out(few, f"prior source {source} left out", (source,))
            failed = failed or outside > 1
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
