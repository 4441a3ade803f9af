"""One outcome and how it changed under light: the noun that every judgement starts from."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any, Literal

from openpbm.facts.scales import Scale
from openpbm.outcomes.measures.finite import finite_or_none

__all__ = ["Measure", "Reading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value on one day; `phase` is what it was used for, "" where it was not."""

    date: dt.date
    value: float
    phase: Literal["baseline", "light", "recent", "off", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The change of one scale from before light to the last days of light, in the scale's units.

    estimate, standard_error, degrees_of_freedom : of recent - baseline, as a t distribution under a flat prior;
        nan where it cannot be told
    baseline_mean, recent_mean, off_mean : plain means, nan where there is no value
    counts : values of (baseline, recent, off)
    rho : autocorrelation from day to day, nan for questionnaires
    days_due : recent days that a diary was due for, 0 for questionnaires
    lacking : why no verdict may rest on it, "" when one may
    """

    scale: Scale
    source: Literal["diary", "scores"]
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
    lacking: str
    readings: tuple[Reading, ...]

    @property
    def better(self) -> int:
        """+1 where lower is better, -1 where higher is: times a change, negative is always better."""
        return 1 if self.scale.direction == "lower" else -1

    @property
    def toward_worse(self) -> float:
        """The estimate with its sign turned so that negative is better."""
        return self.better * self.estimate

    def probability_below(self, limit: float) -> float:
        """P(turned change < limit); nan where the change cannot be told. Negative limits are improvements."""
        from scipy.stats import t

        if not math.isfinite(self.standard_error):
            return math.nan
        return float(t.cdf((limit - self.toward_worse) / self.standard_error, self.degrees_of_freedom))

    def important_change(self) -> float | None:
        """Smallest published improvement that matters within a person, as a positive number; None where none is known.

        A share of the baseline counts as that many points. On a scale of whole numbers it is never less than one.
        """
        sizes = [
            abs(t.change if t.change is not None else (t.fraction or 0.0) * self.baseline_mean)
            for t in self.scale.thresholds
            if t.kind == "within_person" and not t.subscale and (t.change is not None or t.fraction is not None)
        ]
        known = [size for size in sizes if math.isfinite(size)]
        return max(1.0, min(known)) if known else None

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, null for what is not known, with the 90 % interval."""
        low, high = self._interval()
        return {
            "scale": self.scale.id,
            "name": self.scale.plain_name,
            "version": self.version,
            "source": self.source,
            "direction": self.scale.direction,
            "change": finite_or_none(self.estimate),
            "standard_error": finite_or_none(self.standard_error),
            "degrees_of_freedom": finite_or_none(self.degrees_of_freedom),
            "interval_90": [finite_or_none(low), finite_or_none(high)],
            "autocorrelation": finite_or_none(self.rho),
            "baseline_mean": finite_or_none(self.baseline_mean),
            "recent_mean": finite_or_none(self.recent_mean),
            "off_mean": finite_or_none(self.off_mean),
            "values": {"baseline": self.counts[0], "recent": self.counts[1], "off": self.counts[2]},
            "important_change": self.important_change(),
            "lacking": self.lacking,
            "readings": [{"date": r.date.isoformat(), "value": r.value, "phase": r.phase} for r in self.readings],
        }

    def _interval(self) -> tuple[float, float]:
        from scipy.stats import t

        if not math.isfinite(self.standard_error):
            return math.nan, math.nan
        half = float(t.ppf(0.95, self.degrees_of_freedom)) * self.standard_error
        return self.estimate - half, self.estimate + half
