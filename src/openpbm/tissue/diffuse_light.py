"""Diffuse light far from its source in layered tissue: what a detector some centimetres away sees. Numbers only.

For the measurements that the tissue model is held against, not for dose: at 10 mm and more from a narrow source
diffusion holds; near the skin under a lamp it does not. All functions take many tissues at once.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "depth_of_transmission_mm",
    "homogeneous_fit",
    "layered_reflectance",
    "path_length_mm",
    "semi_infinite_reflectance",
]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_LIGHT_MM_PER_S = 2.99792458e11
# The tissue is a cylinder this wide and the spot this broad: at 60 mm and less neither changes a figure by a percent.
_RADIUS_MM, _SPOT_MM = 110.0, 0.8


# What a fit may find: logarithms of absorption and reduced scattering [1/mm].
_FIT_BOUNDS = (np.log([1e-4, 0.05]), np.log([1.0, 20.0]))


def _boundary_factor(n: Floats | float) -> Floats:
    """How far beyond the surface diffuse light seems to vanish, over 2 D: internal reflection after Groenhuis."""
    index = np.asarray(n, dtype=np.float64)
    reflection = -1.440 * index**-2 + 0.710 / index + 0.668 + 0.0636 * index
    return np.asarray((1.0 + reflection) / (1.0 - reflection))


def layered_reflectance(
    distance_mm: float,
    *,
    thickness_mm: Floats,
    mu_a_per_mm: Floats,
    mu_s_prime_per_mm: Floats,
    n: Floats,
    modulation_hz: float = 0.0,
) -> Complexes:
    """Diffuse reflectance [1/mm2] that far from a narrow source of modulated light, (tissue,), complex.

    thickness_mm : (tissue, layer) [mm], the last is taken as endless; coefficients [1/mm] alike; n : (layer,)
    Layered diffusion in a wide cylinder, source one transport length deep, extrapolated boundary, fluence rate over n2
    continuous between layers. Source: closed form of this project; its test holds it against one endless layer.
    """
    zeros, weights = _radial_modes(distance_mm)
    speed = _LIGHT_MM_PER_S / np.asarray(n)
    absorption = mu_a_per_mm + 2j * np.pi * modulation_hz / speed
    diffusion = 1.0 / (3.0 * (mu_a_per_mm + mu_s_prime_per_mm))
    last = mu_a_per_mm.shape[1] - 1

    def decay(layer: int) -> Complexes:
        return np.asarray(np.sqrt((absorption / diffusion)[:, layer, None] + zeros**2))

    conductance = diffusion[:, last, None] * decay(last)
    for layer in range(last - 1, 0, -1):
        own = diffusion[:, layer, None] * decay(layer)
        below = conductance * (n[layer + 1] / n[layer]) ** 2
        falling = np.tanh(decay(layer) * thickness_mm[:, layer, None])
        conductance = own * (below + own * falling) / (own + below * falling)
    first = decay(0)
    if last == 0:
        # One endless layer: what reaches the surface has fallen from the source's depth.
        ratio, top = np.ones_like(first), np.full((len(first), 1), 50.0)
    else:
        ratio = conductance * (n[1] / n[0]) ** 2 / (diffusion[:, :1] * first)
        top = thickness_mm[:, :1]
    boundary = 2.0 * _boundary_factor(n[0]) * diffusion[:, :1]
    source = np.minimum(3.0 * diffusion[:, :1], 0.9 * top)
    modes = np.cosh(first * boundary) * _falling(first, top - source, top + boundary, ratio)
    return np.asarray(modes @ weights)


def _falling(decay: Complexes, near: Floats, far: Floats, ratio: Complexes) -> Complexes:
    """(cosh + ratio sinh)(decay near) over the same of far, without the overflow of either."""
    share = (1.0 - ratio) / (1.0 + ratio)
    fall = np.exp(-decay * (far - near))
    return np.asarray(fall * (1.0 + share * np.exp(-2.0 * decay * near)) / (1.0 + share * np.exp(-2.0 * decay * far)))


@functools.cache
def _radial_modes(distance_mm: float) -> tuple[Floats, Floats]:
    from scipy.special import j0, j1, jn_zeros

    zeros = jn_zeros(0, int(6.5 / _SPOT_MM * _RADIUS_MM / np.pi)) / _RADIUS_MM
    spot = np.exp(-0.5 * (zeros * _SPOT_MM) ** 2)
    weights = spot * j0(zeros * distance_mm) / (np.pi * _RADIUS_MM**2 * j1(zeros * _RADIUS_MM) ** 2)
    return zeros, weights


def semi_infinite_reflectance(
    distance_mm: float, *, mu_a_per_mm: Floats, mu_s_prime_per_mm: Floats, n: float, modulation_hz: float = 0.0
) -> Complexes:
    """Diffuse reflectance [1/mm2] of one endless layer, (tissue,), complex: dipole with an extrapolated boundary.

    Source: the textbook dipole of diffusion theory.
    """
    absorption = mu_a_per_mm + 2j * np.pi * modulation_hz * n / _LIGHT_MM_PER_S
    diffusion = 1.0 / (3.0 * (mu_a_per_mm + mu_s_prime_per_mm))
    decay = np.sqrt(absorption / diffusion)
    source = 3.0 * diffusion
    image = source + 4.0 * _boundary_factor(n) * diffusion

    def part(depth: Floats) -> Complexes:
        far = np.hypot(distance_mm, depth)
        return np.asarray(depth * (decay + 1.0 / far) * np.exp(-decay * far) / far**2)

    return np.asarray((part(source) + part(image)) / (4.0 * np.pi))


def path_length_mm(reflectance: Complexes, *, modulation_hz: float, n: float) -> Floats:
    """Mean path [mm] of the light as an instrument reads it from the phase of its modulation, up to one turn of it."""
    lag = np.mod(-np.angle(reflectance), 2.0 * np.pi)
    return np.asarray(lag / (2.0 * np.pi * modulation_hz * n / _LIGHT_MM_PER_S))


def homogeneous_fit(
    reflectance: Complexes, distance_mm: float, *, n: float, modulation_hz: float
) -> tuple[Floats, Floats]:
    """Absorption and reduced scattering [1/mm] of the one endless layer with the same amplitude and phase, (tissue,).

    What an instrument reports that takes layered tissue for homogeneous. Newton's method on both logarithms.
    """
    wanted = np.stack([np.log(np.abs(reflectance)), np.angle(reflectance)], axis=1)
    logs = np.tile(np.log([0.02, 0.8]), (len(reflectance), 1))

    def seen(at: Floats) -> Floats:
        light = semi_infinite_reflectance(
            distance_mm,
            mu_a_per_mm=np.exp(at[:, 0]),
            mu_s_prime_per_mm=np.exp(at[:, 1]),
            n=n,
            modulation_hz=modulation_hz,
        )
        return np.stack([np.log(np.abs(light)), np.angle(light)], axis=1)

    step = 1e-5
    for _ in range(25):
        here = seen(logs)
        slopes = np.stack([(seen(logs + step * axis) - here) / step for axis in np.eye(2)], axis=2)
        move = np.linalg.solve(slopes, (wanted - here)[:, :, None])[:, :, 0]
        # Light too weak to be told from rounding has no fit; it ends at a bound instead of nowhere.
        logs = np.clip(logs + np.clip(move, -0.7, 0.7), *_FIT_BOUNDS)
    return np.exp(logs[:, 0]), np.exp(logs[:, 1])


def depth_of_transmission_mm(share: float, *, mu_a_per_mm: Floats, mu_s_prime_per_mm: Floats, n: float) -> Floats:
    """Thickness [mm] of a slab that lets that share of a broad beam through, (tissue,).

    Closed form of diffusion in a slab between extrapolated boundaries.
    """
    diffusion = 1.0 / (3.0 * (mu_a_per_mm + mu_s_prime_per_mm))
    decay = np.sqrt(mu_a_per_mm / diffusion)
    boundary = 2.0 * _boundary_factor(n) * diffusion
    entering = np.sinh(decay * (3.0 * diffusion + boundary)) * np.cosh(decay * boundary)
    return np.asarray(np.arcsinh(entering / share) / decay - 2.0 * boundary)
