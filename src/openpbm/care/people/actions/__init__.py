"""What can be done to a person's row and record: one function a use case, one transaction each."""

from openpbm.care.people.actions.appointment import book_appointment, set_appointment_state
from openpbm.care.people.actions.care_plan import set_goal, set_stage
from openpbm.care.people.actions.change import medicine_changed, record_change
from openpbm.care.people.actions.consent import record_consent
from openpbm.care.people.actions.erase import (
    ask_for_erasure,
    erase_oneself,
    erase_person,
    erasure_now,
    may_ask,
    take_erasure_back,
    view_retention,
)
from openpbm.care.people.actions.helper import end_help, grant_help
from openpbm.care.people.actions.intake import record_intake
from openpbm.care.people.actions.paper_consent import LARGEST_SCAN, ON_PAPER, Paper, record_paper_consent
from openpbm.care.people.actions.register import (
    open_account,
    register_person,
    register_with_account,
    renew_password,
    set_identity,
    set_letter_time,
    sign_up_self,
)

__all__ = [
    "LARGEST_SCAN",
    "ON_PAPER",
    "Paper",
    "ask_for_erasure",
    "book_appointment",
    "end_help",
    "erase_oneself",
    "erase_person",
    "erasure_now",
    "grant_help",
    "may_ask",
    "medicine_changed",
    "open_account",
    "record_change",
    "record_consent",
    "record_intake",
    "record_paper_consent",
    "register_person",
    "register_with_account",
    "renew_password",
    "set_appointment_state",
    "set_goal",
    "set_identity",
    "set_letter_time",
    "set_stage",
    "sign_up_self",
    "take_erasure_back",
    "view_retention",
]
