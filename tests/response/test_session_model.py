"""One session: published half inhibitions, balances of the pools, what does not change, and libRoadRunner."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from mechanism_reference import SESSION_STATES, day_stimuli, session_states
from numpy.typing import NDArray

from openpbm.mechanism.virtual_people import RankedPeople, VirtualPeople
from openpbm.response import (
    Lighting,
    SessionStates,
    Warmth,
    day_totals,
    lamp_on,
    mechanistic_dose_j_cm2,
    observed,
    run_session,
    time_grid,
    warmth_of_absorption,
)
from openpbm.response.session.equations import free_site_share, half_inhibition_nm
from openpbm.response.session.physiology import rest

PEOPLE = VirtualPeople(60, seed=5)
MUSCLE = PEOPLE.physiology("muscle")
NM = np.array([850.0])
TIMES = time_grid(1800.0, 3600.0)
ON = lamp_on(TIMES, 1800.0)
DARK = Warmth(np.zeros((60, ON.size)), 0.0)


def light(mw_cm2: float, people: VirtualPeople = PEOPLE) -> Lighting:
    return Lighting(
        wavelength_nm=NM,
        fluence_rate_mw_cm2=np.full((people.count, 1), mw_cm2),
        oxidase_yield=people.oxidase_yield()[:, None],
        store_spectrum=people.store_spectrum(NM),
        blocks=np.ones(people.count, dtype=bool),
    )


def run(lit: Lighting) -> SessionStates:
    return run_session(MUSCLE, lit, DARK, times_s=TIMES, on=ON)


def warmed(lit: Lighting) -> Warmth:
    return warmth_of_absorption(lit, np.full(lit.fluence_rate_mw_cm2.shape, 0.29), ON)


@pytest.mark.parametrize(("oxygen_um", "published_nm"), [(30.0, 62.0), (145.0, 295.0)])
def test_half_inhibition_by_no_is_the_published_one(oxygen_um: float, published_nm: float) -> None:
    half = half_inhibition_nm(free_site_share(oxygen_um, 90.0, 140.0), 0.13, 0.1)
    assert half == pytest.approx(published_nm, abs=0.5)


def test_without_light_and_warmth_everything_rests() -> None:
    instruments = PEOPLE.instruments("muscle")
    for name, values in observed(MUSCLE, run(light(0.0)), instruments).items():
        assert np.all(values == 0.0), name


def test_rest_is_where_the_rates_are_zero() -> None:
    """A light so faint that it does nothing sets the integration going, and it stays where it is."""
    states = run_session(MUSCLE, light(1e-12), DARK, times_s=TIMES, on=ON, tolerance=1e-11)
    for name, start in (("occupied", rest(MUSCLE).occupied), ("oxygen_um", MUSCLE.resting_oxygen_um)):
        assert np.abs(getattr(states, name) / start[:, None] - 1.0).max() < 1e-9, name


def test_no_is_conserved_between_oxidase_store_and_what_is_made_and_lost() -> None:
    """What oxidase and store hold less is what was scavenged beyond what was made: equations 2 to 4 summed."""
    people = replace(MUSCLE, oxygen_use_um_per_s=np.zeros(60), store_refill_s=np.full(60, 1e12))
    fine = time_grid(600.0, 600.0, step_s=2.0)
    on = lamp_on(fine, 600.0)
    states = run_session(people, light(20.0), Warmth(np.zeros((60, on.size)), 0.0), times_s=fine, on=on)
    lit = light(20.0)
    free = free_site_share(states.oxygen_um, people.electron_per_s[:, None], people.oxygen_on_per_um_s[:, None])
    lost = np.empty_like(states.occupied)
    for lamp, part in ((1.0, slice(0, 301)), (0.0, slice(301, None))):
        leaving = people.no_off_per_s[:, None] + lamp * lit.freed_per_s[:, None]
        opened = lamp * (people.store_yield_cm2_per_mw_s * lit.store_light_mw_cm2)[:, None] * states.store_nm[:, part]
        bound = people.oxidase_nm[:, None] * people.no_on_per_nm_s[:, None] * free[:, part]
        bound *= 1.0 - states.occupied[:, part]
        made = rest(people).made_nm_per_s[:, None]
        held = people.oxidase_nm[:, None] * leaving * states.occupied[:, part]
        no = (made + opened + held) / (people.no_scavenged_per_s[:, None] + bound)
        lost[:, part] = people.no_scavenged_per_s[:, None] * no - made
    # The lamp going out makes a jump in what is lost: the two parts are summed apart.
    passed = np.trapezoid(lost[:, :301], fine[:301], axis=1)
    pools = people.oxidase_nm[:, None] * states.occupied + states.store_nm
    given_up = pools[:, 0] - pools[:, 300]
    assert np.abs(passed / given_up - 1.0).max() < 5e-3


def test_occupation_falls_in_proportion_to_faint_light() -> None:
    start = rest(MUSCLE).occupied[:, None]
    one, two = (
        run_session(MUSCLE, light(level), DARK, times_s=TIMES, on=ON, tolerance=1e-11).occupied - start
        for level in (1e-3, 2e-3)
    )
    assert np.all(np.abs(two - 2.0 * one) <= 2e-3 * np.abs(two).max(axis=1, keepdims=True))


def test_without_photolysis_and_with_oxygen_held_warmth_moves_no_no() -> None:
    held = replace(MUSCLE, oxygen_use_um_per_s=np.zeros(60))
    lit = light(50.0)
    sham = replace(lit, oxidase_yield=np.zeros((60, 1)), store_spectrum=np.zeros((60, 1)))
    states = run_session(held, sham, warmed(lit), times_s=TIMES, on=ON, tolerance=1e-11)
    assert states.perfusion.max() > 1.1
    assert np.abs(states.occupied - rest(held).occupied[:, None]).max() < 1e-9


def test_a_session_cut_in_two_without_a_gap_is_the_same() -> None:
    more = np.sort(np.append(TIMES, 777.7))
    on = lamp_on(more, 1800.0)
    lit = light(30.0)
    cut = run_session(MUSCLE, lit, Warmth(np.zeros((60, on.size)), 0.0), times_s=more, on=on)
    whole = run(lit)
    kept = np.isin(more, TIMES)
    for field in fields(SessionStates):
        if field.name != "times_s":
            np.testing.assert_allclose(
                getattr(cut, field.name)[:, kept], getattr(whole, field.name), rtol=1e-6, atol=1e-8
            )


def test_medians_of_the_prior_are_those_of_the_published_feasibility_numbers() -> None:
    """10 mW/cm2 for 30 minutes: flow +2.6 %, 0.4 % of it without heat; 50 mW/cm2: +12 %, mostly heat."""
    people = VirtualPeople(1500, seed=2)
    muscle, instruments = people.physiology("muscle"), people.instruments("muscle")
    for level, total, apart in ((10.0, 2.6, 0.4), (50.0, 12.0, 1.6)):
        lit = light(level, people)
        warmth = warmed(lit)
        dark = replace(lit, fluence_rate_mw_cm2=np.zeros((1500, 1)))
        flow, warm = (
            observed(muscle, run_session(muscle, each, warmth, times_s=TIMES, on=ON), instruments)["flow_percent"]
            for each in (lit, dark)
        )
        assert np.median(flow.max(axis=1)) == pytest.approx(total, rel=0.15)
        assert np.median((flow - warm).max(axis=1)) == pytest.approx(apart, rel=0.15)
        assert np.median(warm[:, 30]) > 0.5 * np.median(flow[:, 30])


def test_the_reference_agrees() -> None:
    """libRoadRunner runs the same equations, written once more in Antimony, to 1e-6."""
    people = VirtualPeople(200, seed=11)
    muscle = people.physiology("muscle")
    rng = np.random.default_rng(4)
    lit = replace(light(0.0, people), fluence_rate_mw_cm2=rng.uniform(0.5, 60.0, (200, 1)))
    times = time_grid(900.0, 900.0, step_s=300.0)
    on = lamp_on(times, 900.0)
    warmth = warmth_of_absorption(lit, rng.uniform(0.1, 0.5, (200, 1)), on)
    ours = run_session(muscle, lit, warmth, times_s=times, on=on)
    named: list[NDArray[np.float64]] = [getattr(ours, field.name) for field in fields(SessionStates)[1:]]
    theirs = session_states(muscle, lit, warmth, times, on.astype(float))
    for state, values in enumerate(named):
        scale = np.abs(theirs[:, :, state]).max(axis=1, keepdims=True)
        assert (np.abs(values - theirs[:, :, state]) / scale).max() < 1e-6, SESSION_STATES[state]


def test_a_middle_person_gets_a_joule_of_states_from_a_joule_of_light() -> None:
    """The units of form M5: 1 mW/cm2 of 850 nm for 1000 seconds, each state for itself."""
    middle = RankedPeople({}, 1)
    day = day_totals(middle.physiology("muscle"), light(1.0, middle), 1000.0)
    weights = middle.day_weights()
    for total, unit in (
        (day.flow_s, weights.flow_unit_s),
        (day.freed_s, weights.freed_unit_s),
        (day.reactive_s, weights.reactive_unit_s),
    ):
        assert total[0] / unit[0] == pytest.approx(1.0, abs=0.01)


def test_reactive_oxygen_helps_inside_a_window_and_harms_beyond_it() -> None:
    lone = {"flow": np.zeros(60), "freed": np.zeros(60), "reactive": np.ones(60), "reactive_most": np.full(60, 0.1)}
    weights = replace(PEOPLE.day_weights(), **lone)
    faint, bright = (
        mechanistic_dose_j_cm2(day_totals(MUSCLE, light(level), 1800.0), weights) for level in (0.1, 100.0)
    )
    assert faint.min() > 0.0 > bright.max()
    endless = replace(weights, reactive_most=np.full(60, np.inf))
    assert mechanistic_dose_j_cm2(day_totals(MUSCLE, light(100.0), 1800.0), endless).min() > 0.0


def test_the_reference_agrees_on_what_a_day_adds_up_to() -> None:
    """libRoadRunner through a whole day; ours for the session and an hour, then by the closed form."""
    people = VirtualPeople(200, seed=12, calibrated=False)
    muscle, weights, half = people.physiology("muscle"), people.day_weights(), people.form_shape().half_j_cm2
    rng = np.random.default_rng(6)
    lit = replace(light(0.0, people), fluence_rate_mw_cm2=np.exp(rng.uniform(np.log(0.05), np.log(60.0), (200, 1))))
    dose = mechanistic_dose_j_cm2(day_totals(muscle, lit, 900.0), weights)
    ours = dose / (half + np.abs(dose))
    assert np.abs(ours - day_stimuli(muscle, lit, 900.0, weights, half)).max() < 1e-6
