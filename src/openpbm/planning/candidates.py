"""The sessions that may be given, as a table: a row for each length, a column for all that a choice looks at."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.planning.prescription import SessionLength, fluence_j_cm2
from openpbm.planning.protocol_bounds import GRID_MINUTES, Bound, Setting, reasons_of, session_bounds
from openpbm.planning.window import Window
from openpbm.reason import Reason

__all__ = ["MIN_CHANCE_GAIN", "Candidates", "Target", "chance_in_window", "chance_standard_error", "chances_in_window"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
# Beside the protocol's own sessions stand shorter and longer ones, which say what its limits cost.
_SHORTER, _LONGER = 0.5, 2.0
# Minutes are not stretched for a gain in chance smaller than this: the least dose that serves is the aim.
MIN_CHANCE_GAIN = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """Where the light is meant to arrive.

    rates : (tissue, output) fluence rate there [mW/cm2]
    window : None where no trial or guideline gives a dose
    """

    rates: Floats
    window: Window | None

    def chance_of(self, minutes: Floats) -> Floats:
        """(row,) share of the draws in the window [-]; not a number without a window."""
        if self.window is None:
            return np.full(minutes.shape, np.nan)
        return chances_in_window(self.rates, minutes, self.window)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Sessions at one setting, one row each, the shortest first; every column has a value for each row.

    exposure_minutes : light on one spot [min]
    own : the protocol holds such a session, in steps that a clock shows, and it does not give too much light
    skin_j_cm2 : fluence at the skin, stated output [J/cm2]
    target_j_cm2 : (row, 3) 5th percentile, median and 95th of the fluence at the target, over all scenarios [J/cm2]
    chance : share of the scenarios in the window [-]; not a number without a window
    warm : the highest temperature of the skin of one person in twenty against its limit [C]
    bounds : every limit that more or fewer minutes keep or break, warmth among them
    by_hand : the row that somebody chose; None where the plan chooses
    """

    setting: Setting
    exposure_minutes: Floats
    own: Bools
    skin_j_cm2: Floats
    target_j_cm2: Floats
    chance: Floats
    warm: Bound
    bounds: tuple[Bound, ...]
    by_hand: int | None = None

    @classmethod
    def listed(
        cls, setting: Setting, target: Target, warmth: Callable[[Floats], Bound], by_hand: float | None = None
    ) -> Candidates:
        """Every session of the protocol, shorter and longer ones, and one of minutes chosen by hand.

        warmth : the skin's temperature after so many minutes of light on one spot, (row,)
        by_hand : light on one spot [min]
        """
        extra = [each for each in (setting.start_minutes, by_hand) if each is not None]
        minutes = np.unique([*setting.fitting_minutes, *_beside(setting), *extra])
        warm = warmth(minutes)
        return cls(
            setting=setting,
            exposure_minutes=minutes,
            own=np.isin(minutes, setting.fitting_minutes),
            skin_j_cm2=setting.skin_j_cm2(minutes),
            target_j_cm2=fluence_j_cm2(np.quantile(target.rates, [0.05, 0.5, 0.95]), minutes[:, None]),
            chance=target.chance_of(minutes),
            warm=warm,
            bounds=(*session_bounds(setting, minutes), warm),
            by_hand=None if by_hand is None else int(np.searchsorted(minutes, by_hand)),
        )

    def chosen(self) -> int:
        """The row that is planned: chosen by hand, a careful start, or the fewest minutes that serve."""
        if self.by_hand is not None:
            return self.by_hand
        low = self.setting.start_minutes
        # The shortest minutes stand in where none fit, so that the refusal can say how much even those would give.
        stand_in = self.setting.protocol.minutes[0] if low is None else low
        if low is None and self.own.any():
            return self.least_serving(self.own)
        return int(np.searchsorted(self.exposure_minutes, stand_in))

    def length(self, row: int) -> SessionLength:
        """How long the session of a row lasts."""
        setting, overridden = self.setting, row == self.by_hand
        careful = setting.start_minutes is not None and not overridden
        return SessionLength(
            exposure_minutes=float(self.exposure_minutes[row]),
            points=setting.points,
            within_protocol=bool(setting.fitting_minutes) or overridden,
            overridden=overridden,
            instead_of_minutes=setting.fitting_minutes[0] if careful else None,
        )

    def least_serving(self, rows: Bools, *, without: str = "") -> int:
        """The least effective dose among the rows: the fewest minutes whose chance comes within 5 % of the best.

        A session that warms no skin too much goes before one that does, and one that reaches the protocol's lowest dose
        before one that does not; without a window it is all that is asked. `without` : a rule that is left out.
        """
        if without != self.warm.rule:
            rows = _preferred(rows, self.warm.passed)
        enough = rows & self._reaches_lowest(without)
        if np.isnan(self.chance).all():
            # A lamp too weak for the lowest dose shines as long as the protocol allows, and a caution says so.
            return int(np.flatnonzero(enough)[0] if enough.any() else np.flatnonzero(rows)[-1])
        rows = _preferred(rows, enough)
        serving = rows & (self.chance >= self.chance[rows].max() - MIN_CHANCE_GAIN)
        return int(np.flatnonzero(serving)[0])

    def relaxed(self, rule: str) -> int | None:
        """The row that would be planned were one rule not there; None where no session is left all the same."""
        rows = self.own | self.passed(without=rule)
        return self.least_serving(rows, without=rule) if rows.any() else None

    def protocol_limits(self) -> tuple[Reason, ...]:
        """What minutes chosen by hand are held against; nothing where the plan chooses."""
        if self.by_hand is None:
            return ()
        return reasons_of((bound for bound in self.bounds if bound is not self.warm), self.by_hand)

    def passed(self, *, without: str) -> Bools:
        """(row,) whether every limit is kept, that of one rule left out."""
        return np.asarray(np.all([bound.passed for bound in self.bounds if bound.rule != without], axis=0))

    def _reaches_lowest(self, without: str) -> Bools:
        """(row,) whether it reaches the protocol's lowest dose at the skin; a point's sessions are made for it."""
        rule = "override_skin_dose_below_protocol"
        kept = [bound.passed for bound in self.bounds if bound.rule == rule != without]
        return kept[0] if kept else np.ones_like(self.own)


def _preferred(rows: Bools, wanted: Bools) -> Bools:
    """The wanted ones of the rows, or all where there are none."""
    return rows & wanted if (rows & wanted).any() else rows


def _beside(setting: Setting) -> list[float]:
    """Sessions shorter and longer than those of the protocol, which say what its limits cost."""
    if setting.spots is not None:
        shortest, longest = setting.fitting_minutes[0], setting.fitting_minutes[-1]
        return [shortest * _SHORTER, *(factor * longest for factor in (1.25, 1.5, _LONGER))]
    low, high = setting.protocol.minutes
    return [low, *GRID_MINUTES[(low * _SHORTER <= GRID_MINUTES) & (high * _LONGER >= GRID_MINUTES)].tolist()]


def chances_in_window(rates: Floats, minutes: Floats, window: Window) -> Floats:
    """(row,) share of the draws whose fluence in a session lies inside the window of the same optical make-up [-].

    rates : (tissue, output) fluence rate at the structure [mW/cm2];  minutes : (row,)
    """
    return np.asarray(_shares_inside(rates, minutes, window).mean(axis=1))


def chance_in_window(rates: Floats, minutes: float, window: Window) -> float:
    """`chances_in_window` of one session."""
    return float(chances_in_window(rates, np.array([minutes]), window)[0])


def chance_standard_error(rates: Floats, minutes: float, window: Window) -> float:
    """Standard error of `chance_in_window` [-], as if the tissues were drawn one by one; they lie more evenly."""
    (shares,) = _shares_inside(rates, np.array([minutes]), window)
    return float(shares.std() / math.sqrt(len(shares)))


def _shares_inside(rates: Floats, minutes: Floats, window: Window) -> Floats:
    """(row, tissue) share of the outputs with which the fluence lies in the window."""
    fluences = fluence_j_cm2(rates, minutes[:, None, None])
    # Tissue by tissue: each meets the window of its own optical make-up, so that an error of it cancels.
    inside = (fluences >= window.low_j_cm2[:, None]) & (fluences <= window.high_j_cm2[:, None])
    return np.asarray(inside.mean(axis=2))
