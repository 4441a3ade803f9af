"""What a hold about a session rests on: the record with its corrections, how the skin looked, what was found."""

from __future__ import annotations

from django.urls import reverse

from openpbm.care.plans.hold_causes import HoldCause, shows_cause
from openpbm.care.plans.models import Hold
from openpbm.care.sessions.models import SessionRecord
from openpbm.care.sessions.positions import place_in_words
from openpbm.care.sessions.skin import REACTIONS
from openpbm.wording import date_in_words

__all__ = ["cause_of_hold"]


@shows_cause(SessionRecord._meta.db_table)
def cause_of_hold(hold: Hold) -> HoldCause | None:
    """The session as it was written down, and as it was corrected since."""
    record = SessionRecord.objects.filter(pk=hold.about_id, person=hold.person).select_related("lamp").first()
    if record is None:
        return None
    facts, words = [*_written(record, "Session")], _notes(hold, record)
    while hasattr(record, "newer"):
        record = record.newer
        facts += _written(record, "Corrected since")
        words += _notes(hold, record)
    where = reverse("sessions:list", kwargs={"person_id": hold.person_id})
    return HoldCause(
        title="What was written down", facts=tuple(facts), words=tuple(words), page=where, page_label="All sessions"
    )


def _written(record: SessionRecord, label: str) -> list[tuple[str, str]]:
    minutes = "minutes not known" if record.minutes is None else f"{record.minutes:g} min"
    at = f", {record.time:%H:%M}" if record.time else ""
    place = place_in_words((record.site, record.side))
    said = f"{date_in_words(record.date.isoformat())}{at}: {place}, {minutes}, {record.status}, with {record.lamp.name}"
    facts = [(label, said)]
    if record.reason:
        facts.append(("Because", record.reason))
    facts += [("What was found", str(found["message"])) for found in record.findings if found["level"] != "note"]
    seen = [("Skin, written with it", record.skin_reaction)] if record.skin_reaction else []
    for check in record.skin_checks.order_by("audit_number"):
        seen.append((f"Skin, {check.get_moment_display().lower()}", check.reaction))
    return [*facts, *((moment, dict(REACTIONS).get(reaction, reaction)) for moment, reaction in seen)]


def _notes(hold: Hold, record: SessionRecord) -> list[str]:
    """What was noted at a look at the skin, opened."""
    checks = record.skin_checks.order_by("audit_number")
    notes = (hold.person.open(check.sealed_note, f"skin {check.pk}") for check in checks)
    return [note for note in notes if note]
