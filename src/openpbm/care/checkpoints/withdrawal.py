"""A helper is let go: the calendar's secret address, which they could see, ends with it."""

from __future__ import annotations

from typing import Any

from openpbm.care.accounts.models import User
from openpbm.care.checkpoints.actions import close_feed
from openpbm.care.people.models import Consent, Person

__all__ = ["end_calendar_with_help"]


def end_calendar_with_help(sender: Any, *, person: Person, consent: Consent, by: User, **_: Any) -> None:
    """End the address when a helper's consent is withdrawn; it cannot tell who asks."""
    if consent.purpose == Consent.Purpose.HELPER:
        close_feed(person=person, by=by)
