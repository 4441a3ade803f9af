"""What the worker can do: each application registers its own long work, and what it has to remind of.

Also what this layer must ask of the one above, where people are: an address, who answers for somebody, and whose
record is open to whom.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from openpbm.care.jobs.models import Job
from openpbm.care.trust.models import User
from openpbm.errors import BadInput

__all__ = [
    "Handler",
    "Progress",
    "ReminderSource",
    "address_of",
    "clinicians_of",
    "handler",
    "handler_of",
    "people_open_to",
    "register_address_of",
    "register_clinicians_of",
    "register_people_open_to",
    "reminder_source",
    "reminder_sources",
]  # fmt: skip

#: progress(done_steps, all_steps): cheap to call, written down at most twice a second
Progress = Callable[[int, int], None]
#: Does the work and returns a small result; `href` in it is where the page then leads. BadInput is a refusal.
Handler = Callable[[Job, Progress], dict[str, Any]]
#: Makes the reminders that fall due soon; called each minute, harmless when called twice.
ReminderSource = Callable[[dt.datetime], None]

_handlers: dict[str, Handler] = {}
_reminder_sources: dict[str, ReminderSource] = {}
_asked: dict[str, Callable[[Any], Any]] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def handler_of(kind: str) -> Handler:
    """Who does that kind of job; BadInput when nobody does."""
    try:
        return _handlers[kind]
    except KeyError:
        raise BadInput(f"job of kind {kind}: this version does not know it; it knows {sorted(_handlers)}") from None


def reminder_source(function: ReminderSource) -> ReminderSource:
    """Register a function that makes reminders."""
    _reminder_sources[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def reminder_sources() -> tuple[ReminderSource, ...]:
    """Every function that makes reminders."""
    return tuple(_reminder_sources.values())


def register_address_of(function: Callable[[User], str]) -> None:
    """Who knows the e-mail address of an account ("" where there is none)."""
    _asked["address"] = function


def address_of(user: User) -> str:
    """The e-mail address of an account, "" without one."""
    ask = _asked.get("address")
    return str(ask(user)) if ask else ""


def register_clinicians_of(function: Callable[[uuid.UUID], Sequence[User]]) -> None:
    """Who knows the clinicians of a person (none for somebody who manages themselves)."""
    _asked["clinicians"] = function


def clinicians_of(person_id: uuid.UUID | None) -> Sequence[User]:
    """The clinicians who answer for a person."""
    ask = _asked.get("clinicians")
    return list(ask(person_id)) if ask and person_id is not None else []


def register_people_open_to(function: Callable[[User], Any]) -> None:
    """Who knows whose records an account may open: their ids, as a query."""
    _asked["people"] = function


def people_open_to(user: User) -> Any:
    """The ids of those whose records the account may open today, as a query to look in."""
    ask = _asked.get("people")
    return ask(user) if ask else []
