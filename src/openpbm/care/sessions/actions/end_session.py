"""End a session that was begun: every place or none, once, and never more light than both clocks allow."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit.constraints import longest
from openpbm.care.audit.ledger import Conflict
from openpbm.care.people.access import require
from openpbm.care.people.models import lock_person
from openpbm.care.plans.actions import hold
from openpbm.care.sessions.actions.record_session import LIGHT_STOPPED, record_session
from openpbm.care.sessions.actions.record_skin_check import hold_for_skin
from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.care.sessions.sitting import sittings
from openpbm.delivery.place import Place
from openpbm.facts.delivery import tolerance

__all__ = ["STOPS", "FinishedPlace", "SentLater", "WrittenPlace", "end_session", "hold_all_the_same", "status_of"]

#: Why light was stopped where that keeps it off until somebody has looked.
STOPS = {
    "skin": "The skin hurt or got too hot",
    "eyes": "My eyes hurt, or I saw spots",
    "unwell": "I felt unwell",
}
#: Between the lamp's switch and the page's button.
_SLACK_MIN = 1.0


class WrittenPlace(TypedDict):
    """What was given at one place, as `record_session` takes it."""

    site: str
    side: str
    minutes: float | None
    distance_mm: float | None
    status: str
    reason: str
    skin_reaction: str


class FinishedPlace(WrittenPlace):
    """At the end of a session; pauses as the timer noted them."""

    confirmed: bool
    pauses: list[list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLater:
    """What a phone kept until there was a network again.

    passed_min : from the start to the end of the session on the phone's own clock [min]
    """

    passed_min: float


@transaction.atomic
def end_session(
    *,
    start: SessionStart,
    lines: Sequence[FinishedPlace],
    by: User,
    stopped: str = "",
    item: uuid.UUID | None = None,
    later: SentLater | None = None,
) -> None:
    """Write down what a session gave. The same item ends it once, whenever and however often it comes.

    stopped : a key of STOPS, "" without; it holds the course in the same transaction
    item : the id that the phone made; None where the page has no script
    later : it was kept on a phone; its minutes then go up to the time passed on both clocks, and are not asked about
    Raises Conflict where another device has written it down.
    """
    person = start.person
    require(by, person)
    lock_person(person.pk)
    # Made out of the item, or of the start: sent twice, it is one record at each place.
    ids = [uuid.uuid5(item or start.pk, f"{line['site']}|{line['side']}") for line in lines]
    there = set(start.records.values_list("pk", flat=True))
    if there - set(ids):
        # A correction is a record of the start as well: then it was all written down before.
        if there >= set(ids):
            return
        raise Conflict("this session was written down already, from another device; what is recorded stays")
    if there and item is not None:
        return
    local = start.started_at.astimezone(person.zone)
    for id_, line in zip(ids, lines if later is None else _as_passed(start, lines, later), strict=True):
        record_session(
            id=id_, person=person, plan=start.plan, lamp=start.lamp, date=local.date(), time=local.time(), by=by,
            start=start, **line,
        )  # fmt: skip
    _hold_where_stopped(start, stopped, by=by)


def hold_all_the_same(*, start: SessionStart, lines: Sequence[FinishedPlace], stopped: str, by: User) -> None:
    """Hold for sore skin or a symptom that came too late to be written with its session: another device wrote that."""
    require(by, start.person)
    record = _first_record(start)
    for reaction in dict.fromkeys(line["skin_reaction"] for line in lines):
        hold_for_skin(record, reaction, by=by)
    _hold_where_stopped(start, stopped, by=by)


def status_of(minutes: float | None, planned: float) -> str:
    """The word for minutes given; unknown minutes are never called done.

    >>> status_of(20.0, 20.0), status_of(8.0, 20.0), status_of(0.0, 20.0), status_of(None, 20.0)
    ('done', 'partial', 'missed', 'partial')
    """
    if minutes is None:
        return "partial"
    if minutes == 0:
        return "missed"
    return "done" if minutes >= tolerance("minutes_ratio_lowest") * planned else "partial"


def _hold_where_stopped(start: SessionStart, stopped: str, *, by: User) -> None:
    if stopped not in STOPS:
        return
    day = start.started_at.astimezone(start.person.zone)
    said = f"the light was stopped on {day:%-d %B %Y} (“{STOPS[stopped]}”)"
    message = f"{said}. No light until somebody has looked at it."
    hold(person=start.person, cause=LIGHT_STOPPED, message=message, by=by, about=_first_record(start))


def _first_record(start: SessionStart) -> SessionRecord:
    first = start.records.order_by("audit_number").first()
    assert first is not None
    return first


def _as_passed(start: SessionStart, lines: Sequence[FinishedPlace], later: SentLater) -> list[FinishedPlace]:
    """The lines with no more minutes in all than have passed, by the server's clock and by the phone's."""
    now: dt.datetime = clock.now()
    (sitting,) = sittings([start])
    left = min(sitting.passed_min(now), later.passed_min) + _SLACK_MIN
    possible: dict[Place, float] = {}
    for places, _ in sitting.positions:
        # One position after the other; the places of one are lit at once.
        written = [_minutes_at(lines, place) for place in places]
        possible |= dict.fromkeys(places, max(0.0, left))
        left -= max(written, default=0.0)
    return [_cut(line, possible.get((line["site"], line["side"]), max(0.0, left))) for line in lines]


def _minutes_at(lines: Sequence[FinishedPlace], place: Place) -> float:
    return next((line["minutes"] or 0.0 for line in lines if (line["site"], line["side"]) == place), 0.0)


def _cut(line: FinishedPlace, possible: float) -> FinishedPlace:
    sent = line["minutes"]
    if sent is None or sent <= possible:
        return {**line, "confirmed": True}
    passed = round(possible, 1)
    why = f"The phone sent {sent:g} minutes, and only {passed:g} had passed on both clocks. {line['reason']}".strip()
    lit = {"minutes": passed, "status": "partial"}
    if passed == 0:
        lit = {"minutes": 0.0, "status": "missed"}
    reason = why[: longest(SessionRecord, "reason")]
    return {**line, **lit, "reason": reason, "confirmed": True}  # type: ignore[typeddict-item]
