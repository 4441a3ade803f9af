"""The light of one entry point, in rings and slabs: what a lamp's irradiance map is convolved with."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpbm.errors import BadInput, Problem
from openpbm.transport.scene import Scene, check

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["GreenFunction", "green_function"]

BATCHES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenFunction:
    """Fluence rate about one entry point at the origin, per launched power.

    `fluence_rate_per_mm2` is (rings, slabs), the mean over ring and slab [1/mm2]; `batch_fluence_rate_per_mm2` holds
    independent copies of it from the batches (their mean is the whole, weighted by their photons), so that the error
    of anything computed from it can be had from their spread. `overflow` is (slabs,): what lies beyond the last
    radius, integrated over the plane [-]. The rings' areas times their rates plus the overflow make the laterally
    integrated fluence rate of that slab.
    """

    depth_edges_mm: Array
    radius_edges_mm: Array
    fluence_rate_per_mm2: Array
    standard_error_per_mm2: Array
    batch_fluence_rate_per_mm2: Array
    overflow: Array
    overflow_standard_error: Array
    batch_overflow: Array
    energy_balance: dict[str, float]
    energy_balance_error: float
    photons: int
    seed: int
    engine: str


def green_function(
    scene: Scene,
    depth_edges_mm: Sequence[float] | Array,
    radius_edges_mm: Sequence[float] | Array,
    *,
    threads: int | None = None,
    batches: int = BATCHES,
) -> GreenFunction:
    """Fluence rate in rings and slabs about one entry point (or one isotropic point at depth).

    scene : Scene                   a source that enters at an angle is averaged over all azimuths
    depth_edges_mm : (slabs + 1,)   rising, >= 0, uneven steps welcome; light outside them is not tallied [mm]
    radius_edges_mm : (rings + 1,)  rising from 0; light beyond the last edge goes to the overflow [mm]
    threads : int or None           worker threads, None for all processors; does not change the bits
    batches : int                   independent batches, at least 2
    Returns GreenFunction. Raises BadInput with every problem of scene and edges.

    >>> from openpbm.transport import Layer, Source
    >>> muscle = Layer(name="muscle", thickness_mm=None, mu_a_per_mm=0.03, mu_s_per_mm=7.0, g=0.93, n=1.37)
    >>> scene = Scene(layers=(muscle,), source=Source(kind="pencil"), photons=1000)
    >>> spread = green_function(scene, depth_edges_mm=[0.0, 1.0, 2.0], radius_edges_mm=[0.0, 2.0, 5.0])
    >>> spread.fluence_rate_per_mm2.shape
    (2, 2)
    """
    problems = check(scene, tabulated=True)
    problems += _edge_problems("depth_edges_mm", depth_edges_mm) + _edge_problems("radius_edges_mm", radius_edges_mm)
    if len(radius_edges_mm) and radius_edges_mm[0] != 0:
        problems.append(
            Problem(
                key="radius_edges_mm[0]", message=f"{radius_edges_mm[0]:g}", remedy="rings begin on the axis, give 0"
            )
        )
    if not 2 <= batches <= scene.photons:
        problems.append(
            Problem(key="batches", message=str(batches), remedy=f"give 2 up to the number of photons, {scene.photons}")
        )
    if problems:
        raise BadInput(problems)
    import numpy as np

    from openpbm.transport.arrays import balance_error, balance_terms, batch_means, source_numbers, stack_array
    from openpbm.transport.run_cpu import Problem as Histories
    from openpbm.transport.run_cpu import chunk_sizes, engine_name, run

    depths = np.asarray(depth_edges_mm, dtype=np.float64)
    radii = np.asarray(radius_edges_mm, dtype=np.float64)
    kind, value, cosines = source_numbers(scene)
    problem = Histories(
        seed=scene.seed,
        stack=stack_array(scene),
        kind=kind,
        value=value,
        cosines=cosines,
        edges=np.array([0.0, scene.thickness_mm]),
        # Closed by infinities, so that the search for a slab in the kernel needs no test for the ends.
        slab_edges=np.concatenate(([-math.inf], depths, [math.inf])),
        # Squared: the kernel compares r^2 and is spared a root for each path.
        ring_edges=np.concatenate((radii**2, [math.inf])),
    )
    sizes = chunk_sizes(scene.photons, batches)
    totals, _, rings = run(problem, sizes, threads=threads)

    mean, _ = batch_means(totals, sizes)
    terms = balance_terms(mean)
    # The slabs before the first edge and after the last only gather what is not asked for.
    track = rings.reshape(len(sizes), len(radii), len(depths) + 1)[:, :, 1:-1]
    thickness = np.diff(depths)
    volume = np.pi * np.diff(radii**2)[:, None] * thickness
    per_volume = track[:, :-1] / volume
    beyond = track[:, -1] / thickness
    rate, rate_error = batch_means(per_volume, sizes)
    overflow, overflow_error = batch_means(beyond, sizes)
    return GreenFunction(
        depth_edges_mm=depths,
        radius_edges_mm=radii,
        fluence_rate_per_mm2=rate,
        standard_error_per_mm2=rate_error,
        batch_fluence_rate_per_mm2=per_volume / sizes[:, None, None],
        overflow=overflow,
        overflow_standard_error=overflow_error,
        batch_overflow=beyond / sizes[:, None],
        energy_balance=terms,
        energy_balance_error=balance_error(terms),
        photons=scene.photons,
        seed=scene.seed,
        engine=engine_name(),
    )


def _edge_problems(key: str, edges: Sequence[float] | Array) -> list[Problem]:
    if len(edges) < 2:
        return [Problem(key=key, message=f"{len(edges)} given", remedy="give at least 2 edges in mm")]
    values = [float(edge) for edge in edges]
    if not all(math.isfinite(edge) for edge in values) or values[0] < 0:
        return [Problem(key=key, message="every edge must be a finite number of at least 0 mm")]
    if any(low >= high for low, high in itertools.pairwise(values)):
        return [Problem(key=key, message="edges must rise", remedy="sort them and leave out doubles")]
    return []
