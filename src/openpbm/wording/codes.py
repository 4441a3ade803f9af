"""Codes as words for people. No number is decided here."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = [
    "ACTIONS",
    "DECISIONS",
    "DOSES",
    "GRADES",
    "MEASUREMENTS",
    "PROGRAMMES",
    "SYMPTOMS",
    "UNKNOWNS",
    "URGENCY",
    "VERDICTS",
    "WHY_THESE_MINUTES",
    "DecisionWords",
    "VerdictWords",
    "in_words",
    "level_in_words",
    "place_in_words",
    "unit_in_words",
    "units_as_printed",
    "verdict_words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictWords:
    """A verdict for people: a title, what it means, what to do next, and a sign that needs no colour."""

    title: str
    meaning: str
    next_step: str
    sign: str


VERDICTS: dict[str, VerdictWords] = {
    "allowed": VerdictWords(
        title="A careful trial of light is allowed",
        meaning="Nothing in your answers stops it, and a schedule within the safety limits was found. "
        "This says that a trial is acceptable. It does not say that light will help.",
        next_step="Read the cautions and the evidence first. Then follow the home sheet, keep the diary, "
        "and go on with your standard care.",
        sign="✓",
    ),
    "ask": VerdictWords(
        title="Some answers are missing",
        meaning="The plan cannot be judged yet. An answer that is not known is never taken as “no”.",
        next_step="Answer the questions below, with help from your clinician or pharmacist if you need it, "
        "and make the plan again. Do not start light before that.",
        sign="?",
    ),
    "needs_clinician": VerdictWords(
        title="A clinician must decide first",
        meaning="Something in your answers or about this lamp needs a clinician’s judgement before any light is used.",
        next_step="Show this report to your clinician, who may release each point. Until then the plan stays closed.",
        sign="!",
    ),
    "refused": VerdictWords(
        title="No light with this plan",
        meaning="With these answers, this place on the body and this lamp, light is not acceptable "
        "or would not reach its target within the limits.",
        next_step="Do not use the lamp here. Read what would change the answer, and talk to your clinician.",
        sign="✕",
    ),
    "refer": VerdictWords(
        title="See a health professional first",
        meaning="Something in your answers needs medical attention before anybody thinks about light.",
        next_step="Do not use the lamp. Go where the points below say, as soon as they say.",
        sign="➜",
    ),
}

#: What each programme is called.
PROGRAMMES: dict[str, str] = {
    "rls": "Restless legs",
    "neuropathic_pain": "Nerve pain",
    "neuropathy": "Nerve damage",
    "muscle_spasm": "Muscle spasm and cramps",
}

URGENCY: dict[str, str] = {
    "emergency": "Emergency: now. Call your local emergency number.",
    "same_day": "Today.",
    "urgent": "Urgent: call today and ask how soon you can be seen.",
    "routine": "At the next appointment you can get.",
}

#: What a rule asks for by its code, as a person reads it.
ACTIONS: dict[str, str] = {
    "order_test": "Have the test done",
    "treat_iron": "Have the lack of iron treated",
}

LEVELS: dict[str, str] = {
    "red_flag": "see someone first",
    "refer_before": "see someone first",
    "absolute": "stops the plan",
    "relative": "a clinician may release it",
    "ask": "answer needed",
    "caution": "caution",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWords:
    """A decision for people: a title, a sign that needs no colour, and the tone of its banner.

    No tone is one of success: nothing a checkpoint of one person finds is proof.
    """

    title: str
    sign: str
    tone: str


DECISIONS: dict[str, DecisionWords] = {
    "continue": DecisionWords(title="Go on as planned", sign="→", tone="plain"),
    "adjust": DecisionWords(title="Change one thing", sign="!", tone="ask"),
    "maintain": DecisionWords(title="Keep what was reached", sign="=", tone="plain"),
    "taper": DecisionWords(title="Step down, then pause", sign="↘", tone="plain"),
    "stop": DecisionWords(title="Stop the light", sign="✕", tone="refused"),
    "refer": DecisionWords(title="See a health professional first", sign="➜", tone="refer"),
    "inconclusive": DecisionWords(title="No decision: too little is known", sign="?", tone="ask"),
}

#: What each letter of the evidence grade means.
GRADES: dict[str, str] = {
    "U": "Uncontrolled: before and after in one person, with nothing to compare it with.",
    "W": "Withdrawal: before, under and after light in one person, without a lot or blinding.",
    "R": "Randomised: the start or the order was drawn by lot, but the person could know when the light was on.",
    "B": "Blinded: on and off by lot, the person did not know which, and the blinding was checked.",
}

SYMPTOMS: dict[str, str] = {
    "improved": "better than before light",
    "better_not_yet_sure": "better so far, not yet sure",
    "unchanged": "no change that matters",
    "not_better": "not better",
    "somewhat_worse": "somewhat worse so far, not sure",
    "worse": "worse than before light",
    "inconclusive": "cannot be told",
    "not_assessed": "not assessed",
}

DOSES: dict[str, str] = {
    "delivered": "given as planned",
    "under_delivered": "less than planned",
    "over_delivered": "more than planned",
    "unknown": "cannot be told from what is written down",
    "inconclusive": "cannot be judged: the plan rests on no measurement of the lamp",
}


#: How the minutes of a plan were chosen.
WHY_THESE_MINUTES: dict[str, str] = {
    "least_effective": "the fewest whose share of cases inside comes within five percentage points of the best",
    "lowest_dose": "the fewest that reach the protocol's lowest dose at the skin; no trial says more",
    "conservative_start": "half of the protocol's shortest, for skin that warms more or cannot warn",
    "by_hand": "somebody chose them",
    "none_fits": "none fit; the protocol's shortest stand in",
}

#: What the width of a dose comes from.
UNKNOWNS: dict[str, str] = {
    "optics": "how the tissue lets light through",
    "anatomy": "how thick the fat is and how deep the target lies",
    "lamp": "what the lamp truly gives",
    "placement": "where the lamp truly stands",
}

#: What can be measured of a lamp or a person, and by what.
MEASUREMENTS: dict[str, str] = {
    "output": "reading the lamp with a meter",
    "fat": "measuring the fat, by ultrasound",
    "depth": "measuring the depth of the target, by ultrasound",
    "melanin": "measuring the melanin of the skin, by a reflectance meter",
}

# Files and terminals keep to plain letters; a page prints a unit as a laboratory and a meter do.
_PRINTED = {
    "mW/cm2": "mW/cm²", "J/cm2": "J/cm²", "cm2": "cm²",
    "ug/l": "µg/L", "umol/l": "µmol/L", "mmol/l": "mmol/L", "pmol/l": "pmol/L", "ng/l": "ng/L", "mg/dl": "mg/dL",
    "pg/ml": "pg/mL", "U/l": "U/L", "mU/l": "mU/L", "uIU/ml": "µIU/mL",
}  # fmt: skip
_IN_TEXT = re.compile(rf"(?<![\w/])(?:{'|'.join(_PRINTED)})(?![\w/])")
# What is counted by the week is named so: "sessions a week", "weeks".
_UNITS = {"1": "", "1/week": "", "weeks": "", "C": "°C"} | _PRINTED


def unit_in_words(unit: str) -> str:
    """A unit as it stands behind a number; nothing for a mere ratio."""
    return _UNITS.get(unit, unit)


def units_as_printed(text: str) -> str:
    """A sentence with its units as a page prints them.

    >>> units_as_printed("Ferritin is 96 ug/l; the skin gets 40 mW/cm2.")
    'Ferritin is 96 µg/L; the skin gets 40 mW/cm².'
    """
    return _IN_TEXT.sub(lambda found: _PRINTED[found[0]], text)


def verdict_words(verdict: str) -> VerdictWords:
    """Words of one verdict. A verdict this report does not know is a bug of ours: KeyError."""
    return VERDICTS[verdict]


def in_words(code: str) -> str:
    """`sural_nerve` becomes "sural nerve"."""
    return code.replace("_", " ")


def level_in_words(level: str) -> str:
    """What the level of a rule does to the plan, in words."""
    return LEVELS.get(level, in_words(level))


def place_in_words(site: str, side: str | None) -> str:
    """Site and side, as a heading.

    >>> place_in_words("posterior_calf", "both")
    'Posterior calf, both sides'
    """
    name = in_words(site).capitalize()
    if not side:
        return name
    return f"{name}, both sides" if side == "both" else f"{name}, {side}"
