"""Checks the derived window: it belongs to the trials, not to the person; no trial, no window; doses scale it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from present import present

from openpbm.facts.conditions import conditions
from openpbm.facts.exposure import output_priors
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.prescription import Prescription, prescribe
from openpbm.planning.window import Window, reference_wavelengths, windows_at
from openpbm.tissue import draw_scenarios

CALF = sites["posterior_calf"]
WRIST = sites["volar_wrist"]
SLIM = Person(age_years=30, sex="female", height_cm=170, weight_kg=55, skin_type=1)
HEAVY = Person(age_years=70, sex="female", height_cm=170, weight_kg=110, skin_type=6)


def prescription(diagnosis: str) -> Prescription:
    found = prescribe(conditions[diagnosis], next(iter(lamp_catalogue)))
    assert found is not None
    return found


def windows(wanted: Prescription, here: Any = CALF, person: Person = SLIM) -> dict[str, Window | None]:
    return windows_at(wanted, here, draw_scenarios(here, person, count=4, seed=3), photons=300, seed=3)


LEGS = windows(prescription("rls_primary"))


def edges(window: Window | None) -> tuple[np.ndarray, np.ndarray]:
    assert window is not None
    return window.low_j_cm2, window.high_j_cm2


def test_no_trial_no_window() -> None:
    cramps = prescription("nocturnal_cramps")
    assert windows(cramps) == dict.fromkeys(["gastrocnemius", "sural_nerve", "tibial_nerve"])
    assert reference_wavelengths(cramps) == ()


def test_one_window_a_structure_and_one_pair_of_edges_a_tissue() -> None:
    assert list(LEGS) == [target.id for target in CALF.targets]
    for window in LEGS.values():
        low, high = edges(window)
        assert low.shape == high.shape == (4,)
        assert np.all(low > 0.0)
        assert np.all(low < high)
        assert window is not None
        assert window.protocols == ("rls_primary_pads",)
        assert window.middle() == (np.median(low), np.median(high))


def test_the_window_is_the_same_for_every_person() -> None:
    """What a trial delivered does not depend on who is treated now: fat and pigment of the person leave it alone."""
    for structure, window in windows(prescription("rls_primary"), person=HEAVY).items():
        np.testing.assert_array_equal(edges(window), edges(LEGS[structure]))


def test_a_deeper_structure_has_a_lower_window() -> None:
    shallow, middle, deep = (edges(LEGS[name])[0] for name in ("sural_nerve", "gastrocnemius", "tibial_nerve"))
    assert np.all(shallow > middle)
    assert np.all(middle > deep)


def test_the_edges_are_as_far_apart_as_doses_and_beliefs_at_least() -> None:
    """40-60 J/cm2, claimed: 60 x 1.3 over 40 x 0.4 is 4.9; the spread of depths can only widen it."""
    claimed = output_priors["claimed"]
    for window in LEGS.values():
        low, high = edges(window)
        assert np.all(high / low >= 60.0 * claimed.upper / (40.0 * claimed.lower))


def test_the_window_is_linear_in_the_trials_dose() -> None:
    """Identity: a trial that had given twice the fluence at the skin would have given twice at depth."""
    wanted = prescription("rls_primary")
    (pads,) = wanted.trial_protocols
    low, high = present(pads.fluence_j_cm2)
    twice = replace(wanted, trial_protocols=(replace(pads, fluence_j_cm2=(2 * low, 2 * high)),))
    for structure, window in windows(twice).items():
        np.testing.assert_allclose(edges(window), 2.0 * np.array(edges(LEGS[structure])), rtol=1e-12)


def test_one_more_trial_can_only_widen_it() -> None:
    wanted = prescription("rls_primary")
    (pads,) = wanted.trial_protocols
    more = replace(pads, id="made_up", wavelength_nm=(800.0, 820.0), fluence_j_cm2=(1.0, 200.0))
    for structure, window in windows(replace(wanted, trial_protocols=(pads, more))).items():
        low, high = edges(window)
        alone_low, alone_high = edges(LEGS[structure])
        assert np.all(low <= alone_low)
        assert np.all(high >= alone_high)
        assert np.any(low < alone_low)
        assert np.any(high > alone_high)


def test_each_trial_is_modelled_at_the_middle_of_its_wavelengths() -> None:
    assert reference_wavelengths(prescription("rls_primary")) == (885.0,)


def test_a_point_gives_less_at_depth_than_the_same_fluence_on_all_the_skin() -> None:
    wanted = prescription("carpal_tunnel")
    points = next(row for row in wanted.trial_protocols if row.mode == "point")
    assert points.energy_per_point_j is not None
    area = replace(points, mode="area", energy_per_point_j=None, points=None, fluence_j_cm2=points.energy_per_point_j)
    lit = windows(replace(wanted, trial_protocols=(points,)), WRIST)["median_nerve"]
    broad = windows(replace(wanted, trial_protocols=(area,)), WRIST)["median_nerve"]
    assert np.all(edges(lit)[0] < edges(broad)[0])
    assert np.all(edges(lit)[1] < edges(broad)[1])


@pytest.mark.parametrize("window", LEGS.values(), ids=LEGS)
def test_the_basis_says_that_nobody_measured_it(window: Window) -> None:
    assert "by our own model" in window.basis
    assert "no trial measured it" in window.basis
