"""What a session and a course are held against: each limit with its value, and whether it is kept."""

from __future__ import annotations

from openpbm.facts.conditions import Protocol
from openpbm.facts.rules import computed_rules
from openpbm.planning.prescription import skin_fluence_range
from openpbm.planning.schedule import course_length
from openpbm.planning.session_length import (
    LOW_DOSE_TOLERANCE,
    SessionLength,
    conservative_minutes,
    fitting_minutes,
    fluence_j_cm2,
    point_by_point,
)
from openpbm.reason import Reason

__all__ = ["course_bounds", "eye_bounds", "held_against", "session_bounds", "skin_bounds"]

# A plan's own minutes must not break its own limit over the last digits of a product.
_ROUNDING_SLACK = 1.0001


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


def session_bounds(
    protocol: Protocol,
    length: SessionLength,
    irradiance_mw_cm2: float,
    power_mw: float | None,
    *,
    conservative_start: bool,
    in_band_share: float = 1.0,
) -> list[Reason]:
    """One session against its protocol: minutes and dose at the skin, or the energy of a point.

    irradiance_mw_cm2 : peak at the skin, stated output
    power_mw : of a lamp that treats point by point; None for one that lights the area
    conservative_start : the course begins at its low end
    in_band_share : of the light at the protocol's wavelengths [-]; it alone is held against the lowest dose
    """
    fitting = fitting_minutes(protocol, irradiance_mw_cm2, power_mw, in_band_share)
    spots = point_by_point(protocol, power_mw, in_band_share)
    slack = _ROUNDING_SLACK
    if spots is not None:
        # A session is written in hundredths of a minute: what is shared out over points may miss by half of one.
        slack += 0.005 / (length.exposure_minutes * length.points)
        # Points are lit in steps of five seconds, so a strong laser's shortest step may pass the energy a little.
        high = max(spots.energy_j[1], spots.energy_of_j(fitting[-1]))
        energy = spots.energy_of_j(length.exposure_minutes)
        found = [
            _at_most("override_point_energy_above_protocol", energy, high, "J", slack),
            _at_least("override_point_energy_below_protocol", energy * in_band_share, spots.energy_j[0], "J", slack),
        ]
    else:
        fluence = fluence_j_cm2(irradiance_mw_cm2, length.exposure_minutes)
        lowest, highest = skin_fluence_range(protocol)
        found = [
            _shortest_session(protocol, irradiance_mw_cm2, fits=bool(fitting)),
            *_between("minutes", length.session_minutes, *protocol.minutes, "min"),
            _at_most("override_skin_dose_above_protocol", fluence, highest, "J/cm2", slack),
            _at_least(
                "override_skin_dose_below_protocol", fluence * in_band_share, lowest, "J/cm2", LOW_DOSE_TOLERANCE
            ),
        ]
    if conservative_start and fitting:
        low = conservative_minutes(fitting)
        found.append(_at_most("override_minutes_above_conservative_start", length.exposure_minutes, low, "min", slack))
    return found


def _shortest_session(protocol: Protocol, irradiance_mw_cm2: float, *, fits: bool) -> Reason:
    """The dose of the protocol's shortest session: where it is too much no minutes fit, whoever chooses them."""
    given, highest = fluence_j_cm2(irradiance_mw_cm2, protocol.minutes[0]), skin_fluence_range(protocol)[1]
    return held_against("no_dose_within_limits", given, highest, "J/cm2", passed=fits)


def course_bounds(protocol: Protocol, sessions_per_week: float, weeks: float) -> list[Reason]:
    """Sessions a week and weeks against the protocol, each end rounded to whole ones as a plan rounds it."""
    usual_per_week, usual_weeks = course_length(protocol)
    most_per_week, most_weeks = max(protocol.sessions_per_week[1], usual_per_week), max(protocol.weeks[1], usual_weeks)
    return [
        *_between("sessions", sessions_per_week, protocol.sessions_per_week[0], most_per_week, "1/week"),
        *_between("weeks", weeks, protocol.weeks[0], most_weeks, "weeks"),
    ]


def skin_bounds(
    protocol: Protocol | None, irradiance_mw_cm2: float, limit_ratio: float, in_band_share: float = 1.0
) -> list[Reason]:
    """Irradiance on the skin: against the exposure limit at the output's upper bound, and against the protocol."""
    # No slack for rounding: this limit is safety's, not the protocol's advice.
    found = [_at_most("skin_irradiance_limit", limit_ratio, 1.0, "1", slack=1.0)]
    if protocol is not None and protocol.irradiance_mw_cm2 is not None:
        low, high = protocol.irradiance_mw_cm2
        in_band = irradiance_mw_cm2 * in_band_share
        too_low = in_band < low
        value, limit = (in_band, low) if too_low else (irradiance_mw_cm2, high)
        passed = not too_low and irradiance_mw_cm2 <= high
        found.append(held_against("irradiance_outside_protocol", value, limit, "mW/cm2", passed=passed))
    return found


def eye_bounds(seconds_without_eyewear: float, session_minutes: float) -> list[Reason]:
    """How long a session lasts against how long bare eyes may look into the lamp; eyewear answers it."""
    return [_at_most("eyewear", session_minutes * 60.0, seconds_without_eyewear, "s", slack=1.0)]


def _between(name: str, value: float, low: float, high: float, unit: str) -> list[Reason]:
    return [
        _at_most(f"override_{name}_above_protocol", value, high, unit),
        _at_least(f"override_{name}_below_protocol", value, low, unit),
    ]


def _at_most(rule: str, value: float, limit: float, unit: str, slack: float = _ROUNDING_SLACK) -> Reason:
    return held_against(rule, value, _bound(limit, slack), unit, passed=value <= limit * slack)


def _at_least(rule: str, value: float, limit: float, unit: str, slack: float = _ROUNDING_SLACK) -> Reason:
    return held_against(rule, value, _bound(limit, 1.0 / slack), unit, passed=value * slack >= limit)


def _bound(limit: float, slack: float) -> float:
    """The bound as readers see it: the one the value is held against, less what only its last digits would show."""
    # A value named beyond its limit and called kept would be a riddle, so a slack that can be seen is in the number.
    return limit if 1.0 / _ROUNDING_SLACK <= slack <= _ROUNDING_SLACK else limit * slack
