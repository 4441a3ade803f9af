"""What a scale is made of: its items, parts, bands, published changes, error and course under sham."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le, MinLen

__all__ = [
    "Band",
    "Direction",
    "Reliability",
    "ScaleItem",
    "Scoring",
    "ShamCourse",
    "Source",
    "Subscale",
    "Threshold",
    "Words",
]

Direction = Literal["lower", "higher"]
Method = Literal["sum", "mean", "max", "percent", "single", "profile"]
ThresholdKind = Literal["between_groups", "within_person", "responder", "remission", "deterioration"]
#: Where an error of measurement comes from. `assumed` is ours: a verdict then asks for the person's own scatter too.
ErrorKind = Literal["retest", "examiners", "consistency", "borrowed", "assumed"]
Source = Annotated[str, MinLen(1)]
Words = Annotated[str, MinLen(1)]

_CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleItem:
    """One thing asked or examined, in our own short words; `minimum` to `maximum` in the item's own points.

    reverse : counted as minimum + maximum - answer
    weight : points for each point answered, after reversing [-]
    whole : only whole numbers are possible
    step : answers are multiples of it, where halves are possible but nothing between; None is no such rule
    allowed : the only answers there are, where neither whole numbers nor steps say it; empty is no such rule
    optional : asked of some people only; a blank is not missed
    choices : our words for the answers, `allowed` or minimum, minimum + 1 ... maximum; empty where the numbers speak
    unit : of a measured value, "" where answers are points
    governs : nothing else on the form counts without it
    remedy_below : what to do where the value lies below the minimum, other than correct it
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Words
    label: Words
    minimum: float
    maximum: float
    reverse: bool = False
    weight: float = 1.0
    whole: bool = True
    step: Annotated[float, Gt(0)] | None = None
    allowed: tuple[float, ...] = ()
    optional: bool = False
    choices: tuple[Words, ...] = ()
    unit: str = ""
    governs: bool = False
    remedy_below: str = ""

    def problem_of(self, answer: object) -> tuple[str, str]:
        """What is wrong with an answer, "" where nothing is, and what to do; the one rule for every way in.

        >>> grade = ScaleItem(id="1", label="grade", minimum=0, maximum=4, whole=False, allowed=(0, 1, 1.5, 2, 3, 4))
        >>> grade.problem_of(2.5)
        ('not an answer of this item', 'give one of 0, 1, 1.5, 2, 3, 4, or null for a blank')
        """
        message = self._problem_of_kind(answer)
        if message and self.remedy_below and isinstance(answer, int | float) and answer < self.minimum:
            return f"below {self.minimum:g} nothing counts that is measured with it", self.remedy_below
        if message:
            return message, f"give a number from {self.minimum:g} to {self.maximum:g}, or null for a blank"
        # `_problem_of_kind` lets nothing else through.
        assert isinstance(answer, int | float)
        if self.allowed and all(abs(answer - one) > _CLOSE for one in self.allowed):
            known = ", ".join(f"{one:g}" for one in self.allowed)
            return "not an answer of this item", f"give one of {known}, or null for a blank"
        return self._problem_of_step(answer)

    def _problem_of_kind(self, answer: object) -> str:
        # True is an int in Python, and would score as 1.
        if isinstance(answer, bool) or not isinstance(answer, int | float):
            return "not a number"
        # A whole number may be too large for a float, and isfinite would not survive it.
        if isinstance(answer, float) and not math.isfinite(answer):
            return "not a finite number"
        return "" if self.minimum <= answer <= self.maximum else "out of range"

    def _problem_of_step(self, answer: float) -> tuple[str, str]:
        span = f"from {self.minimum:g} to {self.maximum:g}, or null for a blank"
        if self.whole and answer != int(answer):
            return "not a whole number", f"give a whole number {span}"
        if self.step is not None and abs(answer / self.step - round(answer / self.step)) > _CLOSE:
            return f"not a multiple of {self.step:g}", f"give one {span}"
        return "", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How answers become one number.

    method : sum, mean or max of the counted answers; percent, their mean on 0-100 of the possible range; single, the
        one answer; profile, no number at all
    items : ids of the items that count; empty is every item
    minimum_answered : from how many answers on the rest may be filled in by their mean; None, every one is needed
    prorating : where that permission comes from
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    method: Method
    items: tuple[str, ...] = ()
    minimum_answered: Annotated[int, Ge(1)] | None = None
    prorating: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How far two scores of an unchanged person lie apart: one of `error`, `error_fraction` and (`sd`, `test_retest`).

    error : standard error of measurement of one score, in points
    error_fraction : the same as a part of the score, where it grows with it [-]
    sd : between people, in points
    test_retest : correlation of two scores of unchanged people [-]
    kind : retest, of unchanged people; examiners, two who examine the same person; consistency, of the items among
        each other; borrowed, of a like measure; assumed, ours
    alternatives : other published or used values and how the number was had, in words
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    error: Annotated[float, Gt(0)] | None = None
    error_fraction: Annotated[float, Gt(0), Le(1)] | None = None
    sd: Annotated[float, Gt(0)] | None = None
    test_retest: Annotated[float, Gt(0), Le(1)] | None = None
    kind: ErrorKind = "retest"
    alternatives: str = ""
    source: Source
    verified: bool

    def error_at(self, level: float) -> float:
        """Standard error of measurement of one score at a level of the scale, in points.

        >>> round(Reliability(sd=6.0, test_retest=0.87, source="ats_irls", verified=False).error_at(25.0), 2)
        2.16
        """
        if self.error is not None:
            return self.error
        if self.error_fraction is not None:
            return self.error_fraction * abs(level)
        if self.sd is None or self.test_retest is None:
            return math.nan
        return self.sd * math.sqrt(1.0 - self.test_retest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscale:
    """A part of the scale with a number of its own.

    direction : which way is better; None, as the whole
    reliability : its own error; a part that has one is followed as a measure of its own
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Words
    label: Words
    scoring: Scoring
    direction: Direction | None = None
    reliability: Reliability | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A named range of the total, both ends included."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: Words
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One published bound on what matters; exactly one of `change`, `fraction` and `level` is given.

    kind : between_groups never judges one person; within_person, responder, remission and deterioration do
    change : in points, signed: negative is a fall
    fraction : change as a part of the baseline, signed: -0.5 is a fall by half
    level : the score to be reached, whatever the baseline
    subscale : the subscale it speaks of; "" is the total
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Words
    label: Words
    kind: ThresholdKind
    change: float | None = None
    fraction: float | None = None
    level: float | None = None
    subscale: str = ""
    source: Source
    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShamCourse:
    """What the scale did in sham arms, regression to the mean included.

    change_mean : mean change from baseline, in points, signed
    person_sd : spread of that change from person to person, in points
    trial_sd : spread of the mean from trial to trial, in points
    basis : how the three were computed
    weeks : over how many weeks; None, over differing durations
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    change_mean: float
    person_sd: Annotated[float, Gt(0)]
    trial_sd: Annotated[float, Ge(0)]
    n_people: Annotated[int, Gt(0)]
    n_trials: Annotated[int, Gt(0)]
    basis: Words
    weeks: float | None = None
    source: Source
    verified: bool
