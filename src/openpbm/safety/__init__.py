"""Screening rules and exposure limits: a verdict with every reason and its source."""

from openpbm.facts.rules import computed
from openpbm.safety.person_check import could_be_pregnant
from openpbm.safety.screen import (
    ChecklistItem,
    Screening,
    Verdict,
    WorkupLine,
    screen,
    verdict_of,
    with_reasons,
    workup,
)

__all__ = [
    "ChecklistItem",
    "Screening",
    "Verdict",
    "WorkupLine",
    "computed",
    "could_be_pregnant",
    "screen",
    "verdict_of",
    "with_reasons",
    "workup",
]
