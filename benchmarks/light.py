"""How fast the light of a plan is had: discrete ordinates beside Monte Carlo to the same error, and whole plans of it.

Times are those of processors, which other work on the machine changes little, beside those of the clock. The optical
numbers are illustrative, not tissue data; MCML's rate is that of its C sources at 2.6 GHz, 22,300 photons per second on
the four-layer skin (`--mcml` for another). Exit code 1 when a bound is missed.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from openpbm.transport import Incidence, Layer, Lobe, PlaneStacks, Scene, Source, depth_light, simulate

Array = NDArray[np.float64]
Answer = TypeVar("Answer")
ROWS = [("a", 0.2, 0.30, 20.0), ("b", 1.8, 0.02, 15.0), ("c", 4.0, 0.005, 12.0), ("d", None, 0.03, 8.0)]
DEPTH_MM, ASKED, PHOTONS, SAMPLE = 10.0, 0.005, 200_000, 64
PLAN_DEPTHS_MM = np.array([0.05, 0.5, 1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 40.0])
PLAN_INDICES = (1.42, 1.39, 1.44, 1.37)
FASTER, PLAN_S, LARGE_PLAN_S = 3000.0, 1.0, 4.0


def timed(job: Callable[[], Answer]) -> tuple[Answer, float, float]:
    """(answer, seconds of processors, seconds by the clock)."""
    begun, begun_processor = time.perf_counter(), time.process_time()
    answer = job()
    return answer, time.process_time() - begun_processor, time.perf_counter() - begun


def skin() -> Scene:
    layers = tuple(
        Layer(name=name, thickness_mm=thickness, mu_a_per_mm=mu_a, mu_s_per_mm=mu_s, g=0.9, n=1.4)
        for name, thickness, mu_a, mu_s in ROWS
    )
    return Scene(layers=layers, source=Source(kind="pencil"), photons=PHOTONS, depths_mm=(DEPTH_MM,), bin_mm=0.2)


def tissues(count: int) -> PlaneStacks:
    """Scenarios of skin, fat and muscle, every number its own."""
    random = np.random.default_rng(1)

    def drawn(*ranges: tuple[float, float]) -> Array:
        return np.stack([random.uniform(low, high, count) for low, high in ranges], axis=1)

    thickness = drawn((0.06, 0.15), (1.0, 2.0), (1.0, 15.0), (1.0, 1.0))
    thickness[:, 3] = math.inf
    return PlaneStacks(
        thickness_mm=thickness,
        mu_a_per_mm=drawn((0.05, 1.5), (0.01, 0.05), (0.002, 0.012), (0.015, 0.06)),
        mu_s_per_mm=drawn((15.0, 35.0), (10.0, 20.0), (8.0, 14.0), (5.0, 9.0)),
        g=np.broadcast_to((0.8, 0.82, 0.9, 0.93), (count, 4)).copy(),
        n=np.broadcast_to(PLAN_INDICES, (count, 4)).copy(),
        n_above=np.ones(count),
        n_below=np.ones(count),
    )


def against_photons(mcml_per_s: float) -> bool:
    """One depth dose to 0.5 %: many stacks at once, one alone, and photons."""
    scene = skin()
    simulate(scene, method="monte_carlo", threads=1)  # compiled, or loaded, before the clock starts
    field, photon_s, _ = timed(lambda: simulate(scene, method="monte_carlo", threads=1))
    row = field.fluence_rate[0]
    needed = PHOTONS * (row.standard_error / (ASKED * row.value)) ** 2
    monte_carlo_s = photon_s * needed / PHOTONS
    columns = [[each[1] or math.inf for each in ROWS], [each[2] for each in ROWS], [each[3] for each in ROWS]]
    one = PlaneStacks.of(*columns, [0.9] * 4, [1.4] * 4)
    many = one.take(np.zeros(SAMPLE, dtype=np.intp))
    # What the batch is full of must not be one stack: then nothing could be shared that is not shared in a plan.
    many.mu_a_per_mm[:] *= np.random.default_rng(2).uniform(0.9, 1.1, many.mu_a_per_mm.shape)
    lower, upper = np.array([DEPTH_MM - 0.1]), np.array([DEPTH_MM + 0.1])
    tries = itertools.count(1)
    samples: dict[str, Callable[[], PlaneStacks]] = {
        "one stack alone": lambda: one,
        "one of new indices": lambda: replace(one, n=one.n + 1e-4 * next(tries)),
        f"one of {SAMPLE} at once": lambda: many,
    }
    results = []
    for stacks in samples.values():
        job = lambda stacks=stacks: depth_light(  # noqa: E731
            stacks(), Incidence.plane_wave(), lower, upper, accuracy=ASKED, threads=1
        )
        job()
        found, processor_s, _ = min((timed(job) for _ in range(20)), key=lambda timing: timing[1])
        results.append((found, processor_s / len(found.order)))
    found = results[0][0]
    value, estimate = found.values.fluence_rate[0, 0, 0], found.errors.fluence_rate[0, 0, 0]
    print(f"fluence rate at {DEPTH_MM:g} mm in four-layer skin, to {ASKED:.1%}")
    print(f"  photons              {row.value:.5f} +- {row.standard_error:.5f} with {PHOTONS:,}; {needed:,.0f} needed")
    print(f"  discrete ordinates   {value:.5f}, estimate {estimate:.5f}, order {found.order[0]}")
    print(f"  ours, photons        {monte_carlo_s:10.4f} s of a processor, {PHOTONS / photon_s:,.0f} photons/s")
    print(f"  MCML in C            {needed / mcml_per_s:10.4f} s at {mcml_per_s:,.0f} photons/s")
    for name, (_, seconds) in zip(samples, results, strict=True):
        print(f"  {name:<20} {seconds:10.6f} s, {monte_carlo_s / seconds:,.0f} times faster than our photons")
    return monte_carlo_s / results[-1][1] >= FASTER


def plans_worth(scenarios: int, wavelengths: int, places: int, bound_s: float) -> bool:
    """All scenarios of a plan, on two threads, under a Lambertian pad and under a lamp's own cosines."""
    stacks = tissues(scenarios * wavelengths * places)
    cosines = np.sqrt((np.arange(16) + 0.5) / 16)
    kept = True
    for name, light in (("Lambertian", Lobe()), ("16 cosines", Incidence.of_cosines(cosines))):
        job = lambda light=light: depth_light(stacks, light, PLAN_DEPTHS_MM, accuracy=ASKED, threads=2)  # noqa: E731
        found, processor_s, clock_s = min((timed(job) for _ in range(3)), key=lambda timing: timing[1])
        worst = float((found.errors.fluence_rate / found.values.fluence_rate).max())
        print(
            f"{scenarios} scenarios x {wavelengths} wavelengths x {places} places, {name}: {processor_s:.2f} s of a"
            f" processor, {processor_s / 2:.2f} s on two, {clock_s:.2f} s by the clock; worst estimate {worst:.2%}"
        )
        kept &= processor_s / 2 < bound_s
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mcml", type=float, default=22_300.0, help="photons per second of MCML on one processor")
    arguments = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} processors")
    kept = [
        against_photons(arguments.mcml),
        plans_worth(400, 2, 1, PLAN_S),
        plans_worth(400, 4, 2, LARGE_PLAN_S),
    ]
    print("every bound is kept" if all(kept) else "A BOUND IS MISSED")
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
