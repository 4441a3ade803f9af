"""What is answered: a record once it is kept, the records of a person, and every status that can come."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Status

from openpbm.care.api.schemas import Problems, Refused, RowOut
from openpbm.care.audit.models import InsertOnly
from openpbm.care.people.models import Person

__all__ = ["LISTED", "MOST_ROWS", "READ", "REFUSALS", "WRITTEN", "Offset", "kept", "part_of", "rows_of"]

#: Not signed in, not theirs, and too much in a short time.
_OUTSIDE: dict[Any, Any] = {401: Refused, 403: Refused, 429: Refused}
#: Beside those: cannot be, cannot be kept beside what is recorded, cannot be read.
REFUSALS: dict[Any, Any] = {400: Problems, **_OUTSIDE, 409: Refused, 422: Problems}
WRITTEN: dict[Any, Any] = {200: RowOut, 201: RowOut, **REFUSALS}
#: And a part of a list that cannot be asked for.
LISTED: dict[Any, Any] = {**_OUTSIDE, 422: Problems}
READ: dict[Any, Any] = {200: list[RowOut], **LISTED}
MOST_ROWS = 500
Offset = Annotated[
    int,
    Query(
        ge=0,
        le=10**9,
        description=f"How many rows to pass over. An answer holds at most {MOST_ROWS}; where there are more, its header"
        ' Link says where the next are: <...?offset=N>; rel="next". Newest first, a row written meanwhile may show one'
        " twice, and hides none.",
    ),
]


def kept(answer: tuple[InsertOnly, bool]) -> Status[Any]:
    """201 for a record that this sending wrote, 200 for one that was there."""
    row, new = answer
    return Status(201 if new else 200, _shown(row, new=new))


def rows_of(
    request: HttpRequest, response: HttpResponse, person: Person, related: str, offset: int
) -> list[dict[str, Any]]:
    """The person's records of one kind, newest first: those from `offset` on."""
    rows = getattr(person, related).order_by("-audit_number", "-pk")
    return [_shown(row) for row in part_of(request, response, rows, offset)]


def part_of(request: HttpRequest, response: HttpResponse, rows: QuerySet[Any], offset: int) -> list[Any]:
    """The rows from `offset` on, as many as one answer holds; the header Link leads to those after them."""
    # One row too many tells whether there are more, without counting them all.
    found = list(rows[offset : offset + MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        onward = request.build_absolute_uri(f"{request.path}?offset={offset + MOST_ROWS}")
        response["Link"] = f'<{onward}>; rel="next"'
    return found[:MOST_ROWS]


def _shown(row: InsertOnly, *, new: bool = False) -> dict[str, Any]:
    """The row without what is sealed and what only the server needs."""
    content = {
        name: value
        for name, value in row.content(
            without=("id", "created_at", "audit_number", "body_digest", "created_by_id")
        ).items()
        if not name.startswith("sealed_")
    }
    return {"id": row.pk, "new": new, "created_at": row.created_at, "content": content}
