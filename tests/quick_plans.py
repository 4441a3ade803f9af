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
}


def quick_plan(overrides: PlanOverrides | None = None, *, seed: int = 1, **changes: Any) -> Plan:
    """The sound case with changes as `cases.changed` takes them, screened and planned."""
    return _planned(json.dumps(changed(**changes), sort_keys=True), overrides, seed)


@functools.cache
def _planned(case: str, overrides: PlanOverrides | None, seed: int) -> Plan:
    return make_plan(screen(case_of(json.loads(case))), overrides=overrides, seed=seed, quality=QUICK)
