"""Lateral spread without photons: against kept Monte Carlo, closed forms, and itself."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from openpbm.errors import BadInput
from openpbm.transport import Incidence, Lobe, PlaneStacks, depth_light
from openpbm.transport.lateral_spread import (
    FREQUENCIES_PER_MM,
    NARROW_BOUND,
    ORDERS,
    WIDE_BOUND,
    lateral_spectrum,
    measured_errors,
    ring_shares,
    ring_weights,
)
from openpbm.transport.layered_spectrum import Beams, layered_spectrum
from openpbm.transport.spherical_harmonics import decay_rates, mode_vectors, moments, streaming

Array = NDArray[np.float64]
KEPT = Path(__file__).parent / "photon_shares.jsonl"
NARROW = {"Gaussian 1 mm", "Gaussian 2 mm", "Gaussian 3 mm", "Gaussian 5 mm", "disc 5 mm"}
DEPTHS = np.array([0.05, 0.3, 1.0, 3.0, 8.0, 15.0, 30.0, 60.0])
EDGES = np.array([0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0])
NORMAL = Incidence.plane_wave()
SKIN: dict[str, list[float]] = {
    "thickness_mm": [0.1, 1.4, 9.0, math.inf],
    "mu_a_per_mm": [0.5, 0.05, 0.01, 0.03],
    "mu_s_per_mm": [20.0, 15.0, 13.0, 9.0],
    "g": [0.87, 0.87, 0.9, 0.93],
    "n": [1.42, 1.38, 1.455, 1.39],
}


def stack_of(columns: dict[str, list[float]]) -> PlaneStacks:
    return PlaneStacks.of(*(columns[name] for name in SKIN))


def skin(**changes: list[float]) -> PlaneStacks:
    return stack_of(SKIN | changes)


@functools.cache
def runs() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines())


@functools.cache
def spread(number: int) -> tuple[Array, float, float]:
    """Shares of a kept run computed without photons: (rings, depths), and the errors it states."""
    run = runs()[number]
    columns = {name: [layer[name] for layer in run["layers"]] for name in SKIN}
    columns["thickness_mm"] = [thickness or math.inf for thickness in columns["thickness_mm"]]
    light = Incidence.of_cosines(run["cosines"])
    depths, edges = np.array(run["depth_mm"]), np.array(run["radius_edges_mm"])
    found = ring_shares(stack_of(columns), light, depths, edges)
    return found.shares[0, 0], float(found.narrow_error[0]), float(found.wide_error[0])


def points(number: int, *, noise: float) -> Iterator[tuple[bool, float, float]]:
    """(narrow, relative difference, its standard error) from 1 mm on, where the photons' noise is that small."""
    run = runs()[number]
    narrowest = next(iter(run["shares"].values()))
    # Where few photons came at all, their standard error is itself luck.
    lit = [error < 0.15 * share for share, error in narrowest]
    for field, weights in run["weights"].items():
        own = np.array(weights) @ spread(number)[0]
        for depth, (share, error), value, seen in zip(run["depth_mm"], run["shares"][field], own, lit, strict=True):
            if depth >= 1 and seen and error <= noise * share:
                yield field in NARROW, value / share - 1.0, error / share


TISSUES = [number for number, run in enumerate(runs()) if len(run["layers"]) == 4]
MEDIA = [number for number, run in enumerate(runs()) if len(run["layers"]) != 4]


@pytest.mark.parametrize("number", TISSUES)
def test_spots_discs_and_arrays_agree_with_photons(number: int) -> None:
    """Fields from 10 mm on within 2 % and three standard errors, narrower ones within 5 %; the order is not given."""
    found = list(points(number, noise=0.1))
    assert len(found) >= 6
    for narrow, difference, error in found:
        bound = NARROW_BOUND if narrow else WIDE_BOUND
        assert abs(difference) <= bound + 3 * error
    # Far better on the whole, where the photons can tell.
    assert math.sqrt(np.mean([difference**2 for _, difference, error in found if error <= 0.01])) < 0.01


def test_there_are_three_tissues_in_four_lights() -> None:
    assert {runs()[number]["light"] for number in TISSUES} == {
        "normal",
        "Lambertian",
        "array 10 x 10 at 150 mm",
        "array 4 x 4 at 20 mm",
    }
    assert len(TISSUES) == 12


@pytest.mark.parametrize("number", MEDIA)
def test_stated_errors_hold_where_little_is_scattered(number: int) -> None:
    """What a result says of its own error is not exceeded, whichever order was chosen."""
    _, narrow_error, wide_error = spread(number)
    for narrow, difference, error in points(number, noise=0.03):
        assert abs(difference) <= (narrow_error if narrow else wide_error) + 4 * error


def test_the_table_of_errors_chooses_the_order() -> None:
    """The least order within both bounds, or the highest; none is claimed to be good outside what was measured."""
    reduced = np.array([2.0, 0.5, 0.3, 0.1, 0.01])
    columns = {name: np.full((5, 1), value) for name, value in {"mu_a_per_mm": 0.02, "g": 0.9, "n": 1.4}.items()}
    ones = np.ones(5)
    stacks = PlaneStacks(
        thickness_mm=np.full((5, 1), math.inf), mu_s_per_mm=10 * reduced[:, None], n_above=ones, n_below=ones, **columns
    )
    found = ring_shares(stacks, NORMAL, DEPTHS, EDGES)
    for row, order in enumerate(found.order):
        lower = [each for each in ORDERS if each < order]
        for each in lower:
            narrow, wide = measured_errors(stacks, each)[:, row]
            assert narrow > NARROW_BOUND or wide > WIDE_BOUND
    assert found.order.tolist() == [3, 3, 5, 5, 5]
    assert found.narrow_error[0] <= NARROW_BOUND < found.narrow_error[3] < math.inf == found.narrow_error[4]
    assert ring_shares(stacks, NORMAL, DEPTHS, EDGES, order=7).narrow_error.min() == math.inf


@pytest.mark.parametrize("height", [0.2, 0.5, 2.0, 10.0, 40.0, 80.0])
def test_rings_of_a_point_source(height: float) -> None:
    """exp(-k h) is h / (2 pi (h^2 + r^2)^1.5): every ring from a thousandth of the whole to all of it within 0.2 %."""
    edges = np.array([0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 13.0, 20.0, 30.0, 50.0, 100.0])
    found = ring_weights(edges) @ np.exp(-FREQUENCIES_PER_MM * height)
    expected = np.diff(1.0 - height / np.hypot(height, edges))
    assert np.all(np.abs(found - expected) < 2e-3 * expected + 2e-5)


@pytest.mark.parametrize("order", [1, 3, 5])
def test_modes_solve_the_transport_equation(order: int) -> None:
    """(-q Z + loss + k X) v = 0 for every mode and frequency, with matrices made by quadrature."""
    loss = np.sort(np.random.default_rng(3).uniform(0.1, 3.0, (2, order + 1)))
    frequency = np.array([0.0, 0.03, 0.7, 5.0])
    rates = decay_rates(loss)
    vectors = np.moveaxis(mode_vectors(loss, rates, frequency), -1, -3)
    axial, lateral = streaming(order)
    decay = np.sqrt(rates[:, None] ** 2 + frequency[:, None] ** 2)
    lost = loss[:, [degree for degree, _ in moments(order)]][:, None, :, None] * vectors
    streamed = frequency[:, None, None] * (lateral @ vectors) - decay[:, :, None] * (axial @ vectors)
    assert np.abs(lost + streamed).max() < 1e-11 * np.abs(lost).max() * max(1.0, frequency.max())


def test_the_endless_plane_is_that_of_discrete_ordinates() -> None:
    """At frequency 0 the spectrum is the plane answer: order 7 within 1 % of another method, from 0.3 to 15 mm."""
    stacks, depths = skin(), DEPTHS[None, 1:6]
    inside = np.ones((1, 4, 1))
    found = layered_spectrum(stacks, Beams(inside, np.ones((1, 1, 1))), depths, FREQUENCIES_PER_MM[:2], order=7)
    plane = (found.scattered[..., 0] + found.beam)[0, 0]
    light = depth_light(stacks, NORMAL, depths).values
    assert np.allclose(plane * (1.0 - light.specular[0, 0]), light.fluence_rate[0, 0], rtol=0.01)


CHANGES: dict[str, dict[str, list[float]]] = {
    "no absorption": {"mu_a_per_mm": [0.0, 0.0, 0.0, 0.03]},
    "no absorption below": {"mu_a_per_mm": [0.5, 0.05, 0.01, 0.0]},
    "clear layer": {"mu_a_per_mm": [0.5, 0.0, 0.01, 0.03], "mu_s_per_mm": [20.0, 0.0, 13.0, 9.0]},
    "clear absorber": {"mu_s_per_mm": [20.0, 0.0, 13.0, 9.0]},
    "thin layer": {"thickness_mm": [1e-4, 1.4, 9.0, math.inf]},
    "layer that is not there": {"thickness_mm": [0.1, 0.0, 9.0, math.inf]},
    "thick layer": {"thickness_mm": [0.1, 1.4, 1e4, math.inf]},
    "forward scattering": {"g": [0.87, 0.87, 0.999, 0.93]},
    "backward scattering": {"g": [0.87, -0.5, 0.0, 0.93]},
    "black layer": {"mu_a_per_mm": [0.5, 50.0, 0.01, 0.03]},
    "blackest layer": {"mu_a_per_mm": [0.5, 0.05, 1000.0, 0.03]},
    "white layer": {"mu_s_per_mm": [20.0, 1e4, 13.0, 9.0]},
    "equal indices": {"n": [1.4, 1.4, 1.4, 1.4]},
    "with an end": {"thickness_mm": [0.1, 1.4, 9.0, 60.0]},
}


@pytest.mark.parametrize("case", CHANGES)
@pytest.mark.parametrize("order", ORDERS)
def test_every_stack_has_shares(case: str, order: int) -> None:
    """None below 0, 1 in all, at grazing incidence too."""
    light = Incidence(cosines=np.array([0.01, 0.5, 1.0]), weights=np.array([[1.0, 0.0, 0.0], [0.2, 0.5, 0.3]]))
    shares = ring_shares(skin(**CHANGES[case]), light, DEPTHS, EDGES, order=order).shares
    assert shares.shape == (1, 2, EDGES.size, DEPTHS.size)
    assert np.isfinite(shares).all()
    assert shares.min() >= 0.0
    assert np.abs(shares.sum(axis=2) - 1.0).max() < 1e-12


def test_an_interface_between_equal_layers_is_none() -> None:
    """A layer cut in two, with and without one of no thickness between, spreads light as it did in one piece."""
    one = ring_shares(skin(), NORMAL, DEPTHS, EDGES).shares
    for middle in (0.0, 3.0):
        cut = {name: [*row[:2], row[2], row[2], *row[2:]] for name, row in SKIN.items()}
        cut["thickness_mm"] = [0.1, 1.4, 4.0, middle, 5.0 - middle, math.inf]
        assert np.allclose(ring_shares(stack_of(cut), NORMAL, DEPTHS, EDGES).shares, one, atol=1e-7)


def test_a_deep_end_is_no_end() -> None:
    endless = ring_shares(skin(), NORMAL, DEPTHS[:5], EDGES).shares
    deep = ring_shares(skin(thickness_mm=[0.1, 1.4, 9.0, 150.0]), NORMAL, DEPTHS[:5], EDGES).shares
    assert np.allclose(deep, endless, atol=1e-6)


def test_shares_are_smooth_in_depth() -> None:
    """Across an interface of equal indices, where only the scattering changes, nothing steps."""
    stacks = skin(n=[1.4, 1.4, 1.4, 1.4])
    for depth in (0.1, 1.5, 10.5):
        above, below = ring_shares(stacks, NORMAL, np.array([depth - 1e-7, depth + 1e-7]), EDGES).shares[0, 0].T
        assert np.allclose(above, below, atol=5e-6)


def test_many_stacks_are_each_by_itself() -> None:
    """Batches, threads and the company of other orders and ends change no bit that counts."""
    alone = [skin(), skin(mu_s_per_mm=[20.0, 15.0, 1.0, 9.0]), skin(thickness_mm=[0.1, 1.4, 9.0, 60.0])] * 4
    stacks = PlaneStacks(
        **{name: np.concatenate([getattr(each, name) for each in alone]) for name in (*SKIN, "n_above", "n_below")}
    )
    one, two = (ring_shares(stacks, NORMAL, DEPTHS, EDGES, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.shares, two.shares)
    assert one.order.tolist() == [3, 5, 3] * 4
    for row in range(3):
        assert np.allclose(one.shares[row], ring_shares(alone[row], NORMAL, DEPTHS, EDGES).shares[0], atol=1e-12)


def test_a_lobe_is_its_cosines() -> None:
    """Lambertian light as a lobe and as many cosines of equal power."""
    cosines = Incidence.of_cosines(np.sqrt((np.arange(400) + 0.5) / 400))
    lobe, table = (ring_shares(skin(), light, DEPTHS, EDGES).shares for light in (Lobe(), cosines))
    assert np.allclose(lobe, table, atol=2e-3)


def test_bad_input_is_named() -> None:
    with pytest.raises(BadInput, match="depth_mm: a depth is outside the stack"):
        ring_shares(skin(thickness_mm=[0.1, 1.4, 9.0, 10.0]), NORMAL, DEPTHS, EDGES)
    with pytest.raises(BadInput, match="radius_edges_mm: must be"):
        ring_shares(skin(), NORMAL, DEPTHS, np.array([0.5, 1.0]))
    with pytest.raises(BadInput, match="order = 4: must be odd"):
        ring_shares(skin(), NORMAL, DEPTHS, EDGES, order=4)


def test_the_spectrum_makes_the_same_shares() -> None:
    """Two ways to one number: the Hankel sum over the spectrum is the share of each ring."""
    depths, edges = np.array([3.0, 8.0, 15.0]), np.array([0.0, 2.0, 5.0, 10.0, 30.0])
    spectrum = lateral_spectrum(skin(), NORMAL, depths)[0, 0]
    shares = ring_shares(skin(), NORMAL, depths, edges).shares[0, 0]
    assert (spectrum[:, 0] == 1.0).all()
    assert (np.diff(spectrum, axis=1) <= 1e-9).all()
    assert ring_weights(edges) @ spectrum.T == pytest.approx(shares[:-1], abs=0.005)
