"""What is said of lamps in one session that light different places, or are not alike in output and in their timers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cases import SOUND
from delivery.delivery_course import row
from placed_lamps import CALF, SHIN, case, panel, placed, plan_of
from present import present

from openpbm.delivery.place import distance_state
from openpbm.errors import BadInput
from openpbm.planning import AllowedPlan, Plan, rescale
from openpbm.report.home_sheet import render_home_sheet

TWO_PLACES = [{"site": CALF, "side": "left"}, {"site": SHIN, "side": "left"}]


def rules(plan: Plan) -> list[str]:
    return [reason.rule for reason in (*plan.reasons, *plan.cautions)]


def apart(here: dict[str, Any], there: dict[str, Any], distance_mm: float = 200.0, **more: Any) -> Plan:
    return plan_of(
        placed(here, 200.0, sites=[CALF]), placed(there, distance_mm, sites=[SHIN]), sites=TWO_PLACES, **more
    )


def test_a_lamp_that_was_read_poorly_stays_as_unsure_beside_one_that_is_claimed() -> None:
    """Joined, the claimed lamp's narrower bound held for both, and safety took 1.3 times the output of each."""
    known = {"power_mw": 60.0, "claimed_power_mw": 60.0, "output_low": 0.5, "output_high": 2.5}
    read = panel(**known) | {"output_status": "measured", "reading_signed_by": "a physiatrist"}
    skin = present(
        plan_of(placed(read), placed(panel(60.0)), course=SOUND["course"] | {"supervision": "clinician"}).skin
    )
    assert skin.irradiance_upper_mw_cm2 == pytest.approx(2.5 * skin.irradiance_mw_cm2)


def test_each_lamp_that_switches_itself_off_too_early_is_named() -> None:
    """The one that stays on longest stood for all, and nobody was told that the other was dark by then."""
    early, late = panel(60.0) | {"auto_off_minutes": 5, "name": "early"}, panel(60.0) | {"auto_off_minutes": 400}
    told = [reason.text for reason in plan_of(placed(early), placed(late)).cautions if "switches" in reason.rule]
    assert len(told) == 1
    assert told[0].startswith("The early switches itself off after 5 minutes")
    unknown = panel(60.0)
    assert "switches_off_within" in rules(plan_of(placed(early), placed(unknown)))


def test_what_is_said_of_another_place_names_it() -> None:
    """Skin too warm under the second lamp read as if the first were too strong."""
    plan = apart(panel(120.0), panel(1500.0))
    (warm,) = [reason for reason in plan.reasons if reason.rule == "skin_too_warm"]
    assert warm.message.startswith("At the front of the lower leg: The skin of one in twenty people")
    assert "irradiance_outside_protocol" in rules(plan)
    other = apart(panel(120.0), panel(120.0, wavelength_nm=630))
    (borrowed,) = [caution for caution in other.cautions if caution.rule == "wavelength_outside_protocols"]
    assert "front of the lower leg" in borrowed.message
    first = apart(panel(120.0, wavelength_nm=630), panel(120.0))
    borrowed, *_ = [caution for caution in first.cautions if caution.rule == "wavelength_outside_protocols"]
    assert "630 nm" in borrowed.message
    assert "850" not in borrowed.message


def test_no_single_distance_is_told_of_lamps_that_stand_at_different_ones() -> None:
    """A remedy in one number moved all of them, and named the first's."""
    (bright,) = [r for r in apart(panel(120.0), panel(1500.0), 300.0).reasons if r.rule == "lamp_not_eye_safe"]
    assert "as far from these lamps as each stands" in bright.message
    assert "mm or more" not in bright.text


def test_the_sheet_and_the_report_say_how_far_each_lamp_stands() -> None:
    """Both said the first lamp's distance alone, and that a tilted lamp faces the skin squarely."""
    plan = plan_of(
        placed(panel(150.0), 250.0, sites=[CALF]),
        placed(panel(120.0), 180.0, sites=[SHIN], tilt_deg=15.0),
        sites=TWO_PLACES,
    )
    assert isinstance(plan, AllowedPlan)
    assert "<dd>25 cm and 18 cm<small>" in render_home_sheet(plan)
    assert all("squarely" not in site.positioning for site in plan.sites)
    assert "squarely" in plan_of(placed(panel(120.0))).sites[0].positioning


def test_places_of_a_lamp_are_named_of_several_lamps_alone() -> None:
    """Of one lamp they were read and dropped: a lamp that was meant for the shin was planned for the calf as well."""
    for named in ([SHIN], ["nowhere"]):
        with pytest.raises(BadInput, match=r"placement\.sites"):
            case(placed(panel(), sites=named), sites=TWO_PLACES)


def test_a_wrong_lamp_is_named_once() -> None:
    with pytest.raises(BadInput) as told:
        case({"device": {"id": "no_such_lamp"}, "placement": {}}, placed(panel()))
    assert [problem.key for problem in told.value.problems] == ["lamps[0].device.id"]


def test_a_lamp_for_all_places_is_the_same_however_it_names_them() -> None:
    """Beside one that named the only place, a lamp that named none counted as standing elsewhere: no rescaling."""
    one_place = [{"site": CALF, "side": "left"}]
    plan = plan_of(placed(panel(60.0), sites=[]), placed(panel(60.0), sites=[CALF]), sites=one_place)
    assert not plan.placement.apart
    assert rescale(plan, minutes=10.0).minutes == 10.0
    both = plan_of(placed(panel(60.0), sites=[CALF, SHIN]), placed(panel(60.0), sites=[SHIN, CALF]), sites=TWO_PLACES)
    assert not both.placement.apart


def test_a_distance_is_held_against_the_lamp_of_its_own_place() -> None:
    """Written at the second place as it was planned there, it counted as farther than the first lamp's."""
    plan = apart(panel(120.0), panel(400.0), 380.0)
    assert isinstance(plan, AllowedPlan)
    places = ((CALF, "left"), (SHIN, "left"))
    written = row(0)
    states = {
        (site, mm): distance_state(plan, places, replace(written, site=site, side="left", distance_mm=mm))
        for site in (CALF, SHIN)
        for mm in (200.0, 380.0)
    }
    assert states == {
        (CALF, 200.0): "as planned",
        (CALF, 380.0): "farther",
        (SHIN, 200.0): "nearer",
        (SHIN, 380.0): "as planned",
    }
    # One line for both places names no lamp.
    assert distance_state(plan, places, replace(written, distance_mm=200.0)) == "as planned"
