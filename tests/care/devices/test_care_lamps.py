"""Lamps: a claim counts until a reading that can be trusted takes its place, and only for as long as that holds."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from present import present
from pytest_django import DjangoAssertNumQueries

from openpbm.care.audit.ledger import Conflict
from openpbm.care.audit.models import AuditEntry
from openpbm.care.devices import actions
from openpbm.care.devices.models import Lamp, Measurement
from openpbm.care.devices.reminders import remind_of_measuring
from openpbm.care.devices.selectors import device_section, eye_safe, lamps_for, output_state
from openpbm.care.jobs.models import Reminder
from openpbm.case import case_of
from openpbm.device import beam
from openpbm.errors import BadInput
from openpbm.facts import lamps as facts_lamps

TODAY = dt.date(2026, 6, 1)


def add(house: House, **changes: Any) -> Lamp:
    said: dict[str, Any] = {"by": house.clinician, "name": "Panel by the window", "clinic": house.clinic}
    return actions.add_lamp(**(said | {"passport": {"document": {"id": "panel_660_850"}}} | changes))


def read(house: House, lamp: Lamp, **changes: Any) -> Measurement:
    said: dict[str, Any] = {
        "lamp": lamp,
        "by": house.clinician,
        "measured_on": dt.date(2026, 1, 10),
        "wavelength_nm": None,
        "irradiance_mw_cm2": 20.0,
        "distance_mm": 300.0,
        "uncertainty_percent": 8.0,
        "meter": "Thermopile 12",
        "meter_calibrated_on": dt.date(2025, 9, 1),
    }
    return actions.record_measurement(**(said | changes))[0]


def core_lamp(section: Any) -> facts_lamps.Lamp:
    return case_of(
        {
            "person": {},
            "condition": {"programme": "rls"},
            "sites": [{"site": "posterior_calf", "side": "left"}],
            "device": section,
        }
    ).device


def test_a_new_lamp_is_claimed_and_keeps_the_catalogue_as_it_was(house: House) -> None:
    lamp = add(house)
    section = device_section(lamp, TODAY)
    assert output_state(lamp, TODAY).status == "claimed"
    assert core_lamp(section).output_status == "claimed"
    assert section["emitters"][0]["power_mw"] == 550.0
    assert AuditEntry.objects.filter(action="lamp_added", clinic_id=house.clinic.pk).count() == 1


def test_a_reading_of_all_light_sets_the_output_to_what_was_read(house: House) -> None:
    lamp = add(house)
    read(house, lamp)
    section = device_section(lamp, TODAY)
    noun = core_lamp(section)
    assert section["output_status"] == "measured"
    assert beam(noun, 300.0).peak_mw_cm2(42.0, 42.0) == pytest.approx(20.0, rel=1e-6)


def test_every_wavelength_must_be_read_before_a_lamp_is_measured(house: House) -> None:
    lamp = add(house)
    read(house, lamp, wavelength_nm=850.0, irradiance_mw_cm2=10.0)
    assert output_state(lamp, TODAY).status == "claimed"
    read(house, lamp, wavelength_nm=655.0, irradiance_mw_cm2=10.0)
    lamp.refresh_from_db()
    assert output_state(lamp, TODAY).status == "measured"


def test_a_laser_reading_sets_its_power(house: House) -> None:
    lamp = add(house, passport={"document": {"id": "laser_808_probe"}})
    before = beam(core_lamp(device_section(lamp, TODAY)), 0.0).peak_mw_cm2(0.0, 0.0)
    read(house, lamp, irradiance_mw_cm2=before / 2, distance_mm=0.0)
    section = device_section(lamp, TODAY)
    assert section["emitters"][0]["power_mw"] == pytest.approx(100.0)


def test_a_pulsed_laser_is_entered_by_its_pulses_and_read_like_another(house: House) -> None:
    """4.5 mW of 10 W pulses: a reading of twice as much raises mean and peak alike, so that the two still agree."""
    laser: dict[str, Any] = {"wavelength_nm": 905, "spot_diameter_mm": 9}
    pulses = {"peak_power_w": 10, "pulse_width_ns": 150, "pulse_frequency_hz": 3000}
    own = {"name": "Probe", "kind": "laser", "contact": True, "laser_class": "3B"}
    with pytest.raises(BadInput, match="peak_power_w, pulse_width_ns, pulse_frequency_hz are not given"):
        add(house, passport={"document": own | {"emitters": [laser | {"power_mw": 4.5}]}})
    lamp = add(house, passport={"document": own | {"emitters": [laser | pulses]}})
    assert not eye_safe(lamp, TODAY)
    claimed = beam(core_lamp(device_section(lamp, TODAY)), 0.0).peak_mw_cm2(0.0, 0.0)
    read(house, lamp, irradiance_mw_cm2=2.0 * claimed, distance_mm=0.0)
    emitters = core_lamp(device_section(lamp, TODAY)).emitters[0]
    assert emitters.power_mw == pytest.approx(9.0)
    assert emitters.peak_power_w == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "measured"),
        ({"uncertainty_percent": 20.0}, "claimed"),
        ({"meter_calibrated_on": None}, "claimed"),
        ({"meter_calibrated_on": dt.date(2023, 12, 1)}, "claimed"),
        ({"measured_on": dt.date(2025, 5, 31), "meter_calibrated_on": dt.date(2025, 1, 1)}, "expired"),
        ({"measured_on": dt.date(2025, 6, 1), "meter_calibrated_on": dt.date(2025, 1, 1)}, "measured"),
    ],
)
def test_a_reading_counts_when_it_can_be_trusted_and_for_a_year(
    house: House, changes: dict[str, Any], status: str
) -> None:
    lamp = add(house)
    read(house, lamp, **changes)
    assert output_state(lamp, TODAY).status == status
    assert device_section(lamp, TODAY)["output_status"] == ("measured" if status == "measured" else "claimed")


@pytest.mark.parametrize(("second", "due"), [(19.0, dt.date(2027, 1, 10)), (14.0, dt.date(2026, 7, 10))])
def test_a_lamp_that_drifts_is_due_after_half_a_year(house: House, second: float, due: Any) -> None:
    lamp = add(house)
    read(house, lamp, measured_on=dt.date(2025, 10, 1))
    read(house, lamp, irradiance_mw_cm2=second)
    state = output_state(lamp, TODAY)
    assert state.due_on == due
    assert state.decay == pytest.approx(second / 20.0)


def test_a_corrected_reading_no_longer_counts(house: House) -> None:
    lamp = add(house)
    wrong = read(house, lamp, irradiance_mw_cm2=200.0)
    read(house, lamp, supersedes=wrong)
    noun = core_lamp(device_section(lamp, TODAY))
    assert beam(noun, 300.0).peak_mw_cm2(42.0, 42.0) == pytest.approx(20.0, rel=1e-6)
    with pytest.raises(Conflict, match="corrected already"):
        read(house, lamp, supersedes=wrong, note="again")


def test_the_same_reading_sent_twice_is_one(house: House) -> None:
    lamp, given = add(house), uuid.uuid4()
    assert read(house, lamp, id=given).pk == read(house, lamp, id=given).pk
    assert lamp.measurements.count() == 1
    with pytest.raises(Conflict):
        read(house, lamp, id=given, irradiance_mw_cm2=21.0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"irradiance_mw_cm2": float("nan")}, "irradiance_mw_cm2"),
        ({"irradiance_mw_cm2": 1e308}, "at most 100000"),
        ({"distance_mm": -1.0}, "0 to 5000 mm"),
        ({"uncertainty_percent": 0.0}, "above 0"),
        ({"measured_on": timezone.now().date() + dt.timedelta(days=3)}, "measured_on"),
        ({"meter_calibrated_on": dt.date(2026, 2, 1)}, "must not be after the reading"),
        ({"wavelength_nm": 940.0}, "660, 850"),
        ({"meter": " "}, "name the meter"),
    ],
)
def test_what_cannot_be_a_reading_is_refused_with_its_limit(house: House, changes: dict[str, Any], said: str) -> None:
    lamp = add(house)
    with pytest.raises(BadInput, match=said):
        read(house, lamp, **changes)
    assert lamp.measurements.count() == 0


def test_a_lamp_the_core_cannot_read_is_refused_in_its_words(house: House) -> None:
    with pytest.raises(BadInput, match=r"device\.emitters"):
        add(house, passport={"document": {"name": "x", "kind": "panel", "emitters": [{"wavelength_nm": 850}]}})
    with pytest.raises(BadInput, match="not in the catalogue"):
        add(house, passport={"document": {"id": "panel_660_851"}})
    assert not lamps_for(house.clinician).exists()


def test_a_label_that_warns_is_believed_over_the_arithmetic(house: House) -> None:
    mild = {"document": {"id": "wrap_660_850"}}
    assert eye_safe(add(house, passport=mild))
    assert not eye_safe(add(house, passport=mild | {"eye_class": "RG2"}))
    assert not eye_safe(add(house, passport={"document": {"id": "laser_808_probe"}}))


def test_lamps_are_seen_by_their_clinic_and_their_owner_alone(house: House) -> None:
    clinic = add(house)
    own = actions.add_lamp(
        by=account_of(house.carol), name="Mine", passport={"document": {"id": "wrap_660_850"}}, owner=house.carol.user
    )
    assert list(lamps_for(house.clinician)) == [clinic]
    assert list(lamps_for(house.admin)) == [clinic]
    assert list(lamps_for(account_of(house.carol))) == [own]
    for stranger in (house.other_clinician, house.auditor, house.alice.user, house.helper):
        assert not lamps_for(present(stranger)).exists()
        with pytest.raises(PermissionDenied):
            read(house, clinic, by=stranger)


def test_a_lamp_of_a_patient_is_seen_by_the_clinic_and_the_helper(house: House) -> None:
    own = add(house, by=house.alice.user, clinic=None, owner=house.alice.user)
    for who in (house.clinician, house.helper, house.alice.user):
        assert list(lamps_for(present(who))) == [own]
    assert not lamps_for(house.other_clinician).exists()
    with pytest.raises(PermissionDenied):
        add(house, by=house.other_clinician, clinic=None, owner=house.alice.user)


def test_pages_of_another_clinics_lamp_and_of_none_answer_alike(house: House) -> None:
    lamp = add(house, name="Marker lamp")
    client = signed_in(house.other_clinician)
    for name in ("lamp", "measure", "import", "spectrum", "passport", "export"):
        theirs = client.get(reverse(f"devices:{name}", args=[lamp.pk]))
        none = client.get(reverse(f"devices:{name}", args=[uuid.uuid4()]))
        assert theirs.status_code == none.status_code == 403
        assert b"Marker lamp" not in theirs.content


def test_the_pages_show_passport_readings_and_their_rule(house: House) -> None:
    lamp = add(house)
    read(house, lamp)
    client = signed_in(house.clinician)
    page = client.get(reverse("devices:lamp", args=[lamp.pk])).content.decode()
    assert "20 mW/cm² ± 8 %, at 30 cm" in page
    assert '<circle class="dot' in page
    assert "not yet checked against a source" in page
    assert "Panel by the window" in client.get(reverse("devices:list")).content.decode()


def test_the_forms_add_a_lamp_and_a_reading(house: House) -> None:
    client = signed_in(house.clinician)
    sent = {"id": uuid.uuid4(), "catalogue_id": "wrap_660_850", "name": "Belt", "eye_class": "RG1"}
    for _ in range(2):  # a second click makes no second lamp
        answer = client.post(reverse("devices:new"), sent)
    lamp = lamps_for(house.clinician).get()
    assert answer["Location"] == reverse("devices:lamp", args=[lamp.pk])
    reading = {"measured_on": "2026-01-10", "wavelength": "", "irradiance_mw_cm2": "20", "distance_cm": "0",
               "uncertainty_percent": "8", "meter": "M1", "meter_calibrated_on": "2025-10-01"}  # fmt: skip
    wrong = client.post(reverse("devices:measure", args=[lamp.pk]), reading | {"irradiance_mw_cm2": "1e300"})
    assert wrong.status_code == 422
    assert "at most 100000" in wrong.content.decode()
    assert client.post(reverse("devices:measure", args=[lamp.pk]), reading).status_code == 302
    assert lamp.measurements.get().irradiance_mw_cm2 == 20.0


def test_a_lamp_from_its_data_sheet(house: House) -> None:
    client = signed_in(house.clinician)
    sent = {
        "name": "Odd lamp", "kind": "panel", "heads": "1", "default_distance_cm": "15",
        "emitters-TOTAL_FORMS": "2", "emitters-INITIAL_FORMS": "0",
        "modes-TOTAL_FORMS": "0", "modes-INITIAL_FORMS": "0",
        "emitters-0-wavelength_nm": "850", "emitters-0-irradiance_mw_cm2": "25", "emitters-0-at_distance_cm": "15",
    }  # fmt: skip
    bad = client.post(reverse("devices:new") + "?own=1", sent | {"emitters-0-wavelength_nm": "450"})
    assert bad.status_code == 422
    assert "600" in bad.content.decode()
    begun = client.post(reverse("devices:new") + "?own=1", sent | {"emitters-1-power_mw": "5"})
    assert begun.status_code == 422
    assert list(begun.context["emitters"].forms[1].errors) == ["wavelength_nm"]
    assert client.post(reverse("devices:new") + "?own=1", sent).status_code == 302
    assert device_section(lamps_for(house.clinician).get(), TODAY)["emitters"] == [
        {"wavelength_nm": 850.0, "irradiance_mw_cm2": 25.0, "at_distance_mm": 150.0}
    ]


def test_a_lamp_sold_by_one_figure_for_all_wavelengths(house: House) -> None:
    client = signed_in(house.clinician)
    sent = {
        "name": "Two colours", "kind": "panel", "heads": "1", "irradiance_mw_cm2": "80", "at_distance_cm": "15",
        "emitters-TOTAL_FORMS": "2", "emitters-INITIAL_FORMS": "0",
        "modes-TOTAL_FORMS": "0", "modes-INITIAL_FORMS": "0",
        "emitters-0-wavelength_nm": "660", "emitters-0-share": "0.25", "emitters-1-wavelength_nm": "850",
    }  # fmt: skip
    asked = client.post(reverse("devices:new") + "?own=1", sent)
    assert asked.status_code == 422
    assert "Give the share of this wavelength" in asked.content.decode()
    assert client.post(reverse("devices:new") + "?own=1", sent | {"emitters-1-share": "0.75"}).status_code == 302
    emitters = device_section(lamps_for(house.clinician).get(), TODAY)["emitters"]
    assert [row["irradiance_mw_cm2"] for row in emitters] == [20.0, 60.0]


@pytest.mark.parametrize("many", [10, 50])
def test_the_list_asks_as_little_of_the_database_for_many_as_for_few(
    house: House, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(many):
        read(house, add(house, name=f"Lamp {number}"))
    client = signed_in(house.clinician)
    client.get(reverse("devices:list"))  # the session is written at the first request
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        assert f"Lamp {many - 1}" in client.get(reverse("devices:list")).content.decode()


#: The one for the open reminders, which the menu of every page counts, among them.
QUERIES_OF_THE_LIST = 9


def test_the_catalogue_says_what_is_not_verified(house: House) -> None:
    page = signed_in(house.clinician).get(reverse("devices:catalogue")).content.decode()
    assert page.count("Typical of its class, not verified") == 5
    assert "no single data sheet" in page


def test_a_clinician_is_reminded_once_before_a_reading_ends(house: House) -> None:
    lamp = add(house)
    read(house, lamp, measured_on=dt.date(2025, 12, 1))
    early = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
    remind_of_measuring(early)
    assert not Reminder.objects.exists()
    for hours in (24, 48):
        remind_of_measuring(early + dt.timedelta(hours=hours))
    reminder = Reminder.objects.get()
    assert reminder.user == house.clinician
    assert "by 1 December 2026" in reminder.text
    actions.retire_lamp(lamp=lamp, by=house.clinician)
    remind_of_measuring(early + dt.timedelta(days=400))
    assert Reminder.objects.count() == 1
