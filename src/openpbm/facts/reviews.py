"""Which clinician signed which text that patients read, in which version; a changed word undoes a signature."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Len, MinLen

from openpbm.errors import FactsError
from openpbm.facts.benefits import benefits
from openpbm.facts.buying import buying_points, clinic_setup
from openpbm.facts.claims import brief_claims
from openpbm.facts.comparators import DO_NOT_STOP, NO_HEAD_TO_HEAD, comparators
from openpbm.facts.learn import questions
from openpbm.facts.table import Table, read_list

__all__ = ["SignOff", "TextReview", "reviews", "sign_off_of", "signable_texts", "text_version"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReview:
    """One signature. id, version : of the very text that was read; by : name and profession"""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    version: Annotated[str, Len(12, 12)]
    by: Annotated[str, MinLen(1)]
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Where a text stands. review : of this version; earlier : the newest of another version, where this has none"""

    version: str
    review: TextReview | None
    earlier: TextReview | None


def _read() -> tuple[TextReview, ...]:
    rows = read_list("learn/reviews.toml", "reviews", TextReview)
    unknown = {row.id for row in rows} - signable_texts().keys()
    if unknown:
        raise FactsError(f"facts/data/learn/reviews.toml: {', '.join(sorted(unknown))}: no such text")
    return rows


# In the order they were given; a text may be signed again and again.
reviews: Table[TextReview] = Table("review of a text", _read)


def signable_texts() -> dict[str, str]:
    """Every text a clinician may sign, by its id: all words of ours that a reader of its page meets."""
    texts = {f"questions.{row.id}": _joined([row.question, row.summary, *row.answer]) for row in questions}
    cards = [
        part for card in comparators for part in (card.name, card.summary, *(said.text for said in card.statements))
    ]
    return texts | {
        "compare": _joined([NO_HEAD_TO_HEAD, DO_NOT_STOP, *cards]),
        "benefits": _joined(f"{row.programme} {row.hope} {row.grade} {row.text}" for row in benefits),
        "claims": _joined(f"{row.claim} {row.status} {row.correction}" for row in brief_claims),
        "buying": _joined(f"{row.name} {row.look_for} {row.why} {row.ask}" for row in buying_points),
        "clinic": _joined(f"{row.when} {row.what} {row.why} {row.who}" for row in clinic_setup),
    }


def text_version(text: str) -> str:
    """Twelve digits that change with any word of the text, and with no line break.

    >>> text_version("Light is  tested."), text_version("Light is\\ntested.") == text_version("Light is tested.")
    ('d7aaca00a3ce', True)
    """
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def sign_off_of(id: str) -> SignOff:
    """Where the text of that id stands; KeyError for a text nobody may sign."""
    version = text_version(signable_texts()[id])
    of_text = [row for row in reviews if row.id == id]
    return SignOff(
        version=version,
        review=_newest(row for row in of_text if row.version == version),
        earlier=_newest(row for row in of_text if row.version != version),
    )


def _newest(rows: Iterable[TextReview]) -> TextReview | None:
    return max(rows, key=lambda row: row.on, default=None)


def _joined(parts: Iterable[str]) -> str:
    return " ".join(parts)
