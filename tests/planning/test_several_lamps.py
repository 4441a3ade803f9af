"""Several lamps in one session: light adds up, limits take them together, and one lamp written as two is one lamp."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from cases import SOUND
from placed_lamps import CALF, SHIN, case, pad, panel, placed, plan_of
from present import present
from quick_plans import QUICK

from openpbm.case import case_of, read_case
from openpbm.errors import BadInput
from openpbm.planning import AllowedPlan, Plan, load_plan, make_plan
from openpbm.planning.rescale import rescale
from openpbm.safety import screen
from openpbm.safety.lamp_check import expose, expose_parts

ROOT = Path(__file__).parents[2]


def figures(plan: Plan) -> list[float]:
    skin, eye = present(plan.skin), present(plan.eye)
    return [
        plan.session_minutes or 0.0,
        skin.irradiance_mw_cm2,
        skin.irradiance_upper_mw_cm2,
        skin.limit_ratio or 0.0,
        eye.seconds_without_eyewear,
        eye.irradiance_upper_w_m2,
        *(
            value
            for row in plan.dose
            for value in (row.fluence_j_cm2.p5, row.fluence_j_cm2.median, row.fluence_j_cm2.p95)
        ),
    ]


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.2, 0.8), (0.25, 0.25, 0.5)])
def test_one_lamp_written_as_several_gives_the_same_plan(shares: tuple[float, ...]) -> None:
    """Conservation: the parts of a lamp at one place are that lamp."""
    whole, split = plan_of(placed(panel(60.0))), plan_of(*(placed(panel(60.0 * share)) for share in shares))
    assert figures(split) == pytest.approx(figures(whole), rel=1e-9)
    assert split.verdict == whole.verdict
    said = [caution.rule for caution in split.cautions if caution.rule != "lamps_placed"]
    assert said == [caution.rule for caution in whole.cautions]


def test_a_tilt_of_nothing_and_an_offset_of_nothing_change_nothing() -> None:
    plain, said = plan_of(placed(panel(60.0))), plan_of(placed(panel(60.0), tilt_deg=0, offset_mm=[0, 0]))
    assert said.to_json() == plain.to_json()


def test_a_tilt_lowers_the_dose_in_the_middle() -> None:
    plain, tilted = plan_of(placed(panel(60.0))), plan_of(placed(panel(60.0), tilt_deg=45))
    assert tilted.dose[0].fluence_rate_mw_cm2.median < 0.85 * plain.dose[0].fluence_rate_mw_cm2.median
    assert present(plain.placement).lamps == ()
    assert [lamp.tilt_deg for lamp in tilted.placement.lamps] == [45.0]
    (said,) = [caution.message for caution in tilted.cautions if caution.rule == "lamps_placed"]
    assert "at 20 cm, its axis 45 degrees off the skin's normal" in said


def test_two_panels_at_two_angles_light_the_middle_together() -> None:
    both = plan_of(placed(panel(40.0), tilt_deg=30), placed(panel(40.0), tilt_deg=-30))
    (said,) = [caution.message for caution in both.cautions if caution.rule == "lamps_placed"]
    assert "from one side; " in said
    assert "from the other side." in said
    one = plan_of(placed(panel(40.0), tilt_deg=30))
    assert both.dose[0].fluence_rate_mw_cm2.median == pytest.approx(
        2.0 * one.dose[0].fluence_rate_mw_cm2.median, rel=0.03
    )
    # Looked into one after the other they are as bright as one; nobody tells an eye which, so both count.
    assert present(both.eye).irradiance_upper_w_m2 == pytest.approx(2.0 * present(one.eye).irradiance_upper_w_m2)


def test_front_and_back_are_lit_at_once_and_count_once_in_the_time() -> None:
    sites = [{"site": CALF, "side": "both"}, {"site": SHIN, "side": "both"}]
    apart = plan_of(placed(panel(80.0), sites=[CALF]), placed(panel(80.0), 260.0, sites=[SHIN]), sites=sites)
    turns = plan_of(placed(panel(80.0)), sites=sites)
    assert isinstance(apart, AllowedPlan)
    assert isinstance(turns, AllowedPlan)
    assert (apart.schedule.positions_per_session, turns.schedule.positions_per_session) == (2, 4)
    assert apart.schedule.total_minutes_per_session == pytest.approx(2 * apart.session_minutes)
    first = apart.schedule.sessions[0].placements
    assert first == (f"{CALF} left", f"{SHIN} left", f"{CALF} right", f"{SHIN} right")
    alone = [plan_of(placed(panel(80.0), mm), sites=[site]) for mm, site in zip((200.0, 260.0), sites, strict=True)]
    for site, own in zip((CALF, SHIN), alone, strict=True):
        mine = [row.fluence_rate_mw_cm2.median for row in apart.dose if row.site == site]
        assert mine == pytest.approx([row.fluence_rate_mw_cm2.median for row in own.dose])


def test_a_pad_at_one_place_and_a_panel_at_another() -> None:
    sites = [{"site": CALF, "side": "left"}, {"site": SHIN, "side": "left"}]
    lamps = placed(panel(40.0), sites=[CALF]), placed(pad(), 0.0, sites=[SHIN])
    read = case(*lamps, sites=sites)
    parts = expose_parts(read, present(read.placement.distance_mm))
    assert [part.device.kind for part, _ in parts] == ["panel", "pad"]
    assert [there.distance_mm for _, there in parts] == [200.0, 0.0]
    assert parts[1][1].irradiance_mw_cm2 == pytest.approx(10.0 / 1.2**2)
    plan = make_plan(screen(read), quality=QUICK)
    assert {row.site for row in plan.dose} == {CALF, SHIN}
    assert plan.placement.apart
    assert load_plan(plan.to_json()) == plan
    with pytest.raises(BadInput, match=r"placement.lamps: different lamps light different places"):
        rescale(plan, minutes=10)


def test_a_pad_that_burns_at_the_second_place_is_refused() -> None:
    sites = [{"site": CALF, "side": "left"}, {"site": SHIN, "side": "left"}]
    plan = plan_of(placed(panel(40.0), sites=[CALF]), placed(pad(400.0), 0.0, sites=[SHIN]), sites=sites)
    assert plan.verdict == "refused"
    assert {"skin_too_warm", "fluence_above_elsewhere"} <= {reason.rule for reason in plan.reasons}


def test_a_pad_without_timer_on_numb_skin_is_refused_wherever_it_lies() -> None:
    person = SOUND["person"] | {"findings": {"none_other": True, "loss_of_protective_sensation": True}}
    never = pad() | {"output_status": "claimed"}
    del never["auto_off_minutes"]
    sites = [{"site": CALF, "side": "left"}, {"site": SHIN, "side": "left"}]
    plan = plan_of(placed(panel(40.0), sites=[CALF]), placed(never, 0.0, sites=[SHIN]), sites=sites, person=person)
    assert "no_auto_off_insensate" in {reason.rule for reason in (*plan.reasons, *plan.cautions)}


def test_an_eye_meets_all_lamps_at_once_each_from_where_it_stands() -> None:
    sites = [{"site": CALF, "side": "left"}, {"site": SHIN, "side": "left"}]
    near, far = placed(panel(40.0), 150.0, sites=[CALF]), placed(panel(40.0), 300.0, sites=[SHIN])
    both = case(near, far, sites=sites)
    alone = [case(placed(panel(40.0), mm)) for mm in (150.0, 300.0)]
    seen = [expose(one, mm).eye.irradiance_w_m2 for one, mm in zip(alone, (150.0, 300.0), strict=True)]
    assert expose(both, 150.0).eye.irradiance_w_m2 == pytest.approx(sum(seen))


def test_watts_on_a_body_are_those_of_all_lamps() -> None:
    wall = panel(40.0, rows=30, columns=20, pitch_mm=40)
    sites = [{"site": CALF, "side": "left"}, {"site": SHIN, "side": "left"}]

    def watts(plan: Plan) -> float:
        (heat,) = [caution for caution in plan.cautions if caution.rule == "whole_body_heat"]
        return float(heat.message.split(" W")[0].split()[-1])

    one = plan_of(placed(wall, 600.0))
    two = plan_of(placed(wall, 600.0, sites=[CALF]), placed(wall, 600.0, sites=[SHIN]), sites=sites)
    assert watts(two) == pytest.approx(2.0 * watts(one), rel=0.02)


LASER = {
    "output_status": "claimed", "kind": "laser", "contact": True, "laser_class": "3B",
    "emitters": [{"wavelength_nm": 810, "power_mw": 100, "spot_diameter_mm": 12}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("lamps", "words"),
    [
        ((placed(panel()), placed(pad(), 0.0)), "no other lamp's light gets through it there"),
        ((placed(panel()), placed(LASER, 0.0)), "lamps[1].device = \"own_lamp\": a laser treats one point after"),
        ((placed(panel()), placed(panel(), sites=["thigh"])), "sites = \"thigh\": not a place of this case"),
        ((placed(panel(), sites=[SHIN]), placed(panel(), sites=[SHIN])), "not a place of this case"),
        ((placed(panel()), placed(panel(), 20.0, tilt_deg=60)), "lamps[1].placement.tilt_deg = 60: would bring"),
        ((placed(panel()), placed(panel() | {"heads": 2})), "list each head as a lamp of its own"),
        ((placed(panel()), placed(panel(power_mw=-5))), "lamps[1].device.emitters[0].power_mw = -5"),
        ((placed(panel()), placed({"id": "panel_660_85"})), "lamps[1].device.id = \"panel_660_85\""),
        ((placed(panel()), placed(panel(), mode="red")), "lamps[1].placement.mode"),
        ((placed(pad(), 0.0, tilt_deg=10),), "placement.tilt_deg = 10: is of a lamp that stands off the skin"),
        ((placed(panel(stand={"tilt_deg": 5})),), "stand: is written by openpbm"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_together_is_one_line(lamps: tuple[dict[str, Any], ...], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        case(*lamps)
    assert words in str(caught.value).replace(".0:", ":")
    assert len(caught.value.problems) <= 3


def test_lamps_stand_in_place_of_the_one_lamp() -> None:
    with pytest.raises(BadInput, match=r"device: stands beside \[\[lamps\]\]"):
        case_of(copy.deepcopy(SOUND) | {"lamps": [placed(panel())]})


def test_the_lamps_of_the_documentation_are_read(tmp_path: Path) -> None:
    """The section that docs/case-file.md shows, in place of the lamp of the example case."""
    page = (ROOT / "docs/case-file.md").read_text(encoding="utf-8")
    shown = next(block for block in page.split("```toml")[1:] if block.startswith("\n[[lamps]]")).split("```")[0]
    example = (ROOT / "examples/restless_legs.toml").read_text(encoding="utf-8")
    before, rest = example.split("[device]")
    path = tmp_path / "two_panels.toml"
    path.write_text(f"{before}{shown}\n[course]{rest.split('[course]')[1]}", encoding="utf-8")
    read = read_case(path)
    assert [one.placement.tilt_deg for one in read.lamps] == [30.0, -30.0]
    plan = make_plan(screen(read), quality=QUICK)
    assert json.loads(plan.to_json())["placement"]["lamps"][1]["tilt_deg"] == -30.0
