"""How the model does beside published studies: points in their bands, orders, and trials in which light did nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.data_sets import DataSet, OrderCheck, data_sets, null_regimens
from openpbm.facts.scales import outcome_scale
from openpbm.mechanism.course_answer import important_change
from openpbm.mechanism.judged_points import JudgedPoint, judged_point
from openpbm.mechanism.predicted_courses import predicted_arms, predicted_specific
from openpbm.mechanism.predicted_sessions import LAMPS, predicted_session
from openpbm.mechanism.virtual_people import VirtualPeople

__all__ = ["JudgedOrder", "JudgedSet", "NullPrediction", "Qualification", "judged_by", "qualify"]

Array = NDArray[np.float64]
# A minute at most between two times of a session, so that what rises and falls is drawn as it does.
_STEP_S = 60.0
# What warmth can change.
_WARMED = {"oxcco_um", "hbo2_um", "flow_percent", "atp_flux_percent"}


@dataclass(frozen=True)
class JudgedOrder:
    """A printed order beside the model: difference of the medians of higher and lower, and the share of people."""

    order: OrderCheck
    median_difference: float
    share: float

    @property
    def holds(self) -> bool:
        """Whether the typical person shows it."""
        return self.median_difference > 0.0


@dataclass(frozen=True)
class JudgedSet:
    """One study; `points` and `orders` are empty where its numbers are missing.

    heat : by quantity, the share of the median change at the end of a session that a lamp shows which only warms
    """

    data_set: DataSet
    points: tuple[JudgedPoint, ...]
    orders: tuple[JudgedOrder, ...]
    heat: Mapping[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> Literal["holds", "fails", "no numbers"]:
        """Whether every point is covered and every order holds; a set that fails stays in the report as failed."""
        if not self.points and not self.orders:
            return "no numbers"
        held = all(each.covered for each in self.points) and all(each.holds for each in self.orders)
        return "holds" if held else "fails"


@dataclass(frozen=True)
class NullPrediction:
    """A trial without advantage: probability that light itself changes less than what matters."""

    trial: str
    scale: str
    important_change: float
    chance_of_nothing: float


@dataclass(frozen=True)
class Qualification:
    """The model beside all studies."""

    sets: tuple[JudgedSet, ...]
    nulls: tuple[NullPrediction, ...]

    def points(self, *arms: str) -> tuple[JudgedPoint, ...]:
        """Points of calibration sets, of these arms or of all."""
        fitted = [judged for judged in self.sets if judged.data_set.role == "calibration"]
        return tuple(each for judged in fitted for each in judged.points if not arms or each.point.arm in arms)

    def coverage(self, *arms: str) -> tuple[int, int]:
        """How many points of calibration sets are covered, and how many there are; of these arms, or of all."""
        points = self.points(*arms)
        return sum(each.covered for each in points), len(points)


def qualify(*, people: int = 2000, seed: int = 1, calibrated: bool = True) -> Qualification:
    """Predict every study that has numbers, and every trial without advantage.

    people : virtual people of a session, and virtual studies of a course
    calibrated : False, by the priors alone

    >>> prior = qualify(people=50, calibrated=False)
    >>> len(prior.sets), prior.coverage()[1]
    (15, 21)
    """
    return judged_by(VirtualPeople(people, seed=seed, calibrated=calibrated))


def judged_by(virtual: VirtualPeople) -> Qualification:
    """The same by people who were drawn in another way."""
    judges = {"session": _judged_session, "course": _judged_course}
    sets = [
        JudgedSet(each, (), ()) if each.role == "missing" else judges[each.kind](each, virtual) for each in data_sets
    ]
    return Qualification(tuple(sets), _null_predictions(virtual))


def _judged_session(data_set: DataSet, people: VirtualPeople) -> JudgedSet:
    times_s = _session_times(data_set)
    lamps = {lamp: predicted_session(data_set, people, times_s, lamp) for lamp in LAMPS}
    arms = {"active": lamps["light"], "sham": lamps[data_set.sham_lamp]}

    def at(arm: str, quantity: str, minutes: float | None) -> Array:
        # Rest is the first moment, before light has done anything.
        place = int(np.searchsorted(times_s, 60.0 * (minutes or 0.0) - 1e-6))
        return arms[arm][quantity][:, place]

    def order(row: OrderCheck) -> JudgedOrder:
        higher = at("active", row.quantity, row.higher_min)
        lower = at(row.lower_arm, row.quantity, row.lower_min)
        difference = float(np.median(higher) - np.median(lower))
        return JudgedOrder(row, difference, float((higher > lower).mean()))

    points = [judged_point(data_set, row, at(row.arm, row.quantity, row.at), people) for row in data_set.points]
    end = int(np.searchsorted(times_s, 60.0 * data_set.light.minutes - 1e-6))
    told = {row.quantity for row in data_set.points} | {row.quantity for row in data_set.orders}
    heat = _heat_shares(lamps["light"], lamps["warmth"], told & _WARMED, end)
    return JudgedSet(data_set, tuple(points), tuple(order(row) for row in data_set.orders), heat)


def _heat_shares(lit: Mapping[str, Array], warm: Mapping[str, Array], names: set[str], at: int) -> dict[str, float]:
    """Median change under a lamp that only warms over that under the lamp, for what the lamp changes in most people."""
    whole = {name: float(np.median(lit[name][:, at])) for name in sorted(names)}
    return {name: float(np.median(warm[name][:, at])) / middle for name, middle in whole.items() if middle}


def _session_times(data_set: DataSet) -> Array:
    """Every minute of the light, and every moment that is asked for, until the last [s]."""
    asked = [row.at for row in data_set.points]
    asked += [row.higher_min or 0.0 for row in data_set.orders] + [row.lower_min or 0.0 for row in data_set.orders]
    lit_s = 60.0 * data_set.light.minutes
    return np.unique(np.concatenate([np.arange(0.0, lit_s, _STEP_S), [lit_s], 60.0 * np.array(asked)]))


def _judged_course(data_set: DataSet, people: VirtualPeople) -> JudgedSet:
    days = np.array(sorted({row.at for row in data_set.points}))
    arms = predicted_arms(data_set, people, days)
    points = [
        judged_point(data_set, row, arms[row.arm][:, int(np.searchsorted(days, row.at))], people)
        for row in data_set.points
    ]
    return JudgedSet(data_set, tuple(points), ())


def _null_predictions(people: VirtualPeople) -> tuple[NullPrediction, ...]:
    predictions = []
    for regimen in null_regimens():
        scale = outcome_scale(regimen.scale)
        important = important_change(scale)
        assert important is not None, "a regimen is scored on a scale whose important change is known"
        assert scale.maximum is not None
        assert scale.minimum is not None
        points = (scale.maximum - scale.minimum) * predicted_specific(regimen, people)
        chance = float((np.abs(points) < important).mean())
        predictions.append(NullPrediction(regimen.trial, scale.id, important, chance))
    return tuple(predictions)
