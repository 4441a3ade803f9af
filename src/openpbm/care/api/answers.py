"""What is answered: a record once it is kept, the records of a person, and every status that can come."""

from __future__ import annotations

from typing import Any

from ninja import Status

from openpbm.care.api.shapes import Refused, RowOut
from openpbm.care.people.models import Person
from openpbm.care.trust.insert_only import InsertOnly

__all__ = ["MOST_ROWS", "READ", "REFUSALS", "WRITTEN", "kept", "rows_of"]

#: Not signed in, and not theirs.
_OUTSIDE: dict[Any, Any] = {401: Refused, 403: Refused}
#: Beside those: cannot be, cannot be kept beside what is recorded, cannot be read.
REFUSALS: dict[Any, Any] = {400: Refused, **_OUTSIDE, 409: Refused, 422: Refused}
WRITTEN: dict[Any, Any] = {200: RowOut, 201: RowOut, **REFUSALS}
READ: dict[Any, Any] = {200: list[RowOut], **_OUTSIDE}
MOST_ROWS = 500


def kept(answer: tuple[InsertOnly, bool]) -> Status[Any]:
    """201 for a record that this sending wrote, 200 for one that was there."""
    row, new = answer
    return Status(201 if new else 200, _shown(row, new=new))


def rows_of(person: Person, related: str) -> list[dict[str, Any]]:
    """The person's records of one kind, newest first."""
    return [_shown(row) for row in getattr(person, related).order_by("-created_at")[:MOST_ROWS]]


def _shown(row: InsertOnly, *, new: bool = False) -> dict[str, Any]:
    """The row without what is sealed and what only the server needs."""
    content = {
        name: value
        for name, value in row.content(without=("id", "created_at", "body_digest", "created_by_id")).items()
        if not name.startswith("sealed_")
    }
    return {"id": row.pk, "new": new, "created_at": row.created_at, "content": content}
