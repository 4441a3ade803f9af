"""Lamps where they stand, alone or several in one session, and the plans of them."""

from __future__ import annotations

import copy
from typing import Any

from cases import SOUND
from quick_plans import QUICK

from openpbm.case import Case, case_of
from openpbm.planning import Plan, make_plan
from openpbm.safety import screen

CALF, SHIN = "posterior_calf", "anterior_calf"


def panel(power_mw: float = 120.0, **more: Any) -> dict[str, Any]:
    led = {"wavelength_nm": 850, "power_mw": power_mw, "half_angle_deg": 30, "rows": 10, "columns": 10, "pitch_mm": 20}
    return {"output_status": "claimed", "kind": "panel", "emitters": [led | more]}


def pad(power_mw: float = 10.0) -> dict[str, Any]:
    led = {"wavelength_nm": 850, "power_mw": power_mw, "half_angle_deg": 60, "rows": 10, "columns": 10, "pitch_mm": 12}
    return {"output_status": "claimed", "kind": "pad", "contact": True, "emitters": [led], "auto_off_minutes": 30}


def placed(device: dict[str, Any], distance_mm: float = 200.0, **more: Any) -> dict[str, Any]:
    return {"device": device, "placement": {"distance_mm": distance_mm} | more}


def case(*lamps: dict[str, Any], sites: list[dict[str, Any]] | None = None, **more: Any) -> Case:
    raw = copy.deepcopy(SOUND) | more
    raw.pop("placement")
    raw.pop("device")
    if sites is not None:
        raw["sites"] = sites
    return case_of(raw | ({"lamps": list(lamps)} if len(lamps) > 1 else lamps[0]))


def plan_of(*lamps: dict[str, Any], **more: Any) -> Plan:
    return make_plan(screen(case(*lamps, **more)), quality=QUICK)
