"""How warm a plan may make the skin: refused, a caution or nothing; no plan that is allowed goes beyond it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import make_case

from openpbm.case import Case
from openpbm.device import beam, output_prior
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning import AllowedPlan, make_plan
from openpbm.planning.document.plan import PlanOverrides
from openpbm.planning.site_light import Quality
from openpbm.safety import screen
from openpbm.safety.lamp_check import Exposure, expose, lamp_reasons
from openpbm.safety.skin_temperature import (
    LIT_SITE,
    SkinTemperature,
    WarmedSkin,
    lamp_warmth,
    skin_temperature,
    unit_heating,
    warmth_reasons,
)
from openpbm.tissue import draw_tissues

NUMB = {"person__findings": {"none_other": True, "loss_of_protective_sensation": True}}


WRAP = {"device__kind": "wrap", "placement__distance_mm": 0.0}


def under(folder: Path, irradiance_mw_cm2: float, **changes: Any) -> tuple[Case, Exposure]:
    """The sound case under a lamp that gives so much at its distance."""
    changes = dict[str, Any]({"device__kind": "panel", "placement__distance_mm": 150.0}) | changes
    at_mm: float = changes["placement__distance_mm"]
    emitters = [{"wavelength_nm": 850, "irradiance_mw_cm2": irradiance_mw_cm2, "at_distance_mm": at_mm}]
    case = make_case(folder, device__emitters=emitters, **changes)
    return case, expose(case, at_mm)


def warmest(case: Case, exposure: Exposure, minutes: float) -> SkinTemperature:
    factor = output_prior(case.device).safety_factor
    upper = [(nm, level * factor) for nm, level in exposure.bands]
    return lamp_warmth(case.device, exposure.beam, upper, minutes=minutes, skin_type=case.person.skin_type)


@pytest.mark.parametrize(
    ("irradiance_mw_cm2", "changes", "rules"),
    [
        (20.0, {}, []),
        (95.0, {}, ["skin_warm"]),
        (105.0, {}, ["skin_warm", "skin_warm_left_on"]),
        (105.0, {"device__auto_off_minutes": 30}, ["skin_warm"]),
        (115.0, {}, ["skin_too_warm"]),
        (20.0, NUMB, []),
        (95.0, NUMB, ["skin_too_warm_insensate"]),
        # A wrap on skin that feels nothing.
        (20.0, NUMB | WRAP, []),
        (45.0, NUMB | WRAP | {"device__auto_off_minutes": 120}, ["skin_too_warm_left_on"]),
    ],
)
def test_skin_that_gets_too_warm_is_refused(
    tmp_path: Path, irradiance_mw_cm2: float, changes: dict[str, Any], rules: list[str]
) -> None:
    case, exposure = under(tmp_path, irradiance_mw_cm2, **changes)
    assert [reason.rule for reason in warmth_reasons(case, exposure, 30.0)] == rules


def test_a_wrap_that_nothing_switches_off_is_not_for_skin_that_feels_nothing(tmp_path: Path) -> None:
    """It is known before any light is computed, so that a clinician who stands by can release it."""
    for auto_off, asked in ((None, True), (30.0, False)):
        switch = {} if auto_off is None else {"device__auto_off_minutes": auto_off}
        case, exposure = under(tmp_path, 20.0, **(NUMB | WRAP | switch))
        found = {reason.rule for reason in lamp_reasons(case, exposure)}
        assert ("no_auto_off_insensate" in found) is asked
    case, exposure = under(tmp_path, 20.0, **WRAP)
    assert "no_auto_off_insensate" not in {reason.rule for reason in lamp_reasons(case, exposure)}


def test_the_time_that_a_refusal_names_is_allowed(tmp_path: Path) -> None:
    case, exposure = under(tmp_path, 115.0)
    (refused,) = warmth_reasons(case, exposure, 30.0)
    seconds = float(refused.remedy.split(" seconds")[0].rsplit(" ", 1)[1])
    assert warmth_reasons(case, exposure, seconds / 60.0)[0].rule == "skin_warm"
    assert [reason.rule for reason in warmth_reasons(case, exposure, (seconds + 2.0) / 60.0)] == ["skin_too_warm"]


def test_darker_skin_gets_warmer(tmp_path: Path) -> None:
    pale, dark = (warmest(*under(tmp_path, 50.0, person__skin_type=number), 20.0) for number in (1, 6))
    assert pale.p95 < dark.p95


def test_no_plan_that_is_allowed_makes_skin_too_warm(tmp_path: Path) -> None:
    """Whatever the output and the minutes: an allowed plan keeps 43 C at the 95th percentile."""
    verdicts = set()
    for irradiance_mw_cm2, minutes in ((15.0, None), (30.0, None), (60.0, 20.0), (75.0, 30.0), (100.0, 20.0)):
        case, exposure = under(tmp_path, irradiance_mw_cm2)
        asked = PlanOverrides(minutes=minutes)
        made = make_plan(screen(case), overrides=asked, quality=Quality(scenarios=8))
        verdicts.add(made.verdict)
        if isinstance(made, AllowedPlan):
            assert made.exposure_minutes is not None
            assert warmest(case, exposure, made.exposure_minutes).p95 <= 43.0
    assert verdicts >= {"allowed", "refused"}


def test_no_interpolated_temperature_decides() -> None:
    """The table once drew lines between 16 times: a session near the limit passed in it and was then refused."""
    probe = lamp_catalogue["laser_808_probe"]
    lit = beam(probe, 0.0)
    minutes = np.linspace(0.5, 60.0, 90)
    skin = WarmedSkin(lamp=probe, beam=lit, upper=[(808.0, 190.0)], skin_type=4, insensate=False)
    listed = skin.p95_c(minutes)
    exact = np.array([skin.after(float(each)).p95 for each in minutes])
    assert np.abs(listed - exact).max() < 0.03
    near = np.abs(exact - skin.limit_c) < 0.1
    assert near.any()
    assert listed[near] == pytest.approx(exact[near], abs=1e-9)
    panel = lamp_catalogue["panel_660_850"]
    broad = WarmedSkin(lamp=panel, beam=beam(panel, 300.0), upper=[(850.0, 60.0)], skin_type=4, insensate=True)
    assert broad.p95_c(minutes)[40] == pytest.approx(broad.after(float(minutes[40])).p95, abs=1e-9)


@pytest.mark.parametrize("contact", [False, True])
def test_the_way_of_heat_is_the_same_in_skin_of_all_types(contact: bool) -> None:
    """Modes of heat are made for no type of skin in particular: of any type they are those of its own tissues."""
    dark = draw_tissues(sites[LIT_SITE], Person(skin_type=6), count=128, seed=1)
    own = unit_heating(dark, 808.0, radius_mm=5.0, contact=contact)
    course = own.skin_unlit_c(600.0) + 50.0 * (own.skin_c(600.0) - own.skin_unlit_c(600.0))
    found = skin_temperature([(808.0, 50.0)], minutes=10.0, radius_mm=5.0, contact=contact, skin_type=6)
    low, middle, high = np.percentile(course, [5, 50, 95])
    assert (found.median - found.p5, found.p95 - found.median) == pytest.approx((middle - low, high - middle), abs=1e-9)
