"""Light in many stacks at once, by discrete ordinates: fluence rates, absorption, what leaves, each with its error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.errors import BadInput, Problem
from openpbm.transport.discrete_ordinates import DepthBins, discrete_ordinates
from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks
from openpbm.transport.tallies import Tallies
from openpbm.transport.worker_threads import in_worker_threads

__all__ = ["ORDERS", "DepthLight", "depth_light"]

Array = NDArray[np.float64]
# Each some two fifths above the last: a step less would cost as much and tell less about the error.
ORDERS = (4, 6, 9, 13, 18, 26, 36)
# Stacks solved at once: enough to hide the interpreter, few enough for the cache of a processor.
CHUNK = 64
# Fluence rates below this share of the launched power are held to an absolute error.
FAINT = 1e-12


@dataclass(frozen=True, slots=True)
class DepthLight:
    """The light in every stack, per launched power.

    values, errors : Tallies      what was found, and how far it may be from the truth
    order : (stacks,)             directions in a whole band that were needed
    converged : (stacks,)         whether the asked accuracy was reached at the highest order
    """

    values: Tallies
    errors: Tallies
    order: NDArray[np.intp]
    converged: NDArray[np.bool_]


def depth_light(
    stacks: PlaneStacks,
    light: Incidence | Lobe,
    lower_mm: Array,
    upper_mm: Array | None = None,
    *,
    accuracy: float = 1e-3,
    orders: tuple[int, ...] = ORDERS,
    threads: int | None = None,
) -> DepthLight:
    """Solve plane-layered light by discrete ordinates, in as few directions as the asked accuracy takes.

    stacks : PlaneStacks             of any thickness, indices and scattering
    light : Incidence or Lobe        beams or a cosine lobe from above, averaged over azimuth
    lower_mm, upper_mm : (stacks, bins) or (bins,)   depths between which the fluence rate is averaged, inside the
                                     stack; without `upper_mm`, points [mm]
    accuracy : float                 relative error asked of every fluence rate, absolute of every other tally [-]
    orders : rising                  numbers of directions to try; two at least, since their difference is the estimate
    threads : int or None            worker threads, None for all processors; does not change the bits
    Returns DepthLight. Raises BadInput. Method and checks: docs/methods/transport.md.

    >>> import math
    >>> muscle = PlaneStacks.of([math.inf], [0.03], [7.0], [0.93], [1.37])
    >>> lit = depth_light(muscle, Incidence.plane_wave(), np.array([2.0, 10.0]))
    >>> lit.values.fluence_rate[0, 0].round(2).tolist(), bool(lit.converged.all())
    ([3.03, 0.56], True)
    """
    bins = _bins(stacks, lower_mm, upper_mm)
    if len(orders) < 2 or not accuracy > 0:
        raise BadInput([Problem(key="orders", value=list(orders), message="two orders and an accuracy above 0 needed")])
    chunks = [np.arange(first, min(first + CHUNK, stacks.count)) for first in range(0, stacks.count, CHUNK)]

    def solve(chunk: NDArray[np.intp]) -> DepthLight:
        return _refine(stacks, chunk, light, bins, accuracy, orders)

    parts = in_worker_threads(solve, chunks, threads)
    return DepthLight(
        values=Tallies(np.concatenate([part.values.all for part in parts]), stacks.layers),
        errors=Tallies(np.concatenate([part.errors.all for part in parts]), stacks.layers),
        order=np.concatenate([part.order for part in parts]),
        converged=np.concatenate([part.converged for part in parts]),
    )


def _bins(stacks: PlaneStacks, lower_mm: Array, upper_mm: Array | None) -> DepthBins:
    shape = (stacks.count, np.shape(lower_mm)[-1])
    lower = np.broadcast_to(lower_mm, shape)
    upper = lower if upper_mm is None else np.broadcast_to(upper_mm, shape)
    bottom = stacks.tops_mm()[:, -1:]
    # The sum of the layers is rounded; a depth at the bottom must not fall below it by that.
    reaches = upper <= bottom * (1 + 1e-12)
    if not ((lower >= 0) & (upper >= lower) & reaches & np.isfinite(upper)).all():
        message = "a depth is outside the stack, or a bin ends before it begins"
        raise BadInput([Problem(key="lower_mm", message=message, remedy="leave it out")])
    return DepthBins(np.minimum(lower, bottom), np.minimum(upper, bottom))


def _refine(
    stacks: PlaneStacks,
    chosen: NDArray[np.intp],
    light: Incidence | Lobe,
    bins: DepthBins,
    accuracy: float,
    orders: tuple[int, ...],
) -> DepthLight:
    """Raise the order of those of the chosen stacks that need it."""
    values = discrete_ordinates(stacks, light, bins, orders[0], chosen)
    errors = Tallies(np.zeros_like(values.all), stacks.layers)
    order = np.full(len(chosen), orders[0])
    still = np.arange(len(chosen))
    for finer in orders[1:]:
        found = discrete_ordinates(stacks, light, bins, finer, chosen[still])
        estimate = _estimate(Tallies(values.all[still], stacks.layers), found)
        values.all[still] = found.all
        errors.all[still] = estimate.all
        order[still] = finer
        still = still[~_within(found, estimate, accuracy)]
        if not len(still):
            break
    converged = np.ones(len(chosen), dtype=np.bool_)
    converged[still] = False
    return DepthLight(values, errors, order, converged)


def _estimate(coarse: Tallies, fine: Tallies) -> Tallies:
    """Error of the finer tallies from their difference to the coarser ones.

    Where two orders happen to cross, their difference says nothing: no tally is believed better, for its size, than
    the reflectance is and the worst of the layers' means.
    """
    difference = Tallies(np.abs(fine.all - coarse.all), fine.layers)
    after = fine.layer_mean
    lit = after > FAINT
    relative = np.where(lit, difference.layer_mean / np.where(lit, after, 1.0), 0.0)
    common = np.maximum(relative.max(axis=2), difference.diffuse_reflectance)
    return Tallies(np.maximum(difference.all, np.abs(fine.all) * common[..., None]), fine.layers)


def _within(values: Tallies, errors: Tallies, accuracy: float) -> NDArray[np.bool_]:
    """(stacks,) whether every tally is as good as asked."""
    bound = accuracy * np.maximum(values.fluence_rate, FAINT)
    good = (errors.fluence_rate <= bound).all(axis=(1, 2)) & (errors.shares <= accuracy).all(axis=(1, 2))
    return np.asarray(good)
