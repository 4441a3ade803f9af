"""Diffuse light at a distance: closed forms, one endless layer, and a fit that gives back what made the light."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from openpbm.tissue.diffuse_light import (
    depth_of_transmission_mm,
    homogeneous_fit,
    layered_reflectance,
    path_length_mm,
    semi_infinite_reflectance,
)

MU_A, MU_S = np.array([0.02, 0.01, 0.03]), np.array([0.7, 1.0, 0.6])


def one_layer(distance_mm: float, hertz: float = 0.0) -> NDArray[np.complex128]:
    return semi_infinite_reflectance(distance_mm, mu_a_per_mm=MU_A, mu_s_prime_per_mm=MU_S, n=1.4, modulation_hz=hertz)


def three_layers(distance_mm: float, hertz: float, thickness: tuple[float, ...]) -> NDArray[np.complex128]:
    layers = len(thickness) + 1
    return layered_reflectance(
        distance_mm,
        thickness_mm=np.tile([*thickness, math.inf], (3, 1)),
        mu_a_per_mm=np.tile(MU_A[:, None], layers),
        mu_s_prime_per_mm=np.tile(MU_S[:, None], layers),
        n=np.full(layers, 1.4),
        modulation_hz=hertz,
    )


@pytest.mark.parametrize("distance_mm", [10.0, 28.0, 40.0])
@pytest.mark.parametrize("thickness", [(), (2.0, 6.0), (1.7, 3.0, 4.0)], ids=len)
def test_layers_of_one_tissue_are_that_tissue(distance_mm: float, thickness: tuple[float, ...]) -> None:
    """However it is cut, alike layers are the dipole of one endless layer: 4 % in amplitude, 2.5 % in phase."""
    layered, dipole = three_layers(distance_mm, 2e8, thickness), one_layer(distance_mm, 2e8)
    assert np.abs(layered) == pytest.approx(np.abs(dipole), rel=0.04)
    assert np.angle(layered) == pytest.approx(np.angle(dipole), rel=0.025)


def test_path_length_is_the_textbook_one() -> None:
    """Fantini 1999: DPF = sqrt(3 mu_s'/mu_a)/2 x (1 - 1/(1 + r sqrt(3 mu_a mu_s'))), boundary aside, within 5 %."""
    path = path_length_mm(one_layer(40.0, 1e5), modulation_hz=1e5, n=1.4)
    closed = 0.5 * np.sqrt(3 * MU_S / MU_A) * (1 - 1 / (1 + 40 * np.sqrt(3 * MU_A * MU_S)))
    assert path / 40.0 == pytest.approx(closed, rel=0.05)


def test_path_length_is_how_fast_light_falls_with_absorption() -> None:
    """The mean path is minus the slope of the logarithm over absorption (microscopic Beer-Lambert)."""
    step = 1e-6
    more, less = (
        semi_infinite_reflectance(30.0, mu_a_per_mm=MU_A + sign * step, mu_s_prime_per_mm=MU_S - sign * step, n=1.4)
        for sign in (1, -1)
    )
    slope = -np.log(np.abs(more / less)) / (2 * step)
    assert path_length_mm(one_layer(30.0, 1e5), modulation_hz=1e5, n=1.4) == pytest.approx(slope, rel=1e-4)


def test_fat_lengthens_the_path_and_hides_the_muscle() -> None:
    """Niemeijer 2017 and others: what is fitted as one tissue under fat absorbs less than the muscle does."""
    layers = {
        "mu_a_per_mm": np.array([[0.014, 0.005, 0.025]]),
        "mu_s_prime_per_mm": np.array([[1.3, 1.1, 0.7]]),
        "n": np.full(3, 1.4),
    }
    thin, thick = (
        layered_reflectance(28.0, thickness_mm=np.array([[1.3, fat, math.inf]]), modulation_hz=1e8, **layers)
        for fat in (0.5, 8.0)
    )
    assert path_length_mm(thick, modulation_hz=1e8, n=1.4)[0] > 1.3 * path_length_mm(thin, modulation_hz=1e8, n=1.4)[0]
    (seen_thin,), (seen_thick,) = (homogeneous_fit(light, 28.0, n=1.4, modulation_hz=1e8)[0] for light in (thin, thick))
    assert seen_thick < 0.7 * seen_thin < 0.025


def test_a_fit_gives_back_the_one_tissue_that_made_the_light() -> None:
    found = homogeneous_fit(one_layer(28.0, 1e8), 28.0, n=1.4, modulation_hz=1e8)
    assert found[0] == pytest.approx(MU_A, rel=1e-6)
    assert found[1] == pytest.approx(MU_S, rel=1e-6)


def test_light_without_information_ends_at_a_bound() -> None:
    found = homogeneous_fit(np.array([1e-300 + 0j]), 28.0, n=1.4, modulation_hz=1e8)
    assert np.isfinite(found).all()


def test_a_thick_slab_falls_by_the_effective_attenuation() -> None:
    """Ten times less light takes ln 10 / mu_eff more tissue."""
    near, far = (
        depth_of_transmission_mm(share, mu_a_per_mm=MU_A, mu_s_prime_per_mm=MU_S, n=1.4) for share in (1e-3, 1e-4)
    )
    decay = np.sqrt(3 * MU_A * (MU_A + MU_S))
    assert far - near == pytest.approx(math.log(10.0) / decay, rel=1e-3)
