"""Checks the convolution of an even beam against the laterally integrated run, and that dose is linear in power."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from openpbm.device import beam, output_prior
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.depth_profile import DEPTH_EDGES_MM, DEPTH_MM
from openpbm.planning.dose import DISTANCE_SD, PLACEMENT_SD_MM, Draws, FluenceRates, band, draw_unknowns, fluence_rates
from openpbm.planning.light import Fields, compute_fields
from openpbm.tissue import build, nominal_scenario
from openpbm.transport import Layer, Scene, Source, simulate

CALF = sites["posterior_calf"]
TISSUE = nominal_scenario(CALF, Person(skin_type=2))
PHOTONS = 6_000


def light(wavelength_nm: float = 850.0) -> Fields:
    return compute_fields(CALF, [TISSUE], wavelength_nm, (1.0,), photons=PHOTONS, seed=11)


LIGHT = light()
PLACED = Draws(offset_mm=np.zeros((1, 2)), distance_factor=np.ones(1), output=np.ones((1, 1)))


def lamp(*emitters: Emitters) -> Lamp:
    return Lamp(id="own", name="own", kind="other", output_status="measured", emitters=emitters)


def leds(power_mw: float = 100.0, wavelength_nm: float = 850.0) -> Emitters:
    return Emitters(
        wavelength_nm=wavelength_nm, power_mw=power_mw, half_angle_deg=30.0, rows=8, columns=8, pitch_mm=20.0
    )


def even(irradiance_mw_cm2: float) -> Lamp:
    return lamp(Emitters(wavelength_nm=850.0, irradiance_mw_cm2=irradiance_mw_cm2, at_distance_mm=100.0))


def profile(
    source: Lamp, distance_mm: float = 100.0, draws: Draws = PLACED, fields: tuple[Fields, ...] = (LIGHT,)
) -> NDArray[Any]:
    found: NDArray[Any] = fluence_rates(source, beam(source, distance_mm), fields, draws).profile(None)[0]
    return found


def test_an_even_beam_gives_the_laterally_integrated_run() -> None:
    """Identity: rings weighted by an even map sum to irradiance times the Green's function over the whole plane."""
    expected = 30.0 * LIGHT.fluence_rate[0].sum(axis=0)
    np.testing.assert_allclose(profile(even(30.0)), expected, rtol=1e-12)


def test_an_even_beam_agrees_with_a_plane_wave() -> None:
    """Reciprocity of beam and point: an independent run of a plane wave on the same layers, within five errors."""
    scene = Scene(
        layers=tuple(Layer(**asdict(layer)) for layer in build(CALF, TISSUE, 850.0).layers),
        source=Source(kind="uniform"),
        photons=PHOTONS,
        seed=123,
        depths_mm=(0.55, 2.125, 6.25),
        bin_mm=0.1,
    )
    rates = profile(even(1.0))
    for row in simulate(scene, method="monte_carlo").fluence_rate:
        ours = float(np.interp(row.depth_mm, DEPTH_MM, rates))
        # Both runs are noisy, and their bins are not of one size.
        assert ours == pytest.approx(row.value, abs=5.0 * 1.5 * row.standard_error + 0.02 * row.value)


def test_fluence_rate_under_the_skin_exceeds_the_irradiance_and_falls_below_it() -> None:
    """Back-scattered light adds: a known property of turbid tissue."""
    rates = profile(even(1.0))
    assert rates[DEPTH_MM < 1.0].max() > 1.0
    assert rates[DEPTH_MM > 15.0].max() < 0.2


def test_fluence_rate_is_linear_in_power() -> None:
    """Identity: twice the power of every emitter, twice the fluence rate at every depth."""
    np.testing.assert_allclose(profile(lamp(leds(200.0))), 2.0 * profile(lamp(leds(100.0))), rtol=1e-12)


def test_two_emitters_of_one_wavelength_add() -> None:
    """Identity: 70 mW beside 50 mW in the same place are 120 mW."""
    np.testing.assert_allclose(profile(lamp(leds(70.0), leds(50.0))), profile(lamp(leds(120.0))), rtol=1e-12)


def test_wavelengths_add_up_to_all_light() -> None:
    both = lamp(leds(100.0), leds(60.0, 660.0))
    rates = fluence_rates(both, beam(both, 100.0), (LIGHT, light(660.0)), PLACED)
    np.testing.assert_allclose(rates.profile(None), rates.profile(850.0) + rates.profile(660.0), rtol=1e-12)
    np.testing.assert_allclose(rates.profile(850.0)[0], profile(lamp(leds(100.0))), rtol=1e-12)


def test_a_small_spot_gives_less_at_depth_than_a_broad_beam_as_bright() -> None:
    """Light leaves a narrow beam sideways: the deeper, the more is missing."""
    laser = lamp(Emitters(wavelength_nm=850.0, power_mw=100.0, spot_diameter_mm=6.0))
    peak = float(beam(laser, 0.0).irradiance_mw_cm2(0.0, 0.0))
    share = profile(laser, 0.0) / profile(even(peak))
    at = [float(np.interp(depth, DEPTH_MM, share)) for depth in (0.2, 2.0, 5.0, 10.0)]
    assert at == sorted(at, reverse=True)
    assert at[0] < 1.0
    assert at[2] < 0.3


def test_a_lamp_set_down_beside_the_target_gives_less() -> None:
    aside = Draws(offset_mm=np.array([[120.0, 0.0]]), distance_factor=np.ones(1), output=np.ones((1, 1)))
    assert np.all(profile(lamp(leds()), draws=aside) < 0.6 * profile(lamp(leds())))


def test_a_lamp_farther_than_planned_is_computed_where_it_stands() -> None:
    farther = Draws(offset_mm=np.zeros((1, 2)), distance_factor=np.array([1.3]), output=np.ones((1, 1)))
    np.testing.assert_allclose(profile(lamp(leds()), draws=farther), profile(lamp(leds()), 130.0), rtol=1e-12)
    # Known at one distance only: nothing tells how it falls off.
    np.testing.assert_array_equal(profile(even(30.0), draws=farther), profile(even(30.0)))


@pytest.mark.parametrize("status", ["claimed", "measured"])
def test_drawn_outputs_fill_the_prior_evenly(status: str) -> None:
    """5, 50 and 95 percent of the drawn outputs are those of the prior: strata leave little to chance."""
    own = Lamp(id="own", name="own", kind="other", output_status=status, emitters=(leds(),))  # type: ignore[arg-type]
    prior = output_prior(own)
    low, middle, high = np.quantile(draw_unknowns(prior, "area", 40, 1).output, [0.05, 0.5, 0.95])
    assert (low, middle, high) == pytest.approx((prior.lower, prior.median, prior.upper), rel=0.01)


def test_placement_and_distance_are_drawn_as_stated() -> None:
    prior = output_prior(lamp(leds()))
    for mode, spread_mm in PLACEMENT_SD_MM.items():
        drawn = draw_unknowns(prior, mode, 4000, 2)
        assert drawn.offset_mm.std() == pytest.approx(spread_mm, rel=0.04)
        assert np.log(drawn.distance_factor).std() == pytest.approx(DISTANCE_SD, rel=0.04)
    one, same, other = (draw_unknowns(prior, "area", 5, seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.offset_mm, same.offset_mm)
    np.testing.assert_array_equal(one.output, same.output)
    assert not np.array_equal(one.offset_mm, other.offset_mm)


def test_bands_are_percentiles_over_tissues_and_outputs() -> None:
    """Of the flat numbers 1..20 times 1: p5 1.95, median 10.5, p95 19.05 by linear interpolation."""
    spread = band(np.arange(1.0, 21.0))
    assert (spread.p5, spread.median, spread.p95) == pytest.approx((1.95, 10.5, 19.05))
    flat = np.tile(np.arange(1.0, 21.0)[:, None], (1, DEPTH_MM.size))
    rates = FluenceRates(profiles={850.0: flat}, output=np.ones((20, 1)))
    rows = rates.bands(850.0)
    assert len(rows) == DEPTH_MM.size == DEPTH_EDGES_MM.size - 1
    depth_mm, rate = rows[5]
    assert (depth_mm, rate.p5, rate.median, rate.p95) == pytest.approx((DEPTH_MM[5], 1.95, 10.5, 19.05))


def test_a_structure_is_read_at_its_own_depth_in_every_tissue() -> None:
    depth_mm = TISSUE.target_depth_mm["gastrocnemius"]
    rates = FluenceRates(profiles={850.0: DEPTH_MM[None, :]}, output=np.array([[1.0, 0.5]]))
    np.testing.assert_allclose(rates.at([TISSUE], "gastrocnemius", None), [[depth_mm, 0.5 * depth_mm]], rtol=1e-12)
