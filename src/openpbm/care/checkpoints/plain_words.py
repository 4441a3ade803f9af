"""A judgement in plain words: what may be said, what its grade means, how sure it is. No number is made here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpbm.facts.scales import outcome_scale
from openpbm.report.checkpoint_wording import lasting_in_words
from openpbm.wording import DECISIONS, DOSES, GRADES, SYMPTOMS, date_in_words, percent_in_words

__all__ = ["PLAIN_DECISIONS", "PlainJudgement", "lasting_in_short", "plain_judgement"]

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


_IN_SHORT: dict[str, str] = {
    "improved": "Better than before the light",
    "better_not_yet_sure": "Better so far, but not yet sure",
    "unchanged": "No change that matters",
    "not_better": "Not better",
    "somewhat_worse": "A little worse so far, but not sure",
    "worse": "Worse than before the light",
    "inconclusive": "Too little is known to say whether anything changed",
    "not_assessed": "It cannot be said yet whether anything changed",
}
#: Verdicts that speak of a change; beside the others two numbers would look like one.
_WITH_NUMBERS = ("improved", "better_not_yet_sure", "unchanged", "not_better", "somewhat_worse", "worse")
#: Where no points are told.
_LASTING: dict[str, str] = {
    "relapse": "Your symptoms have come back",
    "lasts": "You have kept what you had gained",
    "nothing_gained": "At the end of the light nothing was gained that could last",
    "unknown": "Too little is written down since then to tell",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainJudgement:
    """What one judgement says.

    statement : the engine's own sentence, never a stronger one
    in_short : the same as one sentence with rounded numbers, for the person
    lasting : whether it lasts, "" while that is not asked
    lasting_in_short : the same for the person
    sureness : how sure the change is, "" where the judgement does not say
    urgent : light is to stop, or a doctor to be seen first
    """

    week: int
    date: str
    statement: str
    in_short: str
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
    lasting_in_short: str
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
        in_short=_in_short(judgement),
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
        lasting_in_short=lasting_in_short(judgement),
        sureness=_sureness(judgement["probabilities"]),
        urgent=decision in ("stop", "refer"),
    )


def _in_short(judgement: Mapping[str, Any]) -> str:
    """What happened, and the deciding measure before and lately as whole numbers where there are any."""
    verdict = judgement["symptom_verdict"]
    opening, decides = _IN_SHORT[verdict], judgement["probabilities"].get("measure")
    if verdict not in _WITH_NUMBERS or not decides:
        return f"{opening}."
    for row in judgement["measures"]:
        before, lately = row["baseline_mean"], row["recent_mean"]
        if (row["scale"], row["source"]) == (decides["scale"], decides["source"]) and None not in (before, lately):
            name = outcome_scale(row["scale"]).plain_name
            return f"{opening}. {name}: about {before:.0f} before the light, about {lately:.0f} lately."
    return f"{opening}."


def lasting_in_short(judgement: Mapping[str, Any]) -> str:
    """Whether what was gained lasts, to the person in whole points; "" where that is not asked yet.

    >>> lasting_in_short({"lasting": {"word": "relapse", "gained": 3.62, "lost": 3.11}})
    'You have lost most of what you had gained (about 3 of 4 points)'
    """
    row = judgement.get("lasting")
    if row is None or row["word"] == "not_asked":
        return ""
    gained, lost = row.get("gained") or 0.0, row.get("lost") or 0.0
    if gained <= 0:
        return _LASTING[row["word"]]
    points = f"{gained:.0f} point{'s' * (round(gained) != 1)}"
    if lost >= 0.95 * gained:
        return f"You have lost all of what you had gained (about {points})"
    if round(lost) == 0:
        return f"You have kept what you had gained (about {points})"
    return f"You have lost {_share(lost / gained)} of what you had gained (about {lost:.0f} of {points})"


def _share(share: float) -> str:
    if share >= 0.6:
        return "most"
    return "about half" if share >= 0.4 else "some"


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
