"""What a hold rests on, shown to whoever decides about it; each application shows its own rows.

A hold names its row by table and id, since effects and sessions lie in layers above. Nobody lifts a hold on a page that
does not show what it rests on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from openpbm.care.people.models import Consent
from openpbm.care.plans.models import Hold
from openpbm.errors import Problem
from openpbm.wording import date_in_words

__all__ = ["HoldCause", "cause_of", "shows_cause"]

#: A label and what stands beside it.
Fact = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCause:
    """What is known of it.

    words : as somebody wrote them · page : where all of it stands, with its `page_label`
    review_page : where it is reviewed and the hold lifted, both in one; "" where the hold's own page suffices
    unreviewed : why nobody can lift the hold yet
    """

    title: str
    facts: tuple[Fact, ...] = ()
    words: tuple[str, ...] = ()
    page: str = ""
    page_label: str = ""
    review_page: str = ""
    unreviewed: Problem | None = None

    @property
    def digest(self) -> str:
        """Tells whether what somebody read is still what is there."""
        return hashlib.sha256(repr((self.title, self.facts, self.words)).encode()).hexdigest()[:16]


_causes: dict[str, Callable[[Hold], HoldCause | None]] = {}


def shows_cause(table: str) -> Callable[[Callable[[Hold], HoldCause | None]], Callable[[Hold], HoldCause | None]]:
    """Decorator: this function shows what a hold about a row of that table rests on; None where the row is gone."""

    def register(show: Callable[[Hold], HoldCause | None]) -> Callable[[Hold], HoldCause | None]:
        _causes[table] = show
        return show

    return register


def cause_of(hold: Hold) -> HoldCause | None:
    """What the hold rests on; None where it rests on nothing but its own words."""
    show = _causes.get(hold.about_table)
    return None if show is None else show(hold)


@shows_cause(Consent._meta.db_table)
def _withdrawal(hold: Hold) -> HoldCause | None:
    row = hold.person.consents.filter(pk=hold.about_id).select_related("created_by").first()
    if row is None:
        return None
    at = row.created_at.astimezone(hold.person.zone)
    writer = row.created_by.shown_name() if row.created_by else "not known"
    facts = [
        ("What was withdrawn", str(row.get_purpose_display())),
        ("When", f"{date_in_words(at.date().isoformat())}, {at:%H:%M}"),
        ("Written down by", writer),
    ]
    newest = hold.person.consents.filter(purpose=row.purpose, about=row.about).order_by("-audit_number").first()
    again = "No"
    if newest is not None and newest.given:
        again = f"Yes, on {date_in_words(newest.created_at.astimezone(hold.person.zone).date().isoformat())}"
    return HoldCause(title="What was withdrawn", facts=(*facts, ("Given again since", again)))
