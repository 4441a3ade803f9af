"""The main job: prescription, light at depth, minutes, dates; `make_plan` puts them together."""

from openpbm.planning.compare_plans import PlanDifference, compare_plans
from openpbm.planning.document import (
    AllowedPlan,
    Plan,
    PlannedSession,
    RefusedPlan,
    load_allowed_plan,
    load_outline,
    load_plan,
    plan_schema,
)
from openpbm.planning.document.plan import PlanOverrides
from openpbm.planning.light_at_depth import LightAtDepth, light_at_depth
from openpbm.planning.make_plan import make_plan
from openpbm.planning.prescription import fluence_j_cm2
from openpbm.planning.rescale import rescale
from openpbm.planning.rescaled_plan import RescaledPlan
from openpbm.planning.site_light import Quality
from openpbm.planning.stale import stale
from openpbm.planning.transcribe_plan import transcribe_plan
from openpbm.planning.what_if import PreparedLight, WhatIf, prepare_light

__all__ = [
    "AllowedPlan",
    "LightAtDepth",
    "Plan",
    "PlanDifference",
    "PlanOverrides",
    "PlannedSession",
    "PreparedLight",
    "Quality",
    "RefusedPlan",
    "RescaledPlan",
    "WhatIf",
    "compare_plans",
    "fluence_j_cm2",
    "light_at_depth",
    "load_allowed_plan",
    "load_outline",
    "load_plan",
    "make_plan",
    "plan_schema",
    "prepare_light",
    "rescale",
    "stale",
    "transcribe_plan",
]
