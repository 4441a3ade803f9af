"""What was really given: sessions against the plan, adherence, cumulative dose, rules for missed sessions."""

from openpbm.delivery.adherence import Adherence, adherence, due_in_words
from openpbm.delivery.cumulative import CumulativeFluence, PlaceFluence, cumulative_fluence, fluence_in_words
from openpbm.delivery.deviations import (
    find_deviations,
    gravest,
    most_restrictive_first,
    next_step,
    said_together,
)
from openpbm.delivery.dose_verdict import DoseVerdict, dose_verdict, elsewhere_in_words
from openpbm.delivery.match import FIRST_WORD_DAYS, follows_another, lit_days, match_sessions
from openpbm.delivery.place import PlaceRecord
from openpbm.delivery.session_record import SessionRecord

__all__ = [
    "FIRST_WORD_DAYS",
    "Adherence",
    "CumulativeFluence",
    "DoseVerdict",
    "PlaceFluence",
    "PlaceRecord",
    "SessionRecord",
    "adherence",
    "cumulative_fluence",
    "dose_verdict",
    "due_in_words",
    "elsewhere_in_words",
    "find_deviations",
    "fluence_in_words",
    "follows_another",
    "gravest",
    "lit_days",
    "match_sessions",
    "most_restrictive_first",
    "next_step",
    "said_together",
]
