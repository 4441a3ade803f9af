"""Checks the skin dose against the brief's own numbers (10-50 mW/cm2 x 20-30 min) and the choice of protocol."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cases import make_case
from present import present

from openpbm.facts.conditions import Condition, Protocol, conditions
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue
from openpbm.planning.dose_reasons import no_protocol_reason, skin_dose_reasons
from openpbm.planning.prescription import is_point_lamp, prescribe, skin_fluence_range

PLANNED = [one for one in conditions if one.protocols]
PAIRS = [(one, row) for one in PLANNED for row in one.protocols]


def lamp(*wavelengths_nm: float, laser: bool = False) -> Lamp:
    """A lamp of one emitter a wavelength: LEDs, or laser spots."""
    power: dict[str, Any] = {"power_mw": 100.0}
    rest: dict[str, Any] = (
        {"spot_diameter_mm": 5.0} if laser else {"half_angle_deg": 30.0, "rows": 1, "columns": 1, "pitch_mm": 10.0}
    )
    emitters = tuple(Emitters(wavelength_nm=value, **power, **rest) for value in wavelengths_nm)
    return Lamp(id="own", name="own", kind="other", output_status="measured", emitters=emitters)


def test_skin_dose_of_the_brief_is_irradiance_times_minutes() -> None:
    """Closed form: 10 mW/cm2 x 20 min = 12 J/cm2, 50 x 30 = 90."""
    brief = conditions["rls_primary"].protocols[0]
    assert brief.fluence_j_cm2 is None
    assert skin_fluence_range(brief) == pytest.approx((12.0, 90.0))


def test_a_stated_dose_counts_before_one_that_is_computed() -> None:
    walt = next(row for row in conditions["cipn"].protocols if row.id == "cipn_walt_2022")
    assert walt.irradiance_mw_cm2 is not None
    assert skin_fluence_range(walt) == (2.0, 6.0)


def test_a_point_holds_its_energy_on_one_square_centimetre() -> None:
    walt = next(row for row in conditions["carpal_tunnel"].protocols if row.mode == "point")
    assert skin_fluence_range(walt) == walt.energy_per_point_j


@pytest.mark.parametrize(("one", "row"), PAIRS, ids=lambda value: value.id)
def test_a_wavelength_used_anywhere_is_never_outside(one: Condition, row: Protocol) -> None:
    for wavelength_nm in row.wavelength_nm:
        found = prescribe(one, lamp(wavelength_nm, laser=row.mode == "point"))
        assert found is not None
        assert found.wavelength_matches
        low, high = found.protocol.wavelength_nm
        assert low <= wavelength_nm <= high


@pytest.mark.parametrize("one", PLANNED, ids=lambda one: one.id)
def test_the_window_rests_on_trials_and_guidelines_alone(one: Condition) -> None:
    found = prescribe(one, lamp(850.0))
    assert found is not None
    own = [row.id for row in one.protocols if row.origin != "brief" and not row.carried_over]
    assert [row.id for row in found.trial_protocols] == own


def test_trials_go_before_the_brief_at_the_same_wavelength() -> None:
    chosen = prescribe(conditions["carpal_tunnel"], lamp(810.0))
    assert chosen is not None
    assert chosen.protocol.origin != "brief"


def test_the_brief_is_taken_where_only_it_used_the_wavelength() -> None:
    chosen = prescribe(conditions["rls_primary"], lamp(850.0))
    assert chosen is not None
    assert chosen.protocol.id == "rls_primary_brief"


def test_a_laser_takes_a_point_protocol_and_leds_an_area_protocol() -> None:
    wrist = conditions["carpal_tunnel"]
    modes = {laser: prescribe(wrist, lamp(810.0, laser=laser)) for laser in (True, False)}
    assert modes[True] is not None
    assert modes[False] is not None
    assert present(modes[True]).protocol.mode == "point"
    assert present(modes[False]).protocol.mode == "area"


def test_one_led_among_lasers_makes_an_area_lamp() -> None:
    assert [one.id for one in lamp_catalogue if is_point_lamp(one)] == ["laser_808_probe"]
    mixed = Lamp(
        id="own",
        name="own",
        kind="other",
        output_status="measured",
        emitters=lamp(808.0, laser=True).emitters + lamp(850.0).emitters,
    )
    assert not is_point_lamp(mixed)


@pytest.mark.parametrize(("spot_mm", "points"), [(12.0, True), (25.0, True), (26.0, False), (120.0, False)])
def test_a_laser_over_a_wide_spot_lights_an_area(spot_mm: float, points: bool) -> None:
    """4 J on a spot of 113 cm2 are 0.04 J/cm2: they were called the protocol's."""
    (narrow,) = lamp(808.0, laser=True).emitters
    laser = replace(lamp(808.0, laser=True), emitters=(replace(narrow, spot_diameter_mm=spot_mm),))
    assert is_point_lamp(laser) is points
    assert (present(prescribe(conditions["low_back_spasm"], laser)).protocol.mode == "point") is points


@pytest.mark.parametrize("one", [one for one in conditions if not one.protocols], ids=lambda one: one.id)
def test_a_specialist_condition_has_no_prescription(one: Condition) -> None:
    assert prescribe(one, lamp(850.0)) is None
    assert one.specialist_only


def test_a_wavelength_nobody_used_is_said(tmp_path: Path) -> None:
    from openpbm.planning.prescription import SessionLength, Setting
    from openpbm.safety import screen

    for wavelength_nm, said in ((960, True), (850, False)):
        case = make_case(tmp_path, device__emitters__0__wavelength_nm=wavelength_nm)
        found = prescribe(case.condition.condition(), case.device)
        exposure = screen(case).exposure
        assert found is not None
        assert exposure is not None
        assert found.wavelength_matches is not said
        setting = Setting.of(found.protocol, case.device, exposure)
        reasons = skin_dose_reasons(case, exposure, found, setting, SessionLength(exposure_minutes=20.0))
        assert ("wavelength_outside_protocols" in [reason.rule for reason in reasons]) is said


@pytest.mark.parametrize("one", PLANNED, ids=lambda one: one.id)
@pytest.mark.parametrize("wavelength_nm", [660.0, 808.0, 850.0, 904.0])
def test_a_lamp_that_lights_an_area_is_never_planned_on_points(one: Condition, wavelength_nm: float) -> None:
    """Opened when 4 J a point were read as 4 J/cm2 for a bed of a square metre and called the protocol's."""
    found = prescribe(one, lamp(660.0, wavelength_nm))
    assert present(found).protocol.mode != "point"


def test_without_a_protocol_for_an_area_the_refusal_says_what_there_is(tmp_path: Path) -> None:
    case = make_case(tmp_path, condition__diagnosis="myofascial_spasm")
    condition = case.condition.condition()
    points = replace(condition, protocols=tuple(row for row in condition.protocols if row.mode == "point"))
    assert prescribe(points, lamp(850.0)) is None
    assert prescribe(points, lamp(808.0, laser=True)) is not None
    reason = no_protocol_reason(points)
    assert (reason.rule, reason.level) == ("no_protocol_for_lamp", "absolute")
    assert " J at each of " in reason.message
