"""The cleaning log: written by whoever may write about the lamp, shown beside the day to measure, kept as it was."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from care.conftest import House, signed_in
from care.devices.test_care_lamps import add, read
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from openpbm.care.audit.models import AuditEntry
from openpbm.care.devices.cleaning import care_days, record_cleaning
from openpbm.care.devices.models import Cleaning
from openpbm.errors import BadInput


def test_r_002_07_a_cleaning_is_written_into_the_log_and_stands_beside_the_day_to_measure(house: House) -> None:
    """Who wiped what and when is shown to the clinic; another clinic sees and writes nothing of it."""
    lamp, today = add(house), timezone.now().date()
    read(house, lamp, measured_on=today - dt.timedelta(days=30), meter_calibrated_on=today - dt.timedelta(days=60))
    client, page = signed_in(house.clinician), reverse("devices:cleaning")
    assert "not written down" in client.get(page).content.decode()
    sent = {"id": str(uuid.uuid4()), "lamp": str(lamp.pk), "cleaned_on": today, "wiped_with": "Alcohol wipes, 70 %"}
    for _ in range(2):
        assert client.post(page, sent).status_code == 302
    assert "sent already" in client.post(page, sent | {"wiped_with": "Water"}).content.decode()
    row = Cleaning.objects.get()
    assert (row.lamp, row.wiped_with, row.cover_changed, row.created_by) == (
        lamp,
        sent["wiped_with"],
        False,
        house.clinician,
    )
    shown = client.get(page).content.decode()
    assert "Alcohol wipes, 70 %" in shown
    (day,) = care_days([lamp], today)
    assert (day.cleaned_on, day.state.status) == (today, "measured")
    assert f"{day.state.due_on:%Y}" in shown
    entry = AuditEntry.objects.get(action="lamp_cleaned")
    assert entry.clinic_id == house.clinic.pk
    strangers = signed_in(house.other_clinician)
    assert "Alcohol" not in strangers.get(page).content.decode()
    assert strangers.post(page, sent | {"id": str(uuid.uuid4())}).status_code == 422
    with pytest.raises(PermissionDenied):
        record_cleaning(lamp=lamp, by=house.other_clinician, cleaned_on=today, wiped_with="Soap", cover_changed=True)
    with pytest.raises(BadInput, match=r"(?s)wiped_with.*cleaned_on"):
        record_cleaning(
            lamp=lamp, by=house.clinician, cleaned_on=today + dt.timedelta(days=9), wiped_with=" ", cover_changed=True
        )
    assert Cleaning.objects.count() == 1
