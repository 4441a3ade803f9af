"""A session that was begun: how long ago, and whether its light may go on."""

from __future__ import annotations

import datetime as dt

from openpbm.care.people.models import Person
from openpbm.care.plans.selectors import open_holds
from openpbm.care.sessions.models import SessionStart

__all__ = ["elapsed", "why_light_stops"]


def elapsed(start: SessionStart, now: dt.datetime) -> dt.timedelta:
    """The longest its light can have been on: a phone's clock that runs ahead takes nothing off."""
    return max(dt.timedelta(), now - min(start.started_at, start.created_at))


def why_light_stops(person: Person, start: SessionStart | None = None) -> list[str]:
    """What speaks against going on with the light, a sentence each; empty where nothing does.

    start : said too when somebody wrote down what became of it
    """
    found = [f"Sessions are on hold: {hold.message}" for hold in open_holds(person)]
    if start is not None and start.records.exists():
        found.append("This session was written down already, on another device.")
    return found
