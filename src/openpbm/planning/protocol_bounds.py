"""What a session and a course are held against: each limit with its value, and whether it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpbm.facts.conditions import Protocol
from openpbm.facts.rules import computed_rules
from openpbm.planning.prescription import skin_fluence_range
from openpbm.planning.schedule import course_length
from openpbm.planning.session_length import (
    LOW_DOSE_TOLERANCE,
    SessionLength,
    fitting_minutes,
    fluence_j_cm2,
    point_by_point,
)
from openpbm.reason import Level

__all__ = ["Limit", "course_bounds", "eye_bounds", "session_bounds", "skin_bounds"]

# A plan's own minutes must not break its own limit over the last digits of a product.
_ROUNDING_SLACK = 1.0001


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One value against its limit. `id` is the computed rule that speaks when it is not kept."""

    id: str
    value: float
    limit: float
    unit: str
    passed: bool

    @property
    def level(self) -> Level:
        """What a broken limit means: `absolute` refuses, `relative` needs a clinician, `caution` warns."""
        return computed_rules[self.id].level

    def to_dict(self) -> dict[str, Any]:
        """The limit as JSON, with the level of its rule."""
        return {
            "id": self.id,
            "value": self.value,
            "limit": self.limit,
            "unit": self.unit,
            "passed": self.passed,
            "level": self.level,
        }


def session_bounds(
    protocol: Protocol,
    length: SessionLength,
    irradiance_mw_cm2: float,
    power_mw: float | None,
    *,
    conservative_start: bool,
) -> list[Limit]:
    """One session against its protocol: minutes and dose at the skin, or the energy of a point.

    irradiance_mw_cm2 : peak at the skin, stated output
    power_mw : of a lamp that treats point by point; None for one that lights the area
    conservative_start : the course begins at its low end
    """
    fitting = fitting_minutes(protocol, irradiance_mw_cm2, power_mw)
    spots = point_by_point(protocol, power_mw)
    slack = _ROUNDING_SLACK
    if spots is not None:
        # A session is written in hundredths of a minute: what is shared out over points may miss by half of one.
        slack += 0.005 / (length.exposure_minutes * length.points)
        # Points are lit in steps of five seconds, so a strong laser's shortest step may pass the energy a little.
        high = max(spots.energy_j[1], spots.energy_of_j(fitting[-1]))
        energy = spots.energy_of_j(length.exposure_minutes)
        found = _between("point_energy", energy, spots.energy_j[0], high, "J", slack, slack)
    else:
        fluence = fluence_j_cm2(irradiance_mw_cm2, length.exposure_minutes)
        lowest, highest = skin_fluence_range(protocol)
        found = [
            *_between("minutes", length.session_minutes, *protocol.minutes, "min"),
            *_between("skin_dose", fluence, lowest, highest, "J/cm2", slack, LOW_DOSE_TOLERANCE),
        ]
    if conservative_start and fitting:
        found.append(
            _at_most("override_minutes_above_conservative_start", length.exposure_minutes, fitting[0], "min", slack)
        )
    return found


def course_bounds(protocol: Protocol, sessions_per_week: float, weeks: float) -> list[Limit]:
    """Sessions a week and weeks against the protocol, each end rounded to whole ones as a plan rounds it."""
    usual_per_week, usual_weeks = course_length(protocol)
    most_per_week, most_weeks = max(protocol.sessions_per_week[1], usual_per_week), max(protocol.weeks[1], usual_weeks)
    return [
        *_between("sessions", sessions_per_week, protocol.sessions_per_week[0], most_per_week, "1/week"),
        *_between("weeks", weeks, protocol.weeks[0], most_weeks, "weeks"),
    ]


def skin_bounds(protocol: Protocol | None, irradiance_mw_cm2: float, limit_ratio: float) -> list[Limit]:
    """Irradiance on the skin: against the exposure limit at the output's upper bound, and against the protocol."""
    # No slack for rounding: this limit is safety's, not the protocol's advice.
    found = [_at_most("skin_irradiance_limit", limit_ratio, 1.0, "1", slack=1.0)]
    if protocol is not None and protocol.irradiance_mw_cm2 is not None:
        low, high = protocol.irradiance_mw_cm2
        found.append(
            Limit(
                id="irradiance_outside_protocol",
                value=irradiance_mw_cm2,
                limit=low if irradiance_mw_cm2 < low else high,
                unit="mW/cm2",
                passed=low <= irradiance_mw_cm2 <= high,
            )
        )
    return found


def eye_bounds(seconds_without_eyewear: float, session_minutes: float) -> list[Limit]:
    """How long a session lasts against how long bare eyes may look into the lamp; eyewear answers it."""
    return [_at_most("eyewear", session_minutes * 60.0, seconds_without_eyewear, "s", slack=1.0)]


def _between(
    name: str,
    value: float,
    low: float,
    high: float,
    unit: str,
    slack_above: float = _ROUNDING_SLACK,
    slack_below: float = _ROUNDING_SLACK,
) -> list[Limit]:
    return [
        _at_most(f"override_{name}_above_protocol", value, high, unit, slack_above),
        Limit(
            id=f"override_{name}_below_protocol",
            value=value,
            limit=low,
            unit=unit,
            passed=value * slack_below >= low,
        ),
    ]


def _at_most(rule: str, value: float, limit: float, unit: str, slack: float = _ROUNDING_SLACK) -> Limit:
    return Limit(id=rule, value=value, limit=limit, unit=unit, passed=value <= limit * slack)
