"""What was really given: sessions against the plan, adherence, cumulative dose, rules for missed sessions."""

from openpbm.delivery.adherence import Adherence, adherence
from openpbm.delivery.cumulative import CumulativeFluence, PlaceFluence, cumulative_fluence
from openpbm.delivery.deviations import find_deviations
from openpbm.delivery.dose_verdict import DoseVerdict, dose_verdict
from openpbm.delivery.finding import Finding, Severity, gravest, most_restrictive_first
from openpbm.delivery.match import match_sessions
from openpbm.delivery.missed_rules import next_step
from openpbm.delivery.session_record import PlaceRecord, SessionRecord

__all__ = [
    "Adherence",
    "CumulativeFluence",
    "DoseVerdict",
    "Finding",
    "PlaceFluence",
    "PlaceRecord",
    "SessionRecord",
    "Severity",
    "adherence",
    "cumulative_fluence",
    "dose_verdict",
    "find_deviations",
    "gravest",
    "match_sessions",
    "most_restrictive_first",
    "next_step",
]
