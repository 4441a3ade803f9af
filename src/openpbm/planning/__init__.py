"""The main job: prescription, light at depth, minutes, dates; `make_plan` puts them together."""

from openpbm.planning.compare_plans import compare_plans
from openpbm.planning.light_at_depth import LightAtDepth, light_at_depth
from openpbm.planning.make_plan import make_plan
from openpbm.planning.overrides import PlanOverrides
from openpbm.planning.plan import Plan
from openpbm.planning.rescale import rescale
from openpbm.planning.stale import stale
from openpbm.planning.tissue_light import Quality

__all__ = [
    "LightAtDepth",
    "Plan",
    "PlanOverrides",
    "Quality",
    "compare_plans",
    "light_at_depth",
    "make_plan",
    "rescale",
    "stale",
]
