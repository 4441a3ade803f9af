"""Radiance in spherical harmonics at one spatial frequency: how a homogeneous medium carries it, and its boundaries.

Radiance that varies as exp(ikx) sideways is expanded in real harmonics Y_lm(mu) cos(m phi), l = 0..order, order odd
(the P_N approximation). The coefficient of Y_lm is (-i)^m times a real number, so all arrays here are real. In a
homogeneous layer the coefficients fall as exp(-q z), q = sqrt(nu^2 + k^2): turned into the frame of its own complex
wave vector, a mode of any frequency is a mode of k = 0, so nu comes from small symmetric tridiagonal matrices that
know nothing of k, and the vectors from Wigner's d functions at an imaginary angle.
Source: Markel (2004), Waves in Random Media 14, L13 (rotated reference frames); boundaries after Marshak.
"""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["decay_rates", "entry_operators", "harmonics", "mode_vectors", "moments", "parity", "streaming"]

Array = NDArray[np.float64]
_NODES = 20


@functools.cache
def moments(order: int) -> tuple[tuple[int, int], ...]:
    """All (l, m), 0 <= m <= l <= order, in the order of every coefficient axis here.

    >>> moments(1)
    ((0, 0), (1, 0), (1, 1))
    """
    return tuple((degree, m) for degree in range(order + 1) for m in range(degree + 1))


@functools.cache
def parity(order: int) -> Array:
    """(coefficients,) +1 or -1: what turning z around does to each harmonic, (-1)^(l + m)."""
    return np.array([(-1.0) ** (degree + m) for degree, m in moments(order)])


def harmonics(order: int, cosine: Array) -> Array:
    """Y_lm(cosine) without its cos(m phi), normalised over the sphere: (..., coefficients)."""
    sine = np.sqrt(np.maximum(1.0 - cosine * cosine, 0.0))
    legendre = {(0, 0): np.ones_like(cosine)}
    for degree, m in moments(order)[1:]:
        if degree == m:
            legendre[degree, m] = (2 * m - 1) * sine * legendre[degree - 1, m - 1]
        else:
            before = legendre.get((degree - 2, m), np.zeros_like(cosine))
            legendre[degree, m] = ((2 * degree - 1) * cosine * legendre[degree - 1, m] - (degree + m - 1) * before) / (
                degree - m
            )
    return np.stack([_norm(degree, m) * legendre[degree, m] for degree, m in moments(order)], axis=-1)


def _norm(degree: int, m: int) -> float:
    doubled = 2.0 if m else 1.0
    return math.sqrt(
        (2 * degree + 1) / (4 * math.pi) * doubled * math.factorial(degree - m) / math.factorial(degree + m)
    )


def _azimuth_integral(m: int) -> float:
    return math.pi if m else 2.0 * math.pi


@functools.cache
def streaming(order: int) -> tuple[Array, Array]:
    """Multiplication by cos(theta) and, per frequency, by i sin(theta) cos(phi): both (coefficients, coefficients)."""
    nodes, weights = np.polynomial.legendre.leggauss(order + 2)
    values = harmonics(order, nodes)
    axial = np.einsum("x,xi,xj->ij", weights * nodes, values, values)
    lateral = np.einsum("x,xi,xj->ij", weights * np.sqrt(1.0 - nodes * nodes), values, values)
    for row, (degree, m) in enumerate(moments(order)):
        for column, (other, across) in enumerate(moments(order)):
            near = abs(degree - other) == 1
            axial[row, column] *= _azimuth_integral(m) if near and m == across else 0.0
            # Half the sum of the neighbours in m; the sign comes from (-i)^m.
            side = (across - m) * 0.5 * (2.0 * math.pi if min(m, across) == 0 else math.pi)
            lateral[row, column] *= side if near and abs(m - across) == 1 else 0.0
    return axial, lateral


def _coupling(degree: int, m: int) -> float:
    return math.sqrt((degree * degree - m * m) / (4.0 * degree * degree - 1.0))


def decay_rates(loss: Array) -> Array:
    """nu of every mode at k = 0 [1/mm]: (..., modes), modes = ((order + 1) / 2)^2.

    loss : (..., order + 1)   mu_a + mu_s (1 - g^l) of each degree l, all above 0 [1/mm]
    Modes are sorted by M, the azimuthal number in their own frame, and within it as `_families` lists them.
    """
    order = loss.shape[-1] - 1
    rates = []
    for m, count in _families(order):
        size = order - m + 1
        matrix = np.zeros((*loss.shape[:-1], size, size))
        for row in range(1, size):
            degree = m + row
            matrix[..., row, row - 1] = _coupling(degree, m) / np.sqrt(loss[..., degree] * loss[..., degree - 1])
        rates.append(1.0 / np.linalg.eigvalsh(matrix)[..., -count:])
    return np.concatenate(rates, axis=-1)


@functools.cache
def _families(order: int) -> tuple[tuple[int, int], ...]:
    """Each M with its number of modes that fall with depth."""
    return tuple((m, (order - m + 1) // 2) for m in range(order))


def mode_vectors(loss: Array, rates: Array, frequency: Array) -> Array:
    """Coefficients of every mode that falls with depth: (..., coefficients, modes, frequencies), largest one 1.

    loss : (..., order + 1), rates : (..., modes) as of `decay_rates`; frequency : (frequencies,) [1/mm]
    A mode that falls upward has the same vector times `parity`.
    """
    order = loss.shape[-1] - 1
    vectors = np.zeros((*loss.shape[:-1], len(moments(order)), rates.shape[-1], frequency.size))
    first = 0
    for m, count in _families(order):
        own = rates[..., first : first + count]
        own_frame = _own_frame(loss, own, m)
        high = 0.5 * (np.sqrt(own[..., None] ** 2 + frequency**2) + own[..., None])
        # Not (decay - nu) / 2, which loses its digits where k is small.
        low = 0.25 * frequency**2 / high
        powers_high, powers_low = _half_powers(high, order), _half_powers(low, order)
        for row, (degree, across) in enumerate(moments(order)):
            if degree >= m:
                turned = sum(c * powers_high[a] * powers_low[b] for c, a, b in _rotation(degree, across, m))
                vectors[..., row, first : first + count, :] = own_frame[degree][..., None] * turned
        first += count
    return np.asarray(vectors / np.abs(vectors).max(axis=-3, keepdims=True))


def _own_frame(loss: Array, rates: Array, m: int) -> dict[int, Array]:
    """Coefficients of degree l of a mode in its own frame, over nu^l, by downward recurrence (stable as nu -> 0)."""
    order = loss.shape[-1] - 1
    coefficients = {order + 1: np.zeros_like(rates), order: np.ones_like(rates)}
    for degree in range(order, m, -1):
        above = 0.0
        if degree < order:
            above = _coupling(degree + 1, m)
        coefficients[degree - 1] = (
            loss[..., degree, None] * coefficients[degree] - above * rates**2 * coefficients[degree + 1]
        ) / _coupling(degree, m)
    return coefficients


def _half_powers(value: Array, order: int) -> list[Array]:
    root = np.sqrt(value)
    powers = [np.ones_like(root)]
    for _ in range(2 * order):
        powers.append(powers[-1] * root)
    return powers


@functools.cache
def _rotation(degree: int, m: int, own: int) -> tuple[tuple[float, int, int], ...]:
    """Terms (factor, power, power) of nu^l d^l_(m, own) in the roots of (q + nu) / 2 and (q - nu) / 2.

    Wigner's sum; at an imaginary angle all of its terms have one sign. Both signs of `own` are taken together,
    because radiance is even in phi.
    """
    factor = 1.0
    if own == 0 and m > 0:
        factor = math.sqrt(2.0)
    if own > 0 and m == 0:
        factor = math.sqrt(0.5)
    terms: dict[tuple[int, int], float] = {}
    for signed in {own, -own}:
        root = math.sqrt(math.prod(math.factorial(degree + part) for part in (m, -m, signed, -signed)))
        for s in range(max(0, signed - m), min(degree + signed, degree - m) + 1):
            below = (degree + signed - s, s, m - signed + s, degree - m - s)
            powers = (2 * degree + signed - m - 2 * s, m - signed + 2 * s)
            terms[powers] = terms.get(powers, 0.0) + factor * root / math.prod(math.factorial(part) for part in below)
    return tuple((value, *powers) for powers, value in terms.items())


def entry_operators(order: int, n_from: Array, n_to: Array) -> tuple[Array, Array]:
    """Marshak's conditions on light that enters a medium through a smooth interface: (own, across).

    n_from, n_to : (...)   refractive indices beyond and of the medium entered [-]
    Returns two (..., conditions, coefficients) arrays: own times the coefficients inside, less across times those
    beyond, both for z pointing into the medium, is the light that enters without reason: zero, or a source. The
    condition l = 1, m = 0 is the flux, so no light is lost at an interface.
    """
    # Indices hardly differ from person to person: what is the same is computed once.
    pairs = np.stack(np.broadcast_arrays(n_from, n_to), axis=-1)
    different, which = np.unique(pairs.reshape(-1, 2), axis=0, return_inverse=True)
    own, across = _entry_operators(order, tuple(different[:, 0].tolist()), tuple(different[:, 1].tolist()))
    shape = (*pairs.shape[:-1], *own.shape[1:])
    return own[which].reshape(shape), across[which].reshape(shape)


@functools.lru_cache(maxsize=16)
def _entry_operators(order: int, indices_from: tuple[float, ...], indices_to: tuple[float, ...]) -> tuple[Array, Array]:
    n_from, n_to = np.array(indices_from), np.array(indices_to)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    nodes, weights = 0.5 * (nodes + 1.0), 0.5 * weights
    critical = np.sqrt(np.maximum(1.0 - (n_from / n_to) ** 2, 0.0))[..., None]
    total = critical * nodes
    # A square, because the reflectance leaves the critical angle like a root.
    passing = critical + (1.0 - critical) * nodes**2
    passing_weights = (1.0 - critical) * 2.0 * nodes * weights
    beyond = np.sqrt(np.maximum(1.0 - (n_to / n_from)[..., None] ** 2 * (1.0 - passing**2), 0.0))
    reflected = _reflectance(n_to[..., None], n_from[..., None], passing, beyond)
    odd = np.flatnonzero(parity(order) < 0)
    same = np.array([[m == across for _, across in moments(order)] for _, m in moments(order)])[odd]
    scale = same * np.array([_azimuth_integral(m) for _, m in moments(order)])
    inside, hidden = harmonics(order, passing), harmonics(order, total)
    test, flip = inside[..., odd], parity(order)
    own = np.einsum("...x,...xi,...xj->...ij", passing_weights, test, inside)
    own -= np.einsum("...x,...xi,...xj->...ij", passing_weights * reflected, test, inside) * flip
    own += np.einsum("...x,...xi,...xj->...ij", critical * weights, hidden[..., odd], hidden) * (1.0 - flip)
    across = np.einsum("...x,...xi,...xj->...ij", passing_weights * (1.0 - reflected), test, harmonics(order, beyond))
    return own * scale, across * scale * ((n_to / n_from) ** 2)[..., None, None]


def _reflectance(n_inside: Array, n_beyond: Array, inside: Array, beyond: Array) -> Array:
    """Fresnel's for unpolarised light, from the cosines on both sides."""
    perpendicular = (n_inside * inside - n_beyond * beyond) / (n_inside * inside + n_beyond * beyond)
    parallel = (n_inside * beyond - n_beyond * inside) / (n_inside * beyond + n_beyond * inside)
    return np.asarray(0.5 * (perpendicular**2 + parallel**2))
