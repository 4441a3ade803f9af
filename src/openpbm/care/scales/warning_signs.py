"""A warning sign in the diary: it holds the sessions as a reported effect does, and the clinic is told."""

from __future__ import annotations

from django.urls import reverse

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.jobs.notify_clinic import notify_clinic, review_within
from openpbm.care.plans import actions as plan_actions
from openpbm.care.plans.hold_causes import HoldCause, shows_cause
from openpbm.care.plans.models import Hold
from openpbm.care.scales.models import DiaryEntry
from openpbm.facts.felt import red_flags_felt
from openpbm.facts.rules import Rule
from openpbm.wording import date_in_words

__all__ = ["cause_of_hold", "hold_on_warning_signs", "warning_signs"]

_CAUSE = "red_flag"


def warning_signs(entry: DiaryEntry) -> tuple[Rule, ...]:
    """The red flags that the day's answers name, the most urgent first."""
    return red_flags_felt(entry.felt())


def hold_on_warning_signs(entry: DiaryEntry, by: User) -> None:
    """Hold the sessions for each warning sign of that day, once as long as the hold stands, and tell the clinic."""
    person = entry.person
    # A correction never takes a hold away: what was felt is looked at by somebody.
    for rule in warning_signs(entry):
        message = f"A warning sign stands in the diary. {rule.text} No light until a clinician has decided."
        if person.holds.filter(cause=_CAUSE, message=message, lift=None).exists():
            continue
        plan_actions.hold(person=person, cause=_CAUSE, message=message, by=by, about=entry)
        _notify(entry, rule)


def _notify(entry: DiaryEntry, rule: Rule) -> None:
    # The texts name neither the person nor the sign: they may travel by e-mail.
    person, now = entry.person, clock.now()
    notify_clinic(
        key=f"warning_sign:{entry.pk}:{rule.id}:",
        kind="warning_sign",
        person_id=person.pk,
        staff_text=f"{person.code}: a warning sign stands in the diary and the sessions are on hold. Look at it now.",
        own=person.user,
        own_text="You wrote down a warning sign and your sessions are on hold. Read again what to do; nobody watches"
        " this at once.",
        link=f"{reverse('scales:diary', kwargs={'person_id': person.pk})}?date={entry.date.isoformat()}",
        now=now,
        escalates_at=now + review_within(rule.urgency),
    )


@shows_cause(DiaryEntry._meta.db_table)
def cause_of_hold(hold: Hold) -> HoldCause | None:
    """The day of the diary as it was written when the hold began."""
    entry = DiaryEntry.objects.filter(pk=hold.about_id, person=hold.person).first()
    if entry is None:
        return None
    entry.person = hold.person
    signs = [(rule.id.replace("_", " "), f"{rule.text} Route: {rule.route}.") for rule in warning_signs(entry)]
    notes = entry.notes()
    return HoldCause(
        title="What stands in the diary",
        facts=(("Day", date_in_words(entry.date.isoformat())), *signs),
        words=(notes,) if notes else (),
        page=reverse("scales:days", kwargs={"person_id": hold.person_id}),
        page_label="All days of the diary",
    )
