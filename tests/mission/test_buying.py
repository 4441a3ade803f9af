"""Buying and setting up: what to look for, a claim held against energy, lamps beside the advice, a clinic's list."""

from __future__ import annotations

import dataclasses
import html
import math
import re

import pytest
from care.conftest import House, build_house, signed_in
from care.db_snapshot import once
from django.test import Client
from django.urls import reverse
from reading_level import grade

from openpbm.care.devices.actions import add_lamp, new_passport
from openpbm.care.devices.selectors import carried_over, passport_of
from openpbm.device.claim_check import LampClaim, check_claim
from openpbm.errors import BadInput
from openpbm.facts.buying import buying_points, clinic_setup
from openpbm.facts.claims import broken_claims
from openpbm.facts.lamps import lamp_catalogue

PANEL = LampClaim(irradiance_mw_cm2=100.0, at_distance_cm=15.24, width_cm=30.0, height_cm=18.0, wall_power_w=110.0)


@pytest.fixture
def house(db: None) -> House:
    """The clinic that every test of the web application has."""
    return once("house", build_house)


def page(address: str) -> str:
    """What a stranger reads there."""
    body = Client().get(address).content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_a_claim_is_held_against_energy() -> None:
    """Conservation: no point sees more than the power per area of the face; far off the inverse square holds."""
    per_area = 110_000.0 / (30.0 * 18.0)
    near = dataclasses.replace(PANEL, at_distance_cm=1.0)
    assert check_claim(near).most_mw_cm2 <= 0.6 * per_area * 1.0001
    # cos^m of half angle 30 degrees has m = 4.82; on the axis I = P (m + 1) / (2 pi).
    m = math.log(0.5) / math.log(math.cos(math.radians(30.0)))
    far = check_claim(dataclasses.replace(PANEL, at_distance_cm=300.0))
    assert far.most_mw_cm2 == pytest.approx(0.6 * 110_000.0 * (m + 1.0) / (2.0 * math.pi) / 300.0**2, rel=0.02)
    assert check_claim(PANEL).verdict == "impossible"
    assert check_claim(dataclasses.replace(PANEL, irradiance_mw_cm2=70.0)).verdict == "unlikely"
    assert check_claim(dataclasses.replace(PANEL, irradiance_mw_cm2=45.0)).verdict == "possible"
    with pytest.raises(BadInput, match=r"(?s)width_cm = 0.*wall_power_w = 0.0: lies outside 1-5000 W"):
        check_claim(dataclasses.replace(PANEL, wall_power_w=0.0, width_cm=0.0))


@pytest.mark.django_db
def test_r_001_05_the_guide_goes_field_by_field_and_checks_a_claim() -> None:
    said = page("/learn/buying/")
    for point in buying_points:
        assert all(" ".join(text.split()) in said for text in (point.look_for, point.why, point.ask)), point.id
    assert {"irradiance", "wavelength", "field", "pulse", "timer", "auto_off", "skin_temperature"} <= set(
        buying_points.ids
    )
    assert {"standards", "clearance", "data_export", "cleaning", "warranty"} <= set(buying_points.ids)
    assert "60601-1 and -1-11" in said
    assert "This cannot be true . 100 mW/cm² at 15.2 cm" in said.replace("true. ", "true . ")
    assert "This can be true" in page("/learn/buying/?irradiance=30&distance=30&unit=cm")
    assert "Please check your answers" in page("/learn/buying/?watts=0")
    assert grade(" ".join(f"{row.look_for} {row.why} {row.ask}" for row in buying_points)) <= 8.0
    assert broken_claims(said) == ()


@pytest.mark.django_db
def test_r_001_05_lamps_stand_beside_the_advice_for_my_condition_without_minutes() -> None:
    rls, wrist = page("/learn/buying/"), page("/learn/buying/?condition=carpal_tunnel")
    for lamp in lamp_catalogue:
        assert lamp.name in rls
    # A laser's spot passes the advice for legs within its first minutes; half of the panel's light is red.
    assert "no: too strong for the advised minutes" in rls
    assert "Pressed nerve at the wrist" in wrist[wrist.index("A session fits") - 200 : wrist.index("A session fits")]
    table = rls[rls.index("At advised wavelengths") : rls.index("How much gets to a nerve")]
    assert "50 %" in table
    assert not re.search(r"\d min", table)


@pytest.mark.django_db
def test_r_001_29_and_r_004_17_a_clinic_has_its_list_and_no_text_claims_a_signature() -> None:
    said = page("/learn/clinic/")
    for words in ("trained", "laser safety officer", "cleaning", "Prices stand on paper", "every 12 months"):
        assert words.lower() in said.lower()
    assert all(" ".join(step.what.split()) in said for step in clinic_setup)
    assert "Not clinically reviewed" in said


@pytest.mark.django_db
def test_r_004_10_other_uses_are_politely_out_of_scope() -> None:
    assert "skin, wounds, hair, joints and period pain. We did not look into these uses" in page("/learn/buying/")


def test_r_001_05_a_passport_keeps_what_the_label_says_and_shows_what_nobody_said(house: House) -> None:
    lamp = add_lamp(
        by=house.clinician, clinic=house.clinic, name="Panel", passport={"document": {"id": "panel_660_850"}}
    )
    doctor, address = signed_in(house.clinician), reverse("devices:passport", args=[lamp.pk])
    form = doctor.get(address).content.decode()
    fields = [row for row in buying_points if row.passport]
    assert [row.id for row in fields] == [
        "field", "timer", "skin_temperature", "standards", "data_export", "cleaning", "warranty",
    ]  # fmt: skip
    assert all(f'name="label_{row.id}"' in form for row in fields)
    said = {"label_standards": "IEC 60601-2-57, report 12345", "label_cleaning": "70 % alcohol", "eye_class": "RG1"}
    assert doctor.post(address, said).status_code == 302
    assert passport_of(lamp).on_label == {"standards": "IEC 60601-2-57, report 12345", "cleaning": "70 % alcohol"}
    shown = doctor.get(reverse("devices:lamp", args=[lamp.pk])).content.decode()
    for words in ("IEC 60601-2-57, report 12345", "Limit of skin temperature", "not given", "Switches off by itself"):
        assert words in shown
    assert "660 nm</strong> (red, width not known)" in shown
    # The next passport keeps it; what nobody knows of, and what is too long, is refused.
    before = passport_of(lamp)
    for wrong in ({"colour": "white"}, {"timer": "x" * 201}):
        with pytest.raises(BadInput, match="on_label"):
            new_passport(lamp=lamp, by=house.clinician, passport=carried_over(before) | {"on_label": wrong})
    new_passport(lamp=lamp, by=house.clinician, passport=carried_over(before) | {"wearable": True})
    assert passport_of(lamp).on_label == before.on_label
