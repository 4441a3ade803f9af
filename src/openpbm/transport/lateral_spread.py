"""How light spreads sideways in layers, without photons: what share of the light on the axis enters through each ring.

Only shares are computed. Times the laterally integrated fluence rate, which `depth_light` gives more exactly, they make
what each ring contributes, and no light is lost or made: the rings and what lies beyond them sum to 1. Spectra are
known on one fixed grid of spatial frequencies; `ring_weights` integrates them over it into rings.
"""

from __future__ import annotations

import csv
import functools
import itertools
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from openpbm.errors import BadInput, Problem
from openpbm.transport.layered_spectrum import Beams, layered_spectrum
from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks
from openpbm.transport.stack_groups import in_worker_threads

__all__ = [
    "FREQUENCIES_PER_MM",
    "NARROW_BOUND",
    "ORDERS",
    "WIDE_BOUND",
    "RingShares",
    "lateral_spectrum",
    "measured_errors",
    "ring_shares",
    "ring_weights",
]

Array = NDArray[np.float64]
ORDERS = (3, 5)
# What may be missing in a field below 10 mm, and in one from 10 mm on, before a higher order is taken.
NARROW_BOUND, WIDE_BOUND = 0.05, 0.02
# Stacks solved at once: few enough for the cache of a processor.
_CHUNK = 50
_LEAST_COSINE = 0.02
# Points of a lobe: its beams are soon made one, so few will do.
_LOBE_ORDER = 6
_FAINT = 1e-280
# Below this share of the light at a depth, where the unscattered beam lies does not matter.
_LEAST_BEAM = 1e-6
# Where a narrow field is still narrow, and the least layer that can spoil what passes it [mm].
_SURFACE_MM, _BURIED_MM = 1.0, 0.3
# Of the spatial frequencies.
_COUNT = 35
_KNEE_PER_MM = 0.012
_HIGHEST_PER_MM = 26.0
_STEP = float(np.arcsinh(_HIGHEST_PER_MM / _KNEE_PER_MM)) / (_COUNT - 1)
# Linear near zero and logarithmic above: deep light lives at 0.01 /mm, light in the skin at 10 /mm.
FREQUENCIES_PER_MM: Array = _KNEE_PER_MM * np.sinh(_STEP * np.arange(_COUNT))
# The largest turn of a Bessel function between two cuts [rad]: 8 Gauss points see each of its waves.
_TURN = 3.0
# From here on a Bessel function is its asymptotic series, in so many terms; below an integral in so many steps.
_ASYMPTOTIC, _TERMS, _STEPS = 25.0, 14, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class RingShares:
    """What share of the fluence rate on the axis comes from light that enters through each ring around it.

    shares : (stacks, fields, rings + 1, depths)   the last ring is all that lies beyond; none below 0, 1 in all [-]
    order : (stacks,)                              of the harmonics that were taken
    narrow_error, wide_error : (stacks,)   worst relative error, beyond the photons' noise, that order showed against
                             Monte Carlo where as little is scattered, from 1 mm deep on, for fields below 10 mm and
                             from 10 mm on; infinite outside what was measured [-]
    """

    shares: Array
    order: NDArray[np.intp]
    narrow_error: Array
    wide_error: Array


def ring_shares(
    stacks: PlaneStacks,
    light: Incidence | Lobe,
    depth_mm: Array,
    radius_edges_mm: Array,
    *,
    order: int | None = None,
    threads: int | None = None,
) -> RingShares:
    """Lateral spread of light from above, averaged over azimuth, as shares of the endless plane's light on the axis.

    stacks : PlaneStacks            of any thickness, indices and scattering
    light : Incidence or Lobe       beams or a cosine lobe; the mean over azimuth
    depth_mm : (stacks, depths) or (depths,)   points inside the stack [mm]
    radius_edges_mm : (rings + 1,)  rising from 0 [mm]
    order : odd or None             of the spherical harmonics; None takes the least whose measured error is within
                                    bounds where so little is scattered, stack by stack
    threads : int or None           worker threads, None for all processors; does not change the bits
    Returns RingShares. Where less than 1e-280 of the light arrives, the shares of the last depth that has more stand.
    Raises BadInput. Method, errors and what it was checked against: docs/methods/transport.md.

    >>> import math
    >>> muscle = PlaneStacks.of([math.inf], [0.03], [10.0], [0.9], [1.4])
    >>> spread = ring_shares(muscle, Incidence.plane_wave(), np.array([1.0, 10.0]), np.array([0.0, 5.0, 20.0]))
    >>> spread.shares[0, 0].round(2).tolist()
    [[0.85, 0.35], [0.15, 0.64], [0.0, 0.01]]
    """
    depth = np.broadcast_to(depth_mm, (stacks.count, np.shape(depth_mm)[-1]))
    edges = np.asarray(radius_edges_mm, dtype=np.float64)
    problems = _problems(stacks, depth, edges, order)
    if problems:
        raise BadInput(problems)
    orders = _orders(stacks) if order is None else np.full(stacks.count, order)
    shares = np.empty((stacks.count, light.fields, edges.size, depth.shape[1]))

    def solve(some: NDArray[np.intp]) -> None:
        shares[some] = _solve(stacks.take(some), light, depth[some], edges, int(orders[some[0]]))

    in_worker_threads(solve, _chunks(stacks, orders), threads)
    errors = np.array([measured_errors(stacks, each) for each in ORDERS])
    known = np.isin(orders, ORDERS)
    taken = np.searchsorted(ORDERS, np.where(known, orders, ORDERS[0]))
    narrow, wide = np.where(known, errors[taken, :, np.arange(stacks.count)].T, np.inf)
    return RingShares(shares=shares, order=orders, narrow_error=narrow, wide_error=wide)


def lateral_spectrum(
    stacks: PlaneStacks, light: Incidence | Lobe, depth_mm: Array, *, threads: int | None = None
) -> Array:
    """How light whose irradiance goes as a wave along the skin fades with depth, over light that falls in everywhere.

    stacks, light, depth_mm : as `ring_shares` takes them; what is not scattered yet goes straight down
    Returns (stacks, fields, depths, frequencies) fluence rate at each of FREQUENCIES_PER_MM over that of frequency 0;
    1 where less than 1e-280 of the light arrives [-].

    >>> import math
    >>> muscle = PlaneStacks.of([math.inf], [0.03], [10.0], [0.9], [1.4])
    >>> fades = lateral_spectrum(muscle, Incidence.plane_wave(), np.array([1.0, 10.0]))[0, 0]
    >>> fades[:, 0].tolist(), bool((fades[0] >= fades[1]).all())
    ([1.0, 1.0], True)
    """
    depth = np.broadcast_to(depth_mm, (stacks.count, np.shape(depth_mm)[-1]))
    orders = _orders(stacks)
    found = np.empty((stacks.count, light.fields, depth.shape[1], FREQUENCIES_PER_MM.size))

    def solve(some: NDArray[np.intp]) -> None:
        part, order = stacks.take(some), int(orders[some[0]])
        spectrum = layered_spectrum(part, _beams(part, light), depth[some], FREQUENCIES_PER_MM, order)
        there = spectrum.scattered + spectrum.beam[..., None]
        lit = there[..., :1] > _FAINT
        found[some] = np.where(lit, there / np.where(lit, there[..., :1], 1.0), 1.0)

    in_worker_threads(solve, _chunks(stacks, orders), threads)
    return found


def _chunks(stacks: PlaneStacks, orders: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Stacks to solve at once: alike in what shapes the arrays, the order and whether the last layer has an end."""
    alike = 2 * orders + np.isinf(stacks.thickness_mm[:, -1])
    groups = [np.flatnonzero(alike == kind) for kind in np.unique(alike)]
    return [group[first : first + _CHUNK] for group in groups for first in range(0, group.size, _CHUNK)]


def measured_errors(stacks: PlaneStacks, order: int) -> Array:
    """Worst relative error of an order where as little is scattered as in each stack: narrow, wide (2, stacks) [-].

    From a table made by Monte Carlo (`benchmarks/lateral_spread.py`), read at the next smaller scattering it holds.
    """
    reduced = stacks.mu_s_per_mm * (1.0 - stacks.g)
    tops = stacks.tops_mm()
    shallow = np.minimum(tops[:, 1:], _SURFACE_MM) - np.minimum(tops[:, :-1], _SURFACE_MM)
    surface = (reduced * shallow).sum(axis=1) / shallow.sum(axis=1)
    buried = np.where(stacks.thickness_mm >= _BURIED_MM, reduced, np.inf).min(axis=1)
    return np.maximum(_looked_up("surface", surface, order), _looked_up("buried", buried, order))


def _looked_up(where: str, reduced: Array, order: int) -> Array:
    scattering, errors = _error_table(where, order)
    # A little more than it is, so that 10 (1 - 0.95) still finds the row of 0.5.
    row = np.searchsorted(scattering, reduced * (1.0 + 1e-9), side="right") - 1
    return np.where(row >= 0, errors[:, np.maximum(row, 0)], np.inf)


@functools.cache
def _error_table(where: str, order: int) -> tuple[Array, Array]:
    """Rising reduced scattering [1/mm], and the narrow and wide errors measured there (2, rows)."""
    table = resources.files("openpbm.transport").joinpath("spread_errors.csv")
    lines = table.read_text(encoding="utf-8").splitlines()
    rows = [row for row in csv.DictReader(lines) if row["where"] == where and int(row["order"]) == order]
    rows.sort(key=lambda row: float(row["reduced_scattering_per_mm"]))
    columns = ("reduced_scattering_per_mm", "narrow_error", "wide_error")
    scattering, narrow, wide = (np.array([float(row[name]) for row in rows]) for name in columns)
    return scattering, np.array([narrow, wide])


def _orders(stacks: PlaneStacks) -> NDArray[np.intp]:
    """The least order that is good enough, or the highest."""
    orders = np.full(stacks.count, ORDERS[-1])
    for order in reversed(ORDERS[:-1]):
        narrow, wide = measured_errors(stacks, order)
        orders[(narrow <= NARROW_BOUND) & (wide <= WIDE_BOUND)] = order
    return orders


def _problems(stacks: PlaneStacks, depth: Array, edges: Array, order: int | None) -> list[Problem]:
    problems = []
    if not ((depth >= 0) & np.isfinite(depth) & (depth <= stacks.tops_mm()[:, -1:] * (1 + 1e-12))).all():
        problems.append(Problem(key="depth_mm", message="a depth is outside the stack", remedy="leave it out"))
    rising = all(low < high for low, high in itertools.pairwise(edges))
    if edges.ndim != 1 or edges.size < 2 or edges[0] != 0 or not rising or not np.isfinite(edges).all():
        problems.append(Problem(key="radius_edges_mm", message="must be at least 2 edges that rise from 0"))
    if order is not None and (order < 1 or order % 2 == 0):
        problems.append(Problem(key="order", value=order, message="must be odd", remedy="give 3 or 5, or leave it out"))
    return problems


def _solve(stacks: PlaneStacks, light: Incidence | Lobe, depth: Array, edges: Array, order: int) -> Array:
    beams = _beams(stacks, light)
    spectrum = layered_spectrum(stacks, beams, depth, FREQUENCIES_PER_MM, order)
    plane = spectrum.scattered[..., 0] + spectrum.beam
    faint = ~(plane > _FAINT)
    known = np.where(faint, 1.0, plane)
    beam = spectrum.beam / known
    rings = np.einsum("rk,sfzk->sfrz", ring_weights(edges), spectrum.scattered / known[..., None])
    seen = np.flatnonzero((beam > _LEAST_BEAM).any(axis=(0, 1)))
    rings[..., seen] += beam[:, :, None, seen] * _beam_rings(stacks, beams, depth[:, seen], edges)
    return _carried_down(_closed(rings), faint)


def _closed(rings: Array) -> Array:
    """Rings and what lies beyond them: none below zero, 1 in all."""
    rings = np.maximum(rings, 0.0)
    inner = rings.sum(axis=2, keepdims=True)
    shares = np.concatenate([rings, np.maximum(1.0 - inner, 0.0)], axis=2)
    return np.asarray(shares / np.maximum(inner, 1.0))


def _carried_down(shares: Array, faint: NDArray[np.bool_]) -> Array:
    """Where no light is left that a number could hold, the shares of the last depth that has some."""
    if not faint.any():
        return shares
    last = np.maximum.accumulate(np.where(faint, 0, np.arange(faint.shape[-1])), axis=-1)
    return np.take_along_axis(shares, last[:, :, None, :], axis=-1)


def _beams(stacks: PlaneStacks, light: Incidence | Lobe) -> Beams:
    """Beams refracted into every layer, weighted by what enters the first."""
    cosines, weights = light.beams(stacks.n_above, stacks.n, _LOBE_ORDER)
    sine = stacks.n_above[:, None, None] * np.sqrt(1.0 - cosines**2)[:, None] / stacks.n[..., None]
    inside = np.sqrt(np.maximum(1.0 - sine**2, _LEAST_COSINE**2))
    n_out, n_in, first = stacks.n_above[:, None], stacks.n[:, :1], inside[:, 0]
    across = 2.0 * np.sqrt(n_out * n_in * cosines * first)
    perpendicular, parallel = n_out * cosines + n_in * first, n_out * first + n_in * cosines
    passed = 0.5 * (across / perpendicular) ** 2 + 0.5 * (across / parallel) ** 2
    passed = np.where(sine[:, 0] < 1.0, passed, 1e-12)
    entering = weights * passed[:, None]
    return Beams(cosine=inside, weight=entering / entering.sum(axis=-1, keepdims=True))


def _beam_rings(stacks: PlaneStacks, beams: Beams, depth: Array, edges: Array) -> Array:
    """Where the unscattered light crosses a depth: share of each ring, (stacks, fields, rings, depths).

    Each beam stands for the angles around it and is spread evenly between its neighbours.
    """
    tops = stacks.tops_mm()
    within = np.clip(depth[:, :, None] - tops[:, None, :-1], 0.0, stacks.thickness_mm[:, None])
    tangent = np.sqrt(1.0 / beams.cosine**2 - 1.0)
    radius = np.einsum("szl,slb->szb", within, tangent)
    weight = beams.weight / beams.cosine[:, None, 0]
    weight = weight / weight.sum(axis=-1, keepdims=True)
    ranked = np.argsort(tangent[:, 0], axis=-1)
    radius = np.take_along_axis(radius, ranked[:, None], axis=-1)
    weight = np.take_along_axis(weight, ranked[:, None], axis=-1)
    middle = 0.5 * (radius[..., 1:] + radius[..., :-1])
    low = np.concatenate([radius[..., :1], middle], axis=-1)
    high = np.concatenate([middle, radius[..., -1:]], axis=-1)
    inside = np.zeros((*weight.shape[:2], edges.size, depth.shape[1]))
    for beam in range(weight.shape[-1]):
        width = np.maximum(high[..., beam] - low[..., beam], 1e-9)
        part = np.clip((edges[:, None] - low[:, None, :, beam]) / width[:, None], 0.0, 1.0)
        inside += weight[:, :, None, None, beam] * part[:, None]
    inside[:, :, 0] = 0.0
    return np.diff(inside, axis=2)


def ring_weights(radius_edges_mm: Array) -> Array:
    """Weights that turn a spectrum on FREQUENCIES_PER_MM into the amount in each ring: (rings, frequencies).

    radius_edges_mm : (rings + 1,)   rising from 0 [mm]
    The amount in a ring is the integral of the spectrum times r J1(k r), its outer edge less its inner one. A point
    source 0.2 mm away and farther is right to 0.2 % in every ring of 0.5-100 mm; nearer ones need higher frequencies.

    >>> amounts = ring_weights(np.array([0.0, 3.0, 4.0])) @ np.exp(-4.0 * FREQUENCIES_PER_MM)
    >>> amounts.round(3).tolist()
    [0.2, 0.093]
    """
    return _ring_weights(tuple(float(edge) for edge in radius_edges_mm))


@functools.lru_cache(maxsize=32)
def _ring_weights(edges: tuple[float, ...]) -> Array:
    radii = np.array(edges)
    discs = np.zeros((radii.size, _COUNT))
    points, weights = np.polynomial.legendre.leggauss(8)
    curvature = _spline_curvature()
    for piece in range(_COUNT - 1):
        lowest, highest = FREQUENCIES_PER_MM[piece : piece + 2]
        cuts = np.linspace(lowest, highest, 2 + int((highest - lowest) * radii.max() / _TURN))
        k = (cuts[:-1, None] + 0.5 * np.diff(cuts)[:, None] * (points + 1.0)).ravel()
        width = (0.5 * np.diff(cuts)[:, None] * weights).ravel()
        discs += (radii[:, None] * _bessel(1, radii[:, None] * k) * width) @ _spline_weights(piece, k, curvature)
    beyond = np.maximum(radii * _HIGHEST_PER_MM, 1e-9)
    # By parts: what follows the last frequency of a spectrum that falls like k^-1.5.
    discs[:, -1] += np.where(radii > 0.0, _bessel(0, beyond) + 1.5 * _bessel(1, beyond) / beyond, 0.0)
    return np.diff(discs, axis=0)


def _bessel(order: int, x: Array) -> Array:
    """J0 or J1 for x >= 0, to 1e-14; SciPy's would cost every plan an import that takes longer than all its rings.

    >>> _bessel(1, np.array([0.0, 1.0, 1000.0])).round(6).tolist()
    [0.0, 0.440051, 0.004728]
    """
    value = np.empty_like(x)
    near = x < _ASYMPTOTIC
    # Bessel's integral over a quarter turn: the trapezoid is exact up to J of twice its number of steps.
    sine = np.sin(0.5 * np.pi * np.arange(_STEPS + 1) / _STEPS)
    share = np.full(sine.size, 1.0 / _STEPS)
    share[[0, -1]] *= 0.5
    turned = np.multiply.outer(x[near], sine)
    value[near] = np.cos(turned) @ share if order == 0 else np.sin(turned) @ (share * sine)
    far = x[~near]
    # Hankel's series.
    term, parts = np.ones_like(far), [np.ones_like(far), np.zeros_like(far)]
    for number in range(1, _TERMS):
        term = term * (4.0 * order**2 - (2.0 * number - 1.0) ** 2) / (8.0 * number * far)
        parts[number % 2] += (-1.0) ** (number // 2) * term
    angle = far - (0.5 * order + 0.25) * np.pi
    value[~near] = np.sqrt(2.0 / (np.pi * far)) * (parts[0] * np.cos(angle) - parts[1] * np.sin(angle))
    return value


def _spline_weights(piece: int, k: Array, curvature: Array) -> Array:
    """Weight of every node in the cubic spline at frequencies k between nodes `piece` and the next."""
    right = np.arcsinh(k / _KNEE_PER_MM)[:, None] / _STEP - piece
    left = 1.0 - right
    values = (left**3 - left) * curvature[piece] / 6.0 + (right**3 - right) * curvature[piece + 1] / 6.0
    values[:, piece] += left[:, 0]
    values[:, piece + 1] += right[:, 0]
    return np.asarray(values)


def _spline_curvature() -> Array:
    """Second derivatives of the cubic spline at the nodes (in steps) for each node's value: flat at 0, as even in k."""
    inner = np.arange(1, _COUNT - 1)
    system, right = np.zeros((_COUNT, _COUNT)), np.zeros((_COUNT, _COUNT))
    system[0, :2], right[0, :2] = (1 / 3, 1 / 6), (-1.0, 1.0)
    for offset, second, value in ((-1, 1 / 6, 1.0), (0, 2 / 3, -2.0), (1, 1 / 6, 1.0)):
        system[inner, inner + offset], right[inner, inner + offset] = second, value
    # The last two pieces are one cubic.
    system[-1, -3:] = (1.0, -2.0, 1.0)
    return np.asarray(np.linalg.solve(system, right), dtype=np.float64)
