"""A protocol of one's own: under the same limits, always for a clinician, and never where a specialist decides."""

from __future__ import annotations

from typing import Any

import pytest
from cases import changed
from quick_plans import quick_plan

from openpbm.case import case_of
from openpbm.errors import BadInput
from openpbm.facts.rules import releasable_rules
from openpbm.planning import PlanOverrides

OWN: dict[str, Any] = {
    "source": "handbook of my lamp, page 12",
    "mode": "area",
    "wavelength_nm": [800, 900],
    "fluence_j_cm2": [4, 30],
    "minutes": [5, 20],
    "sessions_per_week": [3, 3],
    "weeks": [4, 4],
}
POINTS = OWN | {"mode": "point", "energy_per_point_j": [2, 4], "points": [4, 6], "spacing_mm": [20, 30]}
PROBE = {"output_status": "measured", "emitters": [{"wavelength_nm": 830, "power_mw": 60, "spot_diameter_mm": 8}]}


@pytest.mark.parametrize("supervision", ["self", "clinician"])
def test_an_own_protocol_is_followed_and_a_clinician_decides_whoever_stands_beside(supervision: str) -> None:
    plan = quick_plan(protocol=OWN, course__supervision=supervision)
    assert plan.verdict == "needs_clinician"
    assert [reason.rule for reason in plan.reasons] == ["own_protocol"]
    assert OWN["source"] in plan.reasons[0].message
    assert plan.protocol is not None
    assert (plan.protocol.origin, plan.protocol.fluence_j_cm2) == ("own", (4, 30))
    assert plan.skin is not None
    assert plan.skin.fluence_j_cm2 is not None
    assert 4 <= 1.05 * plan.skin.fluence_j_cm2 <= 1.05 * 30


def test_nobody_can_release_it() -> None:
    assert "own_protocol" not in releasable_rules()
    with pytest.raises(BadInput, match="not a rule a clinician can release"):
        case_of(changed(protocol=OWN, release={"rules": ["own_protocol"], "by": "physiatrist"}))


def test_its_limits_hold_as_those_of_any_protocol() -> None:
    over = quick_plan(PlanOverrides(minutes=60.0), protocol=OWN)
    assert over.verdict == "refused"
    assert "override_skin_dose_above_protocol" in {reason.rule for reason in over.reasons}
    hot: dict[str, Any] = {f"device__emitters__0__{key}": 1500 for key in ("power_mw", "claimed_power_mw")}
    glaring = quick_plan(protocol=OWN | {"fluence_j_cm2": [4, 900], "minutes": [20, 20]}, **hot)
    assert glaring.verdict == "refused"
    assert {reason.rule for reason in glaring.reasons} & {"skin_too_warm", "skin_irradiance_limit"}


def test_points_are_given_by_a_lamp_of_points_and_never_spread_over_an_area() -> None:
    spread = quick_plan(protocol=POINTS)
    assert spread.verdict == "refused"
    refusal = next(reason for reason in spread.reasons if reason.rule == "no_protocol_for_lamp")
    assert "2-4 J at each of 4-6 points" in refusal.message
    assert spread.session_minutes is None
    probed = quick_plan(protocol=POINTS, device=PROBE, course__supervision="clinician", placement__distance_mm=0)
    assert probed.exposure_minutes is not None
    # 60 mW for 35 s is 2.1 J.
    assert probed.exposure_minutes * 60 == pytest.approx(35)
    assert probed.session_minutes == pytest.approx(4 * 35 / 60, abs=0.01)


def test_where_a_specialist_decides_it_changes_nothing() -> None:
    plan = quick_plan(protocol=OWN, condition__diagnosis="trigeminal_neuralgia")
    assert (plan.verdict, plan.protocol, plan.session_minutes) == ("refer", None, None)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"source": ...}, "protocol.source: needed but not given"),
        ({"source": "  "}, "protocol.source.* is empty; say where the protocol comes from"),
        ({"origin": "trial"}, 'protocol.origin = "trial": is written by openpbm; leave it out'),
        ({"minutes": [20, 5]}, "protocol: own_protocol: lowest above highest in minutes"),
        ({"fluence_j_cm2": ...}, "protocol: own_protocol: area mode needs fluence_j_cm2, or irradiance_mw_cm2"),
        ({"mode": "bed"}, "must be one of area, point, contact or whole_body"),
        ({"wavelength_nm": [500, 900]}, "protocol.wavelength_nm.* at least 600"),
        ({"joules": 4}, "protocol.joules.* not a known key"),
    ],
)
def test_what_is_wrong_with_it_is_named(wrong: dict[str, Any], says: str) -> None:
    own = {key: value for key, value in (OWN | wrong).items() if value is not ...}
    with pytest.raises(BadInput, match=says):
        case_of(changed(protocol=own))


@pytest.mark.parametrize(("key", "value"), [("points", -1), ("spacing_mm", 25), ("weeks", 4)])
def test_one_number_where_a_pair_belongs_is_told_how_to_write_it(key: str, value: int) -> None:
    with pytest.raises(BadInput, match=rf"protocol\.{key} = {value}: .*; write \[\d+, \d+\]$"):
        case_of(changed(protocol=POINTS | {key: value}, device=PROBE))
