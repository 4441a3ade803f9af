"""The main job: prescription, light at depth, minutes, dates; `make_plan` puts them together."""

from openpbm.planning.make_plan import Quality, make_plan
from openpbm.planning.plan import NOTICE, Plan

__all__ = ["NOTICE", "Plan", "Quality", "make_plan"]
