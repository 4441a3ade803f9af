"""A judgement in plain words: what may be said, what its grade means, how sure it is. No number is made here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpbm.report.checkpoint_wording import lasting_in_words
from openpbm.wording import DECISIONS, DOSES, GRADES, SYMPTOMS, date_in_words, percent_in_words

__all__ = ["PLAIN_DECISIONS", "PlainJudgement", "plain_judgement"]

#: What each decision means for the person.
PLAIN_DECISIONS: dict[str, str] = {
    "continue": "Go on with the sessions as planned.",
    "adjust": "One thing of the plan may change. Nothing changes before a new plan is released.",
    "maintain": "Keep what was reached, perhaps with fewer sessions. Nothing changes before a new plan is released.",
    "taper": "Step down with the sessions and then pause. Nothing changes before a new plan is released.",
    "stop": "Stop the light.",
    "refer": "See a doctor first. Leave the lamp off until then.",
    "inconclusive": "Too little is known to decide. Keep writing your diary and your sessions down.",
}

_GRADE_IN_SHORT: dict[str, str] = {
    "U": "There is nothing to compare with: hope, time or something else may have done it.",
    "W": "There were days before, with and after light, but you knew when the lamp was on.",
    "R": "When the light started was drawn by lot, but you could know when the lamp was on.",
    "B": "On and off were drawn by lot and you did not know which was which.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainJudgement:
    """What one judgement says.

    statement : the engine's own sentence, never a stronger one
    lasting : whether it lasts, "" while that is not asked
    sureness : how sure the change is, "" where the judgement does not say
    urgent : light is to stop, or a doctor to be seen first
    """

    week: int
    date: str
    statement: str
    decision: str
    title: str
    sign: str
    advice: str
    symptoms: str
    dose: str
    grade: str
    grade_means: str
    grade_in_short: str
    lasting: str
    sureness: str
    urgent: bool


def plain_judgement(judgement: Mapping[str, Any]) -> PlainJudgement:
    """The judgement for people."""
    decision = judgement["decision"]
    words = DECISIONS[decision]
    return PlainJudgement(
        week=judgement["week"],
        date=date_in_words(judgement["date"]),
        statement=judgement["statement"],
        decision=decision,
        title=words.title,
        sign=words.sign,
        advice=PLAIN_DECISIONS[decision],
        symptoms=SYMPTOMS[judgement["symptom_verdict"]],
        dose=DOSES[judgement["dose_verdict"]],
        grade=judgement["grade"],
        grade_means=GRADES[judgement["grade"]],
        grade_in_short=_GRADE_IN_SHORT[judgement["grade"]],
        lasting=lasting_in_words(judgement),
        sureness=_sureness(judgement["probabilities"]),
        urgent=decision in ("stop", "refer"),
    )


def _sureness(probabilities: Mapping[str, Any]) -> str:
    """Whether the ratings really fell, from the ratings alone; "" where that was not computed."""
    # Before week 4, and without a measure, nothing was computed: then nothing is said, not "unsure".
    chance = probabilities.get("below_zero")
    if not isinstance(chance, int | float) or not probabilities.get("measure"):
        return ""
    return (
        f"From the ratings alone, the chance that things are really better than before is {percent_in_words(chance)}."
        " This says whether something changed, not why."
    )
