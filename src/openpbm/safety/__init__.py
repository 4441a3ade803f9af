"""Screening rules and exposure limits: a verdict with every reason and its source."""

from openpbm.facts.rules import computed
from openpbm.safety.screen import ChecklistItem, Screening, Verdict, screen, verdict_of, with_reasons

__all__ = ["ChecklistItem", "Screening", "Verdict", "computed", "screen", "verdict_of", "with_reasons"]
