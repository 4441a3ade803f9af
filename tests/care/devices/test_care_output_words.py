"""A lamp that was read is never said to be unread: expired, incomplete and far readings are told by their day."""

from __future__ import annotations

import datetime as dt

import pytest

from openpbm.care.devices.output import state_of
from openpbm.care.devices.reading import Reading

DAY = dt.date(2026, 3, 1)
PANEL = {
    "id": "panel", "name": "panel", "kind": "panel", "output_status": "claimed",
    "emitters": [
        {"wavelength_nm": nm, "irradiance_mw_cm2": 30.0, "at_distance_mm": 150.0} for nm in (660.0, 850.0)
    ],
}  # fmt: skip


def reading(wavelength_nm: float | None, irradiance_mw_cm2: float, day: dt.date = DAY) -> Reading:
    return Reading(
        measured_on=day, wavelength_nm=wavelength_nm, irradiance_mw_cm2=irradiance_mw_cm2, distance_mm=150.0,
        uncertainty_percent=5.0, meter="m", meter_calibrated_on=day, note="", signed=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("readings", "later_days", "status", "why"),
    [
        ([], 0, "claimed", None),
        ([reading(None, 58.0)], 0, "measured", None),
        ([reading(None, 58.0)], 3000, "expired", "expired"),
        ([reading(660.0, 29.0)], 0, "claimed", "incomplete"),
        ([reading(None, 5.0)], 0, "claimed", "far_from_claim"),
        ([reading(None, 300.0)], 0, "claimed", "far_from_claim"),
    ],
)
def test_why_a_reading_does_not_count(readings: list[Reading], later_days: int, status: str, why: str | None) -> None:
    state = state_of(PANEL, readings, DAY + dt.timedelta(days=later_days))
    assert (state.status, state.uncounted) == (status, why)
    assert (state.last_read_on == DAY) is bool(readings)
