"""Light over the whole body: watts, heat in a kilogram, and who must not have it alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from cases import make_case

from openpbm.errors import BadInput
from openpbm.planning import PlanOverrides, make_plan
from openpbm.planning.site_light import Quality
from openpbm.safety import Screening, screen
from openpbm.safety.whole_body import BodyHeat

BED = {
    "device__kind": "whole_body",
    "device__output_status": "claimed",
    "device__lit_area_m2": 0.8,
    "device__emitters": [{"wavelength_nm": 850, "irradiance_mw_cm2": 30, "at_distance_mm": 150}],
}


def bed(folder: Path, **changes: Any) -> Screening:
    return screen(make_case(folder, **BED | changes))


def rules(screening: Screening) -> set[str]:
    return {reason.rule for reason in (*screening.reasons, *screening.cautions)}


def test_r_004_09_30_mw_cm2_over_0_8_square_meters_are_240_watts(tmp_path: Path) -> None:
    """300 W/m2 x 0.8 m2; 1.3 times that is what a claim may come to."""
    screening = bed(tmp_path)
    (said,) = [caution.message for caution in screening.cautions if caution.rule == "whole_body_heat"]
    assert re.search(r"0\.8 square meters .* 240 W .* up to 312 W", said)
    assert screening.verdict == "needs_clinician"
    assert "whole_body_alone" in rules(screening)


def test_two_heads_give_twice_the_watts(tmp_path: Path) -> None:
    """The lid of a bed once went uncounted."""
    (said,) = [c.message for c in bed(tmp_path, device__heads=2).cautions if c.rule == "whole_body_heat"]
    assert re.search(r"1\.6 square meters .* 480 W", said)


def test_a_lit_area_is_of_a_lamp_of_the_whole_body(tmp_path: Path) -> None:
    """Under another kind it was read, and nothing was made of it."""
    with pytest.raises(BadInput, match=r'lit_area_m2 = 0\.8: is of a lamp of kind = "whole_body"; give it that kind'):
        bed(tmp_path, device__kind="panel")


def test_heat_in_a_kilogram() -> None:
    """200 W for 1200 s into 60 kg are 4 kJ/kg; not a minute more is told."""
    heat = BodyHeat(area_m2=0.8, power_w=300.0, absorbed_w=200.0, weight_kg=60.0)
    assert heat.specific_kj_kg(20.0) == pytest.approx(4.0)
    assert heat.longest_minutes == 20
    assert BodyHeat(area_m2=0.8, power_w=300.0, absorbed_w=201.0, weight_kg=60.0).longest_minutes == 19


def test_too_long_a_session_is_refused(tmp_path: Path) -> None:
    """A light person, and one whose weight nobody gave, take up the heat of fewer minutes."""
    long = PlanOverrides(minutes=60.0)
    few = Quality(scenarios=8)
    plan = make_plan(bed(tmp_path, course__supervision="clinician"), overrides=long, quality=few)
    assert "core_too_warm" in {reason.rule for reason in plan.reasons}
    assert plan.verdict == "refused"
    minutes = [
        re.search(r"longer than (\d+) minutes", caution.remedy)
        for weight in (100, 68, ...)
        for caution in bed(tmp_path, person__weight_kg=weight).cautions
        if caution.rule == "whole_body_heat"
    ]
    told = [int(found[1]) for found in minutes if found]
    assert told == sorted(told, reverse=True)
    assert len(set(told)) == 3


@pytest.mark.parametrize("finding", ["heart_failure", "multiple_sclerosis", "autonomic_neuropathy"])
def test_those_who_cannot_get_rid_of_heat_need_a_clinician(tmp_path: Path, finding: str) -> None:
    found = {"person__findings": {"none_other": True, finding: True}}
    assert f"{finding}_whole_body" in rules(bed(tmp_path, **found))
    assert f"{finding}_whole_body" not in rules(screen(make_case(tmp_path, **found)))


WALL = {
    "device__kind": "panel",
    "device__lit_area_m2": ...,
    "device__emitters": [
        {"wavelength_nm": 850, "power_mw": 400, "half_angle_deg": 30, "rows": 40, "columns": 20, "pitch_mm": 45}
    ],
}


def test_a_wall_of_light_is_one_whatever_it_is_called(tmp_path: Path) -> None:
    """40 x 20 LEDs of 45 mm are 1.62 m2: called a panel it once got no word on heat, and a false small area hid it."""
    for wall in (WALL, WALL | {"device__kind": "whole_body", "device__lit_area_m2": 0.01}):
        case = {key: value for key, value in wall.items() if value is not ...}
        screening = screen(make_case(tmp_path, **case))
        (said,) = [caution.message for caution in screening.cautions if caution.rule == "whole_body_heat"]
        assert "1.6 square meters" in said
        assert "whole_body_alone" in rules(screening)


def test_a_child_of_unknown_weight_is_light(tmp_path: Path) -> None:
    """15 kg take up in 1 minute what 50 kg do in 3.3."""
    longest = {}
    for age in (9, 30):
        found = bed(tmp_path, person__age_years=age, person__weight_kg=..., person__height_cm=...)
        (said,) = [caution.remedy for caution in found.cautions if caution.rule == "whole_body_heat"]
        told = re.search(r"longer than (\d+) minutes", said)
        assert told
        longest[age] = int(told[1])
    assert longest[9] * 3 <= longest[30]
