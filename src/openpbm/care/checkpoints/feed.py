"""Sessions and checkpoints as a calendar. Its titles say nothing of health: a calendar is read by many eyes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer

from openpbm.care.checkpoints.models import CalendarFeed
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRelease
from openpbm.care.plans.selectors import newest_release, open_holds
from openpbm.version import __version__

if TYPE_CHECKING:
    from icalendar import Event

__all__ = ["NO_CALENDAR", "calendar_of", "person_of_token", "token_of"]

SESSION, CHECKPOINT = "OpenPBM session", "OpenPBM checkpoint"
#: The same words for an address that was never given out, was ended, or belongs to somebody who has left.
NO_CALENDAR = "This calendar address is not known, or it was ended."
_SIGNER = Signer(salt="openpbm.calendar")


def token_of(feed: CalendarFeed) -> str:
    """The secret part of the address; useless to anybody with the database but without the signing key."""
    return _SIGNER.sign(feed.secret)


def person_of_token(token: str) -> Person:
    """Whose calendar it is; PermissionDenied for any address that does not answer."""
    # Signed, so that guessed addresses are refused without a question to the database.
    try:
        secret = _SIGNER.unsign(token)
    except BadSignature:
        raise PermissionDenied(NO_CALENDAR) from None
    feed = CalendarFeed.objects.filter(secret=secret, revoked_at=None).select_related("person").first()
    if feed is None or feed.person.left_at is not None:
        raise PermissionDenied(NO_CALENDAR)
    return feed.person


def calendar_of(person: Person) -> bytes:
    """The released plan's dates, by the clock where the person lives and written in UTC.

    While something holds the sessions those still to come are left out: a calendar must not call to a lamp that is
    to stay off.
    """
    # Read where a calendar is written: it would be a twentieth of what the site reads before it opens.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//OpenPBM//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "OpenPBM")
    calendar.add("x-wr-timezone", person.zone.key)
    calendar.add("refresh-interval", dt.timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for event in _events(person):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(person: Person) -> list[Event]:
    release = newest_release(person)
    if release is None:
        return []
    plan, today = release.plan.followed, person.today()
    held = bool(open_holds(person))
    length = dt.timedelta(minutes=_minutes(plan.schedule.total_minutes_per_session))
    events = []
    for session in plan.schedule.sessions:
        if held and session.date >= today:
            continue
        event = _event(f"session-{session.number}", SESSION, release)
        if session.start_time is None:
            _whole_day(event, session.date)
        else:
            # In UTC: calendars make different things of a zone's rules, and some were an hour late all summer.
            # A time that the clocks skip in spring is an hour later on the wall, as the zone itself has it.
            begins = dt.datetime.combine(session.date, session.start_time, person.zone).astimezone(dt.UTC)
            event.add("dtstart", begins)
            event.add("dtend", begins + length)
        events.append(event)
    for week, day in plan.checkpoint_days.items():
        event = _event(f"checkpoint-{week}", CHECKPOINT, release)
        _whole_day(event, day)
        events.append(event)
    return events


def _event(name: str, title: str, release: PlanRelease) -> Event:
    from icalendar import Event

    event = Event()
    # A uid with the release in it: a new release's dates replace none of the old ones in a calendar loaded once.
    event.add("uid", f"{name}-{release.pk}@openpbm")
    event.add("dtstamp", release.created_at.astimezone(dt.UTC))
    event.add("summary", title)
    event.add("class", "PRIVATE")
    return event


def _whole_day(event: Event, day: dt.date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + dt.timedelta(days=1))
    # Transparent: the person is not "busy" all day.
    event.add("transp", "TRANSPARENT")


def _minutes(total_minutes: float) -> float:
    """Light at all positions and a little to set the lamp down; never shorter than a calendar shows."""
    return max(15.0, round(total_minutes + 5.0))
