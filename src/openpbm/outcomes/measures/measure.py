"""One outcome and how it changed under light: the noun that every judgement starts from."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypedDict

from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.facts.scales import Scale, Threshold, smallest_step
from openpbm.outcomes.measures.change_word import ChangeEvidence, SymptomVerdict, change_word
from openpbm.single_case.cramp_counts import RatioChance

__all__ = ["Measure", "MeasureRow", "Phase", "Reading", "SymptomVerdict", "ValueSource", "finite_or_none"]

#: What a value was used for, "" where it was not used.
Phase = Literal["baseline", "light", "recent", "off", ""]
#: `cramps`: counted day by day from the lines of single cramps.
ValueSource = Literal["diary", "scores", "cramps"]
#: Nine of ten pairs of scores of an unchanged person differ by less than this many errors of measurement.
_NINETY_PERCENT_OF_A_PAIR = 1.645 * math.sqrt(2.0)
#: Two changes of opposite sign this close together are both none [points].
_NEGLIGIBLE = 0.2


class ReadingRow(TypedDict):
    """One value as JSON."""

    date: str
    value: float
    phase: Phase


class ValueCounts(TypedDict):
    """How many values each phase has."""

    baseline: int
    recent: int
    off: int


class MeasureRow(TypedDict):
    """A measure as JSON (docs/checkpoint.md); null is not known."""

    scale: str
    name: str
    version: str
    source: ValueSource
    direction: str
    change: float | None
    plain_change: float | None
    standard_error: float | None
    degrees_of_freedom: float | None
    interval_90: list[float | None]
    autocorrelation: float | None
    baseline_mean: float | None
    recent_mean: float | None
    off_mean: float | None
    values: ValueCounts
    important_change: float | None
    important_worsening: float | None
    insufficient_reason: str
    readings: list[ReadingRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value on one day."""

    date: dt.date
    value: float
    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The change of one scale from before light to the last days of light, in the scale's units.

    estimate, standard_error, degrees_of_freedom : of recent - baseline, as a t distribution under a flat prior;
        nan where it cannot be told
    baseline_mean, recent_mean, off_mean : plain means, nan where there is no value
    counts : values of (baseline, recent, off)
    rho : autocorrelation from day to day, nan for questionnaires
    days_due : recent days that a diary was due for, 0 for questionnaires
    insufficient_reason : why no verdict may rest on it, "" when one may
    outdated_reason : why it says nothing of now, "" when it does
    ratio_chance : of counts, whose chances follow their ratio; None for every other measure
    """

    scale: Scale
    source: ValueSource
    version: str
    estimate: float
    standard_error: float
    degrees_of_freedom: float
    rho: float
    baseline_mean: float
    recent_mean: float
    off_mean: float
    counts: tuple[int, int, int]
    days_due: int
    insufficient_reason: str
    readings: tuple[Reading, ...]
    outdated_reason: str = ""
    ratio_chance: RatioChance | None = None

    @property
    def sign(self) -> int:
        """+1 where lower is better, -1 where higher is: times a change, negative is always better."""
        return 1 if self.scale.direction == "lower" else -1

    @property
    def signed_change(self) -> float:
        """The estimate with its sign turned so that negative is better."""
        return self.sign * self.estimate

    @property
    def plain_change(self) -> float:
        """The difference of the plain means, which no model has touched."""
        return self.recent_mean - self.baseline_mean

    def probability_below(self, limit: float) -> float:
        """P(turned change < limit); nan where the change cannot be told. Negative limits are improvements."""
        return self._probability_below(limit, 1.0)

    def _probability_below(self, limit: float, widened: float) -> float:
        from scipy.special import stdtr

        if self.ratio_chance is not None:
            ratio = 1.0 + limit / self.baseline_mean
            # A ratio of nothing or less is never reached.
            if ratio <= 0.0:
                return 0.0
            return self.ratio_chance.below(ratio)
        if not math.isfinite(self.standard_error):
            return math.nan
        error = widened * self.standard_error
        return float(stdtr(self.degrees_of_freedom, (limit - self.signed_change) / error))

    def important_change(self) -> float | None:
        """Smallest published improvement that matters within a person, as a positive number; None where none is known.

        A share of the baseline counts as that many points, so that whoever begins mild is asked for half and no more.
        On a scale of whole numbers it is never less than one. Where none is published it is what measurement error
        does to one pair of scores in one of ten.
        """
        published = self._smallest(("within_person", "responder"))
        return self._beyond_error() if published is None else published

    def important_worsening(self) -> float | None:
        """Smallest worsening that matters within a person, as a positive number; None where none is known.

        Published for few scales. Elsewhere it is what measurement error does to one pair of scores in one of ten, and
        where the error is not known either, as much as an improvement needs.
        """
        published = self._smallest(("deterioration",))
        if published is not None:
            return published
        beyond = self._beyond_error()
        return self.important_change() if beyond is None else beyond

    @property
    def matters_by_error(self) -> tuple[bool, bool]:
        """Whether error stands in for a published improvement, and for a published worsening, that matters."""
        better, worse = self._smallest(("within_person", "responder")), self._smallest(("deterioration",))
        held = self._beyond_error() is not None
        return held and better is None, held and worse is None

    @property
    def verdict(self) -> SymptomVerdict:
        """One word for this measure alone (`change_word`), where it speaks of now, had room and agrees with itself."""
        if self.outdated_reason:
            return "not_assessed"
        if self.insufficient_reason:
            return "inconclusive"
        if self.model_doubt:
            return "inconclusive"
        word = change_word(self.evidence)
        # Without room to improve nothing can be said of benefit; a worsening is heard all the same.
        if self.no_room_reason and word not in ("worse", "somewhat_worse"):
            return "not_assessed"
        return word

    @property
    def no_room_reason(self) -> str:
        """Why no improvement that matters could show: the baseline lies too close to the best value; else ""."""
        important, best = self.important_change(), self.scale.minimum
        if self.scale.direction == "higher":
            best = self.scale.maximum
        if important is None or best is None or not abs(self.baseline_mean - best) < important:
            return ""
        name = f"{self.scale.plain_name[:1].lower()}{self.scale.plain_name[1:]}"
        room = "so there was no room for an improvement that matters"
        return f"{name} was {self.baseline_mean:.2g} before the light, {room}"

    @property
    def model_doubt(self) -> str:
        """Why the modelled change is not believed: off the plain means by sign or by more than an error; else ""."""
        apart = abs(self.estimate - self.plain_change)
        opposite = self.estimate * self.plain_change < 0.0 and apart > _NEGLIGIBLE
        if not (opposite or apart > self.standard_error) or self.ratio_chance is not None:
            return ""
        plain = f"the plain means differ by {self.plain_change:+.2g}"
        return f"{plain} and a model of the same days gives {self.estimate:+.2g}: they contradict each other"

    @property
    def evidence(self) -> ChangeEvidence:
        """What the change makes probable, and whether the best estimate reaches what matters."""
        improvement, worsening = self.important_change(), self.important_worsening()
        if improvement is None:
            improvement = math.nan
        if worsening is None:
            worsening = math.nan
        # A published error is that of a short stable interval; what it would exclude, six weeks of life may bring back.
        widened = outcome_limit("excluding_error_factor") if self.source == "scores" else 1.0
        return ChangeEvidence(
            better=self.probability_below(0.0),
            importantly_better=self._probability_below(-improvement, widened),
            importantly_worse=1.0 - self._probability_below(worsening, widened),
            reaches_improvement=self.signed_change <= -improvement or self._remission(),
            reaches_worsening=self.signed_change >= worsening and self._worse_twice(worsening),
        )

    def to_dict(self) -> MeasureRow:
        """Plain numbers, null for what is not known, with the 90 % interval."""
        low, high = self.interval()
        return {
            "scale": self.scale.id,
            "name": self.scale.plain_name,
            "version": self.version,
            "source": self.source,
            "direction": self.scale.direction,
            "change": finite_or_none(self.estimate),
            "plain_change": finite_or_none(self.plain_change),
            "standard_error": finite_or_none(self.standard_error),
            "degrees_of_freedom": finite_or_none(self.degrees_of_freedom),
            "interval_90": [finite_or_none(low), finite_or_none(high)],
            "autocorrelation": finite_or_none(self.rho),
            "baseline_mean": finite_or_none(self.baseline_mean),
            "recent_mean": finite_or_none(self.recent_mean),
            "off_mean": finite_or_none(self.off_mean),
            "values": {"baseline": self.counts[0], "recent": self.counts[1], "off": self.counts[2]},
            "important_change": self.important_change(),
            "important_worsening": self.important_worsening(),
            "insufficient_reason": self.insufficient_reason,
            "readings": [{"date": r.date.isoformat(), "value": r.value, "phase": r.phase} for r in self.readings],
        }

    def interval(self) -> tuple[float, float]:
        """Central 90 % interval of the change in the scale's units, nan where it cannot be told."""
        from scipy.stats import t

        if not math.isfinite(self.standard_error):
            return math.nan, math.nan
        if self.ratio_chance is not None:
            low, high = self.ratio_chance.interval()
            return self.baseline_mean * (low - 1.0), self.baseline_mean * (high - 1.0)
        half = float(t.ppf(0.95, self.degrees_of_freedom)) * self.standard_error
        return self.estimate - half, self.estimate + half

    def _smallest(self, kinds: Collection[str]) -> float | None:
        """The smallest threshold of these kinds in points, at least a step of the scale; None where none is known."""
        published = [t for t in self.scale.thresholds if t.kind in kinds and not t.subscale]
        sizes = [abs(change) for t in published if (change := self._points(t)) is not None]
        known = [size for size in sizes if math.isfinite(size)]
        return max(smallest_step(self.scale), min(known)) if known else None

    def _beyond_error(self) -> float | None:
        """What measurement error does to one pair of scores in one of ten; None where no error is held."""
        reliability = self.scale.reliability
        if reliability is None or not math.isfinite(self.baseline_mean):
            return None
        error = _NINETY_PERCENT_OF_A_PAIR * reliability.error_at(self.baseline_mean)
        return max(smallest_step(self.scale), error)

    def _remission(self) -> bool:
        """Whether a published level that counts as remission was reached by whoever began on the other side of it."""
        levels = [t.level for t in self.scale.thresholds if t.kind == "remission" and not t.subscale]
        return any(
            self.sign * self.recent_mean <= self.sign * level < self.sign * self.baseline_mean
            for level in levels
            if level is not None
        )

    def _worse_twice(self, worsening: float) -> bool:
        """A questionnaire must be worse twice running: one bad week is no worsening. A diary has many days."""
        if self.source != "scores":
            return True
        last = [r.value for r in self.readings if r.phase == "recent"][-2:]
        return all(self.sign * (value - self.baseline_mean) >= worsening for value in last)

    def _points(self, threshold: Threshold) -> float | None:
        """A threshold in points of the scale; None where it names a level and no change."""
        if threshold.change is not None:
            return threshold.change
        return None if threshold.fraction is None else threshold.fraction * self.baseline_mean


def finite_or_none(value: float) -> float | None:
    """A number that JSON can hold; None for nan and infinity, which stand for "not known" inside.

    >>> finite_or_none(2.5), finite_or_none(float("nan"))
    (2.5, None)
    """
    return float(value) if math.isfinite(value) else None
