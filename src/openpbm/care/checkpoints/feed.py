"""Sessions and checkpoints as a calendar. Its titles say nothing of health: a calendar is read by many eyes."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from icalendar import Calendar, Event

from openpbm import __version__
from openpbm.care.checkpoints.models import CalendarFeed
from openpbm.care.people.models import Person
from openpbm.care.plans.current import newest_release, open_holds

__all__ = ["NO_CALENDAR", "calendar_of", "person_of_token", "token_of"]

SESSION, CHECKPOINT = "OpenPBM session", "OpenPBM checkpoint"
#: The same words for an address that was never given out, was ended, or belongs to somebody who has left.
NO_CALENDAR = "This calendar address is not known, or it was ended."
_SIGNER = Signer(salt="openpbm.calendar")


def token_of(feed: CalendarFeed) -> str:
    """The secret part of the address; useless to whoever has the database but not the key that signs."""
    return _SIGNER.sign(feed.secret)


def person_of_token(token: str) -> Person:
    """Whose calendar it is; PermissionDenied for any address that does not answer."""
    try:
        secret = _SIGNER.unsign(token)
    except BadSignature:
        raise PermissionDenied(NO_CALENDAR) from None
    feed = CalendarFeed.objects.filter(secret=secret, revoked_at=None).select_related("person").first()
    if feed is None or feed.person.left_at is not None:
        raise PermissionDenied(NO_CALENDAR)
    return feed.person


def calendar_of(person: Person) -> bytes:
    """The released plan's dates in the person's time zone.

    While something holds the sessions those still to come are left out: a calendar must not call to a lamp that is
    to stay off.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//OpenPBM//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "OpenPBM")
    calendar.add("x-wr-timezone", person.time_zone)
    calendar.add("refresh-interval", dt.timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for event in _events(person):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _events(person: Person) -> list[Event]:
    release = newest_release(person)
    if release is None:
        return []
    plan, today = release.plan.to_core(), person.today()
    held = bool(open_holds(person))
    length = dt.timedelta(minutes=_minutes(plan.minutes, max(len(one.placements) for one in plan.sessions)))
    sessions = [one for one in plan.sessions if not held or one.date < today]
    found = [
        _event(
            f"session-{one.number}-{release.pk}", SESSION, release.created_at, one.date, one.start_time, length, person
        )
        for one in sessions
    ]
    found += [
        _event(f"checkpoint-{week}-{release.pk}", CHECKPOINT, release.created_at, day, None, length, person)
        for week, day in plan.checkpoints
    ]
    return found


def _event(
    uid: str,
    title: str,
    made_at: dt.datetime,
    day: dt.date,
    time: dt.time | None,
    length: dt.timedelta,
    person: Person,
) -> Event:
    """One date; a time where the plan has one, by the clock where the person lives, else the whole day."""
    event = Event()
    event.add("uid", f"{uid}@openpbm")
    event.add("dtstamp", made_at.astimezone(dt.UTC))
    event.add("summary", title)
    event.add("class", "PRIVATE")
    if time is None:
        event.add("dtstart", day)
        event.add("dtend", day + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        begins = dt.datetime.combine(day, time, person.zone)
        event.add("dtstart", begins)
        event.add("dtend", begins + length)
    return event


def _minutes(minutes: float, positions: int) -> float:
    """Light at each position and a little to set the lamp down; never shorter than a calendar shows."""
    return max(15.0, round(minutes * positions + 5.0))
