"""The hold an event puts on the sessions, and how it is found again."""

from __future__ import annotations

import datetime as dt

from openpbm.care.events.models import AdverseEvent
from openpbm.care.plans.models import Hold
from openpbm.wording import date_in_words

__all__ = ["hold_message", "hold_of"]

_MESSAGES = {
    "red_flag": "A warning sign was reported on {date}: {kind}. No light until a clinician has decided.",
    "stop_everywhere": "Reported on {date}: {kind}. This ends the light until a clinician has decided.",
    "adverse_event": "An effect was reported on {date}: {kind}. Sessions wait until a clinician has looked at it.",
}


def hold_message(cause: str, shown_kind: str, date: dt.date) -> str:
    """Why the sessions wait, in a sentence that repeats nothing of the free text."""
    return _MESSAGES[cause].format(date=date_in_words(date.isoformat()), kind=shown_kind)


def hold_of(event: AdverseEvent) -> Hold | None:
    """The hold this event put on the sessions, lifted or not; None where it put none."""
    rows = Hold.objects.filter(about_table=AdverseEvent._meta.db_table, about_id=str(event.pk))
    return rows.select_related("lift").order_by("created_at").first()
