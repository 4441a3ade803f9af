"""Plans of the sound case in few tissues, each made once for all tests: a plan is frozen, so they may share it."""

from __future__ import annotations

import functools
import json
from typing import Any

from cases import changed

from openpbm.case import case_of
from openpbm.planning import Plan, PlanOverrides, Quality, make_plan
from openpbm.safety import screen

QUICK = Quality(scenarios=16)
TWO_COLOURS = [
    {"wavelength_nm": wavelength_nm, "power_mw": power_mw, "half_angle_deg": 30, "rows": 10, "columns": 10,
     "pitch_mm": 20}
    for wavelength_nm, power_mw in ((660, 60), (850, 120))
]  # fmt: skip
LASER = {"wavelength_nm": 808, "power_mw": 100, "spot_diameter_mm": 12}
VARIED: dict[str, dict[str, Any]] = {
    "one panel": {},
    "two colours, two places": {
        "device__emitters": TWO_COLOURS,
        "condition__diagnosis": "dpn",
        "sites": [{"site": "foot_sole", "side": "left"}, {"site": "posterior_calf", "side": "both"}],
    },
    "laser on points": {
        "device": {"output_status": "measured", "emitters": [LASER]},
        "condition": {"diagnosis": "carpal_tunnel", "confirmed_by": "neurologist"},
        "sites": [{"site": "volar_wrist", "side": "right"}],
        "course__supervision": "clinician",
        "placement__distance_mm": 0,
    },
    "laser over an area": {
        "device": {
            "output_status": "claimed",
            "kind": "laser",
            "contact": True,
            "laser_class": "3B",
            "emitters": [{"wavelength_nm": 808, "power_mw": 400, "spot_diameter_mm": 30}],
        },
        "condition": {"diagnosis": "myofascial_spasm", "confirmed_by": "neurologist"},
        "sites": [{"site": "upper_trapezius", "side": "left"}],
        "course__supervision": "clinician",
        "placement": {"distance_mm": 0, "scanned_area_cm2": 50},
        "protocol": {
            "source": "handbook of the lamp",
            "mode": "area",
            "wavelength_nm": [780, 860],
            "minutes": [5, 20],
            "sessions_per_week": [2, 3],
            "weeks": [4, 4],
            "fluence_j_cm2": [2, 10],
            "incidence": "normal",
        },
    },
}


def quick_plan(overrides: PlanOverrides | None = None, *, seed: int = 1, **changes: Any) -> Plan:
    """The sound case with changes as `cases.changed` takes them, screened and planned."""
    return _planned(json.dumps(changed(**changes), sort_keys=True), overrides, seed)


@functools.cache
def _planned(case: str, overrides: PlanOverrides | None, seed: int) -> Plan:
    return make_plan(screen(case_of(json.loads(case))), overrides=overrides, seed=seed, quality=QUICK)
