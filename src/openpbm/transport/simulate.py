"""A scene in, a light field out: the one way to the engines."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from openpbm.compile_cache import folder_digest
from openpbm.errors import BadInput
from openpbm.transport.light_field import DepthFluenceRate, Estimate, LayerAbsorption, LightField
from openpbm.transport.scene import Scene, check

__all__ = ["simulate", "source_digest"]

LEAST_CHUNKS, MOST_CHUNKS, CHUNK_PHOTONS = 128, 8192, 20_000


def simulate(
    scene: Scene, *, threads: int | None = None, progress: Callable[[float], None] | None = None
) -> LightField:
    """Light in a layered stack by Monte Carlo, per launched power.

    scene : Scene                 layers, source, photons, seed, depths
    threads : int or None         worker threads, None for all processors; the answer's bits do not depend on it
    progress : callable or None   called now and then with the fraction done, in the calling thread
    Returns LightField [-], each tally with the standard error of its batch means.
    Raises BadInput with every problem of the scene. Method and checks: docs/methods/transport.md.

    >>> from openpbm.transport import Layer, Source
    >>> muscle = Layer(name="muscle", thickness_mm=None, mu_a_per_mm=0.03, mu_s_per_mm=7.0, g=0.93, n=1.37)
    >>> lit = simulate(Scene(layers=(muscle,), source=Source(kind="uniform"), photons=2000, depths_mm=(2.0, 10.0)))
    >>> near, deep = lit.fluence_rate
    >>> near.value > 3 * deep.value, lit.energy_balance_error < 1e-9
    (True, True)
    """
    if problems := check(scene, tabulated=True):
        raise BadInput(problems)
    from openpbm.transport import run_cpu
    from openpbm.transport.arrays import (
        balance_error,
        balance_terms,
        batch_means,
        depth_bins,
        source_numbers,
        stack_array,
    )
    from openpbm.transport.history import ABSORBED, DIFFUSE, TRANSMITTED

    edges, first, after, width_mm = depth_bins(scene)
    kind, value, cosines = source_numbers(scene)
    problem = run_cpu.Problem(
        seed=scene.seed, stack=stack_array(scene), kind=kind, value=value, cosines=cosines, edges=edges
    )
    sizes = run_cpu.chunk_sizes(
        scene.photons, min(MOST_CHUNKS, max(LEAST_CHUNKS, math.ceil(scene.photons / CHUNK_PHOTONS)))
    )
    # Compiling takes seconds on a first run and would be counted as photons per second.
    run_cpu.warm_up(problem)
    begun = time.perf_counter()
    totals, track, _ = run_cpu.run(problem, sizes, threads=threads, progress=progress)
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
        engine=run_cpu.engine_name(),
        photons=scene.photons,
        seed=scene.seed,
        photons_per_second=scene.photons / seconds,
    )


def source_digest() -> str:
    """SHA-256 of the sources of this package: kept light is only as good as the code that computed it.

    Needs no compiler.
    """
    return folder_digest(Path(__file__).parent)
