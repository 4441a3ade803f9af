"""Checks the derived window: it belongs to the trials, not to the person; no trial, no window; doses scale it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from present import present
from tissue_rows import in_anatomy, tissue_rows

from openpbm.facts.conditions import Protocol, conditions
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.light import RADIUS_EDGES_MM, axial_light, stacks_of
from openpbm.planning.prescription import Prescription, prescribe
from openpbm.planning.window import (
    _ADULTS,
    _ADULTS_SEED,
    _POINT_RADIUS_MM,
    Window,
    _lit_rings,
    reference_wavelength_nm,
    windows_at,
)
from openpbm.tissue import draw_tissues, middle_tissue
from openpbm.transport.plane_stacks import Lobe

Floats = NDArray[np.float64]
CALF = sites["posterior_calf"]
WRIST = sites["volar_wrist"]
SLIM = Person(age_years=30, sex="female", height_cm=170, weight_kg=55, skin_type=1)
HEAVY = Person(age_years=70, sex="female", height_cm=170, weight_kg=110, skin_type=6)


def prescription(diagnosis: str) -> Prescription:
    found = prescribe(conditions[diagnosis], next(iter(lamp_catalogue)))
    assert found is not None
    return found


LEGS_PRESCRIBED = prescription("rls_primary")
(PADS,) = LEGS_PRESCRIBED.trial_protocols


def windows(
    wanted: Prescription, here: Any = CALF, person: Person = SLIM, count: int = 8, **options: Any
) -> dict[str, Window | None]:
    return windows_at(wanted.trial_protocols, draw_tissues(here, person, count=count, seed=3), **options)


def windows_of(*protocols: Protocol, here: Any = CALF) -> dict[str, Window | None]:
    return windows(replace(LEGS_PRESCRIBED, trial_protocols=protocols), here)


LEGS = windows(LEGS_PRESCRIBED)


def edges(window: Window | None) -> tuple[Floats, Floats]:
    assert window is not None
    return window.low_j_cm2, window.high_j_cm2


def test_no_trial_no_window() -> None:
    cramps = prescription("nocturnal_cramps")
    assert windows(cramps) == dict.fromkeys(["gastrocnemius", "sural_nerve", "tibial_nerve"])
    assert cramps.trial_protocols == ()


def test_one_window_a_structure_and_one_pair_of_edges_a_tissue() -> None:
    assert list(LEGS) == [target.id for target in CALF.targets]
    for window in LEGS.values():
        low, high = edges(window)
        assert low.shape == high.shape == (8,)
        assert np.all(low > 0.0)
        assert np.all(low < high)
        assert window is not None
        assert window.protocols == ("rls_primary_pads",)
        assert window.middle() == (np.median(low), np.median(high))


def test_the_window_is_the_same_for_every_person() -> None:
    """What a trial delivered does not depend on who is treated now: fat and pigment of the person leave it alone."""
    for structure, window in windows(LEGS_PRESCRIBED, person=HEAVY).items():
        np.testing.assert_array_equal(edges(window), edges(LEGS[structure]))


def test_participants_have_the_optics_of_the_tissue_they_are_held_against() -> None:
    """A make-up that lets more light through has a higher window: its error cancels, and does not pass for dose."""
    low, _ = edges(LEGS["gastrocnemius"])
    tissues = draw_tissues(CALF, SLIM, count=8, seed=3)
    attenuation = tissues.optics([885.0]).mu_eff_per_mm[:, 2:, 0].sum(axis=1)
    assert np.corrcoef(np.log(low), attenuation)[0, 1] < -0.8
    assert low.max() > 1.5 * low.min()


def test_a_deeper_structure_has_a_lower_window() -> None:
    shallow, middle, deep = (edges(LEGS[name])[0] for name in ("sural_nerve", "gastrocnemius", "tibial_nerve"))
    assert np.all(shallow > middle)
    assert np.all(middle > deep)


def test_one_dose_is_as_wide_as_the_middle_half_of_adults_and_doses_widen_it_by_their_ratio() -> None:
    """Identity: 40-63 J/cm2 is 63 / 40 times as wide as one dose. What lamps give below their claim is not in it."""
    one_dose = windows_of(replace(PADS, fluence_j_cm2=(50.0, 50.0)))
    low, high = present(PADS.fluence_j_cm2)
    for structure, window in LEGS.items():
        of_adults, whole = (np.divide(*reversed(edges(each))) for each in (one_dose[structure], window))
        assert np.all(of_adults > 1.0)
        np.testing.assert_allclose(whole, high / low * of_adults, rtol=1e-12)


@pytest.fixture(scope="module")
def quartiles() -> Floats:
    """(make-up, structure, 2) light that a quarter and three quarters of adults stay below, each body solved."""
    adults = draw_tissues(CALF, Person(), count=_ADULTS, seed=_ADULTS_SEED)
    drawn = draw_tissues(CALF, SLIM, count=8, seed=3)
    melanin = np.repeat(middle_tissue(CALF, Person()).melanin_fraction, _ADULTS)
    found = []
    for number in range(8):
        alike = tissue_rows(drawn, np.full(_ADULTS, number))
        bodies = replace(in_anatomy(alike, adults), melanin_fraction=melanin)
        light, _ = axial_light(stacks_of(bodies, 885.0), Lobe(), bodies.target_depth_mm)
        found.append(np.quantile(light, [0.25, 0.75], axis=0).T)
    return np.array(found)


@pytest.mark.parametrize(
    ("structure", "at_worst", "mostly"),
    [("gastrocnemius", 0.03, 0.01), ("tibial_nerve", 0.05, 0.02), ("sural_nerve", 0.09, 0.05)],
)
def test_its_edges_are_the_quartiles_of_adults_lit_each_in_their_own_anatomy(
    quartiles: Floats, structure: str, at_worst: float, mostly: float
) -> None:
    """Direct solutions, each make-up in 512 bodies, against the factors that stand in for them."""
    ours = edges(windows_of(replace(PADS, fluence_j_cm2=(1.0, 1.0)))[structure])
    direct = quartiles[:, CALF.targets.index(CALF.target(structure))]
    off = np.abs(np.transpose(ours) / direct - 1.0)
    assert off.max() <= at_worst
    assert np.median(off, axis=0).max() <= mostly


def test_the_window_is_linear_in_the_trials_dose() -> None:
    """Identity: a trial that had given twice the fluence at the skin would have given twice at depth."""
    low, high = present(PADS.fluence_j_cm2)
    for structure, window in windows_of(replace(PADS, fluence_j_cm2=(2 * low, 2 * high))).items():
        np.testing.assert_allclose(edges(window), 2.0 * np.array(edges(LEGS[structure])), rtol=1e-12)


def test_one_more_trial_can_only_widen_it() -> None:
    more = replace(PADS, id="made_up", wavelength_nm=(800.0, 820.0), fluence_j_cm2=(1.0, 200.0))
    for structure, window in windows_of(PADS, more).items():
        low, high = edges(window)
        alone_low, alone_high = edges(LEGS[structure])
        assert np.all(low <= alone_low)
        assert np.all(high >= alone_high)
        assert np.any(low < alone_low)
        assert np.any(high > alone_high)
        assert window is not None
        assert window.protocols == ("rls_primary_pads", "made_up")


def test_each_trial_is_modelled_at_the_middle_of_its_wavelengths() -> None:
    assert [reference_wavelength_nm(one) for one in LEGS_PRESCRIBED.trial_protocols] == [885.0]
    for structure, window in windows_of(replace(PADS, wavelength_nm=(885.0, 885.0))).items():
        np.testing.assert_array_equal(edges(window), edges(LEGS[structure]))


def test_pads_bring_less_to_depth_than_beams_as_bright() -> None:
    """Light from all sides is turned back more: one share of every structure's light, whatever its depth."""
    beams = windows_of(replace(PADS, incidence="normal"))
    shares = [edges(LEGS[structure])[0] / edges(beams[structure])[0] for structure in LEGS]
    for share in shares:
        assert np.all((share > 0.75) & (share < 0.95))
        assert share == pytest.approx(shares[0], rel=0.02)


def test_a_point_gives_less_at_depth_than_the_same_fluence_on_all_the_skin() -> None:
    wanted = prescription("carpal_tunnel")
    points = next(row for row in wanted.trial_protocols if row.mode == "point")
    assert points.energy_per_point_j is not None
    area = replace(points, mode="area", energy_per_point_j=None, points=None, fluence_j_cm2=points.energy_per_point_j)
    lit, broad = (windows_of(each, here=WRIST)["median_nerve"] for each in (points, area))
    assert np.all(edges(lit)[0] < edges(broad)[0])
    assert np.all(edges(lit)[1] < edges(broad)[1])


def test_more_points_can_only_raise_the_high_edge() -> None:
    points = next(row for row in prescription("carpal_tunnel").trial_protocols if row.mode == "point")
    few, many = (windows_of(replace(points, points=(1, most)), here=WRIST)["median_nerve"] for most in (1, 4))
    np.testing.assert_array_equal(edges(many)[0], edges(few)[0])
    assert np.all(edges(many)[1] > 1.2 * edges(few)[1])


@pytest.mark.parametrize("points", [1, 3, 12])
def test_so_many_points_light_as_many_square_centimetres(points: int) -> None:
    """Closed form: the area of every ring times the share of it that is lit."""
    areas = np.pi * np.diff(RADIUS_EDGES_MM**2)
    assert (_lit_rings(points)[:-1] * areas).sum() == pytest.approx(points * np.pi * _POINT_RADIUS_MM**2)
    assert np.pi * _POINT_RADIUS_MM**2 == pytest.approx(100.0, rel=1e-3)
    assert _lit_rings(points)[-1] == 0.0


def test_threads_change_no_bit() -> None:
    wanted = replace(LEGS_PRESCRIBED, trial_protocols=(PADS, replace(PADS, id="again")))
    one, three = (windows(wanted, count=72, threads=threads) for threads in (1, 3))
    for structure, window in one.items():
        np.testing.assert_array_equal(edges(window), edges(three[structure]))


@pytest.mark.parametrize("window", LEGS.values(), ids=LEGS)
def test_the_basis_says_that_nobody_measured_it(window: Window) -> None:
    assert "by our own model" in window.basis
    assert "no trial measured it" in window.basis
