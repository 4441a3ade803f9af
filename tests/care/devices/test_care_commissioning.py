"""A lamp is commissioned on its page: fitted as the command does, accepted by a clinician alone, counted by rule."""

from __future__ import annotations

import base64
import uuid

from care.conftest import House, signed_in
from care.plans.planned_people import answer, lamp_of, screened
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openpbm.care.audit.models import AuditEntry
from openpbm.care.devices.commissioning import fit_readings_of
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.passport import lamp_of as noun_of
from openpbm.care.devices.selectors import output_state, passport_of
from openpbm.care.screening.selectors import changes_since
from openpbm.device.readings import LampReading, expected_mw_cm2

PANEL = {"id": "panel_660_850"}
# Of a panel that gives seven tenths of its claim, with a meter that was calibrated.
DISTANCES_MM, SHARE = (150.0, 200.0, 300.0, 400.0, 600.0), 0.7


def csv_of(lamp: Lamp, share: float = SHARE, date: str = "2026-11-20") -> bytes:
    places = [LampReading(line=2, distance_mm=mm, reading_mw_cm2=1.0, meter="thermopile") for mm in DISTANCES_MM]
    levels = share * expected_mw_cm2(noun_of(passport_of(lamp).document), places)
    lines = [f"{mm},{level:.3f},thermopile,{date}" for mm, level in zip(DISTANCES_MM, levels, strict=True)]
    return "\n".join(["distance_mm,reading_mw_cm2,meter,date", *lines]).encode()


def carried(readings: bytes) -> str:
    """As the page holds a file until it is signed."""
    return base64.b64encode(readings).decode()


def test_readings_are_shown_fitted_and_count_once_a_clinician_signs(house: House) -> None:
    lamp = lamp_of(house, PANEL)
    answer(house.alice, house.clinician)
    before = screened(house.alice, lamp, house.clinician)
    client, where = signed_in(house.clinician), reverse("devices:commission", args=[lamp.pk])
    file = SimpleUploadedFile("readings.csv", csv_of(lamp))
    shown = client.post(where, {"file": file})
    page, fitted = shown.content.decode(), shown.context["fitted"]
    assert (shown.status_code, fitted.too_wide) == (200, False)
    assert fitted.found.output_scale.p5 < SHARE < fitted.found.output_scale.p95
    assert 'src="data:image/png;base64,' in page
    assert f"{100 * fitted.found.output_scale.median:.0f} <span" in page
    assert not lamp.measurements.exists()
    sent = {"readings": carried(csv_of(lamp)), "id": uuid.uuid4(), "meter_calibrated_on": "2026-03-01"}
    assert client.post(where, sent).status_code == 422
    for _ in range(2):  # a second click writes nothing more
        assert client.post(where, sent | {"signed": "on"}).status_code == 302
    reading = lamp.measurements.get()
    assert (reading.signed, reading.meter, "5 readings" in reading.note) == (True, "thermopile", True)
    kept = Lamp.objects.get(pk=lamp.pk)
    assert output_state(kept, reading.measured_on).status == "measured"
    assert AuditEntry.objects.filter(action="lamp_measured").count() == 1
    before.refresh_from_db()
    assert changes_since(before)


def test_a_file_that_fits_no_lamp_is_told_and_nobody_else_commissions(house: House) -> None:
    lamp = lamp_of(house, PANEL)
    where = reverse("devices:commission", args=[lamp.pk])
    odd = SimpleUploadedFile("readings.csv", b"distance_mm,reading_mw_cm2,meter\n200,x,thermopile\n")
    told = signed_in(house.clinician).post(where, {"file": odd})
    assert told.status_code == 422
    assert "reading_mw_cm2" in told.content.decode()
    assert signed_in(house.admin).get(where).status_code == 403


def test_a_result_too_wide_to_count_says_so_and_leaves_the_claim(house: House) -> None:
    """Meters for sunlight tell little of a lamp: what they make of it was called measured on the page."""
    lamp = lamp_of(house, PANEL)
    where, readings = reverse("devices:commission", args=[lamp.pk]), csv_of(lamp).replace(b"thermopile", b"solar_meter")
    assert fit_readings_of(lamp, readings).too_wide
    client = signed_in(house.clinician)
    page = client.post(where, {"file": SimpleUploadedFile("readings.csv", readings)}).content.decode()
    assert "Too wide to count" in page
    sent = {"readings": carried(readings), "id": uuid.uuid4(), "meter_calibrated_on": "2026-03-01", "signed": "on"}
    assert client.post(where, sent).status_code == 302
    assert output_state(Lamp.objects.get(pk=lamp.pk), lamp.measurements.get().measured_on).status == "claimed"


def test_a_file_of_a_spreadsheet_is_signed_as_it_was_sent(house: House) -> None:
    """Text in two bytes was shown fitted, and came back to be signed as letters with nothing between them."""
    lamp = lamp_of(house, PANEL)
    client, where = signed_in(house.clinician), reverse("devices:commission", args=[lamp.pk])
    file = SimpleUploadedFile("readings.csv", csv_of(lamp).decode().encode("utf-16"))
    shown = client.post(where, {"file": file})
    held = shown.context["form"].initial
    sent = {"readings": held["readings"], "meter_calibrated_on": "2026-03-01", "signed": "on"}
    # Without an id as well, which a browser sends and another program may not.
    assert client.post(where, sent).status_code == 302
    assert lamp.measurements.count() == 1


def test_readings_that_came_back_damaged_or_too_long_are_not_fitted(house: House) -> None:
    """Whatever came back was fitted before its length was looked at."""
    lamp = lamp_of(house, PANEL)
    client, where = signed_in(house.clinician), reverse("devices:commission", args=[lamp.pk])
    for readings in ("not base64!", carried(b"x," * 100_000)):
        answer = client.post(where, {"readings": readings, "meter_calibrated_on": "2026-03-01", "signed": "on"})
        assert answer.status_code == 422
        assert "fitted" not in answer.context
