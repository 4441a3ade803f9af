"""Checks the dose under a lamp: an even beam against the solver's own light, linear in power, placed as drawn."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from openpbm.device import beam, output_prior, output_quantile
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.dose import (
    DISTANCE_SD,
    PLACEMENT_SD_MM,
    FluenceRates,
    Placements,
    band,
    draw_placements,
    even_outputs,
    fluence_rates,
)
from openpbm.planning.light import DEPTH_MM, Fields, axial_light, compute_fields, stacks_of
from openpbm.tissue import TissueDraw, draw_tissues, middle_tissue
from openpbm.transport.plane_stacks import Incidence

Floats = NDArray[np.float64]
CALF = sites["posterior_calf"]
STRAIGHT = Incidence.plane_wave()
TISSUE = middle_tissue(CALF, Person(skin_type=2))
TISSUES = draw_tissues(CALF, Person(skin_type=2), count=8, seed=5)
FULL = np.ones(1)


def light(tissues: TissueDraw, wavelength_nm: float = 850.0) -> Fields:
    return compute_fields(tissues, wavelength_nm, STRAIGHT)


LIGHT = light(TISSUE)
MANY = light(TISSUES)


def placements(x_mm: float = 0.0, factor: float = 1.0, tissues: int = 1) -> Placements:
    """One way of putting the lamp, met by every tissue."""
    return Placements(
        offset_mm=np.array([[x_mm, 0.0]]),
        distance_factor=np.array([factor]),
        of_tissue=np.zeros(tissues, dtype=np.intp),
    )


PLACED = placements()


def lamp(*emitters: Emitters) -> Lamp:
    return Lamp(id="own", name="own", kind="other", output_status="measured", emitters=emitters)


def leds(power_mw: float = 100.0, wavelength_nm: float = 850.0) -> Emitters:
    return Emitters(
        wavelength_nm=wavelength_nm, power_mw=power_mw, half_angle_deg=30.0, rows=8, columns=8, pitch_mm=20.0
    )


def even(irradiance_mw_cm2: float) -> Lamp:
    return lamp(Emitters(wavelength_nm=850.0, irradiance_mw_cm2=irradiance_mw_cm2, at_distance_mm=100.0))


def profile(source: Lamp, distance_mm: float = 100.0, placed: Placements = PLACED) -> Floats:
    """(depth,) fluence rate in the one tissue, at the depths of the grid [mW/cm2]."""
    rates = fluence_rates(source, beam(source, distance_mm), CALF, (LIGHT,), placed, FULL)
    return rates.stated[850.0][0, : DEPTH_MM.size]


def test_an_even_beam_gives_the_light_of_the_endless_plane() -> None:
    """Identity: rings weighted by an even map sum to irradiance times the solver's own light on the axis."""
    axis, _ = axial_light(stacks_of(TISSUE, 850.0), STRAIGHT, DEPTH_MM[None])
    np.testing.assert_allclose(profile(even(30.0)), 30.0 * axis[0], rtol=1e-12)


def test_a_structure_is_read_at_its_own_depth_in_every_tissue() -> None:
    """Identity: under an even beam, irradiance times a direct solution at the depth where the structure lies there."""
    source = even(30.0)
    rates = fluence_rates(source, beam(source, 100.0), CALF, (MANY,), placements(tissues=8), np.array([1.0, 0.5]))
    axis, _ = axial_light(stacks_of(TISSUES, 850.0), STRAIGHT, TISSUES.target_depth_mm)
    for number, structure in enumerate(CALF.targets):
        np.testing.assert_allclose(rates.stated_at(structure.id, 850.0), 30.0 * axis[:, number], rtol=1e-12)
        np.testing.assert_array_equal(rates.at(structure.id, None)[:, 1], 0.5 * rates.at(structure.id, None)[:, 0])


def test_fluence_rate_is_linear_in_power() -> None:
    """Identity: twice the power of every emitter, twice the fluence rate at every depth."""
    np.testing.assert_allclose(profile(lamp(leds(200.0))), 2.0 * profile(lamp(leds(100.0))), rtol=1e-12)


def test_two_emitters_of_one_wavelength_add() -> None:
    """Identity: 70 mW beside 50 mW in the same place are 120 mW."""
    np.testing.assert_allclose(profile(lamp(leds(70.0), leds(50.0))), profile(lamp(leds(120.0))), rtol=1e-12)


def test_wavelengths_add_up_to_all_light() -> None:
    both = lamp(leds(100.0), leds(60.0, 660.0))
    fields = (LIGHT, light(TISSUE, 660.0))
    rates = fluence_rates(both, beam(both, 100.0), CALF, fields, PLACED, FULL)
    for structure in CALF.targets:
        red, infrared, together = (rates.stated_at(structure.id, wavelength) for wavelength in (660.0, 850.0, None))
        np.testing.assert_allclose(together, red + infrared, rtol=1e-12)
        assert 0.0 < red[0] < infrared[0]
    np.testing.assert_allclose(rates.stated[850.0][0, : DEPTH_MM.size], profile(lamp(leds(100.0))), rtol=1e-12)


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
    assert np.all(profile(lamp(leds()), placed=placements(x_mm=120.0)) < 0.6 * profile(lamp(leds())))


def test_a_lamp_farther_than_planned_is_computed_where_it_stands() -> None:
    farther = placements(factor=1.3)
    np.testing.assert_allclose(profile(lamp(leds()), placed=farther), profile(lamp(leds()), 130.0), rtol=1e-12)
    # Known at one distance only: nothing tells how it falls off.
    np.testing.assert_array_equal(profile(even(30.0), placed=farther), profile(even(30.0)))


def test_each_tissue_has_the_light_of_its_own_placement() -> None:
    """Opened on a mix-up that could hide: eight tissues under two placements, against each placement alone."""
    source, both = lamp(leds()), np.array([[0.0, 0.0], [60.0, 0.0]])
    lit = beam(source, 100.0)
    of_tissue = np.array([0, 1, 1, 0, 1, 0, 0, 1])
    mixed = Placements(offset_mm=both, distance_factor=np.array([1.0, 1.2]), of_tissue=of_tissue)
    found = fluence_rates(source, lit, CALF, (MANY,), mixed, FULL)
    straight, aside = (
        fluence_rates(source, lit, CALF, (MANY,), placed, FULL)
        for placed in (placements(tissues=8), placements(60.0, 1.2, tissues=8))
    )
    np.testing.assert_allclose(found.stated[850.0][of_tissue == 0], straight.stated[850.0][of_tissue == 0], rtol=1e-12)
    np.testing.assert_allclose(found.stated[850.0][of_tissue == 1], aside.stated[850.0][of_tissue == 1], rtol=1e-12)
    for rates in (found, aside):
        np.testing.assert_allclose(rates.as_planned[850.0], straight.stated[850.0], rtol=1e-12)


@pytest.mark.parametrize("status", ["claimed", "measured"])
def test_outputs_fill_the_prior_evenly(status: str) -> None:
    """5, 50 and 95 percent of them are those of the prior, and so is the mean: equal shares leave nothing to chance."""
    own = Lamp(id="own", name="own", kind="other", output_status=status, emitters=(leds(),))  # type: ignore[arg-type]
    prior = output_prior(own)
    outputs = even_outputs(prior)
    shares = (np.arange(outputs.size) + 0.5) / outputs.size
    # The prior is straight on either side of its median in logarithm over normal score.
    at = np.exp(np.interp(ndtri([0.05, 0.5, 0.95]), ndtri(shares), np.log(outputs)))
    assert at == pytest.approx((prior.lower, prior.median, prior.upper), rel=0.01)
    everything = output_quantile(prior, (np.arange(10_000) + 0.5) / 10_000)
    assert outputs.mean() == pytest.approx(everything.mean(), rel=0.01)


@pytest.mark.parametrize("mode", PLACEMENT_SD_MM)
def test_placement_and_distance_are_drawn_as_stated(mode: str) -> None:
    drawn = draw_placements(mode, 512, 2)
    assert drawn.offset_mm.std(axis=0) == pytest.approx(PLACEMENT_SD_MM[mode], rel=0.04)
    assert drawn.offset_mm.mean(axis=0) == pytest.approx(0.0, abs=0.05 * PLACEMENT_SD_MM[mode])
    assert np.log(drawn.distance_factor).std() == pytest.approx(DISTANCE_SD, rel=0.04)
    assert np.abs(np.corrcoef(np.column_stack([drawn.offset_mm, drawn.distance_factor]).T) - np.eye(3)).max() < 0.1


def test_every_placement_is_met_by_as_many_tissues_and_chance_says_by_which() -> None:
    one, same, other = (draw_placements("area", 512, seed) for seed in (3, 3, 4))
    assert set(np.bincount(one.of_tissue)) == {512 // len(one.offset_mm)}
    np.testing.assert_array_equal(one.of_tissue, same.of_tissue)
    assert not np.array_equal(one.of_tissue, other.of_tissue)
    np.testing.assert_array_equal(one.offset_mm, other.offset_mm)
    # Who stands badly is no deeper than others: five errors of a correlation that is none.
    depth = draw_tissues(CALF, Person(), count=512, seed=3).depth_of("gastrocnemius")
    aside = np.hypot(*one.offset_mm[one.of_tissue].T)
    assert abs(np.corrcoef(depth, aside)[0, 1]) < 5.0 / np.sqrt(512)


def test_bands_are_percentiles_over_tissues_and_outputs() -> None:
    """Of the numbers 1..20: p5 1.95, median 10.5, p95 19.05 by linear interpolation; outputs multiply tissues."""
    spread = band(np.arange(1.0, 21.0))
    assert (spread.p5, spread.median, spread.p95) == pytest.approx((1.95, 10.5, 19.05))
    flat = np.tile(np.arange(1.0, 11.0)[:, None], (1, DEPTH_MM.size + len(CALF.targets)))
    rates = FluenceRates(site=CALF, stated={850.0: flat}, as_planned={850.0: flat}, output=np.array([1.0, 11.0]))
    rows = rates.bands(850.0)
    assert [depth_mm for depth_mm, _ in rows] == DEPTH_MM.tolist()
    every = np.concatenate([np.arange(1.0, 11.0), 11.0 * np.arange(1.0, 11.0)])
    for _, rate in rows:
        assert (rate.p5, rate.median, rate.p95) == pytest.approx(tuple(np.quantile(every, [0.05, 0.5, 0.95])))
    assert band(rates.at("gastrocnemius", None)) == rows[0][1]
