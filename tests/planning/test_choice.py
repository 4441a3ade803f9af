"""Checks the closed form fluence = irradiance x time, and the table of sessions against each shipped protocol."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from present import present
from quick_plans import VARIED, quick_plan

from openpbm.facts.conditions import Protocol, conditions
from openpbm.planning import PlanOverrides, load_plan
from openpbm.planning.choice import CAREFUL, Candidates
from openpbm.planning.dose import band
from openpbm.planning.prescription import SessionLength, Setting, fluence_j_cm2, skin_fluence_range
from openpbm.planning.protocol_bounds import Bound, at_most, body_bound
from openpbm.planning.window import (
    Target,
    Window,
    chance_if_known,
    chance_in_window,
    chance_standard_error,
    measurements,
)

Floats = NDArray[np.float64]
DIM = np.full((3, 2), 1e-6)
AREA = [row for one in conditions for row in one.protocols if row.mode == "area"]


def protocol(id: str) -> Protocol:
    return next(row for one in conditions for row in one.protocols if row.id == id)


def window(low: float, high: float, count: int = 1) -> Window:
    return Window(low_j_cm2=np.full(count, low), high_j_cm2=np.full(count, high), protocols=("made_up",), basis="")


def minutes_within(row: Protocol, irradiance_mw_cm2: float) -> list[float]:
    return list(Setting(protocol=row, irradiance_mw_cm2=irradiance_mw_cm2).fitting_minutes)


def table(
    setting: Setting,
    rates: Floats = DIM,
    wanted: Window | None = None,
    warms: float = 0.0,
    *,
    heats: float = 0.0,
    positions: int = 1,
) -> Candidates:
    """warms : degrees that each minute of light brings, from 30 on [C];  heats : the whole body [kJ/kg]"""

    def heat(minutes: Floats, total_minutes: Floats) -> tuple[Bound, ...]:
        skin = at_most("skin_too_warm", "skin", 30.0 + warms * minutes, 43.0, "C", slack=1.0)
        return skin, body_bound(heats, total_minutes)

    depth_mm = np.arange(len(rates), dtype=float)
    target = Target(rates=rates, window=wanted, depth_mm=depth_mm, positions=positions)
    return Candidates.listed(setting, target, heat)


def choose_minutes(
    row: Protocol,
    irradiance_mw_cm2: float,
    power_mw: float | None = None,
    rates: Floats = DIM,
    wanted: Window | None = None,
    *,
    conservative_start: bool = False,
) -> SessionLength:
    setting = Setting(
        protocol=row,
        irradiance_mw_cm2=irradiance_mw_cm2,
        power_mw=power_mw,
        conservative_start=conservative_start,
    )
    sessions = table(setting, rates, wanted)
    return sessions.length(sessions.chosen())


@pytest.mark.parametrize(("milliwatts", "minutes"), [(50.0, 30.0), (10.0, 20.0), (0.3, 7.5)])
def test_fluence_is_irradiance_times_time(milliwatts: float, minutes: float) -> None:
    """Closed form: 1 W/cm2 for 1 s is 1 J/cm2."""
    assert fluence_j_cm2(milliwatts, minutes) == pytest.approx(milliwatts / 1e3 * (minutes * 60.0), rel=1e-12)


@pytest.mark.parametrize("row", AREA, ids=lambda row: row.id)
@pytest.mark.parametrize("irradiance_mw_cm2", [1.0, 20.0, 80.0])
def test_minutes_stay_inside_the_protocol_and_below_its_highest_dose(row: Protocol, irradiance_mw_cm2: float) -> None:
    highest = skin_fluence_range(row)[1]
    for minutes in minutes_within(row, irradiance_mw_cm2):
        assert row.minutes[0] <= minutes <= row.minutes[1]
        assert irradiance_mw_cm2 * minutes * 0.06 <= highest * 1.001


def test_too_bright_a_lamp_has_no_minutes() -> None:
    """The brief's most is 50 mW/cm2 for 30 minutes, 90 J/cm2; 20 minutes reach it at 75 mW/cm2."""
    brief = protocol("rls_primary_brief")
    assert minutes_within(brief, 74.9)[0] == 20.0
    assert minutes_within(brief, 76.0) == []
    assert choose_minutes(brief, 76.0) == SessionLength(exposure_minutes=20.0, within_protocol=False)


def test_without_a_window_the_fewest_minutes_that_reach_the_lowest_dose() -> None:
    """12 J/cm2 are 25 minutes at 8 mW/cm2, a twentieth less is near enough; a feeble lamp shines as long as it may."""
    brief = protocol("rls_primary_brief")
    assert 0.95 * 25.0 <= choose_minutes(brief, 8.0).exposure_minutes <= 25.0
    assert choose_minutes(brief, 1.0).exposure_minutes == 30.0
    assert choose_minutes(brief, 30.0).exposure_minutes == 20.0


@pytest.mark.parametrize("row", AREA, ids=lambda row: row.id)
def test_a_conservative_start_is_half_of_the_shortest_session(row: Protocol) -> None:
    """Opened when "the lamp is set low" stood above the very minutes that everybody else got."""
    irradiance = skin_fluence_range(row)[0] / 0.06 / row.minutes[1]
    low = choose_minutes(row, irradiance, conservative_start=True)
    shortest = minutes_within(row, irradiance)[0]
    assert (low.exposure_minutes, low.instead_of_minutes) == (shortest / 2.0, shortest)
    assert low.exposure_minutes < choose_minutes(row, irradiance).exposure_minutes


def test_with_a_window_the_fewest_minutes_within_five_hundredths_of_the_best_chance() -> None:
    """1 mW/cm2 gives 1.2-1.8 J/cm2 in 20-30 minutes: a window from 1.5 needs 25, one from 0 needs the fewest."""
    brief = protocol("rls_primary_brief")
    rates = np.ones((1, 100))
    assert choose_minutes(brief, 30.0, None, rates, window(1.499, 9.0)).exposure_minutes == 25.0
    assert choose_minutes(brief, 30.0, None, rates, window(0.0, 9.0)).exposure_minutes == 20.0
    # Four draws of a hundred more are not worth longer light; six are.
    for short, minutes in ((4, 20.0), (6, 25.0)):
        rates[0, :short], rates[0, short:] = 1.0, 2.0
        assert choose_minutes(brief, 30.0, None, rates, window(1.499, 9.0)).exposure_minutes == minutes


def test_seconds_on_a_point_are_its_energy_over_the_power() -> None:
    """Closed form: 4 J at 60 mW are 66.7 s, rounded up to 70; two points make 140 s."""
    walt = protocol("carpal_tunnel_walt")
    length = choose_minutes(walt, 500.0, 60.0)
    assert length.exposure_minutes * 60.0 == pytest.approx(70.0)
    assert length.points == present(walt.points)[0] == 2
    assert length.session_minutes == pytest.approx(140.0 / 60.0, abs=0.006)


def test_a_point_is_never_given_less_than_its_lowest_energy() -> None:
    walt = protocol("carpal_tunnel_walt")
    assert walt.energy_per_point_j is not None
    for power_mw in (7.0, 33.0, 200.0, 499.0):
        given_j = power_mw / 1e3 * choose_minutes(walt, 500.0, power_mw).exposure_minutes * 60.0
        assert walt.energy_per_point_j[0] <= given_j * 1.000001
        # Rounding up to the next five seconds is all that may be too much.
        assert given_j <= walt.energy_per_point_j[1] + power_mw / 1e3 * 5.0


def test_chance_counts_the_draws_inside_the_window_of_their_own_tables() -> None:
    """Two scenarios of two draws: the window of the one is not the window of the other."""
    rates = np.array([[1.0, 2.0], [1.0, 2.0]])  # over 1000 s: 1 and 2 J/cm2
    both = Window(low_j_cm2=np.array([0.5, 1.5]), high_j_cm2=np.array([3.0, 1.8]), protocols=(), basis="")
    assert chance_in_window(rates, 1000.0 / 60.0, both) == 0.5
    assert chance_in_window(rates, 1000.0 / 60.0, window(1.5, 3.0, 2)) == 0.5
    assert chance_in_window(rates, 1000.0 / 60.0, window(5.0, 9.0, 2)) == 0.0


def test_the_standard_error_of_a_chance_is_that_of_a_share() -> None:
    """Closed form: sqrt(p (1 - p) / n) where each tissue is in or out, and none where all tissues are alike."""
    rates = np.where(np.arange(100) < 30, 1.0, 2.0)[:, None]  # over 1000 s: 1 and 2 J/cm2
    wanted = window(1.5, 3.0, 100)
    assert chance_in_window(rates, 1000.0 / 60.0, wanted) == pytest.approx(0.7)
    assert chance_standard_error(rates, 1000.0 / 60.0, wanted) == pytest.approx(np.sqrt(0.7 * 0.3 / 100))
    # Outputs are no draws: every tissue meets them all, and half of them inside in each leaves nothing to chance.
    assert chance_standard_error(np.tile([1.0, 2.0], (100, 1)), 1000.0 / 60.0, wanted) == 0.0


def test_every_condition_with_a_plan_has_a_protocol_to_take_minutes_from() -> None:
    assert all(bool(one.protocols) != one.specialist_only for one in conditions)
    assert conditions["rls_primary"].protocols


def test_a_session_that_warms_too_much_gives_way_to_a_shorter_one() -> None:
    """Half a degree a minute passes 43 C beyond 26 minutes: a session below is taken, though 29 reach more."""
    setting = Setting(protocol=protocol("rls_primary_brief"), irradiance_mw_cm2=30.0)
    rates = np.ones((1, 100))
    cool, warm = (table(setting, rates, window(1.74, 9.0), warms=warms) for warms in (0.0, 0.5))
    assert cool.length(cool.chosen()).exposure_minutes == 29.0
    assert warm.length(warm.chosen()).exposure_minutes <= 26.0
    # Where every session is too warm one is still planned, and refused for it.
    hot = table(setting, rates, window(1.74, 9.0), warms=1.0)
    assert hot.length(hot.chosen()).exposure_minutes == 29.0


def test_what_a_limit_costs_is_the_row_without_it() -> None:
    """1 mW/cm2 gives 1.8 J/cm2 in the protocol's longest 30 minutes: a window from 2.39 takes 40."""
    setting = Setting(protocol=protocol("rls_primary_brief"), irradiance_mw_cm2=20.0)
    sessions = table(setting, np.ones((1, 100)), window(2.39, 9.0))
    longer = present(sessions.relaxed("override_minutes_above_protocol"))
    assert sessions.exposure_minutes[longer] == 40.0
    assert sessions.chance[longer] == 1.0
    assert sessions.chance[sessions.chosen()] == 0.0
    # A limit that nothing waits for gives the same session without it.
    assert sessions.relaxed("override_skin_dose_above_protocol") == sessions.chosen()


@pytest.mark.parametrize("power_mw", [None, 60.0])
def test_every_row_has_every_column(power_mw: float | None) -> None:
    row = protocol("carpal_tunnel_walt" if power_mw else "rls_primary_brief")
    sessions = table(Setting(protocol=row, irradiance_mw_cm2=20.0, power_mw=power_mw), wanted=window(0.0, 1.0, 3))
    rows = sessions.exposure_minutes.size
    assert (np.diff(sessions.exposure_minutes) > 0.0).all()
    assert sessions.target_j_cm2.shape == (rows, 3)
    for column in (sessions.own, sessions.skin_j_cm2, sessions.chance, *(b.value for b in sessions.bounds)):
        assert column.shape == (rows,)


def test_a_plan_says_why_its_minutes() -> None:
    """The brief's 30 minutes bind a lamp that reaches the trials' window in more: what that costs stands beside it."""
    choice = present(quick_plan().choice)
    assert choice.why == "least_effective"
    assert choice.chosen.exposure_minutes < present(choice.longer).exposure_minutes
    assert present(choice.best).chance_in_window == pytest.approx(choice.chosen.chance_in_window, abs=0.05)
    for bound in choice.binds:
        assert bound.without.exposure_minutes != choice.chosen.exposure_minutes
    followed = [option.id for option in choice.protocols if option.followed]
    assert followed == [present(quick_plan().protocol).id]
    assert len(choice.protocols) == len(conditions["rls_primary"].protocols)


def test_every_limit_of_the_quality_table_is_held_as_it_says() -> None:
    choice = present(quick_plan().choice)
    for limit in choice.quality:
        room = limit.limit - limit.value if limit.kind == "limit" else limit.value - limit.limit
        assert limit.margin == pytest.approx(room)
        assert limit.kept == (room >= -1e-3 * abs(limit.limit))
    assert {"skin_too_warm", "eyewear", "reach", "override_weeks_above_protocol"} <= {
        row.rule for row in choice.quality
    }


def test_what_is_not_known_narrows_by_its_share() -> None:
    """Closed form: shares of the variance of a normal logarithm; all known, nothing is left of the width."""
    unknowns = present(quick_plan().choice).unknowns
    assert sum(unknown.share for unknown in unknowns) == pytest.approx(1.0)
    left = [np.log(unknown.fold_if_known) / np.log(unknown.fold) for unknown in unknowns]
    assert sum(1.0 - np.square(left)) == pytest.approx(1.0)
    assert [unknown.share for unknown in unknowns] == sorted((u.share for u in unknowns), reverse=True)


@pytest.mark.parametrize("unknown", ["lamp", "anatomy"])
def test_knowing_more_never_lowers_the_best_chance(unknown: str) -> None:
    rates = np.random.default_rng(1).lognormal(size=(32, 8))
    minutes, wanted = np.arange(1.0, 30.0), window(0.5, 1.0, 32)
    best = max(chance_in_window(rates, each, wanted) for each in minutes)
    known = present(chance_if_known(rates, minutes, wanted, np.arange(32.0), unknown=unknown))
    assert best <= known <= 1.0


def test_a_careful_start_is_what_binds() -> None:
    choice = present(quick_plan(person__skin_type=6).choice)
    assert choice.why == "conservative_start"
    assert [bound.rule for bound in choice.binds] == ["override_minutes_above_conservative_start"]
    assert choice.binds[0].without.exposure_minutes >= 2.0 * choice.chosen.exposure_minutes


def test_minutes_chosen_by_hand_are_the_row() -> None:
    choice = present(quick_plan(PlanOverrides(minutes=22.5)).choice)
    assert (choice.why, choice.chosen.session_minutes, choice.binds) == ("by_hand", 22.5, ())


def test_a_choice_is_read_back_and_may_be_missing() -> None:
    """Plans that were stored before a choice was kept have none."""
    made = quick_plan()
    assert load_plan(made.to_json()) == made
    stored = made.to_json_dict()
    del stored["choice"]
    assert load_plan(stored).choice is None


def test_fewer_minutes_are_looked_for_where_heat_in_the_body_binds() -> None:
    """The bed of the users' list was refused for heat though a shorter session of its protocol was none too warm."""
    brief = protocol("rls_primary_brief")
    wanted, rates = window(1.499, 9.0), np.ones((1, 100))
    cool, hot = (table(Setting(protocol=brief, irradiance_mw_cm2=30.0), rates, wanted, heats=h) for h in (0.0, 0.09))
    assert cool.exposure_minutes[cool.chosen()] == 25.0
    # 4 kJ/kg are 44.4 minutes at 0.09 in each: two places of 22, and of no more.
    two = table(Setting(protocol=brief, irradiance_mw_cm2=30.0), rates, wanted, heats=0.09, positions=2)
    assert hot.exposure_minutes[hot.chosen()] == 25.0
    assert two.exposure_minutes[two.chosen()] <= 22.0
    relaxed = two.relaxed("core_too_warm")
    assert relaxed is not None
    assert two.exposure_minutes[relaxed] == 25.0


def test_a_careful_start_says_its_heat_and_is_not_refused_for_what_it_is_meant_to_miss() -> None:
    """Skin type VI once got half the minutes and was then refused because half the light reached nothing."""
    usual, dark = quick_plan(person__skin_type=2), quick_plan(person__skin_type=6)
    assert dark.verdict == usual.verdict == "allowed"
    said = {caution.rule: caution.message for caution in dark.cautions}
    choice = present(dark.choice)
    later = next(bound.without for bound in choice.binds if bound.rule == CAREFUL)
    assert f"warmer than {choice.chosen.skin_temperature_c:.1f} degrees C" in said["conservative_start"]
    assert f"warmer than {later.skin_temperature_c:.1f}" in said["conservative_start"]
    held = {limit.rule: limit.value for limit in choice.quality}
    assert held["reach"] == pytest.approx(present(later.chance_in_window))
    assert ("reach_after_start" in said) == (present(choice.chosen.chance_in_window) < 0.1)


def measured_target(rates: Floats, fat_mm: Floats, melanin_fraction: Floats | None = None) -> Target:
    alike = np.ones(len(rates))
    return Target(rates=rates, window=None, depth_mm=alike, fat_mm=fat_mm, melanin_fraction=melanin_fraction)


def test_a_measurement_takes_away_what_the_draws_tell_of_it() -> None:
    """Closed form: log dose = a x + b y of independent normal x and y; measuring x takes a^2 / (a^2 + b^2)."""
    x, y = np.random.default_rng(3).normal(size=(2, 4000))
    rates, none = np.exp(1.2 * x + 0.5 * y)[:, None], np.zeros(0)
    told = measurements(measured_target(rates, fat_mm=np.exp(x), melanin_fraction=np.exp(y)), none, band(rates))
    shares = {one.measured: one.share for one in told}
    assert shares == pytest.approx({"fat": 1.44 / 1.69, "melanin": 0.25 / 1.69}, abs=0.02)
    assert [one.measured for one in told] == ["fat", "melanin"]
    other = np.random.default_rng(4).uniform(1.0, 2.0, 4000)
    unmoved = measurements(measured_target(rates, other), none, band(rates))
    assert unmoved[0].share == pytest.approx(0.0, abs=0.005)


def test_a_reading_brings_what_a_claim_leaves_open_and_nothing_twice() -> None:
    claimed, measured = quick_plan(device__output_status="claimed"), quick_plan()
    told = {one.measured: one for one in present(claimed.choice).measurements}
    assert set(told) == {"output", "fat", "depth", "melanin"}
    # The last digits of a variance once told a measured laser to be measured.
    for known in (measured, quick_plan(**VARIED["laser on points"])):
        assert "output" not in {one.measured for one in present(known.choice).measurements}
    read = {"fat_mm": 8.0, "target_depth_mm": 15.0}
    known = quick_plan(sites=[{"site": "posterior_calf", "side": "left", "target": "gastrocnemius"} | read])
    assert {one.measured for one in present(known.choice).measurements} == {"melanin"}


def test_a_reading_serves_less_than_an_output_that_is_known() -> None:
    outputs = np.geomspace(0.3, 1.5, 16)
    rates, minutes, wanted = np.tile(outputs, (32, 1)), np.arange(1.0, 30.0) / 4.0, window(0.1, 0.12, 32)
    target = Target(rates=rates, window=wanted, depth_mm=np.ones(32))
    (read,) = measurements(target, minutes, band(rates))
    best = max(chance_in_window(rates, each, wanted) for each in minutes)
    known = present(chance_if_known(rates, minutes, wanted, np.ones(32), unknown="lamp"))
    assert read.measured == "output"
    assert best < present(read.chance_if_measured) < known
