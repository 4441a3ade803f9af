"""Screening rules and exposure limits: a verdict with every reason and its source."""

from openpbm.safety.candidacy import ChecklistItem
from openpbm.safety.screen import Screening, screen, with_reasons
from openpbm.safety.verdict import Verdict, computed, verdict_of

__all__ = ["ChecklistItem", "Screening", "Verdict", "computed", "screen", "verdict_of", "with_reasons"]
