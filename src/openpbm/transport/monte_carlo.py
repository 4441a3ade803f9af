"""A scene in, a light field out, by following photons."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from openpbm.transport.light_field import DepthFluenceRate, Estimate, LayerAbsorption, LightField
from openpbm.transport.scene import Scene

__all__ = ["simulate_by_photons"]

LEAST_CHUNKS, MOST_CHUNKS, CHUNK_PHOTONS = 128, 8192, 20_000


def simulate_by_photons(
    scene: Scene, *, threads: int | None = None, progress: Callable[[float], None] | None = None
) -> LightField:
    """Monte Carlo of a sound scene: each tally with the standard error of its batch means."""
    from openpbm.transport.arrays import balance_error, balance_terms, batch_means, source_numbers, stack_array
    from openpbm.transport.depth_bins import depth_cells
    from openpbm.transport.history import ABSORBED, DIFFUSE, TRANSMITTED
    from openpbm.transport.run_cpu import Problem, chunk_sizes, engine_name, run, warm_up

    edges, first, after, width_mm = depth_cells(scene)
    kind, value, cosines = source_numbers(scene)
    problem = Problem(seed=scene.seed, stack=stack_array(scene), kind=kind, value=value, cosines=cosines, edges=edges)
    sizes = chunk_sizes(scene.photons, min(MOST_CHUNKS, max(LEAST_CHUNKS, math.ceil(scene.photons / CHUNK_PHOTONS))))
    # Compiling takes seconds on a first run and would be counted as photons per second.
    warm_up(problem)
    begun = time.perf_counter()
    totals, track, _ = run(problem, sizes, threads=threads, progress=progress)
    seconds = time.perf_counter() - begun

    mean, error = batch_means(totals, sizes)
    # Bins are summed chunk by chunk before the spread is taken: neighbouring cells of one photon go together.
    bins = np.stack([track[:, a:b].sum(axis=1) for a, b in zip(first, after, strict=True)] or [sizes * 0.0], axis=1)
    rate, rate_error = batch_means(bins, sizes)
    terms = balance_terms(mean)

    def estimate(place: int) -> Estimate:
        return Estimate(value=float(mean[place]), standard_error=float(error[place]))

    return LightField(
        specular=terms["specular"],
        diffuse_reflectance=estimate(DIFFUSE),
        transmittance=estimate(TRANSMITTED),
        absorbed=tuple(
            LayerAbsorption(layer=layer.name, value=float(mean[place]), standard_error=float(error[place]))
            for place, layer in enumerate(scene.layers, start=ABSORBED)
        ),
        fluence_rate=tuple(
            DepthFluenceRate(
                depth_mm=float(depth_mm),
                bin_mm=float(width),
                value=float(rate[place] / width),
                standard_error=float(rate_error[place] / width),
            )
            for place, (depth_mm, width) in enumerate(zip(scene.depths_mm, width_mm, strict=True))
        ),
        energy_balance_error=balance_error(terms),
        energy_balance=terms,
        engine=engine_name(),
        photons=scene.photons,
        seed=scene.seed,
        photons_per_second=scene.photons / seconds,
    )
