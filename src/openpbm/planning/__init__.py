"""The main job: prescription, light at depth, minutes, dates; `make_plan` puts them together."""

from openpbm.planning.compare_plans import compare_plans
from openpbm.planning.make_plan import make_plan
from openpbm.planning.overrides import PlanOverrides
from openpbm.planning.plan import Plan
from openpbm.planning.rescale import rescale
from openpbm.planning.site_light import Quality
from openpbm.planning.stale import stale

__all__ = ["Plan", "PlanOverrides", "Quality", "compare_plans", "make_plan", "rescale", "stale"]
