"""The light of one entry point against the plane answer, a closed form, and itself."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from transport.conftest import Simulate

from openpbm.errors import BadInput
from openpbm.transport import Scene, Source, green_function

DEPTHS = [0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 20.0]
RADII = [0.0, 0.5, 1.0, 2.0, 5.0, 10.0]


def test_rings_and_overflow_make_the_plane_answer(skin: Callable[..., Scene], run: Simulate) -> None:
    """Areas times rates plus the overflow is the laterally integrated fluence rate of the plane run."""
    field = green_function(skin(6000, seed=2), DEPTHS, RADII)
    areas = np.pi * np.diff(np.square(RADII))
    plane = areas @ field.fluence_rate_per_mm2 + field.overflow
    batch = np.einsum("r,brz->bz", areas, field.batch_fluence_rate_per_mm2) + field.batch_overflow
    error = batch.std(axis=0, ddof=1) / math.sqrt(len(batch))
    for slab, (low, high) in enumerate(itertools.pairwise(DEPTHS)):
        centre, width = (low + high) / 2, high - low
        row = run(skin(6000, seed=3, depths_mm=(centre,), bin_mm=width)).fluence_rate[0]
        assert abs(plane[slab] - row.value) < 4.5 * math.hypot(error[slab], row.standard_error)
    assert field.energy_balance_error < 1e-9


def test_batches_make_the_whole(skin: Callable[..., Scene]) -> None:
    """Mean of the batches is the answer and their spread its standard error."""
    field = green_function(skin(3200), DEPTHS, RADII)
    batches = field.batch_fluence_rate_per_mm2
    assert np.allclose(batches.mean(axis=0), field.fluence_rate_per_mm2, rtol=1e-12)
    assert np.allclose(batches.std(axis=0, ddof=1) / 4.0, field.standard_error_per_mm2, rtol=1e-9)
    assert field.overflow_standard_error.shape == field.overflow.shape == (7,)


def test_isotropic_point_in_a_clear_absorber(slab: Callable[..., Scene]) -> None:
    """Mean of exp(-mu_a r) / (4 pi r^2) over a far ring, by quadrature: nothing scatters, nothing reflects."""
    scene = slab(0.3, 0.0, 0.0, 10.0, photons=200_000, source=Source(kind="isotropic", depth_mm=5.0))
    depths, radii = [6.0, 6.5, 7.0], [0.0, 1.0, 2.0, 3.0]
    field = green_function(scene, depths, radii)
    for slab_index, ring in [(0, 0), (1, 2)]:
        z = np.linspace(depths[slab_index], depths[slab_index + 1], 401)[:, None] - 5.0
        squared = np.linspace(radii[ring] ** 2, radii[ring + 1] ** 2, 401)[None, :]
        distance = np.sqrt(z**2 + squared)
        expected = float(np.mean(np.exp(-0.3 * distance) / (4 * np.pi * distance**2)))
        value, error = field.fluence_rate_per_mm2[ring, slab_index], field.standard_error_per_mm2[ring, slab_index]
        assert abs(value - expected) < 4.5 * error + 0.005 * expected


def test_endless_absorber_scores_every_path(slab: Callable[..., Scene]) -> None:
    """Beer-Lambert on the axis of a half space without scattering, with a path that has no end."""
    field = green_function(slab(0.5, 0.0, 0.0, None, photons=40_000), [0.0, 1.0, 4.0], [0.0, 0.1])
    inner = field.fluence_rate_per_mm2[0] * math.pi * 0.01
    expected = [(1 - math.exp(-0.5)) / 0.5, (math.exp(-0.5) - math.exp(-2.0)) / 0.5 / 3]
    error = field.standard_error_per_mm2[0] * math.pi * 0.01
    assert np.all(np.abs(inner - expected) < 4.5 * error)
    assert np.all(field.overflow == 0.0)


def test_same_bits_on_any_number_of_threads(skin: Callable[..., Scene]) -> None:
    one, two = (green_function(skin(800, seed=4), DEPTHS, RADII, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.batch_fluence_rate_per_mm2, two.batch_fluence_rate_per_mm2)


@pytest.mark.parametrize(
    ("depths", "radii", "key"),
    [
        ([0.0], RADII, "depth_edges_mm: 1 given"),
        ([0.0, 2.0, 1.0], RADII, "depth_edges_mm: edges must rise"),
        (DEPTHS, [1.0, 2.0], r"radius_edges_mm\[0\]: 1"),
        (DEPTHS, [0.0, math.nan], "radius_edges_mm: every edge"),
    ],
)
def test_bad_edges_are_named(skin: Callable[..., Scene], depths: list[float], radii: list[float], key: str) -> None:
    with pytest.raises(BadInput, match=key):
        green_function(skin(100), depths, radii)
