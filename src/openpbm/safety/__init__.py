"""Screening rules and exposure limits: a verdict with every reason and its source."""

from openpbm.safety.reason import Reason, Verdict, computed, verdict_of
from openpbm.safety.screen import Screening, screen, with_reasons

__all__ = ["Reason", "Screening", "Verdict", "computed", "screen", "verdict_of", "with_reasons"]
