"""Writing down a day of the diary and a filled scale."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems
from openpbm.care.people.access import require
from openpbm.care.people.models import LONGEST_NOTES, Person, lock_person
from openpbm.care.scales.computed_score import compute_score
from openpbm.care.scales.diary_answers import validate_answers
from openpbm.care.scales.models import DiaryEntry, ScoreEntry, SpasmRecord
from openpbm.care.scales.onset_fields import is_last_night
from openpbm.care.scales.reminders import complete_diary_reminder, complete_scale_reminder, notify_of_self_harm
from openpbm.care.scales.warning_signs import hold_on_warning_signs
from openpbm.care.scales.wording import fillable_scale
from openpbm.errors import BadInput, Problem
from openpbm.facts.scales import speaks_of_self_harm
from openpbm.outcomes.measures import chosen_version

__all__ = ["check_day", "record_diary", "record_score", "record_spasm"]

#: An entry for a day longer ago than this is a slip of the pen.
_OLDEST = dt.timedelta(days=366)


@transaction.atomic
def record_diary(
    *,
    id: uuid.UUID | None = None,
    person: Person,
    date: dt.date,
    entered_at: dt.datetime,
    answers: Mapping[str, object],
    notes: str = "",
    by: User,
) -> tuple[DiaryEntry, bool]:
    """Write down one day. An earlier entry for the day is superseded, never changed.

    A warning sign among what was felt holds the sessions in the same transaction, and notifies the clinic.
    """
    require(by, person)
    check_day(person, date)
    stored = validate_answers(answers)
    _check_onset(person, date, stored.get("onset"))
    if not stored and not notes.strip():
        raise BadInput(Problem(key="diary", message="nothing was answered", remedy="answer at least one question"))
    if len(notes) > LONGEST_NOTES:
        remedy = f"shorten them to {LONGEST_NOTES}"
        raise BadInput(Problem(key="notes", message=f"the notes have {len(notes)} letters", remedy=remedy))
    lock_person(person.pk)
    row = DiaryEntry(id=id or uuid.uuid4(), person=person, date=date, entered_at=entered_at)
    row.answers = stored
    row.sealed_notes = person.seal(notes.strip(), row.place())
    # Under the lock: of two who correct the same day at once the second supersedes the first.
    row.supersedes = person.diary.filter(date=date, newer=None).exclude(pk=row.pk).order_by("audit_number").last()
    kept, new = ledger.append(row, by=by, action="diary", person_id=person.pk, clinic_id=person.clinic_id)
    if new:
        complete_diary_reminder(person, date, by)
        hold_on_warning_signs(kept, by)
    return kept, new


@transaction.atomic
def record_score(
    *,
    id: uuid.UUID | None = None,
    person: Person,
    date: dt.date,
    scale: str,
    version: str = "",
    items: Mapping[str, float | None] | None = None,
    value: float | None = None,
    source: str = "app",
    by: User,
) -> tuple[ScoreEntry, bool]:
    """Write down a filled scale and score it at once; the same scale on the same day supersedes the earlier score.

    Raises BadInput: a scale that is unknown or retired, an answer that cannot be, nothing answered, or a total that is
    not what the items give.
    """
    require(by, person)
    check_day(person, date)
    of = fillable_scale(scale)
    edition = chosen_version(of, version)
    if problems := field_problems(ScoreEntry(source=source), "source"):
        raise BadInput(problems)
    # Checked as they were sent: only the scorer may say that an answer is no number.
    answered = {key: answer for key, answer in (items or {}).items() if answer is not None} or None
    score = compute_score(of, edition, answered, value)
    lock_person(person.pk)
    row = ScoreEntry(
        id=id or uuid.uuid4(),
        person=person,
        date=date,
        scale=of.id,
        version=edition,
        value=value,
        source=source,
    )
    row.items = answered and {key: float(answer) for key, answer in answered.items()}
    row.result = score.to_dict()
    same_day = person.scores.filter(date=date, scale=of.id, version=edition, newer=None).exclude(pk=row.pk)
    row.supersedes = same_day.order_by("audit_number").last()
    kept, new = ledger.append(row, by=by, action="score", person_id=person.pk, clinic_id=person.clinic_id)
    if new:
        complete_scale_reminder(person, of.id, date, by)
        if speaks_of_self_harm(of, answered):
            notify_of_self_harm(kept, clock.now())
    return kept, new


@transaction.atomic
def record_spasm(
    *,
    id: uuid.UUID | None = None,
    person: Person,
    date: dt.date,
    time: dt.time | None = None,
    muscle: str = "",
    seconds: float | None = None,
    pain: float | None = None,
    trigger: str = "",
    counts: bool = True,
    supersedes: SpasmRecord | None = None,
    by: User,
) -> tuple[SpasmRecord, bool]:
    """Write down one cramp as it came; with `supersedes` it corrects an earlier one, or with `counts` False drops it.

    Raises BadInput for a day that cannot be, a number outside its span, and a cramp that was corrected already.
    """
    require(by, person)
    check_day(person, date)
    row = SpasmRecord(id=id or uuid.uuid4(), person=person, date=date, time=time, counts=counts)
    row.muscle, row.seconds, row.pain, row.trigger = muscle.strip(), seconds, pain, trigger.strip()
    if problems := field_problems(row, "muscle", "seconds", "pain", "trigger"):
        raise BadInput(problems)
    lock_person(person.pk)
    row.supersedes = supersedes
    if supersedes is not None and SpasmRecord.objects.filter(supersedes=supersedes).exclude(pk=row.pk).exists():
        message = "this cramp was corrected already"
        raise BadInput(Problem(key="supersedes", message=message, remedy="correct the newest one"))
    return ledger.append(row, by=by, action="spasm", person_id=person.pk, clinic_id=person.clinic_id)


def _check_onset(person: Person, date: dt.date, onset: object) -> None:
    now = clock.now().astimezone(person.zone)
    # A time that has not come yet was last night's, and would move the usual onset by a day.
    if isinstance(onset, str) and is_last_night(dt.time.fromisoformat(onset), date, now):
        message = f"has not come yet today (it is {now:%H:%M})"
        remedy = "give last night's time with yesterday's day"
        raise BadInput(Problem(key="onset", value=onset, message=message, remedy=remedy))


def check_day(person: Person, date: dt.date) -> None:
    """BadInput for a day that has not come yet where the person lives, or that lies too long ago."""
    today = person.today()
    if date > today:
        message = f"has not come yet (today is {today})"
        raise BadInput(Problem(key="date", value=f"{date}", message=message, remedy="write a day down once it is over"))
    if date < today - _OLDEST:
        message = f"lies more than {_OLDEST.days} days ago"
        raise BadInput(Problem(key="date", value=f"{date}", message=message, remedy="check the year"))
