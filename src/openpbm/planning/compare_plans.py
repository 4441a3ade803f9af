"""Two plans side by side: what a clinician looks at when choosing between lamps, distances or minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["compare_plans"]

# (name, unit, where in plan.json); numbers get a difference and a ratio, words none.
_ROWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("verdict", "", ("verdict",)),
    ("lamp", "", ("lamp", "name")),
    ("output", "", ("lamp", "output_status")),
    ("protocol", "", ("protocol", "id")),
    ("distance", "mm", ("placement", "distance_mm")),
    ("minutes at one place", "min", ("session_minutes",)),
    ("minutes on one spot", "min", ("exposure_minutes",)),
    ("minutes of one session", "min", ("schedule", "total_minutes_per_session")),
    ("sessions a week", "1/week", ("schedule", "sessions_per_week")),
    ("weeks", "weeks", ("schedule", "weeks")),
    ("irradiance at the skin", "mW/cm2", ("skin", "irradiance_mw_cm2")),
    ("irradiance at the skin, upper bound", "mW/cm2", ("skin", "irradiance_upper_mw_cm2")),
    ("fluence at the skin, one session", "J/cm2", ("skin", "fluence_j_cm2")),
    ("energy on one point", "J", ("skin", "energy_per_point_j")),
    ("irradiance over the skin's limit", "1", ("skin", "limit_ratio")),
    ("bare eyes may look", "s", ("eye", "seconds_without_eyewear")),
    ("eyewear needed", "", ("eye", "eyewear_needed")),
    ("eye-safe without supervision", "", ("eye", "eye_safe_unsupervised")),
)


def compare_plans(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of two plan.json: `name unit first second difference ratio first_interval second_interval`.

    difference, ratio : second less, and over, first; None where one of them is no number, or first is 0
    *_interval : [p5, p95] of a dose; None elsewhere
    What a plan does not hold is None: minutes of a course that was refused, a structure at another site.
    """
    return [
        *(_row(name, unit, _at(first, path), _at(second, path)) for name, unit, path in _ROWS),
        _row("sessions", "", _count(first, "schedule", "sessions"), _count(second, "schedule", "sessions")),
        *_dose_rows(first, second),
        _row("reasons against", "", _rules(first, "reasons"), _rules(second, "reasons")),
        _row("cautions", "", _rules(first, "cautions"), _rules(second, "cautions")),
    ]


def _dose_rows(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Dose and chance at every structure of either plan, all wavelengths together."""
    one, two = _all_light(first), _all_light(second)
    rows = []
    for place in dict.fromkeys([*one, *two]):
        site, side, structure = (word.replace("_", " ") for word in place)
        where = f"{structure}, {site} ({side})"
        here, there = one.get(place, {}), two.get(place, {})
        bands = (_at(here, ("fluence_j_cm2",)), _at(there, ("fluence_j_cm2",)))
        medians = [_at(band, ("median",)) for band in bands]
        rows.append(
            _row(f"dose at {where}", "J/cm2", *medians)
            | {"first_interval": _interval(bands[0]), "second_interval": _interval(bands[1])}
        )
        rows.append(_row(f"chance in window at {where}", "1", *(_at(r, ("chance_in_window",)) for r in (here, there))))
    return rows


def _all_light(plan: Mapping[str, Any]) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    listed = _at(plan, ("dose",))
    return {
        (str(row.get("site")), str(row.get("side")), str(row.get("structure"))): row
        for row in (listed if isinstance(listed, list | tuple) else ())
        if isinstance(row, Mapping) and row.get("wavelength_nm") is None
    }


def _row(name: str, unit: str, first: Any, second: Any) -> dict[str, Any]:
    both = _is_number(first) and _is_number(second)
    return {
        "name": name,
        "unit": unit,
        "first": first,
        "second": second,
        "difference": second - first if both else None,
        "ratio": second / first if both and first else None,
        "first_interval": None,
        "second_interval": None,
    }


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _at(content: object, path: tuple[str, ...]) -> Any:
    for key in path:
        content = content.get(key) if isinstance(content, Mapping) else None
    return content


def _interval(band: object) -> list[Any] | None:
    return [band.get("p5"), band.get("p95")] if isinstance(band, Mapping) else None


def _count(plan: Mapping[str, Any], *path: str) -> int | None:
    found = _at(plan, path)
    return len(found) if isinstance(found, list | tuple) else None


def _rules(plan: Mapping[str, Any], section: str) -> list[str] | None:
    found = _at(plan, (section,))
    if not isinstance(found, list | tuple):
        return None
    return [str(row.get("rule")) for row in found if isinstance(row, Mapping)]
