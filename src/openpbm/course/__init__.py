"""The record of a course of light: what was planned and what was written down, read from a folder."""

from openpbm.course.read_course import read_course
from openpbm.course.read_plan import read_released_plan
from openpbm.course.records import Course, Mark
from openpbm.course.released_plan import PlannedSession, ReleasedPlan

__all__ = ["Course", "Mark", "PlannedSession", "ReleasedPlan", "read_course", "read_released_plan"]
