"""What a look at the skin means: the words, their grade, and what to do at once."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.facts.delivery import skin_reactions

__all__ = ["REACTIONS", "SkinAdvice", "skin_advice"]

#: The words a person chooses from, the mildest first.
REACTIONS: tuple[tuple[str, str], ...] = (
    ("none", "I looked: nothing seen or felt"),
    ("warmth", "Warm, nothing else"),
    ("redness", "Red, but not sore"),
    ("pain", "Sore or painful"),
    ("blister", "A blister or burn"),
)
_STOP_GRADE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinAdvice:
    """What to do. `grade` in the manner of CTCAE, 0 is no effect; `stops` holds the course until somebody looked."""

    reaction: str
    grade: int
    stops: bool
    text: str
    source: str
    verified: bool


def skin_advice(reaction: str, *, moment: str = "after") -> SkinAdvice | None:
    """The advice for a reaction; None where none was written. moment : when it was looked at, "after" or "24h"

    >>> skin_advice("blister").stops
    True
    """
    row = skin_reactions.get(reaction)
    if row is None:
        return None
    stops = row.grade >= _STOP_GRADE
    if stops:
        text = (
            f"{row.meaning[0].upper()}{row.meaning[1:]}. Your course is on hold. Cool the skin with lukewarm water and"
            " keep it covered and clean. Show it to a doctor or nurse, the same day if it is blistered, large, or"
            " getting worse. Nobody watches this page for you."
        )
    elif row.grade:
        text = f"{row.meaning[0].upper()}{row.meaning[1:]}. Look again tomorrow. If it gets sore, give no light."
    else:
        again = "" if moment == "24h" else " Look again tomorrow."
        text = f"That is as expected.{again}"
    return SkinAdvice(
        reaction=reaction, grade=row.grade, stops=stops, text=text, source=row.source, verified=row.verified
    )
