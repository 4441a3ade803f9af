"""What a session and a course are held against: each limit with the value of every session, and whether it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openpbm.case import Case
from openpbm.device import lights_body
from openpbm.facts.conditions import Protocol
from openpbm.facts.exposure import limit_value
from openpbm.facts.rules import computed_rules
from openpbm.planning.document import LimitKept
from openpbm.planning.prescription import ROUNDING_SLACK, Setting
from openpbm.planning.schedule import course_length
from openpbm.reason import Reason
from openpbm.safety.lamp_check import Exposure
from openpbm.safety.skin_temperature import WarmedSkin
from openpbm.safety.whole_body import heat_in_body

__all__ = [
    "CAUTION_BELOW",
    "LOW_DOSE_TOLERANCE",
    "REFUSED_BELOW",
    "Bound",
    "at_least",
    "at_most",
    "body_bound",
    "course_bounds",
    "eye_bounds",
    "heat_bounds",
    "held_against",
    "is_kept",
    "left_on_bounds",
    "reach_bounds",
    "reasons_of",
    "session_bounds",
    "skin_bounds",
    "warmth_bound",
]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Numbers = float | Floats
# A dose within 5 % of the protocol's lowest is not called below it: no lamp is known that well.
LOW_DOSE_TOLERANCE = 1.05
# Of the chance that the dose at the target lies in the window [-].
REFUSED_BELOW, CAUTION_BELOW = 0.1, 0.5


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

    def kept(self, row: int = 0) -> LimitKept:
        """The same as a plan says it, with what is left to the limit."""
        left = float(self.limit[row] - self.value[row])
        return LimitKept(
            rule=self.rule,
            name=self.name,
            kind="goal" if self.at_least else "limit",
            level=computed_rules[self.rule].level,
            value=float(self.value[row]),
            limit=float(self.limit[row]),
            # Adding nothing turns a zero below nothing into a plain one.
            margin=(-left if self.at_least else left) + 0.0,
            unit=self.unit,
            kept=bool(self.passed[row]),
        )


def at_most(rule: str, name: str, value: Numbers, limit: Numbers, unit: str, slack: Numbers = ROUNDING_SLACK) -> Bound:
    """A limit from above. slack : by how much a value may pass it and still keep it [-]."""
    value, limit, slack = (np.atleast_1d(each) for each in np.broadcast_arrays(value, limit, slack))
    passed = value <= limit * slack
    return Bound(rule=rule, name=name, unit=unit, value=value, limit=_shown(limit, slack), passed=passed)


def at_least(rule: str, name: str, value: Numbers, limit: Numbers, unit: str, slack: Numbers = ROUNDING_SLACK) -> Bound:
    """A limit from below, likewise."""
    value, limit, slack = (np.atleast_1d(each) for each in np.broadcast_arrays(value, limit, slack))
    passed, limit = value * slack >= limit, _shown(limit, 1.0 / slack)
    return Bound(rule=rule, name=name, unit=unit, value=value, limit=limit, passed=passed, at_least=True)


def _shown(limit: Floats, slack: Floats) -> Floats:
    """The bound as readers see it: the one the value is held against, less what only its last digits would show."""
    # A value named beyond its limit and called kept would be a riddle, so a slack that can be seen is in the number.
    hidden = (slack >= 1.0 / ROUNDING_SLACK) & (slack <= ROUNDING_SLACK)
    return np.where(hidden, limit, limit * slack)


def session_bounds(setting: Setting, exposure_minutes: Floats) -> tuple[Bound, ...]:
    """Sessions against their protocol: minutes and dose at the skin, or the energy of a point.

    exposure_minutes : (row,) light on one spot [min]
    """
    minutes, low = exposure_minutes, setting.start_minutes
    bounds = _energy_bounds(setting, minutes) if setting.spots else _area_bounds(setting, minutes)
    if low is not None:
        rule, slack = "override_minutes_above_conservative_start", _slack_of_points(setting, minutes)
        bounds.append(at_most(rule, "minutes on one spot, careful start", minutes, low, "min", slack))
    return tuple(bounds)


def _slack_of_points(setting: Setting, minutes: Floats) -> Numbers:
    if setting.spots is None:
        return ROUNDING_SLACK
    # A session is written in hundredths of a minute: what is shared out over points may miss by half of one.
    return ROUNDING_SLACK + 0.005 / (minutes * setting.points)


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
            name="fluence of the shortest session",
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
    safe = at_most("skin_irradiance_limit", "skin: irradiance over its limit", limit_ratio, 1.0, "1", slack=1.0)
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
    return at_most(skin.rule, "skin of one person in twenty", skin.p95_c(minutes), skin.limit_c, "C", slack=1.0)


def left_on_bounds(skin: WarmedSkin, minutes: Floats) -> tuple[Bound, ...]:
    """Skin that feels no warmth after as long as the lamp stays on where nobody switches it off; else nothing.

    Elsewhere warmth wakes people, and a caution says it.
    """
    if not skin.insensate:
        return ()
    after, of_row = np.unique(np.maximum(minutes, skin.left_on_minutes), return_inverse=True)
    name = "skin where nobody switches the lamp off"
    warmest = skin.p95_c(after)[of_row]
    return (at_most("skin_too_warm_left_on", name, warmest, skin.limit_c, "C", slack=1.0),)


def heat_bounds(case: Case, exposure: Exposure, minutes: Floats, total_minutes: Floats) -> tuple[Bound, ...]:
    """Heat in the skin after so many minutes on one place, and in the body of somebody lit all over."""
    skin = WarmedSkin.of(case, exposure)
    found = (warmth_bound(skin, minutes), *left_on_bounds(skin, minutes))
    if not lights_body(case.device):
        return found
    heat = heat_in_body(case, exposure)
    return *found, body_bound(heat.specific_kj_kg(1.0), total_minutes)


def body_bound(kj_kg_of_a_minute: float, total_minutes: Numbers) -> Bound:
    """Heat in the body of a lamp that lights all of it, over all places, against the most it may take up at once."""
    value, limit = kj_kg_of_a_minute * total_minutes, limit_value("specific_absorption")
    return at_most("core_too_warm", "heat in the whole body", value, limit, "kJ/kg", slack=1.0)


def eye_bounds(seconds_without_eyewear: float, session_minutes: float) -> tuple[Bound, ...]:
    """How long a session lasts against how long bare eyes may look into the lamp; eyewear answers it."""
    name = "session without eyewear"
    held = at_most("eyewear", name, session_minutes * 60.0, seconds_without_eyewear, "s", slack=1.0)
    # Nothing limiting, the seconds are the longest that limits speak of, and no longer session makes eyewear of them.
    unlimited = seconds_without_eyewear >= limit_value("longest_time_base")
    return (replace(held, passed=held.passed | unlimited),)


def reach_bounds(chance: float, *, name: str = "chance in the window") -> tuple[Bound, ...]:
    """The chance at a target against what refuses a plan, and what is said of it."""
    return (
        at_least("reach", name, chance, REFUSED_BELOW, "1", slack=1.0),
        at_least("reach_uncertain", name, chance, CAUTION_BELOW, "1", slack=1.0),
    )


def is_kept(rule: str, bounds: Iterable[Bound], row: int = 0) -> bool:
    """Whether the bounds of a rule are kept in one row; true where none is of that rule."""
    return all(bound.passed[row] for bound in bounds if bound.rule == rule)


def reasons_of(bounds: Iterable[Bound], row: int = 0) -> tuple[Reason, ...]:
    """Each bound with the value of one row."""
    return tuple(bound.reason(row) for bound in bounds)
