"""Consent withdrawn: the light stops in the same moment."""

from __future__ import annotations

from typing import Any

from openpbm.care.accounts.models import User
from openpbm.care.people.models import Consent, Person
from openpbm.care.plans.actions import CONSENT_WITHDRAWN, hold

__all__ = ["hold_on_withdrawal"]

_STOPS = {
    Consent.Purpose.LIGHT: "Consent to investigational light was withdrawn. No session starts until it is given again.",
    Consent.Purpose.RECORD: "Consent to keeping the record was withdrawn. No session starts until this is settled.",
    Consent.Purpose.CAPABLE: "The capability check no longer holds. No session starts until it is done again.",
}


def hold_on_withdrawal(sender: Any, *, person: Person, consent: Consent, by: User, **_: Any) -> None:
    """Hold the sessions of whoever withdrew a consent that light rests on."""
    # Consent to a helper is about who reads the record and not about light: taking it back stops no session.
    message = _STOPS.get(Consent.Purpose(consent.purpose))
    if message is not None:
        hold(person=person, cause=CONSENT_WITHDRAWN, message=message, by=by, about=consent)
