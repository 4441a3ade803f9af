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


def quick_plan(overrides: PlanOverrides | None = None, *, seed: int = 1, **changes: Any) -> Plan:
    """The sound case with changes as `cases.changed` takes them, screened and planned."""
    return _planned(json.dumps(changed(**changes), sort_keys=True), overrides, seed)


@functools.cache
def _planned(case: str, overrides: PlanOverrides | None, seed: int) -> Plan:
    return make_plan(screen(case_of(json.loads(case))), overrides=overrides, seed=seed, quality=QUICK)
