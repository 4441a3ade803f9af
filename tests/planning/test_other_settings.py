"""The lamp used otherwise: its rows against plans made that way, and the distance of a case that names none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cases import changed
from present import present

from openpbm.case import Case, case_of
from openpbm.planning import Plan, Quality, make_plan
from openpbm.planning.document import SettingOption
from openpbm.safety import screen

FEW = Quality(scenarios=48)


def planned(case: Case) -> Plan:
    return make_plan(screen(case), quality=FEW)


def options(case: Case) -> list[SettingOption]:
    return list(present(planned(case).choice).settings)


def panel(**changes: Any) -> dict[str, Any]:
    waves = [
        {"wavelength_nm": nm, "power_mw": 130, "half_angle_deg": 30, "rows": 10, "columns": 6, "pitch_mm": 30}
        for nm in (660, 850)
    ]
    return changed(device={"kind": "panel", "output_status": "measured", "emitters": waves}, **changes)


@pytest.mark.parametrize("distance_mm", [180.0, 300.0])
def test_a_row_of_another_distance_is_what_a_plan_made_there_chooses(distance_mm: float) -> None:
    """Recomputed apart, with light at the angles of that distance: within the 3 % that is stated."""
    case = case_of(panel(placement__distance_mm=distance_mm))
    away = [option for option in options(case) if option.distance_mm != distance_mm]
    assert {option.distance_mm for option in away} == {distance_mm * 2.0 / 3.0, distance_mm * 1.5}
    for option in away:
        there = replace(case, placement=replace(case.placement, distance_mm=option.distance_mm))
        chosen = present(planned(there).choice).chosen
        assert option.session.exposure_minutes == pytest.approx(chosen.exposure_minutes, abs=1.0)
        per_minute = option.session.fluence_j_cm2.median / option.session.exposure_minutes
        assert per_minute == pytest.approx(chosen.fluence_j_cm2.median / chosen.exposure_minutes, rel=0.03)
        assert option.session.skin_temperature_c == pytest.approx(chosen.skin_temperature_c, abs=0.1)


def test_modes_and_places_at_once_stand_beside_the_plan() -> None:
    """A mode gives its own wavelengths only; two places at once halve the time and leave the dose as it is."""
    wanted = panel(placement__distance_mm=300.0)
    wanted["device"]["modes"] = [{"name": "infrared", "wavelengths_nm": [850]}]
    plan = planned(case_of(wanted))
    choice = present(plan.choice)
    mode = next(option for option in choice.settings if option.lamp_mode is not None)
    assert mode.lamp_mode == "infrared"
    assert mode.irradiance_mw_cm2 == pytest.approx(present(plan.skin).irradiance_mw_cm2 / 2.0)
    together = next(option for option in choice.settings if option.places_at_once == 2)
    assert together.session.total_minutes == pytest.approx(choice.chosen.total_minutes / 2.0)
    assert together.session.fluence_j_cm2.median == pytest.approx(choice.chosen.fluence_j_cm2.median, rel=0.005)


def test_a_lamp_on_the_skin_has_no_other_distance() -> None:
    pads = case_of(changed(device__kind="pad", placement__distance_mm=0.0))
    assert [option for option in options(pads) if option.distance_mm != 0.0] == []


def test_a_case_that_names_no_distance_is_planned_where_a_session_fits() -> None:
    """A panel of "100 mW/cm2 at 6 inches" was refused at that distance, and the one that works was left to be found."""
    claim = {"wavelength_nm": 850, "irradiance_mw_cm2": 110, "at_distance_mm": 150}
    array = {"half_angle_deg": 30, "rows": 10, "columns": 6, "pitch_mm": 30}
    wanted = changed(device={"kind": "panel", "output_status": "measured", "emitters": [claim | array]})
    named = planned(case_of(wanted | {"placement": {"distance_mm": 150.0}}))
    assert named.verdict == "refused"
    assert "no_dose_within_limits" in {reason.rule for reason in named.reasons}
    left_open = planned(case_of(wanted | {"placement": {}}))
    (said,) = [caution for caution in left_open.cautions if caution.rule == "distance_chosen"]
    distance_mm = present(left_open.placement.distance_mm)
    assert f"at {distance_mm:g} mm" in said.message
    assert "no_dose_within_limits" not in {reason.rule for reason in left_open.reasons}
    nearer = planned(case_of(wanted | {"placement": {"distance_mm": distance_mm - 10.0}}))
    assert "no_dose_within_limits" in {reason.rule for reason in nearer.reasons}


def test_each_unknown_and_each_setting_is_said_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Only the largest unknown was once said, so that nobody heard what a reading or an ultrasound would bring."""
    from openpbm.cli.plan import print_plan

    plan = planned(case_of(panel(placement__distance_mm=300.0)))
    print_plan(plan, None)
    printed = " ".join(capsys.readouterr().out.split())
    first, *others = present(plan.choice).unknowns
    assert f"were that known, {first.fold_if_known:.2g} times" in printed
    assert len(others) == 3
    for unknown in others:
        assert f"of it: {unknown.fold_if_known:.2g} times" in printed
    assert "20 cm away" in printed
    assert "45 cm away" in printed
