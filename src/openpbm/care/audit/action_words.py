"""What an entry of the audit says was done, in words."""

from __future__ import annotations

__all__ = ["action_words", "nobody_words", "page_words", "table_words"]

_WORDS = {
    "account_opened": "Account opened",
    "address_changed": "E-mail address of the account changed",
    "address_confirmed": "E-mail address confirmed",
    "push_device_added": "Reminders switched on for a device",
    "push_device_ended": "Reminders switched off for a device, or it was reached no more",
    "letter_time_set": "Time of the daily letter set, or no letter asked for",
    "clinic_opened": "Clinic opened",
    "clinician_confirmed": "Clinician confirmed",
    "clinician_recovered": "Clinician showed the second factor they had before a reset",
    "database_restored": "Database put back to an earlier state; every course is held",
    "erasure_asked": "Asked to be erased",
    "erasure_done": "Erased",
    "erasure_taken_back": "Asks no more to be erased",
    "erasure_viewed": "Looked at what must be kept before an erasure",
    "person_erased_again": "Erased again, after a restore",
    "first_password_given": "New first password given",
    "password_changed": "Password changed",
    "password_link_asked": "Link for a forgotten password asked for",
    "password_replaced_by_link": "Password replaced by the link that was sent",
    "password_wrong": "Wrong present password, at changing it",
    "reads_sealed": "Looks sealed",
    "second_factor_added": "Second factor set up",
    "second_factor_forgotten": "Second factor taken away, its devices were lost",
    "second_factor_removed": "Second factor removed",
    "second_factor_wrong": "Wrong code of the second factor",
    "sign_in_ended": "Own sign-in ended",
    "sign_in_failed": "Failed sign-in",
    "signature_failed": "Wrong password under a signature",
    "signed_in": "Signed in",
    "signed_out": "Signed out",
}


def action_words(action: str) -> str:
    """The words for an action.

    >>> action_words("sign_in_failed"), action_words("plan_released")
    ('Failed sign-in', 'Plan released')
    """
    return _WORDS.get(action) or action.replace("_", " ").capitalize()


_NOBODY = {
    "clinic_opened": "whoever runs the machine",
    "clinician_confirmed": "whoever runs the machine",
    "key_rotated": "whoever runs the machine",
    "first_password_given": "whoever runs the machine",
    "second_factor_forgotten": "whoever runs the machine",
    "password_link_asked": "somebody not signed in",
    "second_factor_wrong": "somebody not signed in",
    "sign_in_failed": "somebody not signed in",
}


def nobody_words(action: str) -> str:
    """Who it was, where the entry names no account.

    >>> nobody_words("sign_in_failed"), nobody_words("reads_sealed")
    ('somebody not signed in', 'the server')
    """
    return _NOBODY.get(action, "the server")


_TABLES = {
    "accounts_clinic": "clinic", "accounts_membership": "place in the staff", "accounts_user": "account",
    "checkpoints_authorspart": "authors’ part of a case report", "checkpoints_calendarfeed": "calendar address",
    "checkpoints_casereport": "case report", "checkpoints_checkpoint": "judgement of a checkpoint",
    "checkpoints_checkpointdecision": "decision on a checkpoint", "checkpoints_expectedcourse": "expected course",
    "checkpoints_teammember": "member of the care team", "devices_lamp": "lamp",
    "devices_lamppassport": "description of a lamp", "devices_measurement": "measurement of a lamp",
    "events_adverseevent": "reported effect", "events_eventreview": "review of an effect",
    "light_sessions_sessionrecord": "session written down", "light_sessions_sessionstart": "start of a session",
    "light_sessions_skincheck": "look at the skin", "n_of_1_designstop": "end of a blinded test",
    "n_of_1_periodguess": "guess in a blinded test", "n_of_1_sealeddesign": "blinded test",
    "n_of_1_unblinding": "opening of a blinded test", "people_change": "line beside the light",
    "people_helpergrant": "helper", "people_intake": "answers", "people_personkey": "key of a record",
    "plans_hold": "hold", "plans_holdlift": "lifting of a hold", "plans_planrelease": "release of a plan",
    "plans_planrow": "plan", "scales_diaryentry": "day of the diary", "scales_scoreentry": "filled questionnaire",
    "scales_spasmrecord": "cramp", "screening_rulerelease": "release of a rule", "screening_screeningrow": "screening",
}  # fmt: skip


def table_words(table: str) -> str:
    """What a row of that table is, in words; what is not listed is named by its kind.

    >>> table_words("plans_holdlift"), table_words("people_goal")
    ('lifting of a hold', 'goal')
    """
    return _TABLES.get(table) or table.partition("_")[2].replace("_", " ")


_PLACES = {
    "api": "Programme interface", "checkpoints": "Course", "devices": "Lamps", "events": "Side effects",
    "home": "Clinic",
    "n_of_1": "Blinded test", "people": "Person", "plans": "Plan", "scales": "Diary and scales",
    "screening": "Screening", "sessions": "Sessions",
}  # fmt: skip


def page_words(route: str) -> str:
    """What page a look was at, by its place and its name.

    >>> page_words("checkpoints:care_plan"), page_words("home:record")
    ('Course: care plan', 'Clinic: record')
    """
    place, _, name = route.partition(":")
    return f"{_PLACES.get(place, place)}: {name.replace('_', ' ')}".removesuffix(": ")
