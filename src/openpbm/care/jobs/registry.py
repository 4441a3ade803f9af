"""What the worker can do: each application registers its own long work, and what it has to remind of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from openpbm.care.jobs.models import Job
from openpbm.errors import BadInput, Problem

__all__ = ["Handler", "Progress", "ReminderSource", "handler", "handler_of", "reminder_source", "reminder_sources"]

#: progress(done_steps, all_steps): cheap to call, written down at most twice a second
Progress = Callable[[int, int], None]
#: Does the work and returns a small result; `href` in it is where the page then leads. BadInput is a refusal.
Handler = Callable[[Job, Progress], dict[str, Any]]
#: Makes the reminders that fall due soon; called each minute, harmless when called twice.
ReminderSource = Callable[[dt.datetime], None]

_handlers: dict[str, Handler] = {}
_reminder_sources: dict[str, ReminderSource] = {}


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
        raise BadInput(
            Problem(
                key=f"job of kind {kind}",
                message="this version does not know it",
                remedy=f"it knows {sorted(_handlers)}",
            )
        ) from None


def reminder_source(function: ReminderSource) -> ReminderSource:
    """Register a function that makes reminders."""
    _reminder_sources[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def reminder_sources() -> tuple[ReminderSource, ...]:
    """Every function that makes reminders."""
    return tuple(_reminder_sources.values())
