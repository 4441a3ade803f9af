"""Cancer was answered with pacemaker, diabetes with dialysis, a key in inches with one in millimetres and no factor."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from openpbm.case import Complaint, Placement
from openpbm.facts.conditions import conditions
from openpbm.facts.event_kinds import event_kinds
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.rules import finding_codes
from openpbm.facts.sites import sites
from openpbm.files import suggest
from openpbm.files.suggest import nearest

KEYS = ("age_years", "distance_mm", "ferritin_ug_l", "height_cm", "irradiance_mw_cm2", "power_mw", "sex", "weight_kg")


@pytest.mark.parametrize(
    ("word", "offered"),
    [
        ("cancer", "malignancy_known or malignancy_in_field"),
        ("Breast cancer", "malignancy_known or malignancy_in_field"),
        ("diabetes", "neuropathy_known"),
        ("thrombosis", "deep_vein_thrombosis_suspected"),
        ("seizures", "photosensitive_epilepsy"),
        ("renal failure", "chronic_kidney_disease or dialysis"),
        ("pregnant", "person.pregnant"),
        ("foot_ulcr", "foot_ulcer"),
        ("dialisys", "dialysis"),
        ("implants", "metal_implant_in_field"),
        ("chemo neuropathy", "malignancy_known"),
    ],
)
def test_a_finding_is_suggested_by_its_meaning_or_a_slip(word: str, offered: str) -> None:
    assert suggest(word, finding_codes()) == f"did you mean {offered}?"


@pytest.mark.parametrize("word", ["gallstones", "canned", "dialect", "spaceman", "insulin", "xyz", "stomach", "scar"])
def test_nothing_is_suggested_by_letters_alone(word: str) -> None:
    assert "did you mean" not in suggest(word, finding_codes())
    assert nearest(word, finding_codes()) is None


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("irradiance_w_m2", "write irradiance_mw_cm2: 1 w_m2 is 0.1 mw_cm2"),
        ("distance_in", "write distance_mm: 1 in is 25.4 mm"),
        ("distance_ft", "write distance_mm: 1 ft is 304.8 mm"),
        ("height_m", "write height_cm: 1 m is 100 cm"),
        ("power_w", "write power_mw: 1 w is 1000 mw"),
        ("weight_lb", "write weight_kg: 1 lb is 0.453592 kg"),
        ("ferritin_ng_ml", "write ferritin_ug_l: 1 ng_ml is 1 ug_l"),
    ],
)
def test_a_key_in_another_unit_names_the_factor(word: str, says: str) -> None:
    assert suggest(word, KEYS) == says


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("mu_a_per_cm", "write mu_a_per_mm: 1 per_cm is 0.1 per_mm"),
        ("mus_per_cm", "did you mean mu_s_per_mm (1 per_cm is 0.1 per_mm)?"),
        ("thicknes_um", "did you mean thickness_mm (1 um is 0.001 mm)?"),
    ],
)
def test_a_unit_below_the_line_has_its_own_factor_and_a_slip_does_not_hide_it(word: str, says: str) -> None:
    """`mu_a_per_cm` was answered with "1 cm is 10 mm", a hundred times too much."""
    assert suggest(word, ("g", "mu_a_per_mm", "mu_s_per_mm", "n", "thickness_mm")) == says
    assert suggest("power_density_w_m2", KEYS) == "did you mean irradiance_mw_cm2 (1 w_m2 is 0.1 mw_cm2) or power_mw?"


@pytest.mark.parametrize("word", ["distance_kg", "irradiance_j_cm2", "sex_mm"])
def test_a_unit_of_something_else_names_no_factor(word: str) -> None:
    assert "write" not in suggest(word, KEYS)


def test_a_neuropathy_is_offered_with_its_own_cause() -> None:
    """Nerve damage of chemotherapy was answered with one without a known cause."""
    assert suggest("chemo_neuropathy", conditions.ids) == "did you mean cipn?"
    assert suggest("peripheral_neuropathy", conditions.ids) == "did you mean dpn, cipn or idiopathic_neuropathy?"
    assert suggest("age", KEYS) == "did you mean age_years?"


def test_a_meaning_names_words_that_are_there() -> None:
    text = (resources.files("openpbm.facts") / "data" / "meanings.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["meanings"]
    there = {*finding_codes(), *sites.ids, *conditions.ids, *event_kinds.ids, *(lamp.id for lamp in lamp_catalogue)}
    there |= {
        "age_years",
        "sex",
        "medications",
        "skin_type",
        "transferrin_saturation_percent",
        "irradiance_mw_cm2",
        "power_mw",
    }
    there |= {"device", "dose", "done", "missed", *Complaint.__dataclass_fields__, *Placement.__dataclass_fields__}
    assert {word for row in rows for word in row["means"] if "." not in word} <= there
