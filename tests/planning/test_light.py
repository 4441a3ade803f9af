"""Light in drawn tissues: the solver's own on the axis, shared out over rings, and photons agree with it."""

from __future__ import annotations

import numpy as np
import pytest
from tissue_rows import tissue_rows

from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.light import DEPTH_MM, RADIUS_EDGES_MM, axial_light, compute_fields, stacks_of
from openpbm.tissue import TissueDraw, draw_tissues, middle_tissue
from openpbm.transport import Layer, Scene, Source, simulate
from openpbm.transport.plane_light import depth_light
from openpbm.transport.plane_stacks import Incidence, Lobe

CALF = sites["posterior_calf"]
STRAIGHT = Incidence.plane_wave()
TISSUES = draw_tissues(CALF, Person(skin_type=2), count=16, seed=5)
LIGHT = compute_fields(TISSUES, 850.0, STRAIGHT)


def test_every_tissue_ring_and_place_has_its_light() -> None:
    assert LIGHT.wavelength_nm == 850.0
    assert LIGHT.fluence_rate.shape == (16, RADIUS_EDGES_MM.size, DEPTH_MM.size + len(CALF.targets))
    assert np.all(np.isfinite(LIGHT.fluence_rate))
    assert np.all(LIGHT.fluence_rate >= 0.0)


def test_rings_and_what_lies_beyond_hold_all_the_light() -> None:
    """Conservation: light that falls in everywhere alike is that of the endless plane, whatever the rings are."""
    stacks = stacks_of(TISSUES, 850.0)
    axis, _ = axial_light(stacks, STRAIGHT, np.broadcast_to(DEPTH_MM, (16, DEPTH_MM.size)))
    np.testing.assert_allclose(LIGHT.fluence_rate.sum(axis=1)[:, : DEPTH_MM.size], axis, rtol=1e-12)


@pytest.mark.parametrize(
    "light", [STRAIGHT, Incidence.of_cosines([0.5, 0.8, 0.9]), Lobe()], ids=["laser", "leds", "pad"]
)
@pytest.mark.parametrize("wavelength_nm", [660.0, 850.0])
def test_the_light_is_within_its_error_of_a_finer_solution(light: Incidence | Lobe, wavelength_nm: float) -> None:
    """Against many more directions: never off by more than it says of itself, nor by more than 0.6 %."""
    stacks, depths = stacks_of(TISSUES, wavelength_nm), TISSUES.target_depth_mm
    found, error = axial_light(stacks, light, depths)
    finer = depth_light(stacks, light, depths, accuracy=1e-4)
    assert finer.converged.all()
    off = np.abs(found / finer.values.fluence_rate[:, 0] - 1.0)
    assert np.all(off <= error + 1e-4)
    assert off.max() <= 0.006
    assert error.max() <= 0.02


def test_the_worst_error_of_all_tissues_is_told() -> None:
    _, error = axial_light(stacks_of(TISSUES, 850.0), STRAIGHT, TISSUES.target_depth_mm)
    assert error.max() <= LIGHT.error <= 0.02


def test_a_structure_has_the_light_of_its_own_depth_in_every_tissue() -> None:
    """Identity: each tissue solved alone, at the one depth where the structure lies in it."""
    for number in (0, 7, 15):
        alone = tissue_rows(TISSUES, [number])
        for place, structure in enumerate(CALF.targets):
            direct, _ = axial_light(stacks_of(alone, 850.0), STRAIGHT, alone.depth_of(structure.id)[:, None])
            ours = LIGHT.fluence_rate[number, :, DEPTH_MM.size + place].sum()
            assert ours == pytest.approx(float(direct[0, 0]), rel=1e-9)


def test_photons_agree_on_the_same_layers() -> None:
    """Monte Carlo, another method altogether: within four standard errors, and 1 % for a bin that is no point."""
    tissue = middle_tissue(CALF, Person(skin_type=2))
    depths = (0.5, 2.0, 5.0, 10.0)
    scene = Scene(layers=layers(tissue), source=Source(kind="uniform"), photons=20_000, seed=123, depths_mm=depths)
    ours, _ = axial_light(stacks_of(tissue, 850.0), STRAIGHT, np.array([depths]))
    for rate, row in zip(ours[0], simulate(scene, method="monte_carlo").fluence_rate, strict=True):
        assert row.standard_error < 0.05 * row.value
        assert rate == pytest.approx(row.value, abs=4.0 * row.standard_error + 0.01 * row.value)


def layers(tissue: TissueDraw) -> tuple[Layer, ...]:
    """The layers of a draw of one, as a scene takes them."""
    optics = tissue.optics([850.0])
    of_layer = (optics.mu_a_per_mm, optics.mu_s_per_mm, optics.g, optics.n)
    numbers = (optics.thickness_mm[0], *(values[0, :, 0] for values in of_layer))
    return tuple(
        Layer(
            name=name,
            thickness_mm=None if np.isinf(thickness) else float(thickness),
            mu_a_per_mm=float(mu_a),
            mu_s_per_mm=float(mu_s),
            g=float(g),
            n=float(n),
        )
        for name, thickness, mu_a, mu_s, g, n in zip(tissue.layers, *numbers, strict=True)
    )


def test_between_two_depths_of_the_grid_the_logarithm_of_the_light_is_straight() -> None:
    """Curves are drawn through it: halfway the geometric mean to 1 % in nine of ten; at a border of layers it bends."""
    middles = (DEPTH_MM[:-1] + DEPTH_MM[1:]) / 2.0
    between, _ = axial_light(stacks_of(TISSUES, 850.0), STRAIGHT, np.broadcast_to(middles, (16, middles.size)))
    grid = LIGHT.fluence_rate.sum(axis=1)[:, : DEPTH_MM.size]
    off = np.abs(between / np.sqrt(grid[:, 1:] * grid[:, :-1]) - 1.0)
    assert np.quantile(off, 0.9) < 0.01
    assert off.max() < 0.13


def test_fluence_rate_under_the_skin_exceeds_the_irradiance_and_falls_below_it() -> None:
    """Back-scattered light adds: a known property of turbid tissue."""
    rates = LIGHT.fluence_rate.sum(axis=1)[:, : DEPTH_MM.size]
    assert np.all(rates[:, DEPTH_MM < 1.0].max(axis=1) > 1.0)
    assert np.all(rates[:, DEPTH_MM > 15.0].max(axis=1) < 0.5)


def test_the_deeper_the_more_of_the_light_comes_from_afar() -> None:
    """Light spreads on its way down: below the skin, the share that fell in within 5 mm shrinks with every depth."""
    near = LIGHT.fluence_rate[:, :-1][:, RADIUS_EDGES_MM[1:] <= 5.0].sum(axis=1)
    share = (near / LIGHT.fluence_rate.sum(axis=1))[:, : DEPTH_MM.size]
    assert np.all(np.diff(share[:, DEPTH_MM >= 1.0], axis=1) < 0.0)
    assert np.all(share[:, DEPTH_MM == 1.0] > 0.4)
    assert np.all(share[:, DEPTH_MM == 40.0] < 0.15)


def test_light_from_all_sides_reaches_less_deep_than_straight_light() -> None:
    """Below the skin both are diffuse, so what a pad has less is the same share at every depth."""
    pad = compute_fields(TISSUES, 850.0, Lobe()).fluence_rate.sum(axis=1)
    share = (pad / LIGHT.fluence_rate.sum(axis=1))[:, : DEPTH_MM.size][:, DEPTH_MM >= 5.0]
    assert np.all((share > 0.7) & (share < 0.97))
    assert np.all(np.ptp(share, axis=1) < 0.02)


def test_threads_change_no_bit() -> None:
    # More tissues than one thread takes at once, so that there is something to share out.
    many = draw_tissues(CALF, Person(), count=72, seed=5)
    one, three = (compute_fields(many, 850.0, STRAIGHT, threads=threads) for threads in (1, 3))
    np.testing.assert_array_equal(one.fluence_rate, three.fluence_rate)
    assert one.error == three.error


def test_the_light_in_a_tissue_does_not_hang_on_those_drawn_beside_it() -> None:
    some = [3, 9, 11]
    alone = compute_fields(tissue_rows(TISSUES, some), 850.0, STRAIGHT)
    np.testing.assert_allclose(alone.fluence_rate, LIGHT.fluence_rate[some], rtol=1e-9)
