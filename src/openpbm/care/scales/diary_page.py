"""Pages of the diary: one day with two taps, the days so far, a month as a grid."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openpbm.care import clock
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.ledger import Conflict
from openpbm.care.form_page import posted, render_form
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.care.scales.actions import record_diary
from openpbm.care.scales.diary_form import DiaryForm, shown_answers
from openpbm.care.scales.models import DiaryEntry
from openpbm.care.scales.month_grid import month_grid
from openpbm.care.scales.programme import plan_of, programme_of
from openpbm.care.scales.recent_days import day_dots, recent_days
from openpbm.care.scales.selectors import newest_days
from openpbm.care.scales.warning_signs import warning_signs
from openpbm.errors import BadInput, Problem

__all__ = ["days", "diary"]

_DAYS_A_PAGE = 28
#: What "as yesterday" fills in: what is rated or slept. A time or a count of another day is never taken over.
_AS_BEFORE = ("severity", "sleep_minutes", "bother")
_RATINGS = tuple(str(number) for number in range(11))


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def diary(request: PersonRequest, person: Person) -> HttpResponse:
    """Fill one day: today, yesterday, or one further back; a day written down already is corrected.

    `severity` and `as` of the address fill in before anything is saved, so that Today leads here with one tap.
    """
    now = clock.now().astimezone(person.zone)
    today = now.date()
    date = _date((posted(request) or request.GET).get("date"), today)
    recent = recent_days(person, date)
    entry = _with_notes(person, recent, date)
    form = DiaryForm(
        posted(request),
        programme=programme_of(person, plan_of(person)),
        now=now,
        entry=entry,
        recent=recent,
        initial={"date": date} | ({} if entry else _filled_in(request, recent, date)),
    )
    if form.is_valid() and (saved := _save(request, person, form)):
        _say_saved(request, form, saved, today)
        clinician = request.relation == Relation.CLINICIAN
        return redirect("scales:days" if clinician else "home:today", person_id=person.pk)
    context = {
        "person": person,
        "form": form,
        "date": date,
        "today": today,
        "yesterday": today - dt.timedelta(days=1),
        "day_words": _day_words(date, today),
        "entry": entry,
        "dots": day_dots(recent, date),
        "as_before": entry is None and any(row.date == date - dt.timedelta(days=1) for row in recent),
        "future": date > today,
    }
    return render_form(request, "scales/diary.html", context)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def days(request: PersonRequest, person: Person) -> HttpResponse:
    """A month as a grid, and the days written down, the newest first."""
    today = person.today()
    page = Paginator(newest_days(person).reverse(), _DAYS_A_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.person = person
    rated = newest_days(person).values_list("date", "answers")
    grid = month_grid(request.GET.get("month"), today, {day: said.get("severity") for day, said in rated}, {})
    return render(request, "scales/days.html", {"person": person, "page": page, "today": today, "grid": grid})


def _with_notes(person: Person, recent: Sequence[DiaryEntry], date: dt.date) -> DiaryEntry | None:
    entry = next((row for row in recent if row.date == date), None)
    if entry is not None:
        # Its notes are opened with the person's key, which is read already.
        entry.person = person
    return entry


def _filled_in(request: PersonRequest, recent: Sequence[DiaryEntry], date: dt.date) -> dict[str, object]:
    """What the address asks to be filled in; nothing is saved by it."""
    severity = request.GET.get("severity", "")
    if severity in _RATINGS:
        return {"severity": severity}
    before = next((row for row in recent if row.date == date - dt.timedelta(days=1)), None)
    if request.GET.get("as") != "yesterday" or before is None:
        return {}
    shown = shown_answers(before)
    return {name: shown[name] for name in _AS_BEFORE if name in shown}


def _save(request: SignedInRequest, person: Person, form: DiaryForm) -> DiaryEntry | None:
    """The saved day; None with the problem on the form. Last night's onset goes to the day before in the same act."""
    try:
        with transaction.atomic():
            before = _save_last_night(request, person, form)
            if before is not None and not form.answers() and not form.cleaned_data["notes"].strip():
                return before
            return _save_day(request, person, form)
    except BadInput as error:
        add_problems(form, error)
        return None


def _save_last_night(request: SignedInRequest, person: Person, form: DiaryForm) -> DiaryEntry | None:
    if form.last_night is None:
        return None
    date, time = form.cleaned_data["date"] - dt.timedelta(days=1), form.last_night.isoformat("minutes")
    entry = newest_days(person).filter(date=date).last()
    if entry is None:
        return _record(request, person, date, {"onset": time}, "")[0]
    entry.person = person
    said = entry.answers.get("onset")
    if said == time:
        return entry
    if said is not None:
        message = f"{time} has not come yet today, and for last night {said} is written down already"
        raise BadInput(Problem(key="onset", message=message, remedy="correct yesterday's day, or leave the time out"))
    return _record(request, person, date, {**entry.answers, "onset": time}, entry.notes())[0]


def _save_day(request: SignedInRequest, person: Person, form: DiaryForm) -> DiaryEntry:
    date = form.cleaned_data["date"]
    save = functools.partial(_record, request, person, date, form.answers(), form.cleaned_data["notes"])
    try:
        with transaction.atomic():
            return save(id=form.cleaned_data["entry_id"])[0]
    except Conflict:
        # Somebody went back in the browser and changed the answers: that is a correction, under an id of its own.
        return save()[0]


def _record(
    request: SignedInRequest,
    person: Person,
    date: dt.date,
    answers: Mapping[str, object],
    notes: str,
    id: uuid.UUID | None = None,
) -> tuple[DiaryEntry, bool]:
    return record_diary(
        id=id, person=person, date=date, entered_at=clock.now(), answers=answers, notes=notes, by=request.user
    )


def _say_saved(request: SignedInRequest, form: DiaryForm, saved: DiaryEntry, today: dt.date) -> None:
    words = f"Your diary of {_day_words(form.cleaned_data['date'], today)} is saved."
    if form.last_night is not None:
        words = f"Saved. {form.last_night:%H:%M} has not come yet today, so it is written down for last night."
    messages.success(request, words)
    for rule in warning_signs(saved):
        messages.error(request, f"{rule.text} Your sessions are on hold. Nobody reads this at once.")


def _date(text: str | None, today: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return today


def _day_words(date: dt.date, today: dt.date) -> str:
    written = f"{date:%A} {date.day} {date:%B}"
    if date == today:
        return f"today, {written}"
    if date == today - dt.timedelta(days=1):
        return f"yesterday, {written}"
    return f"{written} {date.year}"
