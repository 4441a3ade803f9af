"""Discrete ordinates against published numbers, adding-doubling, equilibrium and energy."""

from __future__ import annotations

import math

import iadpython
import numpy as np
import pytest

from openpbm.errors import BadInput
from openpbm.transport.discrete_ordinates import DepthBins, Tallies, discrete_ordinates
from openpbm.transport.plane_light import DepthLight, depth_light
from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks

NORMAL, GRAZING, DIFFUSE = Incidence.plane_wave(), Incidence.plane_wave(85.0), Lobe()
INF = math.inf


def lit(stacks: PlaneStacks, light: Incidence | Lobe = NORMAL, *depths_mm: float, accuracy: float = 1e-5) -> DepthLight:
    return depth_light(stacks, light, np.array(depths_mm), accuracy=accuracy)


def sum_of_fates(values: Tallies) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    out = values.specular + values.diffuse_reflectance + values.transmittance + values.lost
    return np.asarray(out + values.absorbed.sum(axis=2))


def test_matched_slab_of_van_de_hulst() -> None:
    """R 0.09739 and T 0.66096 to the printed digits (n 1, mu_a 10/cm, mu_s 90/cm, g 0.75, 0.02 cm)."""
    values = lit(PlaneStacks.of([0.2], [1.0], [9.0], [0.75], [1.0])).values
    assert round(float(values.diffuse_reflectance[0, 0]), 5) == 0.09739
    assert round(float(values.transmittance[0, 0]), 5) == 0.66096


def test_half_space_of_giovanelli() -> None:
    """Total reflectance 0.2599 (n 1.5, mu_a 10/cm, mu_s 90/cm, isotropic), specular 4 % included."""
    values = lit(PlaneStacks.of([INF], [1.0], [9.0], [0.0], [1.5])).values
    assert values.specular[0, 0] == pytest.approx(0.04, abs=1e-15)
    assert round(float((values.specular + values.diffuse_reflectance)[0, 0]), 4) == 0.2599


def test_published_two_layers() -> None:
    """Diffuse reflectance 0.1049 of 0.1 mm (n 1.3) over a half space (n 1.4), printed in four digits."""
    values = lit(PlaneStacks.of([0.1, INF], [2.0, 1.0], [20.0, 20.0], [0.7, 0.9], [1.3, 1.4])).values
    assert values.diffuse_reflectance[0, 0] == pytest.approx(0.1049, abs=1e-4)


def test_random_slabs_against_adding_doubling() -> None:
    """R and T within 1e-4 of iadpython, where that agrees with itself so well at 24 and 32 points."""
    random = np.random.default_rng(20240229)
    compared = 0
    for _ in range(40):
        albedo, depth = random.uniform(0.5, 0.999), random.uniform(0.3, 8.0)
        g, n = random.uniform(-0.5, 0.6), random.choice([1.0, random.uniform(1.2, 1.5)])
        answers = [iadpython.Sample(a=albedo, b=depth, g=g, n=n, quad_pts=q).rt()[:2] for q in (24, 32)]
        if np.abs(np.subtract(*answers)).max() > 3e-5:
            continue
        compared += 1
        values = lit(PlaneStacks.of([1.0], [(1 - albedo) * depth], [albedo * depth], [g], [n])).values
        assert (values.specular + values.diffuse_reflectance)[0, 0] == pytest.approx(answers[1][0], abs=1e-4)
        assert values.transmittance[0, 0] == pytest.approx(answers[1][1], abs=1e-4)
    assert compared >= 15


def test_equilibrium_is_four_n_squared() -> None:
    """Mean path: in Lambertian light from both sides, without absorption, every point of every layer has 4 n^2."""
    d, mu_s, g, n = [0.3, 1.0, 0.05, 2.0], [5.0, 0.4, 30.0, 2.0], [0.9, -0.4, 0.7, 0.0], [1.4, 1.33, 1.5, 1.0]
    clear = [0.0] * 4
    above = lit(PlaneStacks.of(d, clear, mu_s, g, n), DIFFUSE, 0.0, 0.2, 1.0, 1.32, 3.0)
    below = lit(PlaneStacks.of(d[::-1], clear, mu_s[::-1], g[::-1], n[::-1]), DIFFUSE, 3.35, 3.15, 2.35, 2.03, 0.35)
    expected = 4 * np.array([1.4, 1.4, 1.33, 1.5, 1.0]) ** 2
    assert (above.values.fluence_rate + below.values.fluence_rate)[0, 0] == pytest.approx(expected, rel=1e-3)
    layers = (above.values.layer_mean + below.values.layer_mean[..., ::-1])[0, 0]
    assert layers == pytest.approx(4 * np.array(n) ** 2, rel=1e-3)


LIMITS = {
    "no absorption": PlaneStacks.of([2.0, 1.0], [0.0, 0.0], [5.0, 0.3], [0.8, -0.5], [1.4, 1.2]),
    "clear layers": PlaneStacks.of([1.0, 1.0, 1.0], [0.0, 0.0, 0.1], [0.0, 5.0, 0.0], [0.0, 0.8, 0.0], [1.5, 1.2, 1.3]),
    "window": PlaneStacks.of([1e4], [0.0], [0.0], [0.0], [1.5]),
    "thin": PlaneStacks.of([1e-4, 1e-4, INF], [0.1, 0.0, 0.1], [5.0, 0.0, 5.0], [0.8, 0.0, 0.8], [1.4, 1.4, 1.3]),
    "thick": PlaneStacks.of([1e4, 1.0], [0.1, 0.1], [5.0, 5.0], [0.8, 0.8], [1.4, 1.4]),
    "thick without absorption": PlaneStacks.of([1e4, 1.0], [0.0, 0.1], [5.0, 5.0], [0.8, 0.8], [1.4, 1.4]),
    "nearly no absorption": PlaneStacks.of([5.0, INF], [1e-9, 1e-9], [10.0, 10.0], [0.9, 0.9], [1.4, 1.3]),
    "forward": PlaneStacks.of([1.0, INF], [0.01, 0.1], [500.0, 50.0], [0.999, 0.9], [1.4, 1.3]),
    "backward": PlaneStacks.of([1.0, INF], [0.01, 0.1], [50.0, 50.0], [-0.99, 0.9], [1.4, 1.3]),
    "next to nothing": PlaneStacks.of([5.0, 5.0], [1e-9, 1e-9], [1e-8, 1e-6], [0.9, 0.9], [1.4, 1.3]),
    "very much": PlaneStacks.of([5.0, 5.0], [1e4, 1e-2], [1e5, 1e4], [0.9, 0.9], [1.4, 1.3]),
    "equal indices": PlaneStacks.of([5.0, 5.0], [0.1, 0.1], [1.0, 1.0], [0.0, 0.0], [1.0, 1.0]),
    "nearly equal indices": PlaneStacks.of([1.0, INF], [0.1, 0.1], [5.0, 5.0], [0.9, 0.9], [1.4, 1.4 + 1e-5]),
    "glass above": PlaneStacks.of([1.0, INF], [0.1, 0.1], [5.0, 5.0], [0.9, 0.9], [1.3, 1.4], n_above=1.5),
    "not there": PlaneStacks.of([0.0, 1.0, 0.0], [0.1, 0.1, 3.0], [5.0, 5.0, 1.0], [0.9, 0.9, 0.0], [1.4, 1.4, 1.4]),
}


@pytest.mark.parametrize("light", [NORMAL, GRAZING, DIFFUSE], ids=["normal", "grazing", "Lambertian"])
@pytest.mark.parametrize("name", LIMITS)
def test_limits_are_finite_and_keep_the_energy(name: str, light: Incidence | Lobe) -> None:
    """Absorption from fluence rates and what leaves from fluxes add up to 1 within 1e-9, at every extreme."""
    stacks = LIMITS[name]
    bottom = min(float(stacks.thickness_mm.sum()), 30.0)
    points = np.broadcast_to(np.linspace(0.0, bottom, 7), (1, 7))
    values = discrete_ordinates(stacks, light, DepthBins(points, points), 9)
    assert np.abs(sum_of_fates(values) - 1).max() < 1e-9
    assert values.lost[0, 0] == 0.0
    for tally in (values.fluence_rate, values.layer_mean, values.absorbed):
        assert np.isfinite(tally).all()
        assert (tally >= 0).all()


def test_light_without_end_is_lost() -> None:
    """An endless scatterer without absorption gives back all but a trace, and that is called lost."""
    values = lit(PlaneStacks.of([INF], [0.0], [5.0], [0.8], [1.4])).values
    assert 0 < values.lost[0, 0] < 1e-5
    assert sum_of_fates(values)[0, 0] == pytest.approx(1.0, abs=1e-9)


def test_deep_light_falls_without_noise() -> None:
    """Far down the curve is one exponential, at any depth: nothing of the light near the surface is left in it."""
    values = lit(PlaneStacks.of([1e4], [0.1], [5.0], [0.8], [1.4]), NORMAL, 100.0, 200.0, 300.0, 1000.0).values
    logs = np.log(values.fluence_rate[0, 0])
    assert logs[2] - logs[1] == pytest.approx(logs[1] - logs[0], rel=1e-9)
    assert logs[3] - logs[2] == pytest.approx(7 * (logs[1] - logs[0]), rel=1e-9)


def test_a_cut_layer_is_the_same_layer() -> None:
    """Points, bins, and a bin across an interface: none of them sees where a layer was cut."""
    whole = PlaneStacks.of([3.0], [0.05], [6.0], [0.8], [1.4])
    cut = PlaneStacks.of([0.3, 1.7, 1.0], [0.05] * 3, [6.0] * 3, [0.8] * 3, [1.4] * 3)
    lower, upper = np.array([[0.2, 0.3, 1.0, 2.5]]), np.array([[0.4, 0.3, 2.5, 3.0]])
    one, other = (discrete_ordinates(stack, GRAZING, DepthBins(lower, upper), 8) for stack in (whole, cut))
    assert one.fluence_rate == pytest.approx(other.fluence_rate, rel=1e-9)
    assert one.diffuse_reflectance == pytest.approx(other.diffuse_reflectance, rel=1e-9)
    assert one.absorbed.sum() == pytest.approx(other.absorbed.sum(), rel=1e-9)


def test_a_bin_is_the_mean_of_its_points() -> None:
    """The integral over a bin is the analytic one: Gauss points in it give the same."""
    stacks = PlaneStacks.of([0.5, INF], [0.3, 0.02], [20.0, 8.0], [0.9, 0.8], [1.4, 1.37])
    x, w = np.polynomial.legendre.leggauss(12)
    points = 0.7 + 0.1 * x
    bins = depth_light(stacks, NORMAL, np.array([0.6]), np.array([0.8])).values.fluence_rate[0, 0, 0]
    at_points = lit(stacks, NORMAL, *points, accuracy=1e-3).values.fluence_rate[0, 0]
    assert at_points @ w / 2 == pytest.approx(bins, rel=1e-9)


def test_fields_are_sums_of_beams() -> None:
    """Many fields of the same beams in one solve are what each gives alone; a lobe is close to its quantiles."""
    stacks = PlaneStacks.of([0.5, INF], [0.3, 0.02], [20.0, 8.0], [0.9, 0.8], [1.4, 1.37])
    cosines = np.array([0.2, 0.7, 1.0])
    both = lit(stacks, Incidence(cosines=cosines, weights=np.array([[1.0, 0.0, 0.0], [0.2, 0.3, 0.5]])), 1.0, 5.0)
    alone = [lit(stacks, Incidence.of_cosines([cosine]), 1.0, 5.0).values.fluence_rate[0, 0] for cosine in cosines]
    assert both.values.fluence_rate[0, 0] == pytest.approx(alone[0], rel=1e-4)
    assert both.values.fluence_rate[0, 1] == pytest.approx(np.array([0.2, 0.3, 0.5]) @ alone, rel=1e-4)
    quantiles = ((np.arange(400) + 0.5) / 400) ** (1 / 7)
    lobe = lit(stacks, Lobe(exponent=5.0), 1.0, 5.0).values.fluence_rate
    assert lit(stacks, Incidence.of_cosines(quantiles), 1.0, 5.0).values.fluence_rate == pytest.approx(lobe, rel=1e-3)


def test_what_is_kept_of_equal_indices_is_of_the_same_light() -> None:
    """Stacks of one set of indices share what was computed for it before, but only for equal light."""
    stacks = PlaneStacks.of([0.5, INF], [0.3, 0.02], [20.0, 8.0], [0.9, 0.8], [1.4, 1.37])
    first, same, other = (lit(stacks, Incidence.plane_wave(deg), 1.0).values for deg in (30.0, 30.0, 60.0))
    assert np.array_equal(first.fluence_rate, same.fluence_rate)
    assert first.fluence_rate[0, 0, 0] > 1.01 * other.fluence_rate[0, 0, 0]
    cosines = np.array([0.5, 1.0])
    halves, left = (Incidence(cosines=cosines, weights=np.array([row])) for row in ([0.5, 0.5], [1.0, 0.0]))
    assert halves == Incidence.of_cosines(cosines) != left
    assert hash(halves) == hash(Incidence.of_cosines(cosines))
    assert lit(stacks, left, 1.0).values.fluence_rate == pytest.approx(other.fluence_rate, rel=1e-12)
    assert lit(stacks, halves, 1.0).values.fluence_rate[0, 0, 0] > 1.01 * other.fluence_rate[0, 0, 0]


def test_a_batch_is_its_stacks_one_by_one() -> None:
    """Stacks of all index patterns at once: on any number of threads to the bit, alone within the error estimate."""
    random = np.random.default_rng(3)
    shape = (150, 3)
    stacks = PlaneStacks(
        thickness_mm=random.uniform(0.1, 2.0, shape),
        mu_a_per_mm=random.uniform(0.0, 0.5, shape),
        mu_s_per_mm=random.uniform(1.0, 20.0, shape),
        g=random.uniform(0.0, 0.95, shape),
        n=random.choice([1.33, 1.4, 1.44], shape),
        n_above=np.ones(150),
        n_below=np.full(150, 1.37),
    )
    depths = random.uniform(0.0, 0.3, (150, 4))
    one, two = (depth_light(stacks, NORMAL, depths, accuracy=1e-2, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.values.fluence_rate, two.values.fluence_rate)
    for row in (0, 77, 149):
        alone = depth_light(stacks.take(slice(row, row + 1)), NORMAL, depths[row], accuracy=1e-2)
        assert alone.values.fluence_rate[0] == pytest.approx(one.values.fluence_rate[row], rel=1e-4)


def test_what_cannot_be_solved_is_a_problem() -> None:
    with pytest.raises(BadInput, match="light travel for ever"):
        PlaneStacks.of([INF], [0.0], [0.0], [0.0], [1.4])
    with pytest.raises(BadInput, match=r"g\[0, 0\]"):
        PlaneStacks.of([1.0], [0.0], [1.0], [1.0], [1.4])
    with pytest.raises(BadInput, match="thickness_mm"):
        PlaneStacks.of([INF, 1.0], [0.1, 0.1], [1.0, 1.0], [0.0, 0.0], [1.4, 1.4])
    slab = PlaneStacks.of([1.0], [0.1], [1.0], [0.0], [1.4])
    with pytest.raises(BadInput, match="outside the stack"):
        lit(slab, NORMAL, 1.5)
    with pytest.raises(BadInput, match="two orders"):
        depth_light(slab, NORMAL, np.array([0.5]), orders=(4,))
    with pytest.raises(BadInput, match="cosine of incidence"):
        Incidence.of_cosines([0.0])
    with pytest.raises(BadInput, match="exponent"):
        Lobe(exponent=-1.0)
