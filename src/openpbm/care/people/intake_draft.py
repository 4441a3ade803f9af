"""Answers on their way: kept sealed between the pages of the intake, and over a sign-out, until they are recorded."""

from __future__ import annotations

import datetime as dt
import json
import uuid

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.people.models import IntakeDraft, Person
from openpbm.care.people.selectors import age_on_file, latest_intake, with_age_on_file
from openpbm.files import JsonObject

__all__ = ["Draft"]


class Draft:
    """What one account has begun to answer about one person. The audit hears of it when it is recorded, not before."""

    def __init__(self, user: User, person: Person) -> None:
        self._person, self._user = person, user
        # The place names the account as well: what a helper began does not open as what the patient said.
        self._place = f"intake draft {person.pk} {user.pk}"
        row = IntakeDraft.objects.filter(person=self._person, user=self._user).first()
        self._kept: JsonObject | None = None
        self.kept_at: dt.datetime | None = None
        if row is not None:
            self._kept = json.loads(person.open(row.sealed_answers, self._place))
            self.kept_at = row.kept_at

    @property
    def exists(self) -> bool:
        """Whether something was begun."""
        return self._kept is not None

    @property
    def age(self) -> int | None:
        """The age that follows from the date of birth on file, which nobody has to answer."""
        return age_on_file(self._person)

    def document(self) -> JsonObject:
        """The answers so far; those recorded last where nothing was begun."""
        # Answers of last year, or a slip, must not contradict the date of birth on file.
        return with_age_on_file(self._person, self._so_far())

    def _so_far(self) -> JsonObject:
        if self._kept is not None:
            return dict(self._kept["document"])
        newest = latest_intake(self._person)
        return {} if newest is None else dict(newest.document)

    def aside(self) -> JsonObject:
        """What was chosen beside the answers on a path of one's own: places and lamp."""
        return {} if self._kept is None else dict(self._kept.get("aside") or {})

    def keep(self, document: JsonObject, aside: JsonObject | None = None) -> None:
        """Keep the answers so far. aside : what is chosen beside them, as it was where nothing is given"""
        if self._kept is None:
            newest = latest_intake(self._person)
            # The id is made with the first page that is kept, so that answers sent twice at the end are one record.
            self._kept = {"id": str(uuid.uuid4()), "begun_from": None if newest is None else str(newest.pk)}
        self._kept["document"] = document
        if aside is not None:
            self._kept["aside"] = aside
        sealed = self._person.seal(json.dumps(self._kept), self._place)
        self.kept_at = clock.now()
        IntakeDraft.objects.update_or_create(
            person=self._person, user=self._user, defaults={"sealed_answers": sealed, "kept_at": self.kept_at}
        )

    @property
    def id(self) -> uuid.UUID:
        """The id under which they will be recorded, the same however often they are sent."""
        return uuid.uuid4() if self._kept is None else uuid.UUID(self._kept["id"])

    @property
    def overtaken(self) -> bool:
        """Whether other answers were recorded since this was begun: recorded now, it would undo them unseen."""
        if self._kept is None:
            return False
        newest = latest_intake(self._person)
        # Its own id as well: recorded and sent again, these answers were overtaken by nothing but themselves.
        return newest is not None and str(newest.pk) not in (self._kept["begun_from"], self._kept["id"])

    def forget(self) -> None:
        """Let go of what was begun."""
        IntakeDraft.objects.filter(person=self._person, user=self._user).delete()
        self._kept = self.kept_at = None
