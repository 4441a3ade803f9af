"""Opened when 68 cm and 166 kg, a start in 2001 and a class 1 laser of 15 W were taken without a word."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from cases import changed, make_case

from openpbm.case import case_of
from openpbm.errors import BadInput
from openpbm.facts.exposure import plausible_spans
from openpbm.facts.references import references

LASER = {"wavelength_nm": 830, "power_mw": 60, "spot_diameter_mm": 8}
FIELD = {"wavelength_nm": 850, "irradiance_mw_cm2": 30, "at_distance_mm": 150}


def lamp(emitter: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"device": {"output_status": "claimed", "emitters": [emitter]} | more}


BY_PERSON: list[tuple[dict[str, Any], str]] = [
    ({"person__height_cm": 68, "person__weight_kg": 166}, "height_cm"),
    ({"person__weight_kg": 4}, "weight_kg"),
    ({"person__height_cm": 214, "person__weight_kg": 35}, "body_mass_index"),
    ({"person__age_years": 118}, "age_years"),
    ({"person__age_years": 9, "person__height_cm": 230}, "height_cm"),
    ({"person__labs__ferritin_ug_l": 15000}, "ferritin_ug_l"),
    ({"person__labs__transferrin_saturation_percent": 0.5}, "transferrin_saturation_percent"),
    ({"person__labs__date": "1026-10-20"}, "date"),
    ({"person__labs__ferritin_date": "2062-10-20"}, "ferritin_date"),
    ({"course__start_date": "2001-12-01"}, "start_date"),
    ({"course__start_date": (dt.date.today() + dt.timedelta(days=900)).isoformat()}, "start_date"),
]
BY_CLINICIAN: list[tuple[dict[str, Any], str]] = [
    (lamp(LASER | {"power_mw": 15000}, laser_class="1"), "power_mw"),
    (lamp(LASER | {"power_mw": 2000}, laser_class="3B"), "power_mw"),
    (lamp(FIELD | {"irradiance_mw_cm2": 21700}), "irradiance_mw_cm2"),
    (lamp(FIELD | {"irradiance_mw_cm2": 0.03}), "irradiance_mw_cm2"),
    ({"device__emitters__0__power_mw": 80000}, "power_mw"),
    ({"placement__distance_mm": 3000}, "distance_mm"),
    (lamp(LASER | {"spot_diameter_mm": 0.02}), "spot_diameter_mm"),
]


@pytest.mark.parametrize(("changes", "name"), [*BY_PERSON, *BY_CLINICIAN])
def test_what_hardly_can_be_is_asked_about_by_name(tmp_path: Path, changes: dict[str, Any], name: str) -> None:
    with pytest.raises(BadInput) as caught:
        make_case(tmp_path, **changes)
    assert [problem for problem in caught.value.problems if problem.key.endswith(name)]
    assert "[confirm]" in str(caught.value)


@pytest.mark.parametrize(("changes", "name"), BY_PERSON[1:])
def test_a_person_confirms_age_size_days_and_laboratory_values(
    tmp_path: Path, changes: dict[str, Any], name: str
) -> None:
    names = [name, "body_mass_index"]
    assert make_case(tmp_path, **changes, confirm={"values": names}).confirm.values == tuple(names)


@pytest.mark.parametrize(("changes", "name"), BY_CLINICIAN)
@pytest.mark.parametrize(
    ("by", "supervision", "taken"),
    [
        (None, "clinician", False),
        ("myself", "clinician", False),
        ("Dr A. Physicist", "self", False),
        ("Dr A. Physicist", "clinician", True),
    ],
)
def test_only_a_clinician_beside_the_course_confirms_what_a_lamp_does(
    tmp_path: Path, changes: dict[str, Any], name: str, by: str | None, supervision: str, taken: bool
) -> None:
    confirm = {"values": [name]} | ({"by": by} if by else {})
    changes = changes | {"course__supervision": supervision}
    if taken:
        make_case(tmp_path, **changes, confirm=confirm)
        return
    with pytest.raises(BadInput, match=name):
        make_case(tmp_path, **changes, confirm=confirm)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ({"target_depth_mm": 0.01}, "target_depth_mm"),
        ({"target_depth_mm": 190}, "target_depth_mm"),
        ({"fat_mm": 150}, "fat_mm"),
        ({"fat_mm": 0.2}, "fat_mm"),
        ({"skinfold_mm": 190}, "skinfold_mm"),
        ({"site": "lower_back", "target": "lumbar_root", "target_depth_mm": 5}, "target_depth_mm"),
        # Fifty millimetres below the skin, over a calf of which six are fat.
        ({"fat_mm": 6, "target_depth_mm": 50}, "target_depth_mm"),
        ({"fat_mm": 9, "target_depth_mm": 19}, None),
        ({"skinfold_mm": 20}, None),
        ({"site": "lower_back", "target": "lumbar_root", "target_depth_mm": 75}, None),
    ],
)
def test_fat_and_depth_are_held_against_what_is_drawn_there(
    tmp_path: Path, place: dict[str, Any], name: str | None
) -> None:
    """Opened when a calf muscle 0.01 mm and a nerve root 5 mm deep were taken as measured."""
    here = {"sites": [{"site": "posterior_calf", "side": "left"} | place]}
    if name is None:
        make_case(tmp_path, **here)
        return
    with pytest.raises(BadInput) as caught:
        make_case(tmp_path, **here)
    assert [problem.confirm for problem in caught.value.problems] == [name]
    make_case(tmp_path, **here, confirm={"values": [name]})


def test_a_ratio_is_shown_without_digits_that_nobody_wrote(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"body_mass_index = 73\.3333:"):
        make_case(tmp_path, person__height_cm=150, person__weight_kg=165)


def test_a_confirmed_height_does_not_confirm_a_body_mass_index_of_359(tmp_path: Path) -> None:
    swapped = {"person__height_cm": 68, "person__weight_kg": 166}
    with pytest.raises(BadInput, match="body_mass_index"):
        make_case(tmp_path, **swapped, confirm={"values": ["height_cm"]})


@pytest.mark.parametrize(
    "changes",
    [
        {"person__age_years": 6, "person__height_cm": 112, "person__weight_kg": 19},
        {"course__start_date": "2024-02-29"},
        {"person__age_years": ..., "person__weight_kg": 240, "person__height_cm": 190},
        lamp(LASER | {"power_mw": 400}, laser_class="3B"),
    ],
)
def test_what_is_unusual_and_plausible_is_taken(tmp_path: Path, changes: dict[str, Any]) -> None:
    make_case(tmp_path, **changes)


def test_a_name_that_confirms_nothing_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"confirm\.values\[0\]"):
        make_case(tmp_path, confirm={"values": ["heigth_cm"]})


def test_every_span_has_a_source_and_a_question() -> None:
    for span in plausible_spans():
        assert span.source in references, span
        assert span.is_date or span.low < span.high, span
        assert "?" in span.ask, span


def test_what_is_plausible_hangs_on_the_day_that_is_given_and_on_no_clock() -> None:
    document = changed(course__start_date="2032-05-01")
    assert case_of(document, today=dt.date(2031, 1, 1)).course.start_date == dt.date(2032, 5, 1)
    with pytest.raises(BadInput, match="start_date"):
        case_of(document, today=dt.date(2026, 1, 1))
