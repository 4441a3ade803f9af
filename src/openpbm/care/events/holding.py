"""An effect that holds the sessions: the hold, why it is there, and who is notified of it."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.events.models import AdverseEvent
from openpbm.care.events.plain_kinds import shown_kind
from openpbm.care.jobs.notify_clinic import complete_reminders, notify_clinic, review_within
from openpbm.care.plans.hold_causes import HoldCause, shows_cause
from openpbm.care.plans.models import Hold
from openpbm.errors import Problem
from openpbm.wording import date_in_words

__all__ = [
    "cause_of_hold", "complete_event_reminders", "hold_message", "hold_of", "holds_of", "notify_of_event", "reports_of",
]  # fmt: skip

_MESSAGES = {
    "red_flag": "A warning sign was reported on {date}: {kind}. No light until a clinician has decided.",
    "stop_everywhere": "Reported on {date}: {kind}. This ends the light until a clinician has decided.",
    "adverse_event": "An effect was reported on {date}: {kind}. Sessions wait until a clinician has reviewed it.",
}


def hold_message(cause: str, shown_kind: str, date: dt.date) -> str:
    """Why the sessions wait, in a sentence that repeats nothing of the free text."""
    return _MESSAGES[cause].format(date=date_in_words(date.isoformat()), kind=shown_kind)


def reports_of(event: AdverseEvent) -> list[AdverseEvent]:
    """The report with everything that corrects it or that it corrects, the newest first."""
    newest = event
    while hasattr(newest, "newer"):
        newest = newest.newer
    reports = [newest]
    while reports[-1].supersedes is not None:
        reports.append(reports[-1].supersedes)
    for report in reports:
        # The key is read already.
        report.person = event.person
    return reports


def holds_of(event: AdverseEvent) -> list[Hold]:
    """The holds this effect put on the sessions, in any version of its report, lifted or not, the newest first."""
    of = [str(report.pk) for report in reports_of(event)]
    rows = Hold.objects.filter(about_table=AdverseEvent._meta.db_table, about_id__in=of)
    return list(rows.select_related("lift").order_by("-audit_number"))


def hold_of(event: AdverseEvent) -> Hold | None:
    """The hold that still stands, else the last that was lifted; None where it put none."""
    holds = holds_of(event)
    return next((hold for hold in holds if not hasattr(hold, "lift")), holds[0] if holds else None)


@shows_cause(AdverseEvent._meta.db_table)
def cause_of_hold(hold: Hold) -> HoldCause | None:
    """What was reported, in every version, and whether it was reviewed since."""
    event = AdverseEvent.objects.filter(pk=hold.about_id, person=hold.person).first()
    if event is None:
        return None
    event.person = hold.person
    reports = reports_of(event)
    where = {"person_id": event.person_id, "event_id": reports[0].pk}
    facts, words = [], []
    for report in reports:
        grade = f"{report.grade} of 5" if report.grade else "not said"
        at = report.created_at.astimezone(hold.person.zone)
        day = date_in_words(report.date.isoformat())
        label = "Reported" if report is reports[0] else "Reported before that, and corrected"
        facts += [
            (label, f"{shown_kind(report.kind)}, {day}; written down {at:%-d %b %Y, %H:%M}"),
            ("How bad it was said to be", f"{grade}; grade used: {report.advice.get('grade', 'none')}"),
        ]
        words += [report.detail()] if report.detail() else []
    facts.append(("What was advised", str(reports[0].advice.get("now", ""))))
    unreviewed = None
    if not hold.person.self_managed and not reports[0].reviews.filter(audit_number__gt=hold.audit_number).exists():
        message = "the effect it rests on has not been reviewed"
        unreviewed = Problem(key="review", message=message, remedy="review it; the hold is lifted with the review")
    return HoldCause(
        title="What was reported", facts=tuple(facts), words=tuple(words), unreviewed=unreviewed,
        page=reverse("events:show", kwargs=where), page_label="All of the report",
        review_page=reverse("events:review", kwargs=where),
    )  # fmt: skip


def notify_of_event(event: AdverseEvent) -> None:
    """Notify every clinician of the clinic, and the person once more; harmless when repeated."""
    # The texts name neither the person nor what happened: they may travel by e-mail.
    now = clock.now()
    person = event.person
    notify_clinic(
        key=_key(event),
        kind="adverse_event",
        person_id=person.pk,
        staff_text=f"{person.code}: an effect was reported and the sessions are on hold. Look at it and sign a review.",
        own=person.user,
        own_text="You reported an effect and your sessions are on hold. Read again what to do; nobody watches this at"
        " once.",
        link=reverse("events:show", kwargs={"person_id": person.pk, "event_id": event.pk}),
        now=now,
        escalates_at=now + review_within(event.advice["urgency"]),
    )


def complete_event_reminders(event: AdverseEvent, by: User) -> None:
    """A clinician has reviewed it: no reminder of this event, nor of what it escalated to, stays open."""
    complete_reminders(_key(event), by=by)


def _key(event: AdverseEvent) -> str:
    return f"adverse_event:{event.pk}:"
