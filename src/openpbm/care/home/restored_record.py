"""What is known of a record that was brought back: for whoever looks whether something is missing."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from openpbm.care.audit.action_words import action_words
from openpbm.care.audit.models import AuditEntry
from openpbm.care.events.plain_kinds import shown_kind
from openpbm.care.events.selectors import newest_events
from openpbm.care.people.models import Consent, Person
from openpbm.care.people.selectors import consents_now, latest_intake
from openpbm.care.plans.hold_causes import HoldCause, shows_cause
from openpbm.care.plans.models import Hold
from openpbm.care.plans.selectors import newest_release, open_holds
from openpbm.care.sessions.models import SessionRecord
from openpbm.wording import date_in_words

__all__ = ["cause_of_hold"]


@shows_cause(AuditEntry._meta.db_table)
def cause_of_hold(hold: Hold) -> HoldCause | None:
    """The last of everything that is in the record, so that what is missing is seen."""
    entry = AuditEntry.objects.filter(number=int(hold.about_id or 0)).first()
    if entry is None:
        return None
    person = hold.person
    before = AuditEntry.objects.filter(person_id=person.pk, number__lt=entry.number).order_by("-number").first()
    last = "nothing" if before is None else f"{action_words(before.action)}, {_at(person, before.at)}"
    others = [one.message for one in open_holds(person) if one.pk != hold.pk]
    facts = (
        ("Brought back", _at(person, entry.at)),
        ("Last entry that came back", last),
        ("Last session in it", _last_session(person)),
        ("Last effect in it", _last_effect(person)),
        ("Agreement to light", _agreement(person)),
        ("Answers about health", _answers(person)),
        ("Plan in force", _plan(person)),
        ("Other holds", "; ".join(others) or "none"),
    )
    where = reverse("sessions:list", kwargs={"person_id": person.pk})
    return HoldCause(
        title="What is in the record now. Is something missing?", facts=facts, page=where, page_label="All sessions"
    )


def _at(person: Person, moment: dt.datetime) -> str:
    local = moment.astimezone(person.zone)
    return f"{date_in_words(local.date().isoformat())}, {local:%H:%M}"


def _last_session(person: Person) -> str:
    row = SessionRecord.objects.filter(person=person, newer=None).order_by("-date", "-audit_number").first()
    return "none" if row is None else f"{date_in_words(row.date.isoformat())}, {row.status}"


def _last_effect(person: Person) -> str:
    event = newest_events(person).last()
    return "none" if event is None else f"{date_in_words(event.date.isoformat())}: {shown_kind(event.kind)}"


def _agreement(person: Person) -> str:
    row = consents_now(person).get((Consent.Purpose.LIGHT, ""))
    if row is None:
        return "not in the record"
    word = "given" if row.given else "withdrawn"
    return f"{word}, {_at(person, row.created_at)}"


def _answers(person: Person) -> str:
    intake = latest_intake(person)
    return "none" if intake is None else f"of {_at(person, intake.created_at)}"


def _plan(person: Person) -> str:
    release = newest_release(person)
    return "none" if release is None else f"version {release.plan.version}, {_at(person, release.created_at)}"
