"""The events as the core reads them: those that were not superseded, in the order of dates."""

from __future__ import annotations

from django.db.models import QuerySet

from openpbm.care.events.models import AdverseEvent
from openpbm.care.people.models import Person
from openpbm.course.records import Event

__all__ = ["course_events", "newest_events"]

# Lines of a course's files count from 2: the first holds the names of the columns.
_FIRST_LINE = 2


def newest_events(person: Person) -> QuerySet[AdverseEvent]:
    """The events that were not superseded, oldest first."""
    return person.adverse_events.filter(newer=None).order_by("date", "audit_number")


def course_events(person: Person) -> tuple[Event, ...]:
    """Every event of the course."""
    return tuple(row.to_core(line) for line, row in enumerate(newest_events(person), _FIRST_LINE))
