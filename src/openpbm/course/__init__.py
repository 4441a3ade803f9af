"""The record of a course of light: what was planned and what was written down, read from a folder."""

from openpbm.course.mark import Mark, MarkText, mark_in_folder, marks_together
from openpbm.course.read_course import read_course
from openpbm.course.records import Course

__all__ = ["Course", "Mark", "MarkText", "mark_in_folder", "marks_together", "read_course"]
