"""A laser moved over an area: the mean is the dose, the standing spot is what the limits are held to, on every path."""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import Any

import pytest
from cases import changed
from present import present
from quick_plans import VARIED, quick_plan

from openpbm.case import Case, case_of
from openpbm.cli.plan import print_plan
from openpbm.device import beam
from openpbm.errors import BadInput
from openpbm.planning import AllowedPlan, Plan, rescale
from openpbm.planning.what_if import prepare_light
from openpbm.report.clinical_report import render_report
from openpbm.report.home_sheet import render_home_sheet
from openpbm.safety import screen
from openpbm.safety.lamp_check import expose
from openpbm.safety.lamp_limits import lamp_limits

SCANNED = VARIED["laser over an area"]


def scanned(area_cm2: float | None = None, **emitter: Any) -> dict[str, Any]:
    changes = copy.deepcopy(SCANNED)
    changes["device"]["emitters"][0].update(emitter)
    if emitter.get("power_mw", 0.0) > 500.0:
        changes["device"]["laser_class"] = "4"
    if area_cm2 is not None:
        changes["placement"]["scanned_area_cm2"] = area_cm2
    return changes


def case(area_cm2: float | None = None, **emitter: Any) -> Case:
    return case_of(changed(**scanned(area_cm2, **emitter)))


def planned(area_cm2: float | None = None, **emitter: Any) -> Plan:
    return quick_plan(**scanned(area_cm2, **emitter))


def rules(plan: Plan) -> set[str]:
    return {reason.rule for reason in (*plan.reasons, *plan.cautions)}


def test_the_plan_tells_seconds_and_joules_over_the_area() -> None:
    """400 mW over 50 cm2 are 8 mW/cm2 on average; five minutes of it are 2.4 J/cm2."""
    plan = planned()
    skin = present(plan.skin)
    moved = present(skin.scanned)
    minutes = present(plan.exposure_minutes)
    assert moved.area_cm2 == 50.0
    assert moved.mean_irradiance_mw_cm2 == pytest.approx(8.0)
    assert moved.seconds == pytest.approx(minutes * 60.0)
    assert moved.mean_fluence_j_cm2 == pytest.approx(8.0 * minutes * 0.06)
    assert skin.energy_per_point_j is None
    # In the middle of an area that is seven spots wide it is a sixth more than the mean.
    assert skin.irradiance_mw_cm2 == pytest.approx(8.0, rel=0.2)
    assert "lamp_scanned" in rules(plan)


def test_half_the_area_gives_twice_the_light_at_depth() -> None:
    doses = [next(row for row in planned(area).dose).fluence_rate_mw_cm2.median for area in (100.0, 200.0)]
    assert doses[0] == pytest.approx(2.0 * doses[1], rel=0.25)


def test_over_an_area_of_its_own_size_it_is_the_standing_lamp() -> None:
    """A spot of 30 mm lights 7.07 cm2: moved over as much, it stands, to the last digit of the plan."""
    still = copy.deepcopy(SCANNED)
    del still["placement"]["scanned_area_cm2"]
    alone, moved = quick_plan(**still), planned(7.07)
    assert alone.dose == moved.dose
    assert alone.skin == moved.skin
    assert alone.eye == moved.eye
    assert alone.exposure_minutes == moved.exposure_minutes


def test_limits_are_those_of_the_spot_where_it_stops() -> None:
    """However large the area: skin, one pulse, warmth, eye and class see the lamp as it stands."""
    still = copy.deepcopy(SCANNED)
    del still["placement"]["scanned_area_cm2"]
    alone = expose(case_of(changed(**still)), 0.0)
    for area_cm2 in (20.0, 300.0):
        moved = expose(case(area_cm2), 0.0)
        assert moved.irradiance_mw_cm2 < 0.5 * alone.irradiance_mw_cm2
        assert moved.worst_bands == alone.worst_bands
        assert moved.skin_limit_ratio == alone.skin_limit_ratio
        assert moved.eye == alone.eye


def test_a_spot_too_strong_to_stop_is_refused_however_large_the_area() -> None:
    """4 W on a spot of 20 mm are ten times what skin may get of a laser, moved over 400 cm2 or not."""
    plan = planned(400.0, power_mw=4000.0, spot_diameter_mm=20.0)
    assert plan.verdict == "refused"
    assert "skin_irradiance_limit" in {reason.rule for reason in plan.reasons}
    assert present(present(plan.skin).limit_ratio) > 5.0


def test_a_standing_spot_too_warm_is_refused_where_the_mean_would_not_be() -> None:
    plan = planned(60.0, power_mw=1100.0)
    assert {"skin_too_warm", "skin_irradiance_limit"} & {reason.rule for reason in plan.reasons}


def test_other_output_and_minutes_hold_the_standing_spot_too() -> None:
    plan = planned()
    more = rescale(plan, minutes=20.0, output_factor=2.5)
    assert present(more.skin.scanned).still_upper_mw_cm2 == pytest.approx(
        2.5 * present(present(plan.skin).scanned).still_upper_mw_cm2
    )
    assert present(more.skin.scanned).seconds == 1200.0
    assert {limit.rule for limit in more.skin.limits if not limit.passed} >= {"skin_too_warm"}


def test_what_if_holds_the_standing_spot_too() -> None:
    screening = screen(case())
    prepared = prepare_light(planned(), screening)
    limits = {limit.rule: limit for limit in prepared.at(distance_mm=0.0).numbers.skin.limits}
    assert present(limits["skin_warmth"].value) == pytest.approx(expose(case(), 0.0).worst_upper_mw_cm2)


def test_limits_of_the_lamp_in_a_case_are_those_of_the_standing_spot() -> None:
    device = case().device
    still = copy.deepcopy(SCANNED)
    del still["placement"]["scanned_area_cm2"]
    alone = lamp_limits(case_of(changed(**still)).device, 0.0, minutes=10.0)
    assert beam(device, 0.0) != beam(device, 0.0).at_worst
    assert lamp_limits(device, 0.0, minutes=10.0) == alone


def test_joules_a_point_are_not_spread_over_an_area() -> None:
    """A spot of 12 mm follows joules a point where it stands; moved over an area, not even those of the case's own."""
    points = {"mode": "point", "energy_per_point_j": [2, 8], "points": [4, 4], "spacing_mm": [20, 20]}
    for area_cm2, rule in ((None, None), (30.0, "no_protocol_for_lamp")):
        changes = scanned(spot_diameter_mm=12.0, power_mw=100.0)
        changes["placement"]["scanned_area_cm2"] = area_cm2
        changes["protocol"] |= points | {"fluence_j_cm2": None}
        plan = quick_plan(**changes)
        assert rule in {None, *(reason.rule for reason in plan.reasons)}
        assert (plan.verdict == "refused") == (rule is not None)


def test_no_protocol_of_points_is_chosen_for_it() -> None:
    changes = scanned(spot_diameter_mm=12.0, power_mw=100.0)
    del changes["protocol"]
    assert present(quick_plan(**changes).protocol).mode == "area"


@pytest.mark.parametrize(
    ("area_cm2", "emitter", "words"),
    [
        (5.0, {}, "scanned_area_cm2 = 5.0: less than the 7.07 cm2 that the lamp lights while it stands"),
        (2500.0, {}, "scanned_area_cm2 = 2500.0: must be at most 2000"),
        (-1.0, {}, "scanned_area_cm2 = -1.0: must be more than 0"),
    ],
)
def test_an_area_that_cannot_be_is_named(area_cm2: float, emitter: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput) as refused:
        case(area_cm2, **emitter)
    assert words in str(refused.value)


def test_a_lamp_without_a_spot_is_not_moved() -> None:
    with pytest.raises(BadInput, match="is of a laser whose spot"):
        case_of(changed(placement__scanned_area_cm2=50.0))


def test_terminal_and_report_say_how_it_is_moved(capsys: pytest.CaptureFixture[str]) -> None:
    plan = planned()
    print_plan(plan, None)
    printed = " ".join(capsys.readouterr().out.split())
    assert "moved over 50 cm² without a stop: 300 s over the area, 8 mW/cm² and 2.4 J/cm² on average" in printed
    report = render_report(plan, defaultdict(str))
    assert "moved over 50 cm² without a stop" in report
    assert "where it stops, up to 147 mW/cm²" in report


def test_the_sheet_of_two_places_says_how_the_laser_is_moved_or_set_down() -> None:
    """Only the sheet of one place said so; at two nobody read that it must not stand, or how many points there are."""
    moved = scanned(power_mw=200)
    del moved["protocol"]
    moved["condition"] = {"diagnosis": "nocturnal_cramps", "confirmed_by": "neurologist"}
    moved["sites"] = [{"site": "posterior_calf", "side": "both"}]
    moved["release"] = {"rules": ["lamp_not_eye_safe"], "by": "a physiatrist"}
    assert "in each of 2 positions; keep the lamp moving over all 50" in sheet_of(quick_plan(**moved))
    points = VARIED["laser on points"] | {"sites": [{"site": "volar_wrist", "side": "both"}]}
    assert "in each of 2 positions: 2 points, 40 s each" in sheet_of(quick_plan(**points))


def sheet_of(plan: Plan) -> str:
    assert isinstance(plan, AllowedPlan)
    return " ".join(render_home_sheet(plan).split())
