"""A case: who, what, where, with which lamp. Read from a file or a mapping, every problem named."""

from openpbm.case.case import Case, Complaint, Confirm, Course, PlacedLamp, Placement, Release, SiteChoice, Weekday
from openpbm.case.contradictions import implausible_person, names_somebody_else
from openpbm.case.read_case import case_of, read_case

__all__ = [
    "Case",
    "Complaint",
    "Confirm",
    "Course",
    "PlacedLamp",
    "Placement",
    "Release",
    "SiteChoice",
    "Weekday",
    "case_of",
    "implausible_person",
    "names_somebody_else",
    "read_case",
]
