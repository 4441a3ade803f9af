"""The equations of one photon: identities that hold for every input."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from openpbm.transport import physics

settings.register_profile("transport", deadline=None, max_examples=100)
settings.load_profile("transport")

cosines = st.floats(-1, 1)
# Numba leaves a compiled function without the types of its arguments.
rotate: Callable[..., tuple[float, float, float]] = physics.rotate
open_unit = st.floats(1e-15, 1 - 1e-15)
indices = st.floats(1, 3)


@given(indices, indices, st.floats(0, 1))
def test_fresnel_is_a_fraction_and_obeys_snell(n_from: float, n_to: float, cosine: float) -> None:
    """0 <= R <= 1 and n1 sin1 = n2 sin2, or R = 1 where Snell has no answer."""
    reflectance, beyond = physics.fresnel(n_from, n_to, cosine)
    assert 0.0 <= reflectance <= 1.0
    sine = n_from * math.sqrt(1 - cosine**2)
    if sine > n_to * (1 + 1e-12):
        assert (reflectance, beyond) == (1.0, 0.0)
    elif beyond > 0.0:
        assert n_to * math.sqrt(max(0.0, 1 - beyond**2)) == pytest.approx(sine, abs=1e-7)


@given(indices, indices, st.floats(0.01, 1))
def test_fresnel_is_the_same_both_ways(n_from: float, n_to: float, cosine: float) -> None:
    """Reciprocity: the reflectance seen from beyond at the refracted angle is the same."""
    reflectance, beyond = physics.fresnel(n_from, n_to, cosine)
    if beyond > 1e-3:
        back, cosine_back = physics.fresnel(n_to, n_from, beyond)
        assert back == pytest.approx(reflectance, abs=1e-9)
        assert cosine_back == pytest.approx(cosine, abs=1e-9)


def test_fresnel_at_known_angles() -> None:
    """Normal incidence ((n-1)/(n+1))^2, grazing 1, Brewster half of the perpendicular part."""
    assert physics.fresnel(1.0, 1.5, 1.0)[0] == pytest.approx(0.04)
    assert physics.fresnel(1.0, 1.5, 0.0)[0] == 1.0
    assert physics.fresnel(1.4, 1.0, 0.5) == (1.0, 0.0)
    brewster = math.cos(math.atan(1.5))
    assert physics.fresnel(1.0, 1.5, brewster)[0] == pytest.approx(0.5 * ((1.5**2 - 1) / (1.5**2 + 1)) ** 2)


@given(open_unit, st.floats(-0.99, 0.99))
def test_henyey_greenstein_is_the_textbook_inversion(u: float, g: float) -> None:
    """The stable form equals (1 + g^2 - ((1 - g^2)/(1 + g s))^2) / 2g wherever that has its digits."""
    cosine = physics.henyey_greenstein_cosine(u, g)
    assert -1 - 1e-9 <= cosine <= 1 + 1e-9
    if abs(g) > 0.05:
        textbook = (1 + g * g - ((1 - g * g) / (1 + g * (2 * u - 1))) ** 2) / (2 * g)
        assert cosine == pytest.approx(textbook, abs=1e-9)


@pytest.mark.parametrize("g", [-0.7, 0.0, 1e-9, 0.3, 0.9, 0.98])
def test_henyey_greenstein_moments(g: float) -> None:
    """Mean cosine g and second Legendre moment g^2, the defining moments of the phase function."""
    u = (np.arange(200_000) + 0.5) / 200_000
    cosine = np.array([physics.henyey_greenstein_cosine(each, g) for each in u])
    assert cosine.mean() == pytest.approx(g, abs=1e-5)
    assert (1.5 * cosine**2 - 0.5).mean() == pytest.approx(g * g, abs=1e-5)


@given(cosines, st.floats(0, 2 * math.pi), cosines, cosines, st.sampled_from([-1.0, 1.0]))
def test_rotation_keeps_length_and_turns_by_the_angle(
    uz: float, azimuth: float, cosine: float, cosine_azimuth: float, sign: float
) -> None:
    """The new direction has length 1 and makes the asked angle with the old; never a singular direction."""
    sine = math.sqrt(1 - uz * uz)
    before = np.array([sine * math.cos(azimuth), sine * math.sin(azimuth), uz])
    after: NDArray[np.float64] = np.array(rotate(*before, cosine, cosine_azimuth, sign))
    assert np.linalg.norm(after) == pytest.approx(1.0, abs=1e-12)
    assert before @ after == pytest.approx(cosine, abs=1e-12)


@given(cosines, cosines, cosines)
def test_turn_cosine_stays_a_cosine(uz: float, cosine: float, cosine_azimuth: float) -> None:
    """The spherical law of cosines: between cos(a + b) and cos(a - b)."""
    after = physics.turn_cosine(uz, cosine, cosine_azimuth)
    a, b = math.acos(uz), math.acos(cosine)
    assert math.cos(a + b) - 1e-7 <= after <= math.cos(a - b) + 1e-7


@given(st.floats(0, 1))
def test_cosine_of_half_turn(u: float) -> None:
    """The polynomial is the cosine to 1e-15."""
    assert physics.cosine_of_half_turn(u) == pytest.approx(math.cos(math.pi * u), abs=1e-15)


@given(st.floats(0, 1), st.floats(0, 50), st.floats(0, 100))
def test_attenuation_conserves(weight: float, mu_a: float, length: float) -> None:
    """Weight lost = mu_a times the track integral, and the weight is Beer-Lambert's."""
    after, path = physics.attenuate(weight, mu_a, length)
    assert after == pytest.approx(weight * math.exp(-mu_a * length), rel=1e-14, abs=1e-300)
    assert weight - after == pytest.approx(mu_a * path, abs=1e-15)
    assert 0.0 <= path <= weight * length * (1 + 1e-15)


def test_random_numbers_are_uniform_and_unrelated() -> None:
    """Moments, serial correlation along draws and across photons, and every bit about half the time."""
    draws = []
    for photon in range(400):
        state = np.uint64(physics.photon_key(np.uint64(5), np.uint64(photon)))
        row = []
        for _ in range(250):
            state = np.uint64(physics.next_state(state))
            row.append(physics.uniform(state))
        draws.append(row)
    u = np.array(draws)
    assert 0.0 < u.min() < u.max() < 1.0
    assert u.mean() == pytest.approx(0.5, abs=4 * 0.2887 / math.sqrt(u.size))
    assert u.var() == pytest.approx(1 / 12, abs=0.001)
    for a, b in [(u[:, 1:], u[:, :-1]), (u[1:], u[:-1]), (u[:, 7:], u[:, :-7])]:
        assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 4.5 / math.sqrt(a.size)
    counts = np.histogram(u, bins=100, range=(0, 1))[0]
    assert 50 < np.sum((counts - 1000.0) ** 2 / 1000.0) < 165  # chi-square, 99 degrees of freedom


def test_mix_has_the_published_sequence() -> None:
    """The first outputs of splitmix64 from state 0 (reference implementation): e220a8397b1dcdaf 6e789e6aa1b965f4."""
    state = np.uint64(0)
    out = []
    for _ in range(2):
        state = np.uint64(physics.next_state(state))
        out.append(f"{int(physics.mix(state)):016x}")
    assert out == ["e220a8397b1dcdaf", "6e789e6aa1b965f4"]
