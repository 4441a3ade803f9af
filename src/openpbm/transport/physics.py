"""The equations of one photon: numbers in, numbers out, double precision, compiled.

The CPU driver and a later CUDA driver call these same functions. Directions are cosines, z points into the tissue.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

__all__ = [
    "attenuate",
    "cosine_of_half_turn",
    "fresnel",
    "henyey_greenstein_cosine",
    "mix",
    "next_state",
    "photon_key",
    "rotate",
    "turn_cosine",
    "uniform",
]

# Steele, Lea and Flood (2014), splitmix64. The constants stay typed: an untyped one would turn the state into a float.
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MULTIPLIER_1 = np.uint64(0xBF58476D1CE4E5B9)
MULTIPLIER_2 = np.uint64(0x94D049BB133111EB)
STRIDE = np.uint64(0xD1342543DE82EF95)
SHIFT_30, SHIFT_27, SHIFT_31, SHIFT_12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
STEP_52 = 2.0**-52
THIN = 0.02


@njit(error_model="numpy")
def mix(value: np.uint64) -> np.uint64:
    """Finalizer of splitmix64: a bijection of 64 bits in which every input bit reaches every output bit."""
    value = (value ^ (value >> SHIFT_30)) * MULTIPLIER_1
    value = (value ^ (value >> SHIFT_27)) * MULTIPLIER_2
    return value ^ (value >> SHIFT_31)


@njit(error_model="numpy")
def photon_key(seed: np.uint64, photon: np.uint64) -> np.uint64:
    """State before the first draw of one photon; depends on nothing but seed and photon index."""
    return mix(mix(seed + GOLDEN) + photon * STRIDE)


@njit(error_model="numpy")
def next_state(state: np.uint64) -> np.uint64:
    """State of the next draw: the draw's number times a constant, added to the photon's key."""
    return state + GOLDEN


@njit(error_model="numpy")
def uniform(state: np.uint64) -> float:
    """Random number of this state, in the open interval (0, 1), so that its logarithm is finite.

    52 bits, not 53: with 53 the half that keeps 0 out would round the largest value up to 1.
    """
    return (np.float64(np.int64(mix(state) >> SHIFT_12)) + 0.5) * STEP_52


@njit(error_model="numpy", fastmath={"contract"})
def attenuate(weight: float, mu_a_per_mm: float, length_mm: float) -> tuple[float, float]:
    """Weight after an absorbing path, and the integral of the weight along it (Beer-Lambert).

    weight : float        at the start of the path
    mu_a_per_mm : float   absorption coefficient, >= 0 [1/mm]
    length_mm : float     path length; may be infinite where mu_a_per_mm > 0 [mm]
    Returns (weight at the end, track integral [mm]). Below an optical path of 0.02 a series is used: the closed form
    would lose the integral's digits there, and fails at mu_a = 0.

    >>> attenuate(1.0, 0.0, 2.0)
    (1.0, 2.0)
    """
    path = mu_a_per_mm * length_mm
    if path < THIN:
        mean = 1.0 - path * (
            1 / 2 - path * (1 / 6 - path * (1 / 24 - path * (1 / 120 - path * (1 / 720 - path / 5040))))
        )
        return weight - weight * path * mean, weight * length_mm * mean
    after = weight * math.exp(-path)
    return after, (weight - after) / mu_a_per_mm


@njit(error_model="numpy", fastmath={"contract"})
def henyey_greenstein_cosine(u: float, g: float) -> float:
    """Cosine of the scattering angle of Henyey and Greenstein (1941), from a uniform number.

    u : float   uniform in (0, 1)
    g : float   anisotropy, -1 < g < 1
    The usual inversion divides by g; this one is its algebraic equal without the cancellation, and right at g = 0.

    >>> henyey_greenstein_cosine(0.75, 0.0)
    0.5
    """
    s = 2.0 * u - 1.0
    denominator = 1.0 + g * s
    numerator = s + 0.5 * g * (s * s + 3.0) + g * g * s + 0.5 * g * g * g * (s * s - 1.0)
    return numerator / (denominator * denominator)


@njit(error_model="numpy", fastmath={"contract"})
def cosine_of_half_turn(u: float) -> float:
    """cos(pi u) for u in [0, 1], as a polynomial about u = 1/2; error below 1e-15. Cheaper than a library call.

    >>> abs(cosine_of_half_turn(1 / 3) - 0.5) < 1e-15
    True
    """
    t = math.pi * (0.5 - u)
    q = t * t
    q2 = q * q
    low = (1.0 - q * (1 / 6)) + q2 * (1 / 120 - q * (1 / 5040))
    high = (1 / 362880 - q * (1 / 39916800)) + q2 * (1 / 6227020800 - q * (1 / 1307674368000))
    top = 1 / 355687428096000 - q * (1 / 121645100408832000)
    q4 = q2 * q2
    return t * (low + q4 * (high + q4 * top))


@njit(error_model="numpy", fastmath={"contract"})
def turn_cosine(uz: float, cosine: float, cosine_azimuth: float) -> float:
    """z component of a direction after scattering; all that a laterally uniform problem needs.

    uz : float               z component before, in [-1, 1]
    cosine : float           cosine of the scattering angle
    cosine_azimuth : float   cosine of the azimuth of scattering
    """
    across = (1.0 - uz * uz) * (1.0 - cosine * cosine)
    across = across if across > 0.0 else 0.0
    return uz * cosine + math.sqrt(across) * cosine_azimuth


@njit(error_model="numpy", fastmath={"contract"})
def rotate(
    ux: float, uy: float, uz: float, cosine: float, cosine_azimuth: float, sign: float
) -> tuple[float, float, float]:
    """Direction after scattering, with the tangent frame of Duff et al. (2017), which has no singular direction.

    ux, uy, uz : float       direction before, of length 1
    cosine : float           cosine of the scattering angle
    cosine_azimuth : float   cosine of the azimuth, azimuth in [0, pi]
    sign : float             +1 or -1, side of the azimuth
    """
    sine = math.sqrt(max(0.0, 1.0 - cosine * cosine))
    first = sine * cosine_azimuth
    second = sine * sign * math.sqrt(max(0.0, 1.0 - cosine_azimuth * cosine_azimuth))
    up = math.copysign(1.0, uz)
    a = -1.0 / (up + uz)
    b = ux * uy * a
    return (
        first * (1.0 + up * ux * ux * a) + second * b + cosine * ux,
        first * up * b + second * (up + uy * uy * a) + cosine * uy,
        cosine * uz - first * up * ux - second * uy,
    )


@njit(error_model="numpy")
def fresnel(n_from: float, n_to: float, cosine: float) -> tuple[float, float]:
    """Reflectance of unpolarised light at a smooth interface (Fresnel) and the refracted cosine (Snell).

    n_from, n_to : float   refractive indices on this side and beyond
    cosine : float         cosine of incidence, in [0, 1]
    Returns (reflectance, cosine beyond); (1, 0) at and beyond the critical angle.

    >>> fresnel(1.0, 1.0, 0.3)
    (0.0, 0.3)
    """
    if n_from == n_to:
        return 0.0, cosine
    ratio = n_from / n_to
    sine_squared = ratio * ratio * (1.0 - cosine * cosine)
    if sine_squared >= 1.0:
        return 1.0, 0.0
    beyond = math.sqrt(1.0 - sine_squared)
    perpendicular = (n_from * cosine - n_to * beyond) / (n_from * cosine + n_to * beyond)
    parallel = (n_from * beyond - n_to * cosine) / (n_from * beyond + n_to * cosine)
    return 0.5 * (perpendicular * perpendicular + parallel * parallel), beyond
