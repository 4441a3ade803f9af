"""The main job: prescription, light at depth, minutes, dates; `make_plan` puts them together."""

from openpbm.planning.asked import Asked
from openpbm.planning.make_plan import make_plan
from openpbm.planning.plan import Plan
from openpbm.planning.site_light import Quality

__all__ = ["Asked", "Plan", "Quality", "make_plan"]
