"""What is done about sessions, one transaction each: begin one, end it, write one down, write down how the skin was."""

from openpbm.care.sessions.actions.end_session import (
    STOPS,
    FinishedPlace,
    SentLater,
    WrittenPlace,
    end_session,
    hold_all_the_same,
    status_of,
)
from openpbm.care.sessions.actions.record_session import LONGEST_BEFORE_PLAN, record_session
from openpbm.care.sessions.actions.record_skin_check import record_skin_check
from openpbm.care.sessions.actions.start_session import StartRefused, start_session

__all__ = [
    "LONGEST_BEFORE_PLAN",
    "STOPS",
    "FinishedPlace",
    "SentLater",
    "StartRefused",
    "WrittenPlace",
    "end_session",
    "hold_all_the_same",
    "record_session",
    "record_skin_check",
    "start_session",
    "status_of",
]
