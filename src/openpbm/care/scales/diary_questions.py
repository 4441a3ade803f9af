"""The questions of the diary: one table for the form, the check of what was sent, and the list of past days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from openpbm.facts.sensations import body_areas

__all__ = ["AREAS", "QUESTIONS", "Kind", "Question", "questions_for", "symptom_word"]

Kind = Literal["rating", "amount", "count", "time", "yes_no", "word", "areas", "sensations", "tags"]

_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    name : the field of `openpbm.course.records.DiaryDay`; `cramps` is counted beside it
    maximum : of a number, in stored units; asked in `unit`, of which one is `per_unit` stored ones
    low, high : words at the two ends of a rating
    choices : stored word and what is shown
    first : among the few that are seen at once; the others stand under "more", where it was felt and what it felt like
        in a part of their own
    programmes : asked in these alone; empty is all
    """

    name: str
    kind: Kind
    label: str
    short: str
    hint: str = ""
    maximum: float = 10.0
    unit: str = ""
    per_unit: float = 1.0
    low: str = ""
    high: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    first: bool = False
    programmes: tuple[str, ...] = ()


AREAS = tuple((area.id, area.plain_name) for area in body_areas)

# The symptom's name goes in for {symptom}. The words are our own: no licensed scale is quoted in the diary.
QUESTIONS = (
    Question(
        name="severity", kind="rating", first=True, short="Worst", label="How bad {symptom} at the worst?",
        low="0: none at all", high="10: worst I can think of",
    ),
    Question(
        name="onset", kind="time", first=True, short="Began", label="When did it begin?",
        hint="The first time that day. Leave it blank if it did not come, or if you do not know.",
    ),
    Question(
        name="sleep_minutes", kind="amount", first=True, short="Sleep", label="How long did you sleep that night?",
        hint="The night before that day, as near as you can tell.", maximum=_DAY_MINUTES, unit="hours", per_unit=60.0,
    ),
    Question(
        name="bother", kind="rating", first=True, short="Bother", label="How much did it bother you?",
        low="0: not at all", high="10: more than anything",
    ),
    Question(
        name="cramps", kind="count", first=True, short="Cramps", label="How many cramps or spasms?",
        hint="0 if there were none.", maximum=200.0, programmes=("muscle_spasm",),
    ),
    Question(
        name="symptom_minutes", kind="amount", short="Lasted", label="How long did it last in all?",
        maximum=_DAY_MINUTES, unit="minutes",
    ),
    Question(
        name="tags", kind="tags", short="Special", label="Anything special that day or night?",
        choices=(
            ("late coffee", "Late coffee or tea"), ("alcohol", "Alcohol"), ("missed medicine", "Missed medicine"),
            ("hot bath", "Hot bath"), ("hard exercise", "Hard exercise"), ("long sitting", "Long sitting"),
            ("stress", "Stress"), ("illness", "Illness"), ("travel", "Travel"),
        ),
    ),
    Question(name="areas", kind="areas", short="Where", label="Where did you feel it?", choices=AREAS),
    Question(name="sensations", kind="sensations", short="Felt like", label="What did it feel like?"),
    Question(
        name="activity", kind="word", short="Doing", label="What were you doing when it began?",
        choices=(
            ("lying in bed", "Lying in bed"), ("sitting", "Sitting"), ("standing or walking", "Standing or walking"),
            ("exercise", "Exercise"), ("something else", "Something else"),
        ),
    ),
    Question(name="at_rest", kind="yes_no", short="At rest", label="Did it come while you were at rest?"),
    Question(name="relieved_by_movement", kind="yes_no", short="Eased by moving", label="Did moving ease it?"),
    Question(
        name="pain", kind="rating", short="Pain", label="How bad was the pain at its worst?",
        low="0: none at all", high="10: worst I can think of",
    ),
    Question(
        name="sleep_latency_minutes", kind="amount", short="To fall asleep",
        label="How long did it take you to fall asleep?", maximum=_DAY_MINUTES, unit="minutes",
    ),
    Question(
        name="awakenings", kind="count", short="Woke up", label="How often did you wake up?", maximum=100.0,
        unit="times",
    ),
    Question(
        name="tiredness", kind="rating", short="Tired", label="How tired were you that day?",
        low="0: not at all", high="10: could not stay awake",
    ),
    Question(
        name="nap_minutes", kind="amount", short="Naps", label="How long did you nap?", maximum=_DAY_MINUTES,
        unit="minutes",
    ),
    Question(
        name="caffeine", kind="word", short="Caffeine", label="Coffee, tea, cola or energy drinks",
        choices=(
            ("none", "None"), ("before noon", "Before noon only"), ("after noon", "After noon too"),
            ("evening", "In the evening too"),
        ),
    ),
    Question(
        name="alcohol", kind="word", short="Alcohol", label="Alcohol",
        choices=(("none", "None"), ("1-2 drinks", "1 or 2 drinks"), ("3 or more drinks", "3 drinks or more")),
    ),
    Question(
        name="nicotine", kind="word", short="Nicotine", label="Smoking or nicotine",
        choices=(("none", "None"), ("less than usual", "Less than usual"), ("as usual", "As usual"),
                 ("more than usual", "More than usual")),
    ),
    Question(
        name="exercise", kind="word", short="Exercise", label="Exercise",
        choices=(("none", "None"), ("light", "Light, such as a walk"), ("hard", "Hard, out of breath"),
                 ("hard, in the evening", "Hard, in the evening")),
    ),
)  # fmt: skip

_SYMPTOMS = {
    "rls": "were your restless legs",
    "neuropathic_pain": "was the pain",
    "neuropathy": "were numbness, tingling or pain",
    "muscle_spasm": "were the cramps or spasms",
}


def symptom_word(programme: str | None) -> str:
    """The symptom a programme treats, as the question goes on: "How bad ... at the worst?"."""
    return _SYMPTOMS.get(programme or "", "was your main symptom")


def questions_for(programme: str | None) -> tuple[Question, ...]:
    """The questions asked in a programme, the few of the first sight before the others."""
    return tuple(row for row in QUESTIONS if not row.programmes or programme in row.programmes)
