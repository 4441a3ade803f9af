"""A reading too far from the maker's claim does not count: one ten times too low made a strong lamp look harmless."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from openpbm.care.devices import actions
from openpbm.care.devices.measurement_csv import import_measurements
from openpbm.care.devices.models import Lamp, Measurement
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.reading import claimed_at
from openpbm.care.devices.selectors import device_section, eye_safe, output_state, passport_of
from openpbm.case import case_of
from openpbm.device import beam, settled_output
from openpbm.errors import BadInput

TODAY = dt.date(2026, 6, 1)
PANEL = {"id": "panel_660_850"}
STRONG = {
    "id": "strong", "name": "Strong panel", "kind": "panel",
    "emitters": [
        {"wavelength_nm": 850, "irradiance_mw_cm2": 100, "at_distance_mm": 150, "half_angle_deg": 30, "rows": 20,
         "columns": 10, "pitch_mm": 25},
    ],
}  # fmt: skip


def add(house: House, document: Any = None, **whose: Any) -> Lamp:
    who = whose or {"by": house.clinician, "clinic": house.clinic}
    return actions.add_lamp(name="Panel", passport={"document": document or PANEL}, **who)


def claim_of(lamp: Lamp, distance_mm: float = 300.0) -> float:
    claimed = claimed_at(lamp_of(passport_of(lamp).document), None, distance_mm)
    assert claimed is not None
    return claimed


def read(house: House, lamp: Lamp, share: float, day: dt.date = dt.date(2026, 1, 10), **changes: Any) -> Measurement:
    distance_mm = changes.pop("distance_mm", 300.0)
    said: dict[str, Any] = {
        "by": house.clinician, "measured_on": day, "wavelength_nm": None, "uncertainty_percent": 8.0,
        "irradiance_mw_cm2": share * claim_of(lamp, distance_mm), "distance_mm": distance_mm,
        "meter": "Thermopile 12", "meter_calibrated_on": dt.date(2025, 9, 1),
    }  # fmt: skip
    return actions.record_measurement(lamp=lamp, **(said | changes))[0]


def fresh(lamp: Lamp) -> Lamp:
    return Lamp.objects.get(pk=lamp.pk)


def output_of(lamp: Lamp, distance_mm: float = 300.0) -> float:
    """What plans compute with, over the claim."""
    lit = settled_output(lamp_of(device_section(fresh(lamp), TODAY)), supervised=False)
    return beam(lit, distance_mm).peak_mw_cm2(42.0, 42.0) / claim_of(lamp, distance_mm)


@pytest.mark.parametrize(
    ("share", "status", "output"),
    [
        (0.001, "claimed", 1.0), (0.1, "claimed", 1.0), (0.49, "claimed", 1.0), (0.51, "measured", 0.51),
        (1.0, "measured", 1.0), (1.49, "measured", 1.49), (1.6, "claimed", 1.6), (50.0, "claimed", 50.0),
    ],
)  # fmt: skip
def test_a_reading_counts_near_the_claim_alone_and_safety_takes_the_larger(
    house: House, share: float, status: str, output: float
) -> None:
    lamp = add(house)
    read(house, lamp, share)
    state = output_state(fresh(lamp), TODAY)
    assert (state.status, state.unsettled) == (status, status == "claimed")
    assert output_of(lamp) == pytest.approx(output, rel=0.02)


def test_a_lamp_that_is_not_eye_safe_stays_so_under_any_number_of_low_readings(house: House) -> None:
    lamp = add(house, STRONG)
    assert not eye_safe(fresh(lamp), TODAY, 150.0)
    for month in (1, 2, 3):
        read(house, lamp, 0.1, dt.date(2026, month, 10), distance_mm=150.0)
    assert not eye_safe(fresh(lamp), TODAY, 150.0)
    read(house, lamp, 0.9, dt.date(2026, 4, 10), distance_mm=150.0)
    assert output_state(fresh(lamp), TODAY).status == "claimed"
    assert not eye_safe(fresh(lamp), TODAY, 150.0)


def test_a_second_reading_confirms_upward_alone(house: House) -> None:
    high, low = add(house), add(house)
    for lamp, share in ((high, 2.0), (low, 0.3)):
        read(house, lamp, share)
        read(house, lamp, share * 1.02, dt.date(2026, 2, 10))
    assert [output_state(fresh(lamp), TODAY).status for lamp in (high, low)] == ["measured", "claimed"]
    assert [output_of(high), output_of(low)] == pytest.approx([2.04, 1.0], rel=0.01)


def test_two_high_readings_that_differ_or_of_one_day_confirm_nothing(house: House) -> None:
    apart, same_day = add(house), add(house)
    read(house, apart, 2.0)
    read(house, apart, 5.0, dt.date(2026, 2, 10))
    read(house, same_day, 2.0)
    read(house, same_day, 2.0, note="once more")
    assert [output_state(fresh(lamp), TODAY).status for lamp in (apart, same_day)] == ["claimed", "claimed"]
    assert output_of(apart) == pytest.approx(5.0)


def test_a_clinician_signs_a_low_reading_and_nobody_else_does(house: House) -> None:
    lamp = add(house)
    low = read(house, lamp, 0.3)
    with pytest.raises(PermissionDenied, match="signed by a clinician"):
        read(house, lamp, 0.3, by=house.admin, supersedes=low, signed=True)
    read(house, fresh(lamp), 0.3, supersedes=low, signed=True)
    assert output_state(fresh(lamp), TODAY).status == "measured"
    section = device_section(fresh(lamp), TODAY)
    assert section["reading_signed_by"]


def test_somebody_on_their_own_cannot_lift_it(house: House) -> None:
    carol = account_of(house.carol)
    lamp = add(house, by=carol, owner=carol)
    read(house, lamp, 0.1, by=carol)
    with pytest.raises(PermissionDenied):
        read(house, lamp, 0.1, dt.date(2026, 2, 10), by=carol, signed=True)
    page = signed_in(carol).get(reverse("devices:measure", args=[lamp.pk]))
    assert b"answer for it" not in page.content
    assert output_state(fresh(lamp), TODAY).status == "claimed"
    assert output_of(lamp) == pytest.approx(1.0)


def test_what_was_a_slip_is_corrected(house: House) -> None:
    lamp = add(house)
    slip = read(house, lamp, 0.1)
    read(house, fresh(lamp), 0.95, supersedes=slip)
    assert output_state(fresh(lamp), TODAY).status == "measured"


def test_a_reading_where_the_claim_does_not_reach_counts_when_signed(house: House) -> None:
    field = {"id": "f", "name": "f", "kind": "panel",
             "emitters": [{"wavelength_nm": 850, "irradiance_mw_cm2": 40, "at_distance_mm": 100}]}  # fmt: skip
    lamp = add(house, field)
    elsewhere = read(house, lamp, 1.0, distance_mm=100.0, irradiance_mw_cm2=5.0)
    actions.record_measurement(
        lamp=lamp, by=house.clinician, measured_on=dt.date(2026, 2, 1), wavelength_nm=None, irradiance_mw_cm2=5.0,
        distance_mm=300.0, uncertainty_percent=8.0, meter="M", meter_calibrated_on=dt.date(2025, 9, 1),
        supersedes=elsewhere,
    )  # fmt: skip
    assert output_state(fresh(lamp), TODAY).status == "claimed"


@pytest.mark.parametrize("percent", [0.08, 0.5, 0.1])
def test_an_uncertainty_no_meter_has_is_asked_about(house: House, percent: float) -> None:
    lamp = add(house)
    with pytest.raises(BadInput, match="write 8 for 8 %"):
        read(house, lamp, 1.0, uncertainty_percent=percent)
    content = f"Date;Irradiance [W/m2];Distance (cm);Uncertainty (%);Meter\n10.1.2026;205,5;15;{percent};M\n"
    report = import_measurements(lamp=lamp, csv_bytes=content.replace(".5;", ",5;").encode(), by=house.clinician)
    assert report.written == 0
    assert report.problems


def test_the_page_says_why_a_reading_does_not_count_and_offers_the_signature(house: House) -> None:
    lamp = add(house)
    low = read(house, lamp, 0.1)
    browser = signed_in(house.clinician)
    page = browser.get(reverse("devices:lamp", args=[lamp.pk])).content.decode()
    assert "does not count as measured" in page
    form = browser.get(reverse("devices:measure", args=[lamp.pk]) + f"?corrects={low.pk}").content.decode()
    assert "I have checked this reading" in form


def test_a_slip_of_a_hundred_thousand_is_still_a_lamp_that_can_be_read(house: House) -> None:
    """5000 W/m2 typed as mW/cm2 and more: the lamp is refused for its light, and no page breaks."""
    lamp = add(house)
    read(house, lamp, 1.0, irradiance_mw_cm2=99_000.0)
    assert output_of(lamp) > 100.0
    assert not eye_safe(fresh(lamp), TODAY)
    case = {
        "person": {}, "condition": {"programme": "rls"}, "sites": [{"site": "posterior_calf", "side": "left"}],
        "device": device_section(fresh(lamp), TODAY),
    }  # fmt: skip
    with pytest.raises(BadInput, match=r"outside of 0\.05 to 5000 mW"):
        case_of(case)
