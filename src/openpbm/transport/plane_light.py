"""Light in many stacks at once, by discrete ordinates: fluence rates, absorption, what leaves, each with its error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.errors import BadInput, Problem
from openpbm.transport.discrete_ordinates import Tallies, solve_group
from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks
from openpbm.transport.stack_groups import DepthBins, StackGroup, in_worker_threads, stack_groups

__all__ = ["ORDERS", "DepthLight", "depth_light"]

Array = NDArray[np.float64]
# Each some two fifths above the last: a step less would cost as much and tell less about the error.
ORDERS = (4, 6, 9, 13, 18, 26, 36)
# Stacks solved at once: enough to hide the interpreter, few enough to keep several processors at work.
CHUNK = 200
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
    shape = (stacks.count, light.fields, stacks.layers, bins.lower_mm.shape[1])
    order, converged = np.zeros(stacks.count, dtype=np.intp), np.zeros(stacks.count, dtype=np.bool_)
    found = DepthLight(Tallies.empty(*shape), Tallies.empty(*shape), order, converged)

    def solve(first: int) -> None:
        for group in stack_groups(stacks, bins, slice(first, first + CHUNK)):
            _refine(found, first, group, light, accuracy, orders)

    in_worker_threads(solve, range(0, stacks.count, CHUNK), threads)
    return found


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
    found: DepthLight,
    first: int,
    group: StackGroup,
    light: Incidence | Lobe,
    accuracy: float,
    orders: tuple[int, ...],
) -> None:
    """Raise the order of those stacks that need it; `first` is the number of the first that a group counts from."""
    coarse = solve_group(group, light, orders[0])
    for order in orders[1:]:
        fine = solve_group(group, light, order)
        estimate = _estimate(coarse, fine)
        good = _within(fine, estimate, accuracy)
        numbers = first + group.members
        found.values.all[numbers], found.errors.all[numbers] = fine.all, estimate.all
        found.order[numbers], found.converged[numbers] = order, good
        if good.all():
            return
        group, coarse = group.take(~good), Tallies(fine.all[~good], fine.layers)


def _estimate(coarse: Tallies, fine: Tallies) -> Tallies:
    """Error of the finer tallies from their difference to the coarser ones.

    Where two orders happen to cross, their difference says nothing: no tally is believed better, for its size, than
    the reflectance is and the worst of the layers' means.
    """
    difference = Tallies(np.abs(fine.all - coarse.all), fine.layers)
    after = fine.layer_mean
    relative = difference.layer_mean * (after > FAINT) / np.maximum(after, FAINT)
    common = np.maximum(relative.max(axis=2), difference.diffuse_reflectance)
    return Tallies(np.maximum(difference.all, np.abs(fine.all) * common[..., None]), fine.layers)


def _within(values: Tallies, errors: Tallies, accuracy: float) -> NDArray[np.bool_]:
    """(stacks,) whether every tally is as good as asked."""
    bound = accuracy * np.maximum(values.fluence_rate, FAINT)
    good = (errors.fluence_rate <= bound).all(axis=(1, 2)) & (errors.shares <= accuracy).all(axis=(1, 2))
    return np.asarray(good)
