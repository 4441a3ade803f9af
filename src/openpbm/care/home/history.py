"""One timeline of everything about a person: light, scores, effects, changes, decisions; the newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from openpbm.care.checkpoints.models import Checkpoint, CheckpointDecision
from openpbm.care.checkpoints.plain_words import plain_judgement
from openpbm.care.events.models import EventReview
from openpbm.care.events.plain_kinds import shown_kind
from openpbm.care.events.selectors import newest_events
from openpbm.care.people.models import Person
from openpbm.care.plans.models import Hold, HoldLift, PlanRelease
from openpbm.care.scales.selectors import newest_scores
from openpbm.care.sessions.models import SessionRecord
from openpbm.care.sessions.selectors import newest_records
from openpbm.delivery.place import place_name
from openpbm.errors import BadInput
from openpbm.facts.scales import scales

__all__ = ["Entry", "history_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line. kind: light, score, effect, change, decision · at: orders the entries of a day, where it is known."""

    date: dt.date
    kind: str
    title: str
    detail: str = ""
    href: str = ""
    at: dt.datetime | None = None


def history_of(person: Person) -> list[Entry]:
    """Every entry, the newest first."""
    sources: tuple[Callable[[Person], Iterator[Entry]], ...] = (
        _light, _scores, _effects, _reviews, _changes, _screenings, _releases, _holds, _checkpoints, _decisions,
    )  # fmt: skip
    found = [entry for source in sources for entry in source(person)]
    # Light and scores know their day alone: they stand below what has a clock time on the same day.
    begin = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda one: (one.date, one.at or begin), reverse=True)


def _day(person: Person, moment: dt.datetime) -> dt.date:
    return moment.astimezone(person.zone).date()


def _light(person: Person) -> Iterator[Entry]:
    days: dict[dt.date, list[SessionRecord]] = {}
    # A year has hundreds of them; findings and pauses are long and not shown in the timeline.
    for row in newest_records(person).defer("findings", "pauses"):
        days.setdefault(row.date, []).append(row)
    for date, rows in days.items():
        lit = [row for row in rows if row.status != "missed"]
        if not lit:
            reason = next((row.reason for row in rows if row.reason), "")
            yield Entry(date=date, kind="light", title="No light", detail=reason, href=_at("sessions:list", person))
            continue
        places = ", ".join(
            f"{place_name((row.site, row.side))} {'?' if row.minutes is None else f'{row.minutes:g}'}\xa0min"
            for row in lit
        )
        partly = any(row.status == "partial" for row in rows)
        title = "Session, partly given" if partly else "Session"
        yield Entry(date=date, kind="light", title=title, detail=places, href=_at("sessions:list", person))


def _scores(person: Person) -> Iterator[Entry]:
    for row in newest_scores(person):
        value = row.result.get("value")
        band = row.result.get("band")
        detail = "no total" if value is None else f"{value:g}" + (f", {band}" if band else "")
        href = _at("scales:score", person, score_id=row.pk)
        yield Entry(date=row.date, kind="score", title=_scale_name(row.scale), detail=detail, href=href)


def _scale_name(id: str) -> str:
    try:
        return scales[id].name
    except BadInput:
        # A form that this version does not know any more still stands in the history, under its id.
        return id


def _effects(person: Person) -> Iterator[Entry]:
    for row in newest_events(person):
        grade = row.advice.get("grade")
        detail = f"Grade {grade}" if grade else ""
        href = _at("events:show", person, event_id=row.pk)
        yield Entry(date=row.date, kind="effect", title=shown_kind(row.kind), detail=detail, href=href)


def _reviews(person: Person) -> Iterator[Entry]:
    for row in EventReview.objects.filter(event__person=person).select_related("event"):
        title = f"Effect reviewed: {row.get_causality_display().lower()}"
        href = _at("events:show", person, event_id=row.event_id)
        yield Entry(
            date=_day(person, row.created_at), kind="decision", title=title, href=href, at=row.created_at,
            detail=f"{row.action} Signed by {row.signed_name}.",
        )  # fmt: skip


def _changes(person: Person) -> Iterator[Entry]:
    for row in person.changes.all():
        title = f"{row.name or row.kind.replace('_', ' ')}: {row.action}"
        yield Entry(date=row.date, kind="change", title=title, detail=row.dose, href=_at("people:timeline", person))


def _screenings(person: Person) -> Iterator[Entry]:
    for row in person.screenings.defer("case").select_related("lamp"):
        title = f"Screened: {row.verdict.replace('_', ' ')}"
        href = _at("screening:show", person, screening_id=row.pk)
        date = _day(person, row.created_at)
        yield Entry(date=date, kind="decision", title=title, detail=row.lamps_in_short, href=href, at=row.created_at)


def _releases(person: Person) -> Iterator[Entry]:
    rows = PlanRelease.objects.filter(person=person).select_related("plan").defer("plan__document")
    for row in rows:
        href = _at("plans:workbench", person, plan_id=row.plan_id)
        said = (row.statement, row.early_start and f"Light begins before two weeks of diary: {row.early_start}.")
        detail = " ".join([*filter(None, said), f"Signed by {row.signed_name}."])
        date, title = _day(person, row.created_at), f"Plan released, version {row.plan.version}"
        yield Entry(date=date, kind="decision", title=title, detail=detail, href=href, at=row.created_at)


def _holds(person: Person) -> Iterator[Entry]:
    for hold in Hold.objects.filter(person=person):
        date, href = _day(person, hold.created_at), _at("plans:lift_hold", person, hold_id=hold.pk)
        yield Entry(date=date, kind="effect", title="Light on hold", detail=hold.message, href=href, at=hold.created_at)
    for lift in HoldLift.objects.filter(hold__person=person):
        date, agreed = _day(person, lift.created_at), f" Agreed by {lift.agreed_by}." * bool(lift.agreed_by)
        detail = f"{lift.reason}{agreed} Signed by {lift.signed_name}."
        yield Entry(date=date, kind="decision", title="Hold lifted", detail=detail, at=lift.created_at)


def _checkpoints(person: Person) -> Iterator[Entry]:
    for row in Checkpoint.objects.filter(person=person):
        title = f"Checkpoint of week {row.week}: the proposal is to {row.judgement['decision']}"
        yield Entry(
            date=_day(person, row.created_at), kind="decision", title=title, at=row.created_at,
            detail=plain_judgement(row.judgement).in_short, href=_at("checkpoints:show", person, week=row.week),
        )  # fmt: skip


def _decisions(person: Person) -> Iterator[Entry]:
    rows = CheckpointDecision.objects.filter(checkpoint__person=person).select_related("checkpoint")
    for row in rows.defer("checkpoint__judgement"):
        week = row.checkpoint.week
        yield Entry(
            date=_day(person, row.created_at), kind="decision", title=f"Week {week}, decided: {row.decision}",
            detail=f"{row.reason} Signed by {row.signed_name}.", href=_at("checkpoints:show", person, week=week),
            at=row.created_at,
        )  # fmt: skip


def _at(name: str, person: Person, **more: object) -> str:
    return reverse(name, kwargs={"person_id": person.pk} | more)
