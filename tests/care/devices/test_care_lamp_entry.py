"""A lamp by its drawing and label: its own questions, what it does to eyes and skin, one reader for all ways in."""

from __future__ import annotations

from typing import Any

import pytest
from care.conftest import House, signed_in
from care.plans.planned_people import answer, lamp_of, screened
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openpbm.care.devices.actions import add_lamp
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import lamps_for, passport_of
from openpbm.device.lamp_file import lamp_toml
from openpbm.errors import BadInput
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.product_classes import product_classes

NO_ROWS = {"modes-TOTAL_FORMS": "2", "modes-INITIAL_FORMS": "0", "emitters-INITIAL_FORMS": "0"}
PANEL = NO_ROWS | {
    "name": "Table panel", "heads": "1", "irradiance_mw_cm2": "90", "at_distance_cm": "6 in", "leds": "60",
    "face_width_cm": "20", "face_height_cm": "300 mm", "default_distance_cm": "20", "emitters-TOTAL_FORMS": "2",
    "emitters-0-wavelength_nm": "660", "emitters-0-share": "0.5", "emitters-0-beam_angle_deg": "60",
    "emitters-1-wavelength_nm": "850", "emitters-1-share": "0.5", "emitters-1-beam_angle_deg": "60",
    "modes-0-name": "red, half", "modes-0-wavelengths_nm": "660 nm", "modes-0-output_percent": "50",
}  # fmt: skip


def form_of(name: str) -> str:
    return f"{reverse('devices:new')}?own=1&class={name}"


def test_every_class_is_picked_by_its_drawing_and_asked_its_own_questions(house: House) -> None:
    client = signed_in(house.clinician)
    picks = client.get(reverse("devices:new") + "?own=1").content.decode()
    assert all(f"class={each.id}" in picks and f"{each.picture}" in picks for each in product_classes)
    pages = {each.id: client.get(form_of(each.id)).context for each in product_classes}
    asked = {name: set(context["emitters"].empty_form.fields) for name, context in pages.items()}
    assert "spot_diameter_mm" not in asked["small_panel"]
    assert {"peak_power_w", "pulse_width_ns", "pulse_frequency_hz"} <= asked["superpulsed_probe"]
    assert "peak_power_w" not in asked["laser_probe"]
    assert "lit_area_m2" in pages["bed"]["form"].fields


def test_a_label_is_read_in_its_own_units_and_the_page_says_what_the_lamp_does(house: House) -> None:
    client = signed_in(house.clinician)
    there = client.post(form_of("small_panel"), PANEL)
    lamp = lamps_for(house.clinician).get()
    document = passport_of(lamp).document
    first = document["emitters"][0]
    assert (first["at_distance_mm"], first["half_angle_deg"], first["irradiance_mw_cm2"]) == (152.4, 30.0, 45.0)
    assert (first["rows"], first["columns"], first["pitch_mm"]) == (6, 5, 44.72)
    assert document["modes"] == [{"name": "red, half", "wavelengths_nm": [660.0], "output": 0.5}]
    page = client.get(there["Location"]).content.decode()
    assert "Bare eyes may look" in page
    assert "Warmest skin in 30 min" in page
    assert "meters show 15 to 60" in page
    assert "This one claims 90, 1.5 times the most that a meter showed" in page


def test_a_figure_no_such_lamp_has_is_asked_about_until_it_stands_so_on_the_label(house: House) -> None:
    client, odd = signed_in(house.clinician), PANEL | {"irradiance_mw_cm2": "900"}
    asked = client.post(form_of("small_panel"), odd)
    assert asked.status_code == 422
    assert "claim 40 to 200 mW/cm²" in str(asked.context["form"].errors["irradiance_mw_cm2"])
    assert 'type="checkbox" name="as_on_label"' in asked.content.decode()
    assert not Lamp.objects.exists()
    assert client.post(form_of("small_panel"), odd | {"as_on_label": "on"}).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"at_distance_cm": "six"}, "at_distance_cm"),
        ({"face_height_cm": ""}, "face_height_cm"),
        ({"emitters-1-wavelength_nm": ""}, "wavelength_nm"),
        ({"emitters-0-half_angle_deg": "45"}, "beam_angle_deg"),
        ({"modes-0-wavelengths_nm": "810"}, "wavelengths_nm"),
    ],
)
def test_what_cannot_be_stands_at_its_field(house: House, wrong: dict[str, str], field: str) -> None:
    context = signed_in(house.clinician).post(form_of("small_panel"), PANEL | wrong).context
    forms = [context["form"], *context["emitters"], *context["modes"]]
    assert [name for form in forms for name in form.errors] == [field]
    assert not Lamp.objects.exists()


def test_a_pulsed_laser_is_entered_by_its_pulses(house: House) -> None:
    client = signed_in(house.clinician)
    probe = NO_ROWS | {
        "name": "Pulsed probe", "heads": "1", "laser_class": "3B", "emitters-TOTAL_FORMS": "1",
        "emitters-0-wavelength_nm": "904", "emitters-0-spot_diameter_mm": "1 cm", "emitters-0-peak_power_w": "27",
        "emitters-0-pulse_width_ns": "200",
    }  # fmt: skip
    lacking = client.post(form_of("superpulsed_probe"), probe)
    assert "The peak of a pulse decides what it does to an eye" in lacking.content.decode()
    there = client.post(form_of("superpulsed_probe"), probe | {"emitters-0-pulse_frequency_hz": "5000"})
    assert passport_of(lamps_for(house.clinician).get()).document["emitters"][0]["power_mw"] == 27.0
    page = client.get(there["Location"]).content.decode()
    assert '<p class="number">0 <span class="unit">s</span>' in page
    assert '<p class="soft">Laser class, computed</p><p class="number">3B</p>' in page


def test_a_cluster_of_lasers_is_entered_whole(house: House) -> None:
    """It could be entered as one of its beams alone, by which eyes and class were judged."""
    client = signed_in(house.clinician)
    probe = NO_ROWS | {
        "name": "Cluster", "heads": "1", "laser_class": "3B", "emitters-TOTAL_FORMS": "1", "as_on_label": "on",
        "emitters-0-wavelength_nm": "810", "emitters-0-spot_diameter_mm": "8", "emitters-0-diodes": "5",
        "emitters-0-spacing_mm": "2 cm", "emitters-0-energy_per_point_j": "1.5",
        "emitters-0-seconds_per_point": "30", "emitters-0-divergence_mrad": "200",
    }  # fmt: skip
    lacking = client.post(form_of("cluster_probe"), probe | {"emitters-0-spacing_mm": ""})
    assert lacking.status_code == 422
    there = client.post(form_of("cluster_probe"), probe)
    one = passport_of(lamps_for(house.clinician).get()).document["emitters"][0]
    assert (one["power_mw"], one["diodes"], one["spacing_mm"], one["divergence_mrad"]) == (50.0, 5, 20.0, 200.0)
    assert "5 such beams 20 mm apart" in client.get(there["Location"]).content.decode()


def test_counted_leds_give_together_what_they_give_each(house: House) -> None:
    """Thirty-one LEDs were given the light of all 32 places of their grid."""
    panel = PANEL | {
        "leds": "31", "irradiance_mw_cm2": "", "emitters-TOTAL_FORMS": "1", "emitters-0-share": "",
        "emitters-0-power_mw": "300", "modes-TOTAL_FORMS": "0",
    }  # fmt: skip
    assert signed_in(house.clinician).post(form_of("small_panel"), panel).status_code == 302
    one = passport_of(lamps_for(house.clinician).get()).document["emitters"][0]
    assert abs(one["power_mw"] * one["rows"] * one["columns"] - 31 * 300.0) < 1e-6


def test_a_file_is_read_by_the_same_rules(house: House) -> None:
    client, ours = signed_in(house.clinician), lamp_catalogue["panel_660_850"]
    file = SimpleUploadedFile("lamp.toml", lamp_toml(ours).encode())
    assert client.post(reverse("devices:new") + "?file=1", {"name": "By file", "file": file}).status_code == 302
    assert passport_of(lamps_for(house.clinician).get()).document["emitters"][0]["power_mw"] == 550.0
    odd = SimpleUploadedFile("lamp.toml", b"[lamp]\nname = 'x'\n")
    refused = client.post(reverse("devices:new") + "?file=1", {"name": "Odd", "file": odd})
    assert "no section [device]" in refused.content.decode()


def test_the_action_holds_a_class_to_its_figures_whoever_calls(house: House) -> None:
    leds: dict[str, Any] = {"wavelength_nm": 850.0, "irradiance_mw_cm2": 300.0, "at_distance_mm": 150.0}
    passport = {"product_class": "small_panel", "document": {"name": "P", "kind": "panel", "emitters": [leds]}}
    with pytest.raises(BadInput, match=r"irradiance_mw_cm2 = 300.0: 300: lamps of this kind .* claim 40 to 200"):
        add_lamp(by=house.clinician, clinic=house.clinic, name="x", passport=passport)
    with pytest.raises(BadInput, match="not a class of lamp"):
        add_lamp(by=house.clinician, clinic=house.clinic, name="x", passport=passport | {"product_class": "torch"})
    sure = add_lamp(by=house.clinician, clinic=house.clinic, name="x", passport=passport | {"as_on_label": True})
    assert passport_of(sure).product_class == "small_panel"


def test_a_setting_is_chosen_with_the_lamp_and_screened(house: House) -> None:
    answer(house.alice, house.clinician)
    lamp = lamp_of(house, {"name": "Panel", "kind": "panel", "default_distance_mm": 150, "emitters": [
        {"wavelength_nm": wave, "irradiance_mw_cm2": 20.0, "at_distance_mm": 150.0} for wave in (660.0, 850.0)
    ], "modes": [{"name": "infrared only", "wavelengths_nm": [850.0]}]})  # fmt: skip
    other = lamp_of(house)
    client, where = signed_in(house.clinician), reverse("screening:new", args=[house.alice.pk])
    sent = {
        "lamp": lamp.pk, "mode": f"{lamp.pk}:infrared only", "start_date": "2026-12-01",
        "lamps-TOTAL_FORMS": "0", "lamps-INITIAL_FORMS": "0", "places-TOTAL_FORMS": "1",
        "places-INITIAL_FORMS": "0", "places-0-place": "posterior_calf:gastrocnemius", "places-0-side": "both",
    }  # fmt: skip
    assert list(client.post(where, sent | {"lamp": other.pk}).context["form"].errors) == ["mode"]
    assert client.post(where, sent).status_code == 302
    row = house.alice.screenings.get()
    assert row.case["placement"]["mode"] == "infrared only"
    assert row.setup != screened(house.alice, lamp, house.clinician, distance_mm=None).setup
