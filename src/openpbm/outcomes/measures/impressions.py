"""What the person and the clinician say on the whole, beside what the numbers say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import TypedDict

from openpbm.course.records import RecordedScore
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.facts.scales import Scale, scales
from openpbm.outcomes.measures.change_word import SymptomVerdict
from openpbm.outcomes.measures.phases import Phases
from openpbm.outcomes.measures.recorded_value import score_value
from openpbm.wording import SYMPTOMS

__all__ = ["Impression", "contradiction_of", "read_impressions"]

#: Words that much better contradicts.
_NO_BETTER: tuple[SymptomVerdict, ...] = ("unchanged", "not_better", "somewhat_worse", "worse")


class Impression(TypedDict):
    """One answer to a scale of change; `responder` and `worse` null where the scale has no threshold for it."""

    date: str
    scale: str
    name: str
    about: str
    version: str
    value: float
    answer: str
    responder: bool | None
    worse: bool | None
    recent: bool
    source: str | None


def read_impressions(scores: Sequence[RecordedScore], phases: Phases) -> list[Impression]:
    """Every answer to a scale that itself speaks of change (PGIC, CGI-I), by date, up to the checkpoint.

    One filled in a few days late still belongs to it, as for any questionnaire. `responder` and `worse` follow the
    scale's thresholds (null where it has none); `recent` says whether it speaks of the last weeks of light: one from
    before the first session, long ago or after the light has stopped does not.
    """
    last = phases.as_of + dt.timedelta(days=int(outcome_limit("score_grace_days")))
    rows = [row for row in scores if scales[row.scale].is_change and row.date <= last]
    rows.sort(key=lambda row: (row.date, row.scale, row.line))
    return [_row(row, value, phases) for row in rows if (value := score_value(row)) is not None]


def contradiction_of(impressions: Sequence[Impression], symptom_verdict: SymptomVerdict) -> str:
    """A sentence where the latest recent impression says the opposite of the verdict, else "".

    The better words against at least a little worse; the others that say something against much better. Nothing is
    against "inconclusive" or "not_assessed". Two of one day are both heard.
    """
    recent = [row for row in impressions if row["recent"]]
    latest = max((row["date"] for row in recent), default="")
    against = [row for row in recent if row["date"] == latest and _is_opposite(row, symptom_verdict)]
    if not against:
        return ""
    answers = " and ".join(f"{row['name']} of {row['date']} says {row['answer']}" for row in against)
    return f"the ratings say {SYMPTOMS[symptom_verdict]}, but {answers}: ask what is behind it"


def _is_opposite(impression: Impression, symptom_verdict: SymptomVerdict) -> bool:
    if symptom_verdict in ("improved", "better_not_yet_sure"):
        return bool(impression["worse"])
    return symptom_verdict in _NO_BETTER and bool(impression["responder"])


def _row(row: RecordedScore, value: float, phases: Phases) -> Impression:
    of = scales[row.scale]
    return {
        "date": row.date.isoformat(),
        "scale": of.id,
        "name": of.name,
        "about": of.plain_name,
        "version": row.version or of.version,
        "value": value,
        "answer": _answer(of, value),
        "responder": _reaches(of, value, "responder"),
        "worse": _reaches(of, value, "deterioration"),
        "recent": _recent(row.date, phases),
        "source": row.source,
    }


def _answer(of: Scale, value: float) -> str:
    """The words of the answer; between two the worse one, "" where the scale has none."""
    item = of.items[0]
    round_to_worse = math.ceil if of.direction == "lower" else math.floor
    place = int(round_to_worse(value) - item.minimum)
    return item.choices[place] if 0 <= place < len(item.choices) else ""


def _reaches(of: Scale, value: float, kind: str) -> bool | None:
    levels = [t.level for t in of.thresholds if t.kind == kind and t.level is not None and not t.subscale]
    if not levels:
        return None
    low_enough = (kind == "responder") == (of.direction == "lower")
    return any(value <= level if low_enough else value >= level for level in levels)


def _recent(date: dt.date, phases: Phases) -> bool:
    grace = dt.timedelta(days=int(outcome_limit("score_grace_days")))
    reach = dt.timedelta(days=int(outcome_limit("recent_score_days")))
    return date > phases.began and phases.recent[1] - reach < date <= phases.recent[1] + grace
