"""A printed number beside what the model predicts: its 90 % interval, as the study is trusted and as it was printed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.data_sets import DataPoint, DataSet
from openpbm.mechanism.virtual_people import VirtualPeople

__all__ = ["Band", "JudgedPoint", "judged_point"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """A 90 % predictive interval, in the unit of what it is of."""

    p5: float
    median: float
    p95: float

    def holds(self, point: DataPoint) -> bool:
        """Whether the point lies within; of a bound, whether the interval reaches past it."""
        if point.relation == "above":
            return self.p95 > point.value
        return self.p5 <= point.value <= self.p95


@dataclass(frozen=True)
class JudgedPoint:
    """A printed number beside its intervals.

    trusted   with its error as far as the study is trusted: printed variances over the study's trust, as it was fitted
    printed   with the printed error, as if nothing biased the study
    """

    point: DataPoint
    trusted: Band
    printed: Band

    @property
    def covered(self) -> bool:
        """Whether the interval as it was fitted holds it."""
        return self.trusted.holds(self.point)


def judged_point(data_set: DataSet, point: DataPoint, predicted: Array, people: VirtualPeople) -> JudgedPoint:
    """The intervals of a printed mean: what is predicted, with the error of a mean of so few people."""
    variance = np.full(people.count, point.standard_error**2)
    if data_set.maximum is not None:
        variance += (data_set.maximum * people.scatter()) ** 2
    error = np.sqrt(variance) * people.normal(f"{data_set.id} {point.arm} {point.at} {point.quantity} {point.part}")
    lowest, highest = _ends(data_set, point)

    def band(power: float) -> Band:
        values = np.clip(predicted + error * power**-0.5, lowest, highest)
        p5, median, p95 = np.percentile(values, [5, 50, 95])
        return Band(float(p5), float(median), float(p95))

    return JudgedPoint(point, trusted=band(data_set.trust), printed=band(1.0))


def _ends(data_set: DataSet, point: DataPoint) -> tuple[float, float]:
    """Lowest and highest value that can be printed: no mean lies off its scale."""
    if data_set.maximum is None:
        return -np.inf, np.inf
    if point.arm == "difference":
        return -data_set.maximum, data_set.maximum
    return 0.0, data_set.maximum
