"""No plan that is released breaks a limit, whoever, under whatever lamp, wherever: random cases, recomputed apart.

The suite takes a few; `benchmarks/released_plans.py` ten thousand (OPENPBM_RELEASED_PLANS).
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from independent_limits import violations, warmest_c

from openpbm.case import case_of
from openpbm.errors import BadInput
from openpbm.facts.conditions import conditions
from openpbm.facts.sites import sites
from openpbm.planning import PlanOverrides, Quality, make_plan
from openpbm.reason import Reason
from openpbm.safety import screen
from openpbm.safety.skin_temperature import skin_temperature

FEW = Quality(scenarios=8)
PLANS = int(os.environ.get("OPENPBM_RELEASED_PLANS", "12"))
FIRST = int(os.environ.get("OPENPBM_RELEASED_FIRST", "0"))
NUMB = "loss_of_protective_sensation"


def lamp(chance: random.Random) -> tuple[dict[str, Any], float]:
    """A lamp as people have them, and where it is used; strong and weak, near and far."""
    status = chance.choice(["claimed", "measured"])
    kind = chance.choice(["panel", "panel", "pad", "wrap", "laser", "field", "whole_body"])
    waves = chance.sample([630.0, 660.0, 810.0, 830.0, 850.0, 904.0, 940.0], chance.choice([1, 1, 2]))
    base: dict[str, Any] = {"output_status": status, "kind": kind}
    if chance.random() < 0.5:
        base["auto_off_minutes"] = chance.choice([10.0, 20.0, 30.0, 60.0])
    if kind == "laser":
        power_mw, spot_mm = chance.choice([10.0, 50.0, 100.0, 200.0, 500.0]), chance.uniform(3.0, 25.0)
        emitters = [{"wavelength_nm": waves[0], "power_mw": power_mw, "spot_diameter_mm": spot_mm}]
        return _claimed(base, emitters, "power_mw"), 0.0
    if kind in ("field", "whole_body"):
        at_mm = chance.choice([50.0, 150.0, 300.0])
        emitters = [
            {
                "wavelength_nm": nm,
                "irradiance_mw_cm2": 10.0 ** chance.uniform(0.3, 2.3) / len(waves),
                "at_distance_mm": at_mm,
            }
            for nm in waves
        ]
        base["kind"] = "whole_body" if kind == "whole_body" else "panel"
        if kind == "whole_body":
            base["lit_area_m2"] = chance.uniform(0.3, 1.2)
        return _claimed(base, emitters, "irradiance_mw_cm2"), at_mm
    pad = kind in ("pad", "wrap")
    pitch_mm = chance.choice([10.0, 15.0]) if pad else chance.choice([20.0, 30.0, 40.0])
    most_mw = 40.0 if pad else 300.0
    emitters = [
        {
            "wavelength_nm": nm,
            "power_mw": chance.uniform(1.0, most_mw) / len(waves),
            "half_angle_deg": chance.choice([15.0, 30.0, 60.0]),
            "rows": chance.randint(3, 12),
            "columns": chance.randint(3, 12),
            "pitch_mm": pitch_mm,
        }
        for nm in waves
    ]
    return _claimed(base | {"contact": pad}, emitters, "power_mw"), 0.0 if pad else chance.uniform(30.0, 600.0)


def _claimed(base: dict[str, Any], emitters: list[dict[str, Any]], output: str) -> dict[str, Any]:
    """A measured lamp is held against its maker's claim, which the reading meets."""
    if base["output_status"] == "measured":
        emitters = [one | {f"claimed_{output}": one[output]} for one in emitters]
    return base | {"emitters": emitters}


def drawn_case(number: int) -> tuple[dict[str, Any], PlanOverrides | None]:
    """One person, complaint, place, lamp and, sometimes, minutes of their own."""
    chance = random.Random(number)
    condition = chance.choice([each for each in conditions if each.protocols])
    usual = [sites[each] for each in condition.usual_sites if each in sites] or list(sites)
    site = chance.choice(usual if chance.random() < 0.7 else list(sites))
    device, distance_mm = lamp(chance)
    sex = chance.choice(["female", "male"])
    findings: dict[str, Any] = {"none_other": True}
    if chance.random() < 0.25:
        findings[NUMB] = True
    case = {
        "person": {
            "age_years": chance.randint(19, 85),
            "sex": sex,
            "height_cm": chance.randint(150, 195),
            "weight_kg": chance.randint(48, 120),
            "skin_type": chance.choice([1, 2, 3, 4, 5, 6]),
            "pregnant": False,
            "medications": [],
            "findings": findings,
            "labs": {"ferritin_ug_l": 118, "transferrin_saturation_percent": 27, "date": "2026-10-20"},
        },
        "condition": {"diagnosis": condition.id, "confirmed_by": "neurologist", "usual_onset": "21:30"},
        "sites": [{"site": site.id, "side": chance.choice(["left", "right", "both"])}],
        "device": device,
        "placement": {"distance_mm": distance_mm},
        "course": {"start_date": "2026-12-01", "supervision": chance.choice(["self", "clinician", "clinician"])},
    }
    if device["kind"] != "laser":
        _place(case, random.Random(f"{number} placed"))
    else:
        _move(case, random.Random(f"{number} moved"))
    minutes = chance.choice([None, None, round(chance.uniform(1.0, 60.0), 1)])
    return case, None if minutes is None else PlanOverrides(minutes=minutes)


def _place(case: dict[str, Any], chance: random.Random) -> None:
    """Sometimes tilted or beside the middle, sometimes with a second lamp there or at a place of its own, in place."""
    first = {"device": case["device"], "placement": case["placement"]}
    if chance.random() < 0.3:
        _turn(first, chance)
    if chance.random() < 0.35:
        second, distance_mm = lamp(chance)
        other = {"device": second, "placement": {"distance_mm": distance_mm}}
        if chance.random() < 0.3:
            _turn(other, chance)
        if chance.random() < 0.4:
            here, there = case["sites"][0]["site"], chance.choice(list(sites)).id
            case["sites"].append({"site": there, "side": chance.choice(["left", "right", "both"])})
            first["placement"]["sites"], other["placement"]["sites"] = [here], [there]
        del case["device"], case["placement"]
        case["lamps"] = [first, other]


def _move(case: dict[str, Any], chance: random.Random) -> None:
    """A laser is sometimes moved over an area, now and then over less than its spot, in place."""
    if chance.random() < 0.5:
        case["placement"]["scanned_area_cm2"] = round(10.0 ** chance.uniform(0.3, 2.3), 1)


def _turn(placed: dict[str, Any], chance: random.Random) -> None:
    if "rows" in placed["device"]["emitters"][0] and placed["placement"]["distance_mm"] > 100.0:
        placed["placement"]["tilt_deg"] = round(chance.uniform(-50.0, 50.0), 1)
        placed["placement"]["offset_mm"] = [round(chance.uniform(-60.0, 60.0)), round(chance.uniform(-60.0, 60.0))]


def released(raw: dict[str, Any], overrides: PlanOverrides | None) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    """Verdict, case and plan, after a clinician has released all that can be; no plan where screening refuses."""
    raw, verdict = _signed(raw, screen(case_of(raw)).reasons), screen(case_of(raw)).verdict
    if verdict not in ("allowed", "needs_clinician"):
        # Light only adds reasons.
        return verdict, raw, None
    plan = make_plan(screen(case_of(raw)), overrides=overrides, quality=FEW)
    if plan.verdict == "needs_clinician" and (more := _signed(raw, plan.reasons)) != raw:
        raw, plan = more, make_plan(screen(case_of(more)), overrides=overrides, quality=FEW)
    return plan.verdict, raw, plan.to_json_dict()


def _signed(raw: dict[str, Any], reasons: Iterable[Reason]) -> dict[str, Any]:
    """The case with everything released that a clinician beside the course may release."""
    relative = {reason.rule for reason in reasons if reason.level == "relative"} | set(
        raw.get("release", {}).get("rules", ())
    )
    if raw["course"]["supervision"] == "self" or not relative:
        return raw
    return raw | {"release": {"rules": sorted(relative), "by": "Dr Ode"}}


def test_no_released_plan_breaks_a_limit() -> None:
    found, verdicts, why = [], Counter[str](), Counter[str]()
    for number in range(FIRST, FIRST + PLANS):
        raw, overrides = drawn_case(number)
        try:
            verdict, raw, plan = released(json.loads(json.dumps(raw)), overrides)
        except BadInput as error:
            verdicts["refused as input"] += 1
            why[error.problems[0].key or "?"] += 1
            continue
        verdicts[verdict] += 1
        if plan is not None and verdict == "allowed":
            found += [f"case {number}: {broken}" for broken in violations(raw, plan)]
        elif plan is not None:
            why.update(reason["rule"] for reason in plan["reasons"])
    print(f"\n{PLANS} cases from {FIRST} on: {dict(verdicts)}; violations: {len(found)}")
    print(f"refused for: {dict(why.most_common(12))}")
    assert found == []
    assert verdicts["allowed"] >= PLANS // 20


def test_a_laser_moved_over_an_area_is_held_to_its_limits() -> None:
    """The first drawn cases whose laser is moved, each planned and recomputed; some are released."""
    moved = [n for n in range(4000) if "scanned_area_cm2" in drawn_case(n)[0].get("placement", {})][: max(8, PLANS)]
    found, allowed = [], 0
    for number in moved:
        raw, overrides = drawn_case(number)
        raw["course"]["supervision"] = "clinician"
        try:
            verdict, raw, plan = released(json.loads(json.dumps(raw)), overrides)
        except BadInput:
            continue
        if plan is not None and verdict == "allowed":
            allowed += 1
            found += [f"case {number}: {broken}" for broken in violations(raw, plan)]
    print(f"\n{len(moved)} lasers moved over an area: {allowed} released, violations: {len(found)}")
    assert found == []
    assert allowed > 0


@pytest.mark.parametrize(("wavelength_nm", "contact"), [(850.0, False), (660.0, True)])
def test_the_warmth_of_skin_is_that_of_another_solver(wavelength_nm: float, contact: bool) -> None:
    """Backward steps through time on 60 cells, against modes of 24: within 2 % of the rise, or a tenth of a degree."""
    for level, minutes in ((30.0, 10.0), (80.0, 60.0)):
        ours = skin_temperature([(wavelength_nm, level)], minutes=minutes, contact=contact, skin_type=3).p95
        theirs = warmest_c(((wavelength_nm, level),), minutes, contact, 3)
        assert ours == pytest.approx(theirs, abs=max(0.1, 0.02 * (theirs - 30.1)))
