"""A protocol as one lamp follows it: the minutes that fit, and every limit of a session and of a course."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.conditions import Protocol
from openpbm.facts.lamps import Lamp
from openpbm.facts.rules import computed_rules
from openpbm.planning.prescription import (
    J_PER_MW_MIN,
    Rate,
    fluence_j_cm2,
    in_band_share,
    point_power_mw,
    skin_fluence_range,
)
from openpbm.planning.schedule import course_length
from openpbm.reason import Reason
from openpbm.safety.lamp_check import Exposure
from openpbm.safety.skin_temperature import WarmedSkin

__all__ = [
    "CAUTION_BELOW",
    "CONSERVATIVE_START_RULES",
    "GRID_MINUTES",
    "LOW_DOSE_TOLERANCE",
    "REFUSED_BELOW",
    "Bound",
    "PointByPoint",
    "Setting",
    "at_least",
    "at_most",
    "begins_low",
    "course_bounds",
    "eye_bounds",
    "held_against",
    "reach_bounds",
    "reasons_of",
    "session_bounds",
    "skin_bounds",
    "warmth_bound",
]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Numbers = float | Floats
# Below ten minutes half a minute is five per cent of the dose or more, so the grid is finer there.
GRID_MINUTES = np.array([0.5 * n for n in range(1, 20)] + [float(n) for n in range(10, 121)])
# A laser's point takes seconds, which no grid of minutes could hold.
_SECONDS_STEP = 5
# Cautions and released rules with which a course begins at its low end.
CONSERVATIVE_START_RULES = frozenset(
    {
        "dark_skin",
        "loss_of_protective_sensation",
        "photosensitiser_other_band",
        "photosensitiser_strong",
        "pigmented_or_tanned_skin_in_field",
        # Any type may be the darkest: unknown is not no.
        "skin_type_unknown",
    }
)
# Of the protocol's shortest session. A figure of ours, so that "begin with less" is a number and not a wish.
_CONSERVATIVE_SHARE = 0.5
# A plan's own minutes must not break its own limit over the last digits of a product.
_ROUNDING_SLACK = 1.0001
# A dose within 5 % of the protocol's lowest is not called below it: no lamp is known that well.
LOW_DOSE_TOLERANCE = 1.05
# Of the chance that the dose at the target lies in the window [-].
REFUSED_BELOW, CAUTION_BELOW = 0.1, 0.5


def begins_low(cautions: Iterable[Reason]) -> bool:
    """Whether a course begins at its low end: the skin warms or reacts more, or cannot warn."""
    return any(caution.rule in CONSERVATIVE_START_RULES for caution in cautions)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointByPoint:
    """A session counted in joules a point.

    power_mw : of the lamp, all beams together; energy_j : lowest and highest of one point; points : the fewest
    in_band_share : of the light at the protocol's wavelengths [-]; it alone counts toward the lowest energy
    """

    power_mw: float
    energy_j: tuple[float, float]
    points: int
    in_band_share: float = 1.0

    def energy_of_j(self, minutes: Rate) -> Rate:
        """Energy of that many minutes on one point [J].

        >>> PointByPoint(power_mw=100.0, energy_j=(1.0, 4.0), points=2).energy_of_j(0.5)
        3.0
        """
        return minutes * self.power_mw * J_PER_MW_MIN

    def fitting_minutes(self) -> list[float]:
        """Minutes on one point for these energies, in steps of five seconds (upward)."""
        shortest, longest = (energy * 1000.0 / self.power_mw for energy in self.energy_j)
        first = math.ceil(shortest / self.in_band_share / _SECONDS_STEP)
        # All light counts toward the highest energy: what is lacking at the protocol's wavelengths stays lacking.
        first = min(first, max(math.ceil(shortest / _SECONDS_STEP), math.floor(longest / _SECONDS_STEP)))
        # A strong laser may pass the highest energy within its first step; it keeps that step, and the bounds know.
        last = max(first, math.floor(longest / _SECONDS_STEP))
        return [step * _SECONDS_STEP / 60.0 for step in range(first, last + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all sessions of one lamp at one distance have in common, as the protocol counts it.

    irradiance_mw_cm2 : peak at the skin, stated output
    in_band_share : of the light at the protocol's wavelengths [-]; it alone counts toward the lowest dose
    power_mw : of a lamp that treats point by point; None for one that lights the area
    conservative_start : the course begins at its low end, for skin that warms more or cannot warn
    skin_range_j_cm2 : the protocol's lowest and highest fluence at the skin in one session
    spots : how the lamp treats spot by spot on a protocol that does; None where the area is lit at once
    points : spots that are lit one after the other; 1 where the area is lit at once
    fitting_minutes : on one spot, those that fit the protocol, shortest first; none where the shortest gives too much
    start_minutes : on one spot, with which a course begins at its low end; None where it does not, or nothing fits
    """

    protocol: Protocol
    irradiance_mw_cm2: float
    in_band_share: float = 1.0
    power_mw: float | None = None
    conservative_start: bool = False
    skin_range_j_cm2: tuple[float, float] = field(init=False)
    spots: PointByPoint | None = field(init=False)
    points: int = field(init=False)
    fitting_minutes: tuple[float, ...] = field(init=False)
    start_minutes: float | None = field(init=False)

    def __post_init__(self) -> None:
        # Told once, so that whoever reads a session reads values and asks no protocol again.
        spots = self._spots()
        object.__setattr__(self, "skin_range_j_cm2", skin_fluence_range(self.protocol))
        object.__setattr__(self, "spots", spots)
        object.__setattr__(self, "points", 1 if spots is None else spots.points)
        fitting = tuple(self._area_minutes() if spots is None else spots.fitting_minutes())
        object.__setattr__(self, "fitting_minutes", fitting)
        low = fitting[0] * _CONSERVATIVE_SHARE if self.conservative_start and fitting else None
        object.__setattr__(self, "start_minutes", low)

    @classmethod
    def of(cls, protocol: Protocol, lamp: Lamp, exposure: Exposure, cautions: Iterable[Reason] = ()) -> Setting:
        """The setting of a lamp with that exposure; its course begins low where one of the cautions says so."""
        return cls(
            protocol=protocol,
            irradiance_mw_cm2=exposure.irradiance_mw_cm2,
            in_band_share=in_band_share(protocol, exposure.bands),
            power_mw=point_power_mw(lamp, exposure.beam),
            conservative_start=begins_low(cautions),
        )

    def skin_j_cm2(self, minutes: Rate) -> Rate:
        """Fluence at the skin of so many minutes, stated output [J/cm2]."""
        return fluence_j_cm2(minutes, self.irradiance_mw_cm2)

    def _spots(self) -> PointByPoint | None:
        protocol = self.protocol
        if self.power_mw is None or protocol.energy_per_point_j is None or protocol.points is None:
            return None
        return PointByPoint(
            power_mw=self.power_mw,
            energy_j=protocol.energy_per_point_j,
            points=protocol.points[0],
            in_band_share=self.in_band_share,
        )

    def _area_minutes(self) -> list[float]:
        low, high = self.protocol.minutes
        inside = [minutes for minutes in GRID_MINUTES.tolist() if low <= minutes <= high] or [low]
        highest = self.skin_range_j_cm2[1] * _ROUNDING_SLACK
        return [minutes for minutes in inside if self.skin_j_cm2(minutes) <= highest]


def held_against(rule_id: str, value: float, limit: float, unit: str, *, passed: bool) -> Reason:
    """One value against its limit: what the computed rule says that speaks where it is not kept.

    Its level is what a broken limit means: `absolute` refuses, `relative` needs a clinician, `caution` warns.
    """
    rule = computed_rules[rule_id]
    numbers = [f"{number:.4g} {unit}".removesuffix(" 1") for number in (value, limit)]
    return Reason(
        rule=rule.id,
        level=rule.level,
        kind=rule.kind,
        message=", held against ".join(numbers),
        source=rule.source,
        verified=rule.verified,
        value=value,
        limit=limit,
        unit=unit,
        passed=passed,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bound:
    """One limit, with what every session is held against it.

    rule : that speaks where it is not kept; name : what is limited, in words
    value, limit, passed : (row,)
    at_least : whether the limit is the lowest or the highest
    """

    rule: str
    name: str
    unit: str
    value: Floats
    limit: Floats
    passed: Bools
    at_least: bool = False

    def reason(self, row: int = 0) -> Reason:
        """The value of that row against its limit."""
        value, limit = float(self.value[row]), float(self.limit[row])
        return held_against(self.rule, value, limit, self.unit, passed=bool(self.passed[row]))

    def margin(self, row: int = 0) -> float:
        """What is left to the limit, in its unit; below 0 where it is not kept."""
        left = float(self.limit[row] - self.value[row])
        return -left if self.at_least else left


def at_most(rule: str, name: str, value: Numbers, limit: Numbers, unit: str, slack: Numbers = _ROUNDING_SLACK) -> Bound:
    """A limit from above. slack : by how much a value may pass it and still keep it [-]."""
    value, limit, slack = (np.atleast_1d(each) for each in np.broadcast_arrays(value, limit, slack))
    passed = value <= limit * slack
    return Bound(rule=rule, name=name, unit=unit, value=value, limit=_shown(limit, slack), passed=passed)


def at_least(
    rule: str, name: str, value: Numbers, limit: Numbers, unit: str, slack: Numbers = _ROUNDING_SLACK
) -> Bound:
    """A limit from below, likewise."""
    value, limit, slack = (np.atleast_1d(each) for each in np.broadcast_arrays(value, limit, slack))
    passed, limit = value * slack >= limit, _shown(limit, 1.0 / slack)
    return Bound(rule=rule, name=name, unit=unit, value=value, limit=limit, passed=passed, at_least=True)


def _shown(limit: Floats, slack: Floats) -> Floats:
    """The bound as readers see it: the one the value is held against, less what only its last digits would show."""
    # A value named beyond its limit and called kept would be a riddle, so a slack that can be seen is in the number.
    hidden = (slack >= 1.0 / _ROUNDING_SLACK) & (slack <= _ROUNDING_SLACK)
    return np.where(hidden, limit, limit * slack)


def session_bounds(setting: Setting, exposure_minutes: Floats) -> tuple[Bound, ...]:
    """Sessions against their protocol: minutes and dose at the skin, or the energy of a point.

    exposure_minutes : (row,) light on one spot [min]
    """
    minutes, low = exposure_minutes, setting.start_minutes
    bounds = _energy_bounds(setting, minutes) if setting.spots else _area_bounds(setting, minutes)
    if low is not None:
        rule, slack = "override_minutes_above_conservative_start", _slack_of_points(setting, minutes)
        bounds.append(at_most(rule, "minutes on one spot, conservative start", minutes, low, "min", slack))
    return tuple(bounds)


def _slack_of_points(setting: Setting, minutes: Floats) -> Numbers:
    if setting.spots is None:
        return _ROUNDING_SLACK
    # A session is written in hundredths of a minute: what is shared out over points may miss by half of one.
    return _ROUNDING_SLACK + 0.005 / (minutes * setting.points)


def _energy_bounds(setting: Setting, minutes: Floats) -> list[Bound]:
    spots, slack = setting.spots, _slack_of_points(setting, minutes)
    assert spots is not None
    energy = spots.energy_of_j(minutes)
    # Points are lit in steps of five seconds, so a strong laser's shortest step may pass the energy a little.
    high = max(spots.energy_j[1], spots.energy_of_j(setting.fitting_minutes[-1]))
    in_band, low = energy * setting.in_band_share, spots.energy_j[0]
    return [
        at_most("override_point_energy_above_protocol", "energy on one point", energy, high, "J", slack),
        at_least("override_point_energy_below_protocol", "energy on one point", in_band, low, "J", slack),
    ]


def _area_bounds(setting: Setting, minutes: Floats) -> list[Bound]:
    (shortest, longest), (lowest, highest) = setting.protocol.minutes, setting.skin_range_j_cm2
    fluence = setting.skin_j_cm2(minutes)
    in_band = fluence * setting.in_band_share
    of_shortest = np.full_like(minutes, setting.skin_j_cm2(shortest))
    dose, time = "fluence at the skin", "minutes at one place"
    return [
        # Where even the protocol's shortest session gives too much no minutes fit, whoever chooses them.
        Bound(
            rule="no_dose_within_limits",
            name="fluence at the skin of the shortest session",
            unit="J/cm2",
            value=of_shortest,
            limit=np.full_like(minutes, highest),
            passed=np.full(minutes.shape, bool(setting.fitting_minutes)),
        ),
        at_most("override_minutes_above_protocol", time, np.round(minutes, 2), longest, "min"),
        at_least("override_minutes_below_protocol", time, np.round(minutes, 2), shortest, "min"),
        at_most("override_skin_dose_above_protocol", dose, fluence, highest, "J/cm2"),
        at_least("override_skin_dose_below_protocol", dose, in_band, lowest, "J/cm2", LOW_DOSE_TOLERANCE),
    ]


def course_bounds(protocol: Protocol, sessions_per_week: float, weeks: float) -> tuple[Bound, ...]:
    """Sessions a week and weeks against the protocol, each end rounded to whole ones as a plan rounds it."""
    usual_per_week, usual_weeks = course_length(protocol)
    most_per_week, most_weeks = max(protocol.sessions_per_week[1], usual_per_week), max(protocol.weeks[1], usual_weeks)
    times, long = "sessions a week", "weeks"
    return (
        at_most("override_sessions_above_protocol", times, sessions_per_week, most_per_week, "1/week"),
        at_least("override_sessions_below_protocol", times, sessions_per_week, protocol.sessions_per_week[0], "1/week"),
        at_most("override_weeks_above_protocol", long, weeks, most_weeks, "weeks"),
        at_least("override_weeks_below_protocol", long, weeks, protocol.weeks[0], "weeks"),
    )


def skin_bounds(setting: Setting, limit_ratio: float) -> tuple[Bound, ...]:
    """Irradiance on the skin: against the exposure limit at the output's upper bound, and against the protocol."""
    # No slack for rounding: this limit is safety's, not the protocol's advice.
    safe = at_most("skin_irradiance_limit", "irradiance at the skin over its limit", limit_ratio, 1.0, "1", slack=1.0)
    if setting.protocol.irradiance_mw_cm2 is None:
        return (safe,)
    low, high = setting.protocol.irradiance_mw_cm2
    rule, name = "irradiance_outside_protocol", "irradiance at the skin"
    in_band = setting.irradiance_mw_cm2 * setting.in_band_share
    if in_band < low:
        return (safe, at_least(rule, name, in_band, low, "mW/cm2", slack=1.0))
    return (safe, at_most(rule, name, setting.irradiance_mw_cm2, high, "mW/cm2", slack=1.0))


def warmth_bound(skin: WarmedSkin, minutes: Floats) -> Bound:
    """The skin of one person in twenty after so many minutes of light on one place, against the warmest it may get."""
    return at_most(skin.rule, "skin", skin.p95_c(minutes), skin.limit_c, "C", slack=1.0)


def eye_bounds(seconds_without_eyewear: float, session_minutes: float) -> tuple[Bound, ...]:
    """How long a session lasts against how long bare eyes may look into the lamp; eyewear answers it."""
    name = "session before bare eyes"
    return (at_most("eyewear", name, session_minutes * 60.0, seconds_without_eyewear, "s", slack=1.0),)


def reach_bounds(chance: float) -> tuple[Bound, ...]:
    """The chance at a target against what refuses a plan, and what is said of it."""
    name = "chance in the window"
    return (
        at_least("reach", name, chance, REFUSED_BELOW, "1", slack=1.0),
        at_least("reach_uncertain", name, chance, CAUTION_BELOW, "1", slack=1.0),
    )


def reasons_of(bounds: Iterable[Bound], row: int = 0) -> tuple[Reason, ...]:
    """Each bound with the value of one row."""
    return tuple(bound.reason(row) for bound in bounds)
